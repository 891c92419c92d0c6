"""LAED settings with their size, their leading descriptors and how alike they order them."""

from typing import Any

from job import made_by, run, settings_of


def settings(job: Any) -> None:
    from gmd.descriptors import read_layout
    from gmd.storage import read_frame, write_parquet, written_whole
    from gmd.sweep import settings_table

    chosen = settings_of(job)["laeds"]
    frame = settings_table(
        chosen,
        dict(zip(chosen, map(read_layout, job.input.descriptors), strict=True)),
        dict(zip(chosen, map(read_frame, job.input.rankings), strict=True)),
        read_frame(job.input.sweep),
    )
    write_parquet(frame, job.output.parquet, settings={"laeds": chosen}, **made_by(job))
    with written_whole(job.output.csv) as partial:
        frame.to_csv(partial, index=False)


if __name__ == "__main__":
    run(settings)
