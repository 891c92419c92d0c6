"""Compute the LAEDs of all atoms."""

from typing import Any

from job import run


def sites(job: Any) -> None:
    import pyarrow.parquet as pq
    from tqdm import tqdm

    from gmd.local import compute_in_chunks, local_family, sites_to_table
    from gmd.storage import write_parquet_chunks
    from gmd.structures import structures_from_table

    structures = structures_from_table(pq.read_table(job.input[0]))
    family = local_family(job.params.laed)
    n_atoms = sum(map(len, structures))

    def tables() -> Any:
        with tqdm(total=n_atoms, unit="atom", unit_scale=True) as progress:
            for chunk in compute_in_chunks(family, structures):
                yield sites_to_table(chunk)
                progress.update(len(chunk))

    write_parquet_chunks(
        tables(), job.output[0], settings={"laed": dict(job.params.laed)}, inputs=job.input
    )


if __name__ == "__main__":
    run(sites)
