"""Write one global structure descriptor by its name."""

from typing import Any

from job import made_by, run


def gsd(job: Any) -> None:
    from gmd.descriptors import gsd_tables
    from gmd.storage import read_provenance, write_parquet_chunks

    settings = read_provenance(job.input[0])["settings"] | {"sigma": job.wildcards.sigma}
    write_parquet_chunks(
        gsd_tables(job.input[0], job.wildcards.sigma),
        job.output[0],
        settings=settings,
        **made_by(job),
    )


if __name__ == "__main__":
    run(gsd)
