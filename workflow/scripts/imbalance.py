"""Rank information imbalances between all pairs of descriptors."""

from typing import Any

from job import made_by, run, settings_of


def imbalance(job: Any) -> None:
    from tqdm import tqdm

    from gmd.descriptors import read_space
    from gmd.imbalance import imbalance_contributions, imbalance_table
    from gmd.storage import write_parquet

    space = read_space(job.input[0])
    settings = settings_of(job)
    device = "cuda" if job.resources.get("gpu") else "cpu"
    frames = {}
    with tqdm(total=space.n_structures, unit="structure") as progress:
        computing = settings | {"device": device, "progress": progress.update}
        if "contributions" in job.output.keys():  # noqa: SIM118
            frames["table"], frames["contributions"] = imbalance_contributions(space, **computing)
        else:
            frames["table"] = imbalance_table(space, **computing)
    for name, frame in frames.items():
        write_parquet(
            frame,
            job.output[name],
            settings=settings | {"n_structures": space.n_structures},
            **made_by(job),
        )


if __name__ == "__main__":
    run(imbalance)
