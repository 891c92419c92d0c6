"""Errors of energy fits by LAED setting."""

from typing import Any

from job import made_by, run, settings_of


def errors(job: Any) -> None:
    from gmd.descriptors import read_layout
    from gmd.storage import read_frame, write_parquet, written_whole
    from gmd.sweep import setting_errors

    laeds = settings_of(job)["laeds"]
    fits = {
        # a model that is not asked for has no files
        model: dict(zip(laeds, map(read_frame, files), strict=True)) if files else {}
        for model, files in (("lightgbm", job.input.lightgbm), ("linear", job.input.linear))
    }
    layouts = dict(zip(laeds, map(read_layout, job.input.descriptors), strict=True))
    frame = setting_errors(**fits, layouts=layouts)
    write_parquet(frame, job.output.parquet, settings={"laeds": laeds}, **made_by(job))
    with written_whole(job.output.csv) as partial:
        frame.to_csv(partial, index=False)


if __name__ == "__main__":
    run(errors)
