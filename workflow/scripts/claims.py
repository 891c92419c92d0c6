"""Compare the study with the paper's tables and sentences."""

from typing import Any

from job import run


def claims(job: Any) -> None:
    from pathlib import Path

    import pandas as pd

    from gmd.comparison import claims_markdown, compare_with_published, evaluate_claims
    from gmd.storage import write_parquet, written_whole

    frames = {name: pd.read_parquet(path) for name, path in job.input.items()}
    found = evaluate_claims(job.params.claims, frames)
    published = compare_with_published(frames["ranking"], frames["imbalance"])
    page = claims_markdown(
        found,
        published,
        dataset=job.params.dataset,
        is_papers_data=job.params.is_papers_data,
    )
    write_parquet(found, job.output.frame, settings={"claims": job.params.claims}, inputs=job.input)
    with written_whole(job.output.published) as partial:
        published.to_csv(partial, index=False)
    with written_whole(job.output.page) as partial:
        Path(partial).write_text(page, encoding="utf-8")


if __name__ == "__main__":
    run(claims)
