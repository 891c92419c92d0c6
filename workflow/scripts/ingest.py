"""Read and check a data set's structures."""

from typing import Any

from job import data_files, made_by, run, settings_of

GROUPS_NAMED, NAMES_A_GROUP = 5, 10


def ingest(job: Any) -> None:
    import sys

    import numpy as np
    from tqdm import tqdm

    from gmd.local import holds_sites, ready_structures
    from gmd.storage import check_sha256, write_parquet
    from gmd.structures import (
        count_deuterium,
        duplicate_groups,
        read_structures,
        structures_to_table,
        total_energies,
        without_duplicates,
    )

    settings = settings_of(job)
    source = settings["source"]
    files = [*job.input, *data_files(job)]
    reading = {
        key: source[key] for key in ("format", "pattern", "minimum_distance") if key in source
    }
    if "sha256" in source:
        check_sha256(files[0], source["sha256"])
    for path, sha256 in zip(job.input, source.get("download", {}).values(), strict=True):
        check_sha256(path, sha256)
    energy = {key: settings[key] for key in ("energy_key", "energy_unit")}
    drop = settings["drop_duplicates"]
    structures = []
    with tqdm(unit="structure", unit_scale=True) as progress:
        for path in files:
            if holds_sites(path):
                structures += ready_structures(path)
            else:
                structures += read_structures(
                    path, **reading, energy_key=energy["energy_key"], progress=progress.update
                )
    # of all of them: a duplicate with another energy tells that units are mixed, too
    energies = total_energies(structures, energy["energy_key"], energy["energy_unit"])
    groups = duplicate_groups(structures)
    named = [[str(structures[i].info["name"]) for i in group[:NAMES_A_GROUP]] for group in groups]
    apart = [np.ptp(energies[group]) for group in groups if not np.isnan(energies[group]).any()]
    n_duplicates = sum(len(group) - 1 for group in groups)
    if drop:
        structures = [structures[i] for i in without_duplicates(len(structures), groups)]
    table = structures_to_table(structures, **energy)
    counts = {
        "n_structures": len(structures),
        "n_atoms": sum(map(len, structures)),
        # kept unless they are to be dropped: whoever sampled a data set may want to count them
        "n_duplicates": n_duplicates,
        "n_dropped": n_duplicates if drop else 0,
        "n_without_energy": table["energy"].null_count,
        "n_deuterium": sum(map(count_deuterium, structures)),
    }
    print(", ".join(f"{name} = {count}" for name, count in counts.items()), file=sys.stderr)
    for names, group in zip(named[:GROUPS_NAMED], groups, strict=False):
        dropped = f"; {len(group) - 1} dropped, {names[0]} kept" if drop else ""
        print(f"the same structure: {', '.join(names)}{dropped}", file=sys.stderr)
    if len(groups) > GROUPS_NAMED:
        print(f"and {len(groups) - GROUPS_NAMED} more groups of duplicates", file=sys.stderr)
    if apart and max(apart) > 0:
        print(
            f"duplicates differ in energy by up to {max(apart):.3g} eV per structure",
            file=sys.stderr,
        )
    if counts["n_deuterium"]:
        print(f"deuterium is read as hydrogen: {counts['n_deuterium']} atoms", file=sys.stderr)
    write_parquet(
        table,
        job.output[0],
        settings={
            "reading": reading,
            **energy,
            "drop_duplicates": drop,
            **counts,
            "duplicates": named[:GROUPS_NAMED],
        },
        **made_by(job),
    )


if __name__ == "__main__":
    run(ingest)
