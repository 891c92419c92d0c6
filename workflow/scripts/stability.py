"""Choose a descriptor again and again, from fewer structures."""

from typing import Any

from job import made_by, run, settings_of


def stability(job: Any) -> None:
    from tqdm import tqdm

    from gmd.descriptors import read_space
    from gmd.recommendation import count_distinct, subsampled_choices, subset_sizes
    from gmd.storage import write_parquet

    space = read_space(job.input[0])
    chosen = settings_of(job)
    subsets = chosen["subsets"]
    sizes = subset_sizes(space.n_structures, subsets["fractions"], subsets["largest"])
    settings = {
        "normalization": chosen["normalization"],
        "n_neighbours": chosen["n_neighbours"],
        "repeats": subsets["repeats"],
        "seed": chosen["seed"],
    }
    with tqdm(total=len(sizes) * subsets["repeats"], unit="subset") as progress:
        frame = subsampled_choices(space, sizes=sizes, **settings, progress=progress.update)
    write_parquet(
        frame,
        job.output[0],
        settings=settings
        | {
            "fractions": list(subsets["fractions"]),
            "largest": subsets["largest"],
            "n_structures": space.n_structures,
            "n_distinct": count_distinct(space),
        },
        **made_by(job),
    )


if __name__ == "__main__":
    run(stability)
