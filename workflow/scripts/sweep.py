"""Rank information imbalances of the same descriptors between LAED settings."""

from typing import Any

from job import made_by, run, settings_of


def sweep(job: Any) -> None:
    from tqdm import tqdm

    from gmd.storage import count_rows, write_parquet, written_whole
    from gmd.sweep import settings_imbalance

    chosen = settings_of(job)
    laeds, sigmas = chosen["laeds"], chosen["sigmas"]
    settings = {key: chosen[key] for key in ("normalization", "n_neighbours")}
    total = count_rows(job.input[0]) * len(sigmas)
    with tqdm(total=total, unit="structure") as progress:
        frame = settings_imbalance(
            dict(zip(laeds, job.input, strict=True)),
            sigmas,
            **settings,
            device="cuda" if job.resources.get("gpu") else "cpu",
            progress=progress.update,
        )
    settings |= {"laeds": laeds, "sigmas": sigmas}
    write_parquet(frame, job.output.parquet, settings=settings, **made_by(job))
    with written_whole(job.output.csv) as partial:
        frame.to_csv(partial, index=False)


if __name__ == "__main__":
    run(sweep)
