"""Mean imbalances of every descriptor."""

from typing import Any

from job import made_by, run


def ranking(job: Any) -> None:
    import sys

    from gmd.descriptors import informative_columns, read_space
    from gmd.imbalance import rank_descriptors
    from gmd.storage import read_frame, read_provenance, write_parquet

    space = read_space(job.input.descriptors)
    normalization = read_provenance(job.input.imbalance)["settings"]["normalization"]
    informative = informative_columns(space, normalization)
    print(informative.columns_report(), informative.classes_report(), sep="\n", file=sys.stderr)
    complexities = {label: space.complexity(label) for label in space.labels}
    frame = rank_descriptors(read_frame(job.input.imbalance), complexities, informative)
    write_parquet(frame, job.output[0], settings={}, **made_by(job))


if __name__ == "__main__":
    run(ranking)
