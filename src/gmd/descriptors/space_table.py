"""A descriptor space as a table, from which single descriptors are read by their columns.

Rows come in groups of bounded size, one of which is in memory at a time: densely, method ii of a
data set of many elements is many times what is kept of it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from scipy import sparse

from gmd.descriptors.element_rows import ElementRows, dense_columns, sparse_columns
from gmd.descriptors.layout import Layout
from gmd.descriptors.notation import Notation
from gmd.descriptors.space import DescriptorSpace
from gmd.storage import open_parquet

_LAYOUT_KEY = "gmd.layout"
_GROUP_BYTES = 2**28
_READ_BYTES = 2**24


def space_to_table(space: DescriptorSpace) -> pa.Table:
    """Put a space into a table whose metadata say what the columns are.

    Parameters
    ----------
    space : DescriptorSpace

    Returns
    -------
    pyarrow.Table
        ``structure``, then the columns of the layout, named as in :attr:`Layout.column_names`,
        zeros included.
    """
    layout = space.layout
    names = ("structure", *layout.column_names)
    columns = np.empty((layout.n_columns, space.n_structures))
    dense_columns(space.shared, space.by_element, columns.T)
    table = pa.table(dict(zip(names, (space.structures, *columns), strict=True)))
    notation = layout.notation
    described = {
        "elements": layout.elements,
        "component_names": layout.component_names,
        "max_outer": notation.max_outer,
        "max_inner": notation.max_inner,
        "method_ii": notation.method_ii,
    }
    return table.replace_schema_metadata({_LAYOUT_KEY: json.dumps(described)})


def space_tables(space: DescriptorSpace) -> Iterator[pa.Table]:
    """The table of :func:`space_to_table` in pieces of at most 256 MiB, or of one structure."""
    rows = max(1, _GROUP_BYTES // (8 * space.layout.n_columns))
    for start in range(0, space.n_structures, rows):
        yield space_to_table(space.subset(slice(start, start + rows)))


def read_layout(path: str | os.PathLike[str]) -> Layout:
    """Layout of the space in a file.

    Raises
    ------
    ValueError
        For a file that holds no descriptor space.
    """
    with open_parquet(path) as file:
        return _layout_in(file.schema_arrow, path)


def read_space(path: str | os.PathLike[str]) -> DescriptorSpace:
    """Read a whole space.

    Parameters
    ----------
    path : path-like
        Parquet file of a table as :func:`space_to_table` makes it.

    Returns
    -------
    DescriptorSpace

    Raises
    ------
    ValueError
        For a file that holds no descriptor space.
    """
    with open_parquet(path) as file:
        layout = _layout_in(file.schema_arrow, path)
        n_shared = layout.n_shared_columns
        structures, shared, by_element = _read(
            file, layout, np.arange(n_shared), np.arange(layout.element_width)
        )
    return DescriptorSpace(layout, structures, shared, by_element)


def read_features(
    path: str | os.PathLike[str], label: str
) -> tuple[NDArray[np.int64], NDArray[np.float64] | sparse.csr_array]:
    """Read one descriptor as a matrix.

    Parameters
    ----------
    path : path-like
        Parquet file of a whole space.
    label : str
        Three digits, such as ``"050"``.

    Returns
    -------
    structures : ndarray of shape (n_structures,), int
    features : ndarray or scipy.sparse.csr_array of shape (n_structures, n_columns), float64
        Sparse where the descriptor holds method ii, and structures have less than a third of the
        elements on average.

    Raises
    ------
    ValueError
        For an unknown label or a file that holds no descriptor space.
    """
    with open_parquet(path) as file:
        layout = _layout_in(file.schema_arrow, path)
        columns, of_element = layout.split_columns(label)
        structures, shared, by_element = _read(file, layout, columns, of_element)
    if of_element.size and by_element.is_sparse:
        return structures, sparse_columns(shared, by_element)
    return structures, dense_columns(shared, by_element)


def gsd_tables(path: str | os.PathLike[str], label: str) -> Iterator[pa.Table]:
    """Read one descriptor row group by row group, and from the file no more than its columns.

    Parameters
    ----------
    path : path-like
        Parquet file of a whole space.
    label : str
        Three digits, such as ``"232"``.

    Yields
    ------
    pyarrow.Table
        ``structure``, then the descriptor's columns in the order of its definition; where the
        convention ``repeated`` repeats a column, the copies' names end in ``_copy2``, ``_copy3``.

    Raises
    ------
    ValueError
        For an unknown label or a file that holds no descriptor space.
    """
    with open_parquet(path) as file:
        layout = _layout_in(file.schema_arrow, path)
        names = [layout.column_names[column] for column in layout.columns(label)]
        for group in range(file.num_row_groups):
            distinct = ("structure", *dict.fromkeys(names))
            found = dict(zip(distinct, _columns(file, group, distinct), strict=True))
            seen: dict[str, int] = {}
            columns = {"structure": found["structure"]}
            for name in names:
                seen[name] = seen.get(name, 0) + 1
                columns[name if seen[name] == 1 else f"{name}_copy{seen[name]}"] = found[name]
            table = pa.table(columns)
            del found, columns
            yield table
            del table  # before the next one is read


def read_gsd(path: str | os.PathLike[str], label: str) -> pa.Table:
    """Read one descriptor as one table; see :func:`gsd_tables`."""
    return pa.concat_tables(gsd_tables(path, label))


def _layout_in(schema: pa.Schema, path: str | os.PathLike[str]) -> Layout:
    try:
        described = json.loads((schema.metadata or {})[_LAYOUT_KEY.encode()])
    except KeyError:
        raise ValueError(f"{path} holds no descriptor space; give a descriptors.parquet") from None
    notation = Notation(described["max_outer"], described["max_inner"], described["method_ii"])
    return Layout(notation, tuple(described["elements"]), tuple(described["component_names"]))


def _read(
    file: pq.ParquetFile, layout: Layout, columns: NDArray[np.int64], of_element: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], ElementRows]:
    """Structure numbers, some columns of methods i and iii, and some of every element's rows."""
    structures = np.empty(file.metadata.num_rows, dtype=np.int64)
    shared = np.empty((structures.size, columns.size))
    parts: list[ElementRows] = []
    start = 0
    for group in range(file.num_row_groups):
        stop = start + file.metadata.row_group(group).num_rows
        here = slice(start, stop)
        structures[here] = next(_columns(file, group, ["structure"])).to_numpy()
        _read_group(file, group, layout, columns, shared[here])
        parts.append(_read_elements(file, group, layout, of_element, stop - start))
        start = stop
    return structures, shared, ElementRows.stacked(parts)


