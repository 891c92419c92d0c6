r"""Mean and spread of every column of the descriptor that holds everything."""

from __future__ import annotations

import os
import re

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from gmd.descriptors import varying_columns
from gmd.storage import open_parquet

# order, inner order and weighting of a column, as gmd.descriptors.Layout names it
_METHOD_III = re.compile(r"o(?P<outer>\d)_i(?P<inner>\d)_w(?P<k>[01])_.+")
_METHOD_I = re.compile(r"o(?P<outer>\d)_w(?P<k>[01])_.+")
_METHOD_II = re.compile(r"(?P<element>[A-Z][a-z]?)_i(?P<inner>\d)_.+")


_READ_BYTES = 2**26


def column_statistics(descriptors: pd.DataFrame | str | os.PathLike[str]) -> pd.DataFrame:
    r"""Mean and population standard deviation of each :math:`\Sigma_{555}` component.

    Parameters
    ----------
    descriptors : DataFrame of shape (n_structures, n_columns), or path-like
        The columns as :attr:`gmd.descriptors.Layout.column_names` names them, not normalised;
        a column ``structure`` is left out. Of a Parquet file no more than 64 MiB are read at once.

    Returns
    -------
    DataFrame of shape (n_columns, 7)
        ``column`` (name), ``block`` (label of the part of the descriptor that it belongs to, such
        as "550" or "050"), ``outer``, ``inner`` (moment orders, 0 where there is none), ``mean``
        and ``std``, both in the units of the component to the power of the moment orders, and
        ``varies``: False for a column that is constant up to the rounding of its largest value.

    Raises
    ------
    ValueError
        For a column whose name tells no moment orders.
    """
    if isinstance(descriptors, pd.DataFrame):
        names = [str(name) for name in descriptors.columns if name != "structure"]
        orders = [_orders(name) for name in names]
        matrix = descriptors[names].to_numpy(dtype=np.float64)
        means, deviations = matrix.mean(axis=0), matrix.std(axis=0)
        varies, _ = varying_columns(matrix)
    else:
        with open_parquet(descriptors) as file:
            names = [name for name in file.schema_arrow.names if name != "structure"]
            orders = [_orders(name) for name in names]
            means, deviations, varies = _statistics_in(file, names)
    highest_outer = max((outer for _, outer, _, _ in orders), default=0)
    highest_inner = max((inner for _, _, inner, _ in orders), default=0)
    blocks = [
        f"{highest_outer if outer else 0}{highest_inner if inner else 0}{k}"
        for _, outer, inner, k in orders
    ]
    return pd.DataFrame(
        {
            "column": [name for name, *_ in orders],
            "block": blocks,
            "outer": [outer for _, outer, _, _ in orders],
            "inner": [inner for _, _, inner, _ in orders],
            "mean": means,
            "std": deviations,
            "varies": varies,
        }
    )


def _statistics_in(
    file: pq.ParquetFile, names: list[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Mean, standard deviation and whether it varies of each column, a few columns at a time."""
    means, deviations = np.empty((2, len(names)))
    varies = np.empty(len(names), dtype=bool)
    at_once = max(1, _READ_BYTES // (8 * max(1, file.metadata.num_rows)))
    for start in range(0, len(names), at_once):
        columns = file.read(names[start : start + at_once]).columns
        for column, values in enumerate(map(np.asarray, columns), start):
            means[column], deviations[column] = values.mean(), values.std()
            varies[column] = varying_columns(values[:, np.newaxis])[0].item()
    return means, deviations, varies


def _orders(name: str) -> tuple[str, int, int, int]:
    for pattern in (_METHOD_III, _METHOD_I, _METHOD_II):
        match = pattern.fullmatch(name)
        if match:
            found = match.groupdict()
            return (
                name,
                int(found.get("outer", 0)),
                int(found.get("inner", 0)),
                int(found.get("k", 0)),
            )
    raise ValueError(
        f"column {name!r} tells no moment orders; expected names such as 'o2_i3_w1_rad_4', "
        "'o2_w0_rad_4' or 'Li_i3_rad_4'"
    )
