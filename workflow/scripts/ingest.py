"""Read and check a data set's structures."""

from typing import Any

from job import data_files, made_by, run, settings_of

GROUPS_NAMED, NAMES_A_GROUP = 5, 10


def ingest(job: Any) -> None:
    import sys

    from tqdm import tqdm

    from gmd.local import holds_sites, ready_structures
    from gmd.storage import check_sha256, write_parquet
    from gmd.structures import duplicate_groups, read_structures, structures_to_table

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
    structures = []
    with tqdm(unit="structure", unit_scale=True) as progress:
        for path in files:
            if holds_sites(path):
                structures += ready_structures(path)
            else:
                structures += read_structures(path, **reading, progress=progress.update)
    groups = [
        [str(structures[i].info["name"]) for i in group] for group in duplicate_groups(structures)
    ]
    counts = {
        "n_structures": len(structures),
        "n_atoms": sum(map(len, structures)),
        # all of them are kept: whoever sampled a data set may want to count them
        "n_duplicates": sum(len(group) - 1 for group in groups),
    }
    print(", ".join(f"{name} = {count}" for name, count in counts.items()), file=sys.stderr)
    for names in groups[:GROUPS_NAMED]:
        print(f"the same structure: {', '.join(names[:NAMES_A_GROUP])}", file=sys.stderr)
    write_parquet(
        structures_to_table(structures, **energy),
        job.output[0],
        settings={
            "reading": reading,
            **energy,
            **counts,
            "duplicates": [names[:NAMES_A_GROUP] for names in groups[:GROUPS_NAMED]],
        },
        **made_by(job),
    )


if __name__ == "__main__":
    run(ingest)
