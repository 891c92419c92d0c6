"""Compute the LAEDs of all atoms, or take those that were computed elsewhere."""

from typing import Any

from job import run


def sites(job: Any) -> None:
    import pyarrow.parquet as pq
    from tqdm import tqdm

    from gmd.local import (
        compute_in_chunks,
        local_family,
        read_ready_sites,
        renumbered,
        sites_to_table,
    )
    from gmd.storage import write_parquet_chunks
    from gmd.structures import structures_from_table

    structures = structures_from_table(pq.read_table(job.input.structures))
    n_atoms = sum(map(len, structures))
    ready = job.input.get("ready")
    if ready is None:
        chunks = compute_in_chunks(local_family(job.params.laed), structures)
    else:
        whole = structures_from_table(pq.read_table(job.input.whole))
        chosen = {atoms.info["source"]: number for number, atoms in enumerate(structures)}
        numbers = [chosen.get(atoms.info["source"], -1) for atoms in whole]
        chunks = renumbered(read_ready_sites(ready, whole), numbers)

    def tables() -> Any:
        with tqdm(total=n_atoms, unit="atom", unit_scale=True) as progress:
            for chunk in chunks:
                yield sites_to_table(chunk)
                progress.update(len(chunk))

    write_parquet_chunks(
        tables(), job.output[0], settings={"laed": dict(job.params.laed)}, inputs=job.input
    )


if __name__ == "__main__":
    run(sites)
