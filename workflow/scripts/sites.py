"""Compute the LAEDs of all atoms, or take those that were computed elsewhere."""

from typing import Any

from job import data_files, made_by, run, settings_of


def sites(job: Any) -> None:
    from tqdm import tqdm

    from gmd.descriptors.size import in_gigabytes
    from gmd.local import (
        FittedFamily,
        compute_in_chunks,
        family_settings,
        local_family,
        read_ready_sites,
        sites_to_table,
    )
    from gmd.storage import read_table, write_parquet_chunks
    from gmd.structures import structures_from_table
    from memory import check_memory

    structures = structures_from_table(read_table(job.input.structures))
    n_atoms = sum(map(len, structures))
    settings = settings_of(job)["laed"]
    ready = data_files(job)
    if not ready:
        laed = local_family(settings)
        if isinstance(laed, FittedFamily) and laed.needs_fit:
            laed = laed.fit(structures)
            # what was fitted is told too, so that other structures can be described alike
            settings = family_settings(laed)
        largest = max(map(len, structures))
        values, names = 2 * 8 * largest * laed.n_components, 150 * laed.n_components
        check_memory(
            values + names,
            f"the {laed.n_components} LAED components of a structure of {largest} atoms take about "
            f"{in_gigabytes(values + names)} of memory",
        )
        chunks = compute_in_chunks(laed, structures)
    else:
        whole = structures_from_table(read_table(job.input.whole))
        chosen = {atoms.info["source"] for atoms in structures}
        keep = [number for number, atoms in enumerate(whole) if atoms.info["source"] in chosen]
        chunks = read_ready_sites(ready[0], whole, keep=keep)

    def tables() -> Any:
        with tqdm(total=n_atoms, unit="atom", unit_scale=True) as progress:
            for chunk in chunks:
                yield sites_to_table(chunk)
                progress.update(len(chunk))

    write_parquet_chunks(tables(), job.output[0], settings={"laed": settings}, **made_by(job))


if __name__ == "__main__":
    run(sites)
