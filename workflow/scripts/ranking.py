"""Mean imbalances of every descriptor."""

from typing import Any

from job import run


def ranking(job: Any) -> None:
    import pandas as pd

    from gmd.descriptors import read_layout
    from gmd.imbalance import rank_descriptors
    from gmd.storage import write_parquet

    layout = read_layout(job.input.descriptors)
    complexities = {label: layout.complexity(label) for label in layout.notation.labels}
    frame = rank_descriptors(pd.read_parquet(job.input.imbalance), complexities)
    write_parquet(frame, job.output[0], settings={}, inputs=job.input)


if __name__ == "__main__":
    run(ranking)
