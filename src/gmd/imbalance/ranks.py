"""Sums of nearest neighbours' ranks over a data set, streamed over its structures."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gmd.imbalance._rank_kernels import FRACTION, LANES, pack, rank_sums
from gmd.imbalance.program import DistanceProgram

_DISTANCE_BYTES = 32 * 2**20
_BATCHES_AT_ONCE = 16
_LARGEST = 1e150

Progress = Callable[[int], object]


def mean_ranks(
    features: NDArray[np.float64],
    program: DistanceProgram,
    *,
    progress: Progress | None = None,
) -> NDArray[np.float64]:
    r"""Rank information imbalances between all descriptors of a program.

    Parameters
    ----------
    features : ndarray of shape (n_structures, n_columns), float64
        Columns on a common scale; all finite, at least two structures.
    program : DistanceProgram
        Which columns make which descriptor.
    progress : callable, optional
        Called with the number of structures done since the last call.

    Returns
    -------
    ndarray of shape (n_labels, n_labels), float64
        :math:`\Delta R` from the descriptor of the row to that of the column; exact up to
        :math:`2^{-41}` where neighbours tie.

    Raises
    ------
    ValueError
        For fewer than two structures or values that are not finite or whose squares are not.

    Notes
    -----
    Time grows as n_structures² times the columns; memory holds a copy of the features and, per
    thread, a few rows of distances. Sums are of integers: threads, tiles and the order of the
    structures do not change them.
    """
    n = features.shape[0]
    if n < 2:
        raise ValueError(f"{n} structure(s): an imbalance needs neighbours, hence at least two")
    if not np.isfinite(features).all():
        row, column = np.argwhere(~np.isfinite(features))[0]
        raise ValueError(f"structure {row}, column {column} is not finite")
    if np.abs(features).max(initial=0.0) > _LARGEST:
        raise ValueError(
            f"values beyond {_LARGEST:g} overflow in squared distances; normalise the columns"
        )
    features = np.ascontiguousarray(features, dtype=np.float64)
    tiles = np.empty((-(-n // LANES), program.columns.size, LANES))
    pack(features, program.columns, tiles)
    n_labels = len(program.labels)
    row_bytes = n_labels * tiles.shape[0] * LANES * features.itemsize
    rows_at_once = int(max(2, min(16, _DISTANCE_BYTES // row_bytes)))
    whole_sum = np.zeros((n_labels, n_labels), dtype=np.int64)
    fraction_sum = np.zeros((n_labels, n_labels), dtype=np.int64)
    for first_row in range(0, n, rows_at_once * _BATCHES_AT_ONCE):
        whole = np.zeros((_BATCHES_AT_ONCE, n_labels, n_labels), dtype=np.int64)
        fraction = np.zeros_like(whole)
        rank_sums(
            features,
            program.columns,
            tiles,
            program.block_first,
            program.additions,
            program.outputs,
            first_row,
            rows_at_once,
            whole,
            fraction,
        )
        whole_sum += whole.sum(axis=0)
        fraction_sum += fraction.sum(axis=0)
        if progress is not None:
            progress(min(n - first_row, rows_at_once * _BATCHES_AT_ONCE))
    imbalance: NDArray[np.float64] = (whole_sum + fraction_sum / FRACTION) / n
    return imbalance
