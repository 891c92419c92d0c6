"""Compare the study with the paper's tables and sentences."""

from typing import Any

from job import made_by, run, settings_of


def claims(job: Any) -> None:
    from pathlib import Path

    from gmd.comparison import claims_markdown, compare_with_published, evaluate_claims
    from gmd.storage import read_frame, write_parquet, written_whole

    frames = {name: read_frame(path) for name, path in job.input.items()}
    settings = settings_of(job)
    found = evaluate_claims(settings["claims"], frames)
    published = compare_with_published(frames["ranking"], frames["imbalance"])
    page = claims_markdown(
        found,
        published,
        dataset=settings["dataset"],
        is_papers_data=settings["is_papers_data"],
    )
    write_parquet(found, job.output.frame, settings={"claims": settings["claims"]}, **made_by(job))
    with written_whole(job.output.published) as partial:
        published.to_csv(partial, index=False)
    with written_whole(job.output.page) as partial:
        Path(partial).write_text(page, encoding="utf-8")


if __name__ == "__main__":
    run(claims)