def _read_elements(
    file: pq.ParquetFile, group: int, layout: Layout, of_element: NDArray[np.int64], n_rows: int
) -> ElementRows:
    """Read some of every element's columns in a row group, a few elements at a time."""
    n_elements = len(layout.elements)
    if of_element.size == 0:
        return ElementRows.from_dense(np.empty((n_rows, n_elements, 0)))
    # repeated columns are read once
    distinct, places = np.unique(of_element, return_inverse=True)
    at_once = max(1, _READ_BYTES // (8 * n_rows * distinct.size))
    found: list[ElementRows] = []
    for first in range(0, n_elements, at_once):
        some = np.arange(first, min(first + at_once, n_elements))
        columns = layout.n_shared_columns + some[:, np.newaxis] * layout.element_width + distinct
        block = np.empty((n_rows, *columns.shape))
        _read_group(file, group, layout, columns.ravel(), block.reshape(n_rows, -1))
        found.append(ElementRows.from_dense(block))
    return ElementRows.side_by_side(found).select(places)


def _read_group(
    file: pq.ParquetFile,
    group: int,
    layout: Layout,
    columns: NDArray[np.int64],
    out: NDArray[np.float64],
) -> None:
    """Read some columns of a row group into an array of shape (n_rows, n_columns)."""
    names = [layout.column_names[c] for c in columns]
    for column, values in enumerate(_columns(file, group, names)):
        out[:, column] = values.to_numpy()


def _columns(file: pq.ParquetFile, group: int, names: Sequence[str]) -> Iterator[pa.ChunkedArray]:
    """Columns of a row group, some at a time: those being read take several times their size."""
    at_once = max(1, _READ_BYTES // (8 * file.metadata.row_group(group).num_rows))
    for start in range(0, len(names), at_once):
        yield from file.read_row_group(group, list(names[start : start + at_once])).columns
