"""Sums of nearest neighbours' ranks over a data set, streamed over its structures."""

from __future__ import annotations

from typing import Literal

import numba
import numpy as np
from numpy.typing import NDArray

from gmd.descriptors import ElementRows
from gmd.imbalance._rank_sums import ROWS_AT_ONCE, Progress, RankSums
from gmd.imbalance._tile_kernels import comparison
from gmd.imbalance._vectors import ROWS
from gmd.imbalance.program import DistanceProgram

_BATCHES_PER_THREAD = 4
_LARGEST = 1e150

Device = Literal["cpu", "cuda"]


def mean_ranks(
    features: NDArray[np.float64],
    program: DistanceProgram,
    *,
    by_element: ElementRows | None = None,
    n_neighbours: int = 1,
    device: Device = "cpu",
    progress: Progress | None = None,
) -> NDArray[np.float64]:
    r"""Rank information imbalances between all descriptors of a program.

    Parameters
    ----------
    features : ndarray of shape (n_structures, n_columns), float64
        Columns on a common scale; all finite, at least two structures.
    program : DistanceProgram
        Which columns make which descriptor.
    by_element : ElementRows, optional
        Columns of method ii on a common scale, where the program takes them by element.
    n_neighbours : int
        How many nearest neighbours count, equally.
    device : {"cpu", "cuda"}
        Where distances and ranks are computed; ranks are the same integers.
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
        For fewer than two structures, values that are not finite or whose squares are not, more
        neighbours than a structure has, or rows of elements on a GPU.

    Notes
    -----
    Time grows as n_structures² times the columns. Memory holds a copy of the features and, per
    thread, what belongs to a few dozen structures; it holds the distances of one structure to all
    others where more neighbours tie than there is room for. Sums are of integers: threads, tiles
    and the order of the structures do not change them.
    """
    n = features.shape[0]
    if n < 2:
        raise ValueError(f"{n} structure(s): an imbalance needs neighbours, hence at least two")
    if not np.isfinite(features).all():
        row, column = np.argwhere(~np.isfinite(features))[0]
        raise ValueError(f"structure {row}, column {column} is not finite")
    parts = [features] if by_element is None else [features, by_element.values, by_element.absent]
    largest = [max(part.max(initial=0.0), -part.min(initial=0.0)) for part in parts]
    # a NaN, which no descriptor space holds, is no number up to it either
    if not all(value <= _LARGEST for value in largest):
        raise ValueError(
            f"values beyond {_LARGEST:g} overflow in squared distances; normalise the columns"
        )
    if not 1 <= n_neighbours < n:
        raise ValueError(
            f"n_neighbours={n_neighbours}: {n} structures have 1 to {n - 1} neighbours each"
        )
    if (by_element is None) != (program.n_element_blocks == 0):
        raise ValueError("rows of elements go with a program that takes method ii by element")
    features = np.ascontiguousarray(features, dtype=np.float64)
    if device == "cuda":
        if by_element is not None:
            raise ValueError("rows of elements are for device='cpu'; give a GPU all columns")
        from gmd.imbalance.cuda import mean_ranks_cuda  # its package is optional

        return mean_ranks_cuda(features, program, n_neighbours=n_neighbours, progress=progress)
    if device != "cpu":
        raise ValueError(f"device={device!r} is unknown; choose 'cpu' or 'cuda'")
    # few structures are shared out evenly
    most_rows = -(-n // (_BATCHES_PER_THREAD * numba.get_num_threads() * ROWS)) * ROWS
    rows_at_once = min(ROWS_AT_ONCE, most_rows)
    sums = RankSums(len(program.labels))
    sums.add_on_processor(
        comparison(features, program, by_element),
        n_neighbours,
        [range(first, min(first + rows_at_once, n)) for first in range(0, n, rows_at_once)],
        progress,
    )
    return sums.imbalances(n, n_neighbours)
