"""LAED settings with their size, their leading descriptors and how alike they order them."""

from typing import Any

from job import run


def settings(job: Any) -> None:
    import pandas as pd

    from gmd.descriptors import read_layout
    from gmd.storage import write_parquet, written_whole
    from gmd.sweep import settings_table

    chosen = {laed: dict(parameters) for laed, parameters in job.params.settings.items()}
    frame = settings_table(
        chosen,
        dict(zip(chosen, map(read_layout, job.input.descriptors), strict=True)),
        dict(zip(chosen, map(pd.read_parquet, job.input.rankings), strict=True)),
        pd.read_parquet(job.input.sweep),
    )
    write_parquet(frame, job.output.parquet, settings={"laeds": chosen}, inputs=job.input)
    with written_whole(job.output.csv) as partial:
        frame.to_csv(partial, index=False)


if __name__ == "__main__":
    run(settings)
