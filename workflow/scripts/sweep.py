"""Rank information imbalances of the same descriptors between LAED settings."""

from typing import Any

from job import run


def sweep(job: Any) -> None:
    import pyarrow.parquet as pq
    from tqdm import tqdm

    from gmd.storage import write_parquet, written_whole
    from gmd.sweep import settings_imbalance

    laeds, sigmas = list(job.params.laeds), list(job.params.sigmas)
    settings = {
        "normalization": job.params.normalization,
        "n_neighbours": job.params.n_neighbours,
    }
    total = pq.read_metadata(job.input[0]).num_rows * len(sigmas)
    with tqdm(total=total, unit="structure") as progress:
        frame = settings_imbalance(
            dict(zip(laeds, job.input, strict=True)),
            sigmas,
            **settings,
            device="cuda" if job.resources.get("gpu") else "cpu",
            progress=progress.update,
        )
    settings |= {"laeds": laeds, "sigmas": sigmas}
    write_parquet(frame, job.output.parquet, settings=settings, inputs=job.input)
    with written_whole(job.output.csv) as partial:
        frame.to_csv(partial, index=False)


if __name__ == "__main__":
    run(sweep)
