"""Errors of energy fits by LAED setting."""

from typing import Any

from job import run


def errors(job: Any) -> None:
    import pandas as pd

    from gmd.descriptors import read_layout
    from gmd.storage import write_parquet, written_whole
    from gmd.sweep import setting_errors

    laeds = list(job.params.laeds)
    fits = {
        # a model that is not asked for has no files
        model: dict(zip(laeds, map(pd.read_parquet, files), strict=True)) if files else {}
        for model, files in (("lightgbm", job.input.lightgbm), ("linear", job.input.linear))
    }
    layouts = dict(zip(laeds, map(read_layout, job.input.descriptors), strict=True))
    frame = setting_errors(**fits, layouts=layouts)
    write_parquet(frame, job.output.parquet, settings={"laeds": laeds}, inputs=job.input)
    with written_whole(job.output.csv) as partial:
        frame.to_csv(partial, index=False)


if __name__ == "__main__":
    run(errors)
