"""Say which descriptor to use: a document, a figure and three sentences."""

from typing import Any

from job import run


def recommendation(job: Any) -> None:
    import json
    from pathlib import Path

    import pandas as pd

    from gmd.figures import constant_columns, save
    from gmd.figures import recommendation as figure
    from gmd.recommendation import check_document, page, recommend
    from gmd.storage import provenance_record, read_provenance, written_whole

    frames: dict[str, Any] = {n: pd.read_parquet(path) for n, path in job.input.items()}
    compared = read_provenance(job.input.imbalance)["settings"]
    tried = read_provenance(job.input.stability)["settings"]
    settings = {"resamples": job.params.resamples, "seed": job.params.seed}
    found = recommend(
        **{name: frame for name, frame in frames.items() if name != "stability"},
        subsets=frames["stability"],
        n_structures=compared["n_structures"],
        n_distinct=tried["n_distinct"],
        n_neighbours=compared["n_neighbours"],
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
    caption += constant_columns(frames["ranking"])
    save(figure.draw(document, caption=caption), Path(job.output.svg).with_suffix(""))
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    for path, content in ((job.output.page, page(document)), (job.output.document, text)):
        with written_whole(path) as partial:
            Path(partial).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    run(recommendation)
