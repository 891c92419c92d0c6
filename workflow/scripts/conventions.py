"""Compare all combinations of the open conventions with the published tables."""

from typing import Any

from job import run


def conventions(job: Any) -> None:
    from pathlib import Path

    import pyarrow.parquet as pq
    from tqdm import tqdm

    from gmd.comparison import COMBINATIONS, compare_conventions, conventions_markdown
    from gmd.local import read_site_chunks
    from gmd.storage import write_parquet, written_whole

    settings = {"space": dict(job.params.space), "n_neighbours": job.params.n_neighbours}
    n_structures = pq.read_metadata(job.input.structures).num_rows
    with tqdm(total=n_structures * len(COMBINATIONS), unit="structure") as progress:
        frame = compare_conventions(
            lambda: read_site_chunks(job.input.sites),
            **settings["space"],
            n_neighbours=job.params.n_neighbours,
            device="cuda" if job.resources.get("gpu") else "cpu",
            progress=progress.update,
        )
    page = conventions_markdown(
        frame,
        dataset=f"{job.params.dataset}, N = {n_structures}",
        is_papers_data=job.params.is_papers_data,
    )
    write_parquet(frame, job.output.frame, settings=settings, inputs=job.input)
    with written_whole(job.output.page) as partial:
        Path(partial).write_text(page, encoding="utf-8")


if __name__ == "__main__":
    run(conventions)
