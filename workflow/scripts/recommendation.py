"""Say which descriptor to use: a document, a figure and three sentences."""

from typing import Any

from job import made_by, run, settings_of


def recommendation(job: Any) -> None:
    import json
    from pathlib import Path

    from gmd.figures import constant_columns, save
    from gmd.figures import recommendation as figure
    from gmd.recommendation import check_document, page, recommend
    from gmd.storage import (
        provenance_record,
        read_frame,
        read_provenance,
        with_checksum,
        written_whole,
    )

    frames: dict[str, Any] = {n: read_frame(path) for n, path in job.input.items()}
    compared = read_provenance(job.input.imbalance)["settings"]
    tried = read_provenance(job.input.stability)["settings"]
    chosen = settings_of(job)
    settings = {key: chosen[key] for key in ("resamples", "seed")}
    fits = [job.input[name] for name in ("lightgbm", "linear") if name in frames]
    # the fits of one part share their formation energies, and what is to be said about these
    remarks = read_provenance(fits[0])["settings"]["warnings"] if fits else []
    found = recommend(
        **{name: frame for name, frame in frames.items() if name != "stability"},
        subsets=frames["stability"],
        n_structures=compared["n_structures"],
        n_distinct=tried["n_distinct"],
        n_neighbours=compared["n_neighbours"],
        remarks=remarks,
        **settings,
    )
    document = {
        "dataset": chosen["dataset"],
        "laed": {"name": job.wildcards.laed, "settings": chosen["laed"]},
        "normalization": compared["normalization"],
        "n_neighbours": compared["n_neighbours"],
        "energy_dataset": chosen["energy_dataset"] if found["energy"] else None,
        **found,
        "provenance": provenance_record(settings | {"subsets": tried}, **made_by(job)),
    }
    document = with_checksum(document)
    check_document(document)
    caption = f"{chosen['dataset']}, N = {document['n_structures']}"
    caption += constant_columns(frames["ranking"])
    save(figure.draw(document, caption=caption), Path(job.output.svg).with_suffix(""))
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    for path, content in ((job.output.page, page(document)), (job.output.document, text)):
        with written_whole(path) as partial:
            Path(partial).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    run(recommendation)
