"""Formation energy per atom of every structure."""

from typing import Any

from job import run


def formation(job: Any) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from gmd.energy import formation_energies
    from gmd.storage import write_parquet
    from gmd.structures import composition_counts, structures_from_table

    table = pq.read_table(job.input[0])
    elements = list(job.params.elements)
    references = dict(job.params.references)
    values = formation_energies(
        composition_counts(structures_from_table(table), elements),
        table["energy"].to_numpy(),
        elements=elements,
        names=table["name"].to_pylist(),
        **references,
    )
    write_parquet(
        pa.table({"structure": table["structure"], "formation_energy": values}),
        job.output[0],
        settings={"references": references, "elements": elements},
        inputs=job.input,
    )


if __name__ == "__main__":
    run(formation)
