"""How far means over structures, or over seeds, may be trusted."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from gmd.parameters import whole_number

LEVEL = 0.95
"""Confidence of all intervals."""

_NUMBERS_AT_ONCE = 2**22

Array = NDArray[np.float64]


def resampled_means(terms: Array, *, resamples: int, seed: int) -> Array:
    """Means over samples drawn from the rows with replacement, as many as there are rows.

    Parameters
    ----------
    terms : ndarray of shape (n_rows, n_means), float64
        What is averaged: a row for each structure or seed. All columns of a resample are means
        over the same rows, so that their differences are paired.
    resamples : int
        How many samples to draw.
    seed : int
        Seed of the draws, which do not depend on how many columns there are.

    Returns
    -------
    ndarray of shape (resamples, n_means), float64
        Weights are whole numbers; ranks without ties are whole or half numbers, of which such
        sums are exact.

    Raises
    ------
    ValueError
        For no rows.

    Notes
    -----
    Time grows as resamples × n_rows × n_means. Weights are made for a few resamples at a time.
    """
    n = len(terms)
    if n == 0:
        raise ValueError("no rows: there is nothing to draw from")
    resamples = whole_number("resamples", resamples)
    rng = np.random.default_rng(whole_number("seed", seed))
    means = np.empty((resamples, terms.shape[1]))
    at_once = max(1, _NUMBERS_AT_ONCE // n)
    for first in range(0, resamples, at_once):
        some = means[first : first + at_once]
        drawn = (rng.integers(0, n, n) for _ in range(len(some)))
        weights = np.array([np.bincount(rows, minlength=n) for rows in drawn], dtype=np.float64)
        np.matmul(weights, terms, out=some)
    means /= n
    return means


def percentile_intervals(means: Array) -> Array:
    """Intervals that hold the middle 95 % of resampled means.

    Parameters
    ----------
    means : ndarray of shape (resamples, n_means)

    Returns
    -------
    ndarray of shape (n_means, 2), float64
        Lower and upper ends.
    """
    tail = (1 - LEVEL) / 2
    ends: Array = np.quantile(means, [tail, 1 - tail], axis=0).T
    return ends


def student_intervals(values: Array) -> Array:
    r"""Intervals of means over a handful of seeds, :math:`\bar x \pm t\, s / \sqrt n`.

    Parameters
    ----------
    values : ndarray of shape (n_seeds, n_means)
        At least two seeds.

    Returns
    -------
    ndarray of shape (n_means, 2), float64
        Lower and upper ends, for *t* of n_seeds − 1 degrees of freedom: resampling a handful of
        values makes intervals that are too narrow.

    Raises
    ------
    ValueError
        For less than two seeds.
    """
    n = len(values)
    if n < 2:
        raise ValueError(f"{n} seed(s): an interval needs at least two")
    half = student.ppf((1 + LEVEL) / 2, n - 1) * values.std(axis=0, ddof=1) / np.sqrt(n)
    mean = values.mean(axis=0)
    return np.column_stack([mean - half, mean + half])


def frequencies(chosen: Iterable[Iterable[int]], n_points: int, n_times: int) -> Array:
    """In what part of a number of times each point was among the chosen ones.

    Parameters
    ----------
    chosen : iterable of iterables of int
        Indices of the points, for each time.
    n_points, n_times : int
        How many there are.

    Returns
    -------
    ndarray of shape (n_points,), float64
        From 0 to 1.
    """
    counts = np.zeros(n_points)
    for points in chosen:
        counts[list(points)] += 1
    return counts / n_times
