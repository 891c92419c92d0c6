"""Mean and spread of every column of the descriptors."""

from typing import Any

from job import made_by, run


def columns(job: Any) -> None:
    from gmd.storage import write_parquet
    from gmd.tables import column_statistics

    frame = column_statistics(job.input[0])
    write_parquet(frame, job.output[0], settings={}, **made_by(job))


if __name__ == "__main__":
    run(columns)
