"""Sums of nearest neighbours' ranks over a data set, streamed over its structures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numba
import numpy as np
from numpy.typing import NDArray

from gmd.descriptors import ElementRows
from gmd.imbalance._rank_sums import ROWS_AT_ONCE, Progress, RankSums
from gmd.imbalance._tile_kernels import Comparison, comparison
from gmd.imbalance._vectors import ROWS
from gmd.imbalance.program import DistanceProgram
from gmd.parameters import whole_number

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
    n_neighbours = checked_neighbours(n_neighbours, len(features))
    features = _checked(features, program, by_element)
    if device == "cuda":
        if by_element is not None:
            raise ValueError("rows of elements are for device='cpu'; give a GPU all columns")
        from gmd.imbalance.cuda import mean_ranks_cuda  # its package is optional

        return mean_ranks_cuda(features, program, n_neighbours=n_neighbours, progress=progress)
    if device != "cpu":
        raise ValueError(f"device={device!r} is unknown; choose 'cpu' or 'cuda'")
    given = comparison(features, program, by_element)
    sums = _sums_on_processor(given, program, n_neighbours, (), progress)
    return sums.imbalances(len(features), n_neighbours)


def rank_contributions(
    features: NDArray[np.float64],
    program: DistanceProgram,
    references: Sequence[str],
    *,
    by_element: ElementRows | None = None,
    n_neighbours: int = 1,
    progress: Progress | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    r"""What :func:`mean_ranks` returns, and what each structure contributes for some descriptors.

    Parameters
    ----------
    features, program, by_element, n_neighbours, progress
        As for :func:`mean_ranks`; the processor does the work.
    references : sequence of str
        Descriptors of which contributions are kept.

    Returns
    -------
    imbalances : ndarray of shape (n_labels, n_labels), float64
        The same to the last bit as without contributions.
    contributions : ndarray of shape (n_structures, 2, n_references, n_labels), float64
        Mean ranks of each structure's own nearest neighbours, whose means over the structures are
        :math:`\Delta R(\Sigma \to \mathrm{reference})`, under 0, and
        :math:`\Delta R(\mathrm{reference} \to \Sigma)`, under 1.

    Raises
    ------
    ValueError
        As for :func:`mean_ranks`, and for a reference that the program lacks.
    """
    missing = [label for label in references if label not in program.labels]
    if missing:
        raise ValueError(
            f"{', '.join(missing)}: not among the descriptors compared; "
            f"choose references from {', '.join(program.labels)}"
        )
    n_neighbours = checked_neighbours(n_neighbours, len(features))
    features = _checked(features, program, by_element)
    chosen = [program.labels.index(label) for label in references]
    given = comparison(features, program, by_element)
    sums = _sums_on_processor(given, program, n_neighbours, chosen, progress)
    sums.own /= n_neighbours
    return sums.imbalances(len(features), n_neighbours), sums.own


def checked_neighbours(n_neighbours: int, n_structures: int) -> int:
    """How many nearest neighbours count, once it is certain that every structure has as many.

    Raises
    ------
    ValueError
        For fewer than two structures, or anything but a whole number from 1 to one less than
        there are structures.
    """
    if n_structures < 2:
        raise ValueError(
            f"{n_structures} structure(s): an imbalance needs neighbours, hence at least two"
        )
    try:
        return whole_number("n_neighbours", n_neighbours, at_least=1, at_most=n_structures - 1)
    except ValueError as error:
        raise ValueError(
            f"{error}: {n_structures} structures have 1 to {n_structures - 1} neighbours each"
        ) from None


def _checked(
    features: NDArray[np.float64],
    program: DistanceProgram,
    by_element: ElementRows | None,
) -> NDArray[np.float64]:
    """Features as the loops take them, once nothing is wrong with them."""
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
    if (by_element is None) != (program.n_element_blocks == 0):
        raise ValueError("rows of elements go with a program that takes method ii by element")
    return np.ascontiguousarray(features, dtype=np.float64)


def _sums_on_processor(
    given: Comparison,
    program: DistanceProgram,
    n_neighbours: int,
    chosen: Sequence[int],
    progress: Progress | None,
) -> RankSums:
    n = len(given.features)
    # few structures are shared out evenly
    most_rows = -(-n // (_BATCHES_PER_THREAD * numba.get_num_threads() * ROWS)) * ROWS
    rows_at_once = min(ROWS_AT_ONCE, most_rows)
    sums = RankSums(len(program.labels), chosen, n)
    sums.add_on_processor(
        given,
        n_neighbours,
        [range(first, min(first + rows_at_once, n)) for first in range(0, n, rows_at_once)],
        progress,
    )
    return sums
