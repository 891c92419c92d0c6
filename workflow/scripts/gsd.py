"""Write one global structure descriptor by its name."""

from typing import Any

from job import run


def gsd(job: Any) -> None:
    from gmd.descriptors import read_gsd
    from gmd.storage import read_provenance, write_parquet

    settings = read_provenance(job.input[0])["settings"] | {"sigma": job.wildcards.sigma}
    write_parquet(
        read_gsd(job.input[0], job.wildcards.sigma),
        job.output[0],
        settings=settings,
        inputs=job.input,
    )


if __name__ == "__main__":
    run(gsd)
