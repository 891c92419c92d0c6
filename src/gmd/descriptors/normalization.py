"""Column-wise normalisation over a data set, before distances are taken."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Normalization = Literal["zscore", "minmax", "maxabs", "none"]
NORMALIZATIONS: tuple[Normalization, ...] = ("zscore", "minmax", "maxabs", "none")

_ROUNDING = 4 * np.finfo(np.float64).eps
_COLUMNS_AT_ONCE = 512


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
    result = np.zeros(values.shape)
    # a few columns at a time: the work arrays stay small beside the descriptors
    for start in range(0, values.shape[1], _COLUMNS_AT_ONCE):
        part = slice(start, start + _COLUMNS_AT_ONCE)
        result[:, part] = _normalized_columns(values[:, part], normalization)
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
    low, high = columns.min(axis=0), columns.max(axis=0)
    varies, largest = varying_columns(columns)
    # the scale that keeps squares of the tiniest and largest columns in range
    scale = np.where(varies, largest, 1.0)
    scaled = np.where(varies, columns / scale, 0.0)
    if normalization == "maxabs":
        return scaled
    if normalization == "minmax":
        low, spread = low / scale, (high - low) / scale
        return np.where(varies, (scaled - low) / np.where(varies, spread, 1.0), 0.0)
    n = columns.shape[0]
    centred = scaled - np.sort(scaled, axis=0).sum(axis=0) / n
    size = np.abs(centred).max(axis=0)
    unit = np.where(varies, centred / np.where(size > 0, size, 1.0), 0.0)
    deviation = np.sqrt(np.sort(unit**2, axis=0).sum(axis=0) / n)
    return np.where(varies, unit / np.where(varies, deviation, 1.0), 0.0)
