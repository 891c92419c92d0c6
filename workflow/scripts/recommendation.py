"""Say which descriptor to use: a document, a figure and three sentences."""

from typing import Any

from job import run


def recommendation(job: Any) -> None:
    import json
    from pathlib import Path

    import pandas as pd

    from gmd.figures import recommendation as figure
    from gmd.figures import save
    from gmd.recommendation import check_document, page, recommend
    from gmd.storage import provenance_record, read_provenance, written_whole

    frames: dict[str, Any] = {n: pd.read_parquet(path) for n, path in job.input.items()}
    compared = read_provenance(job.input.imbalance)["settings"]
    tried = read_provenance(job.input.stability)["settings"]
    settings = {"resamples": job.params.resamples, "seed": job.params.seed}
    fits = [job.input[name] for name in ("lightgbm", "linear") if name in frames]
    # the fits of one part share their formation energies, and what is to be said about these
    remarks = read_provenance(fits[0])["settings"]["warnings"] if fits else []
    found = recommend(
        **{name: frame for name, frame in frames.items() if name != "stability"},
        subsets=frames["stability"],
        n_structures=compared["n_structures"],
        n_distinct=tried["n_distinct"],
        remarks=remarks,
        **settings,
    )
    document = {
        "dataset": job.params.dataset,
        "laed": {"name": job.wildcards.laed, "settings": dict(job.params.laed)},
        "normalization": compared["normalization"],
        "n_neighbours": compared["n_neighbours"],
        "energy_dataset": job.params.energy_dataset if found["energy"] else None,
        **found,
        "provenance": provenance_record(settings | {"subsets": tried}, job.input),
    }
    check_document(document)
    caption = f"{job.params.dataset}, N = {document['n_structures']}"
    save(figure.draw(document, caption=caption), Path(job.output.svg).with_suffix(""))
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    for path, content in ((job.output.page, page(document)), (job.output.document, text)):
        with written_whole(path) as partial:
            Path(partial).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    run(recommendation)
