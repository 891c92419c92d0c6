r"""The front of complexity against loss, and the knee where more complexity stops to pay.

Both quantities count by ratios: complexities run from 1 to 75, mean ranks from 1 to half the
number of structures. The knee is therefore looked for between logarithms, each in units of the
front's own range (the idea of Satopaa et al. 2011, "Finding a 'Kneedle' in a haystack"):

.. math::
    x = \frac{\ln (c / c_1)}{\ln (c_M / c_1)}, \qquad
    y = \frac{\ln (l / l_M)}{\ln (l_1 / l_M)}, \qquad
    d = 1 - x - y

for a point of complexity *c* and loss *l*, where 1 and *M* are the first and the last point of the
front. *d* is how far a point lies below the chord between them, which itself is where a per cent of
complexity always saves the same per cent of loss. No unit and no power of either quantity
changes it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

_DECIMALS = 9
"""Distances that agree to so many are ties: rounding must not choose."""

Points = NDArray[np.float64]


def pareto_front(complexity: ArrayLike, loss: ArrayLike) -> NDArray[np.int64]:
    """Points that no other one matches in both quantities and beats in one.

    Parameters
    ----------
    complexity, loss : array_like of shape (n,)
        What each point costs and what it loses; less is better.

    Returns
    -------
    ndarray of shape (n_front,), int
        Indices, complexity rising and loss falling strictly. Of points that are equal in both, the
        first stands for all.

    Raises
    ------
    ValueError
        For no points, shapes that differ, complexities that are not positive, or losses that are
        negative; either if not finite.
    """
    costs, losses = _checked(complexity, loss)
    order = np.lexsort((losses, costs))  # stable: of equal points the first comes first
    lowest = np.minimum.accumulate(losses[order])
    better = np.append(True, losses[order][1:] < lowest[:-1])
    front: NDArray[np.int64] = order[better]
    return front


def chord_distances(complexity: ArrayLike, loss: ArrayLike) -> Points:
    r"""How far every point lies below the chord between the ends of the front.

    Parameters
    ----------
    complexity, loss : array_like of shape (n,)
        As for :func:`pareto_front`.

    Returns
    -------
    ndarray of shape (n,), float64
        *d* of the module's formula: 0 at both ends of the front, positive below the chord, at
        most 1. Where the last point loses nothing at all (:math:`l_M = 0`), its limit: y is 1 for
        all that lose something. A front of a single point has no chord: its distance is 1, that
        of all others :math:`-\infty`.
    """
    costs, losses = _checked(complexity, loss)
    front = pareto_front(costs, losses)
    first, last = front[0], front[-1]
    if first == last:
        equal = (costs == costs[first]) & (losses == losses[first])
        return np.where(equal, 1.0, -np.inf)
    x = np.log(costs / costs[first]) / np.log(costs[last] / costs[first])
    if losses[last] > 0:
        y = np.log(losses / losses[last]) / np.log(losses[first] / losses[last])
    else:
        y = (losses > 0).astype(np.float64)
    distances: Points = np.round(1.0 - x - y, _DECIMALS) + 0.0  # no -0.0
    return distances


def knee(complexity: ArrayLike, loss: ArrayLike) -> int | None:
    """The point of the front that lies furthest below the chord between its ends.

    Of several at the same distance the one of least complexity is taken. A front of one point,
    which costs least and loses least, has its knee there. A front of two, or one of which no point
    lies below the chord, has none: nowhere does complexity start to pay less than before.

    Parameters
    ----------
    complexity, loss : array_like of shape (n,)
        As for :func:`pareto_front`.

    Returns
    -------
    int or None
        Index of the point.
    """
    front = pareto_front(complexity, loss)
    return _furthest(front, chord_distances(complexity, loss))


def knee_among(complexity: ArrayLike, loss: ArrayLike, candidates: NDArray[np.int64]) -> int | None:
    """The knee of some of the points.

    Parameters
    ----------
    complexity, loss : array_like of shape (n,)
        As for :func:`pareto_front`.
    candidates : ndarray of int
        Indices of the points to take; all others are left out.

    Returns
    -------
    int or None
        Index of the point among all n.
    """
    found = knee(np.asarray(complexity)[candidates], np.asarray(loss)[candidates])
    return None if found is None else int(candidates[found])


def compromise(complexity: ArrayLike, losses: Sequence[ArrayLike]) -> int | None:
    """The point that is a good choice for several kinds of loss at once.

    Of the points on any of the fronts it is the one whose least distance below the chords, over
    the kinds of loss, is largest: where the fronts have the same knee, that one. Ties go to the
    point of least complexity.

    Parameters
    ----------
    complexity : array_like of shape (n,)
        What each point costs.
    losses : sequence of array_like of shape (n,)
        What it loses, of each kind.

    Returns
    -------
    int or None
        Index of the point; None where none lies below all chords.
    """
    fronts = [pareto_front(complexity, loss) for loss in losses]
    candidates = np.unique(np.concatenate(fronts))
    candidates = candidates[np.argsort(np.asarray(complexity)[candidates], kind="stable")]
    distances = np.min([chord_distances(complexity, loss) for loss in losses], axis=0)
    return _furthest(candidates, distances)


def _furthest(candidates: NDArray[np.int64], distances: Points) -> int | None:
    """The first of the candidates with the largest distance, if that is positive."""
    best = int(candidates[np.argmax(distances[candidates])])
    return best if distances[best] > 0 else None


def _checked(complexity: ArrayLike, loss: ArrayLike) -> tuple[Points, Points]:
    costs = np.asarray(complexity, dtype=np.float64)
    losses = np.asarray(loss, dtype=np.float64)
    if costs.shape != losses.shape or costs.ndim != 1:
        raise ValueError(
            f"complexities have shape {costs.shape}, losses {losses.shape}; give one of each "
            f"for every point"
        )
    if costs.size == 0:
        raise ValueError("no points: a front needs at least one")
    wrong = ~(np.isfinite(costs) & np.isfinite(losses) & (costs > 0) & (losses >= 0))
    if wrong.any():
        point = int(np.flatnonzero(wrong)[0])
        raise ValueError(
            f"point {point}: complexity {costs[point]:g} must be positive and loss "
            f"{losses[point]:g} not negative, both finite"
        )
    return costs, losses
