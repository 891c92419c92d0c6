"""Build the table that holds all global structure descriptors."""

from typing import Any

from job import made_by, run, settings_of


def descriptors(job: Any) -> None:
    import sys

    import pyarrow.compute as pc

    from gmd.descriptors import DescriptorSpace, Notation, informative_columns, space_tables
    from gmd.descriptors.size import SpaceSize
    from gmd.local import read_site_chunks
    from gmd.storage import open_parquet, write_parquet_chunks
    from memory import check_memory

    settings = settings_of(job)["space"]
    with open_parquet(job.input[0]) as file:
        names = file.schema_arrow.names
        keys = file.read(["structure", "element"])
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
    print(informative_columns(space).columns_report(), file=sys.stderr)
    write_parquet_chunks(
        space_tables(space), job.output[0], settings={"space": settings}, **made_by(job)
    )


if __name__ == "__main__":
    run(descriptors)
