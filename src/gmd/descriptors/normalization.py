"""Column-wise normalisation over a data set, before distances are taken."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import numba
import numpy as np
from numpy.typing import NDArray

Normalization = Literal["zscore", "minmax", "maxabs", "none"]
NORMALIZATIONS: tuple[Normalization, ...] = ("zscore", "minmax", "maxabs", "none")

_ROUNDING = 4 * np.finfo(np.float64).eps
_COLUMNS_AT_ONCE = 64


def normalized(
    values: NDArray[np.float64], normalization: Normalization | None
) -> NDArray[np.float64]:
    """Columns brought to a common scale; constant columns become 0.

    The spreads of moment columns run over fifty decades, hence no threshold is absolute: a column
    counts as constant if it varies by no more than the rounding of its own largest value. Sums
    run over sorted columns, which makes the result the same to the last bit for any order of the
    structures.

    Parameters
    ----------
    values : ndarray of shape (n_structures, n_columns)
        Descriptors.
    normalization : {"zscore", "minmax", "maxabs", "none"} or None
        ``zscore``: zero mean and unit standard deviation; ``minmax``: from 0 to 1; ``maxabs``:
        largest magnitude 1; ``none`` or None: unchanged.

    Returns
    -------
    ndarray of shape (n_structures, n_columns), float64
        A new array, but for ``none``.

    Raises
    ------
    ValueError
        For an unknown `normalization`.
    """
    if normalization is None or normalization == "none":
        return values
    if normalization not in NORMALIZATIONS:
        raise ValueError(
            f"normalization={normalization!r} is unknown; choose one of {', '.join(NORMALIZATIONS)}"
        )
    result = np.empty(values.shape)

    def normalize(start: int) -> None:
        part = slice(start, start + _COLUMNS_AT_ONCE)
        columns = np.array(values[:, part].T, dtype=np.float64, order="C")
        result[:, part] = _normalized_columns(columns, normalization).T

    # a few columns at a time: the work arrays stay small beside the descriptors
    with ThreadPoolExecutor(numba.get_num_threads()) as pool:
        list(pool.map(normalize, range(0, values.shape[1], _COLUMNS_AT_ONCE)))
    return result


def varying_columns(
    columns: NDArray[np.float64],
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Which columns vary by more than the rounding of their own largest value.

    Parameters
    ----------
    columns : ndarray of shape (n_structures, n_columns)
        Descriptors.

    Returns
    -------
    varies : ndarray of shape (n_columns,), bool
    largest : ndarray of shape (n_columns,), float64
        The largest magnitude in each column.
    """
    low, high = columns.min(axis=0), columns.max(axis=0)
    largest = np.maximum(np.abs(low), np.abs(high))
    return high - low > _ROUNDING * largest, largest


def _normalized_columns(
    columns: NDArray[np.float64], normalization: Normalization
) -> NDArray[np.float64]:
    """Columns, each along the last axis, on a common scale."""
    varies, largest = varying_columns(columns.T)
    columns[~varies] = 0.0
    columns[varies] /= largest[varies, np.newaxis]  # keeps squares of any column in range
    if normalization == "maxabs":
        return columns
    if normalization == "minmax":
        columns -= columns.min(axis=1, keepdims=True)
        scale = columns.max(axis=1)
    else:
        columns -= _mean(columns)
        columns /= np.where(varies, np.abs(columns).max(axis=1), 1.0)[:, np.newaxis]
        scale = np.sqrt(_mean(columns**2)[:, 0])
    return columns / np.where(varies, scale, 1.0)[:, np.newaxis]


def _mean(columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of every column, the same for any order of its values."""
    mean: NDArray[np.float64] = np.sort(columns, axis=1).mean(axis=1, keepdims=True)
    return mean
