"""Build the table that holds all global structure descriptors."""

from typing import Any

from job import run


def descriptors(job: Any) -> None:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from gmd.descriptors import DescriptorSpace, Notation, space_tables
    from gmd.descriptors.size import SpaceSize
    from gmd.local import read_site_chunks
    from gmd.storage import write_parquet_chunks
    from memory import check_memory

    settings = dict(job.params.space)
    names = pq.read_schema(job.input[0]).names
    keys = pq.read_table(job.input[0], columns=["structure", "element"])
    size = SpaceSize(
        notation=Notation(settings["max_outer"], settings["max_inner"]),
        n_elements=len(settings["elements"]),
        n_components=sum(name not in ("structure", "atom", "element") for name in names),
        n_structures=pc.count_distinct(keys["structure"]).as_py(),
        n_element_rows=keys.group_by(["structure", "element"]).aggregate([]).num_rows,
    )
    del keys
    check_memory(size.n_bytes, str(size))
    space = DescriptorSpace.from_sites(read_site_chunks(job.input[0]), **settings)
    write_parquet_chunks(
        space_tables(space), job.output[0], settings={"space": settings}, inputs=job.input
    )


if __name__ == "__main__":
    run(descriptors)
