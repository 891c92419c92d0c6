"""Read and check a data set's structures."""

from typing import Any

from job import run


def ingest(job: Any) -> None:
    from gmd.storage import check_sha256, write_parquet
    from gmd.structures import read_structures, structures_to_table

    source = dict(job.params.source)
    reading = {
        key: source[key] for key in ("format", "pattern", "minimum_distance") if key in source
    }
    if "sha256" in source:
        check_sha256(job.input[0], source["sha256"])
    energy = {key: getattr(job.params, key) for key in ("energy_key", "energy_unit")}
    structures = read_structures(list(job.input), **reading)
    write_parquet(
        structures_to_table(structures, **energy),
        job.output[0],
        settings={"reading": reading, **energy},
        inputs=job.input,
    )


if __name__ == "__main__":
    run(ingest)
