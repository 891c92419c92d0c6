"""Compare all combinations of the open conventions with the published tables."""

from typing import Any

from job import made_by, run, settings_of


def conventions(job: Any) -> None:
    from pathlib import Path

    from tqdm import tqdm

    from gmd.comparison import COMBINATIONS, compare_conventions, conventions_markdown
    from gmd.local import read_site_chunks
    from gmd.storage import count_rows, write_parquet, written_whole

    chosen = settings_of(job)
    settings = {key: chosen[key] for key in ("space", "n_neighbours")}
    n_structures = count_rows(job.input.structures)
    with tqdm(total=n_structures * len(COMBINATIONS), unit="structure") as progress:
        frame = compare_conventions(
            lambda: read_site_chunks(job.input.sites),
            **settings["space"],
            n_neighbours=settings["n_neighbours"],
            device="cuda" if job.resources.get("gpu") else "cpu",
            progress=progress.update,
        )
    page = conventions_markdown(
        frame,
        dataset=f"{chosen['dataset']}, N = {n_structures}",
        is_papers_data=chosen["is_papers_data"],
    )
    write_parquet(frame, job.output.frame, settings=settings, **made_by(job))
    with written_whole(job.output.page) as partial:
        Path(partial).write_text(page, encoding="utf-8")


if __name__ == "__main__":
    run(conventions)
