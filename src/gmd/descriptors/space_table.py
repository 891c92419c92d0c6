"""A descriptor space as a table, from which single descriptors are read by their columns."""

from __future__ import annotations

import json
import os

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from gmd.descriptors.layout import Layout
from gmd.descriptors.notation import Notation
from gmd.descriptors.space import DescriptorSpace

_LAYOUT_KEY = "gmd.layout"
_COLUMNS_AT_ONCE = 256


def space_to_table(space: DescriptorSpace) -> pa.Table:
    """Put a space into a table whose metadata say what the columns are.

    Parameters
    ----------
    space : DescriptorSpace

    Returns
    -------
    pyarrow.Table
        ``structure``, then the columns of the layout, named as in :attr:`Layout.column_names`.
    """
    layout = space.layout
    names = ("structure", *layout.column_names)
    table = pa.table(dict(zip(names, (space.structures, *space.values.T), strict=True)))
    notation = layout.notation
    described = {
        "elements": layout.elements,
        "component_names": layout.component_names,
        "max_outer": notation.max_outer,
        "max_inner": notation.max_inner,
        "method_ii": notation.method_ii,
    }
    return table.replace_schema_metadata({_LAYOUT_KEY: json.dumps(described)})


def read_layout(path: str | os.PathLike[str]) -> Layout:
    """Layout of the space in a file.

    Raises
    ------
    ValueError
        For a file that holds no descriptor space.
    """
    metadata = pq.read_schema(path).metadata or {}
    try:
        described = json.loads(metadata[_LAYOUT_KEY.encode()])
    except KeyError:
        raise ValueError(f"{path} holds no descriptor space; give a descriptors.parquet") from None
    notation = Notation(described["max_outer"], described["max_inner"], described["method_ii"])
    return Layout(notation, tuple(described["elements"]), tuple(described["component_names"]))


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
    layout = read_layout(path)
    names = layout.column_names
    with pq.ParquetFile(path) as file:
        structures = file.read(["structure"])["structure"].to_numpy()
        values = np.empty((structures.size, layout.n_columns))
        # a few columns at a time: the space is in memory once, not twice
        for start in range(0, layout.n_columns, _COLUMNS_AT_ONCE):
            some = names[start : start + _COLUMNS_AT_ONCE]
            table = file.read(list(some))
            for column, name in enumerate(some, start):
                values[:, column] = table[name].to_numpy()
    return DescriptorSpace(layout, structures, values)


def read_gsd(path: str | os.PathLike[str], label: str) -> pa.Table:
    """Read one descriptor, and from the file no more than its columns.

    Parameters
    ----------
    path : path-like
        Parquet file of a whole space.
    label : str
        Three digits, such as ``"232"``.

    Returns
    -------
    pyarrow.Table
        ``structure``, then the descriptor's columns in the order of its definition; where the
        convention ``repeated`` repeats a column, the copies' names end in ``_copy2``, ``_copy3``.

    Raises
    ------
    ValueError
        For an unknown label or a file that holds no descriptor space.
    """
    layout = read_layout(path)
    names = [layout.column_names[column] for column in layout.columns(label)]
    table = pq.read_table(path, columns=["structure", *dict.fromkeys(names)])
    seen: dict[str, int] = {}
    columns = {"structure": table["structure"]}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        columns[name if seen[name] == 1 else f"{name}_copy{seen[name]}"] = table[name]
    return pa.table(columns)
