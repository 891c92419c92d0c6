"""Rank information imbalances between all pairs of descriptors."""

from typing import Any

from job import run


def imbalance(job: Any) -> None:
    from tqdm import tqdm

    from gmd.descriptors import read_space
    from gmd.imbalance import imbalance_table
    from gmd.storage import write_parquet

    space = read_space(job.input[0])
    settings = {
        "normalization": job.params.normalization,
        "n_neighbours": job.params.n_neighbours,
    }
    with tqdm(total=space.n_structures, unit="structure") as progress:
        frame = imbalance_table(
            space,
            **settings,
            device="cuda" if job.resources.get("gpu") else "cpu",
            progress=progress.update,
        )
    write_parquet(
        frame,
        job.output[0],
        settings=settings | {"n_structures": space.n_structures},
        inputs=job.input,
    )


if __name__ == "__main__":
    run(imbalance)
