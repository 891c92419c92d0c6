"""Take the structures of one subset."""

from typing import Any

from job import run


def subset(job: Any) -> None:
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from gmd.storage import write_parquet
    from gmd.structures import composition_counts, on_composition_line, structures_from_table

    table = pq.read_table(job.input[0])
    structures = structures_from_table(table)
    composition_counts(structures, job.params.elements)  # every element must be known
    end_members = job.params.end_members
    if end_members:
        table = table.filter(pa.array(on_composition_line(structures, end_members)))
        if table.num_rows < 2:
            raise ValueError(
                f"{table.num_rows} structure(s) are exact mixtures of {', '.join(end_members)}; "
                f"a subset needs at least two: change its end_members"
            )
    # a subset numbers its structures anew; their source tells where they are in the whole
    numbers = pa.array(np.arange(table.num_rows))
    table = table.set_column(table.schema.get_field_index("structure"), "structure", numbers)
    write_parquet(
        table,
        job.output[0],
        settings={"end_members": end_members, "elements": list(job.params.elements)},
        inputs=job.input,
    )


if __name__ == "__main__":
    run(subset)
