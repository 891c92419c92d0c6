"""Tables B.1 to B.5."""

from typing import Any

from job import run


def tables(job: Any) -> None:
    from gmd.storage import read_frame
    from gmd.tables import table_b1, table_b2, table_b3, table_b4, table_b5, write_table

    imbalance = read_frame(job.input.imbalance)
    ranking = read_frame(job.input.ranking)
    made = (
        table_b1(ranking),
        table_b2(ranking),
        table_b3(ranking),
        table_b4(imbalance, ranking),
        table_b5(imbalance, ranking),
    )
    for table, path in zip(made, job.output, strict=True):
        write_table(table, path)


if __name__ == "__main__":
    run(tables)
