"""Formation energy per atom of every structure."""

from typing import Any

from job import made_by, run, settings_of


def formation(job: Any) -> None:
    import sys

    import pyarrow as pa
    import pyarrow.compute as pc

    from gmd.energy import formation_energies, formation_warnings, isolated_atoms
    from gmd.storage import read_table, write_parquet
    from gmd.structures import composition_counts, structures_from_table

    table = read_table(job.input[0])
    without = table.filter(pc.is_null(table["energy"]))["source"].to_pylist()
    if without:
        others = f" and {len(without) - 1} others" if len(without) > 1 else ""
        raise ValueError(
            f"{without[0]}{others}: no energy, of {table.num_rows} structures; give the name under "
            f"which the files keep it as energy_key, leave out what has none, or say "
            f"energy_key: null if there are none"
        )
    settings = settings_of(job)
    elements, references = settings["elements"], settings["references"]
    structures = structures_from_table(table)
    counts, energies = composition_counts(structures, elements), table["energy"].to_numpy()
    naming = {"elements": elements, "names": table["name"].to_pylist()}
    values = formation_energies(counts, energies, **naming, **references)
    warnings = []
    if references.get("mode", "fitted") == "fitted":
        warnings = formation_warnings(
            counts, energies, isolated=isolated_atoms(structures), **naming
        )
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)
    write_parquet(
        pa.table({"structure": table["structure"], "formation_energy": values}),
        job.output[0],
        settings={**settings, "warnings": warnings},
        **made_by(job),
    )


if __name__ == "__main__":
    run(formation)
