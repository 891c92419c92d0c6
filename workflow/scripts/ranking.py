"""Mean imbalances of every descriptor."""

from typing import Any

from job import made_by, run


def ranking(job: Any) -> None:
    from gmd.descriptors import read_layout
    from gmd.imbalance import rank_descriptors
    from gmd.storage import read_frame, write_parquet

    layout = read_layout(job.input.descriptors)
    complexities = {label: layout.complexity(label) for label in layout.notation.labels}
    frame = rank_descriptors(read_frame(job.input.imbalance), complexities)
    write_parquet(frame, job.output[0], settings={}, **made_by(job))


if __name__ == "__main__":
    run(ranking)
