"""Take the structures of one subset."""

from typing import Any

from job import made_by, run, settings_of


def subset(job: Any) -> None:
    import numpy as np
    import pyarrow as pa

    from gmd.storage import read_table, write_parquet
    from gmd.structures import composition_counts, select_structures, structures_from_table

    table = read_table(job.input[0])
    structures = structures_from_table(table)
    settings = settings_of(job)
    definition = settings["definition"]
    composition_counts(structures, settings["elements"])  # every element must be known
    table = table.filter(pa.array(select_structures(structures, **definition)))
    if table.num_rows < 2:
        raise ValueError(
            f"{table.num_rows} of {len(structures)} structure(s) belong to {job.wildcards.part}"
            f"{f', defined by {definition}' if definition else ''}; at least two are needed, since "
            f"every structure is compared with others: add structures or change the subset"
        )
    # a subset numbers its structures anew; their source tells where they are in the whole
    numbers = pa.array(np.arange(table.num_rows))
    table = table.set_column(table.schema.get_field_index("structure"), "structure", numbers)
    write_parquet(
        table,
        job.output[0],
        settings={"subset": definition, "elements": settings["elements"]},
        **made_by(job),
    )


if __name__ == "__main__":
    run(subset)
