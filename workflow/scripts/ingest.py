"""Read and check a data set's structures."""

from typing import Any

from job import run


def ingest(job: Any) -> None:
    from gmd.storage import write_parquet
    from gmd.structures import read_structures, structures_to_table

    source = dict(job.params.source)
    reading = {
        key: source[key] for key in ("format", "pattern", "minimum_distance") if key in source
    }
    structures = read_structures(list(job.input), **reading)
    write_parquet(
        structures_to_table(structures, job.params.energy_key),
        job.output[0],
        settings={"reading": reading, "energy_key": job.params.energy_key},
        inputs=job.input,
    )


if __name__ == "__main__":
    run(ingest)
