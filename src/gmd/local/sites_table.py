"""LAEDs as a table, in pieces of whole structures."""

from __future__ import annotations

import os
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from gmd.local.sites import Sites
from gmd.storage import open_parquet

_KEYS = ("structure", "atom", "element")


def sites_to_table(sites: Sites) -> pa.Table:
    """Put LAEDs into a table.

    Parameters
    ----------
    sites : Sites
        In any order.

    Returns
    -------
    pyarrow.Table
        ``structure``, ``atom`` (numbered from 0 in every structure), ``element``, then one float64
        column per component.
    """
    _, counts = np.unique(sites.structure, return_counts=True)
    atom = np.empty(len(sites), dtype=np.int64)
    by_structure = np.argsort(sites.structure, kind="stable")
    atom[by_structure] = np.arange(len(sites)) - np.repeat(np.cumsum(counts) - counts, counts)
    columns = [sites.structure, atom, sites.element.tolist(), *sites.values.T]
    return pa.table(dict(zip((*_KEYS, *sites.component_names), columns, strict=True)))


def sites_from_table(table: pa.Table) -> Sites:
    """Take LAEDs from a table as :func:`sites_to_table` makes it.

    Raises
    ------
    ValueError
        Where a column is missing or a value is not finite.
    """
    missing = [key for key in ("structure", "element") if key not in table.column_names]
    if missing:
        raise ValueError(f"a table of sites needs the column(s) {', '.join(missing)}")
    names = tuple(name for name in table.column_names if name not in _KEYS)
    values = np.empty((table.num_rows, len(names)))
    for column, name in enumerate(names):
        values[:, column] = table[name].to_numpy()
    return Sites(values, table["structure"].to_numpy(), table["element"].to_pylist(), names)


def read_site_chunks(path: str | os.PathLike[str]) -> Iterator[Sites]:
    """Read LAEDs row group by row group; each holds whole structures.

    Parameters
    ----------
    path : path-like
        Parquet file with the columns of :func:`sites_to_table`.

    Yields
    ------
    Sites
        One per row group, in order.
    """
    with open_parquet(path) as file:
        for group in range(file.num_row_groups):
            yield sites_from_table(file.read_row_group(group))
