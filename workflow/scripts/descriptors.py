"""Build the table that holds all global structure descriptors."""

from typing import Any

from job import made_by, run, settings_of


def descriptors(job: Any) -> None:
    import sys

    from gmd.descriptors import DescriptorSpace, informative_columns, space_tables
    from gmd.local import read_site_chunks
    from gmd.storage import write_parquet_chunks

    settings = settings_of(job)["space"]
    space = DescriptorSpace.from_sites(read_site_chunks(job.input[0]), **settings)
    print(informative_columns(space).columns_report(), file=sys.stderr)
    write_parquet_chunks(
        space_tables(space), job.output[0], settings={"space": settings}, **made_by(job)
    )


if __name__ == "__main__":
    run(descriptors)
