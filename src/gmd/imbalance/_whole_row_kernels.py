"""Compiled loops for a structure whose neighbours there is no room for in the usual ones.

Its distances to all others are kept and sorted, in every descriptor.
"""

from __future__ import annotations

import numba
import numpy as np

from gmd.imbalance._tile_kernels import fill_planes
from gmd.imbalance._vectors import LANES, ROWS

FRACTION = 2**40
"""Mean ranks over ties are counted in this fraction, so that sums are exact in any order."""


@numba.njit(cache=True, nogil=True)
def mean_rank(ranks, near, n_closer, k):  # type: ignore[no-untyped-def]
    """Sum of the ranks of the k nearest, as a whole number and a rest in FRACTION.

    The first `n_closer` of `near` are closer than the k-th, the others as near as it is: they
    share the places that are left.
    """
    total = 0
    for p in range(n_closer):
        total += ranks[near[p]]
    tied = 0
    for p in range(n_closer, near.size):
        tied += ranks[near[p]]
    n_tied = near.size - n_closer
    tied *= k - n_closer
    return total + tied // n_tied, np.int64(round(tied % n_tied / n_tied * FRACTION))


@numba.njit(cache=True, nogil=True)
def _count_less(ordered, limit):  # type: ignore[no-untyped-def]
    """How many numbers of a sorted array are less than a limit, by bisection."""
    low, high = 0, ordered.size
    while low < high:
        middle = (low + high) // 2
        if ordered[middle] < limit:
            low = middle + 1
        else:
            high = middle
    return low


@numba.njit(cache=True, nogil=True)
def add_whole_row(given, k, rows, r, index, planes, whole, fraction):  # type: ignore[no-untyped-def]
    """Add the mean ranks of row r, a structure, by way of its distances to all others."""
    n, n_sigma = given.features.shape[0], given.outputs.size
    distances = np.empty((n_sigma, n))
    for t in range(given.tiles.structures.shape[0]):
        fill_planes(given, given.tiles, t, rows, r - r % ROWS, -LANES, planes)
        for s in range(n_sigma):
            for lane in range(min(LANES, n - t * LANES)):
                distances[s, t * LANES + lane] = planes[given.outputs[s], r % ROWS, lane]
    distances[:, index] = np.inf

    ordered = distances.copy()
    position = np.full(n, -1, dtype=np.int64)
    distinct = np.empty(n, dtype=np.int64)
    n_distinct = 0
    near = np.empty(4 * n_sigma * k, dtype=np.int64)
    first = np.zeros(n_sigma + 1, dtype=np.int64)
    n_closer = np.empty(n_sigma, dtype=np.int64)
    for s in range(n_sigma):
        ordered[s].sort()
        limit = ordered[s, k - 1]
        n_closer[s] = _count_less(ordered[s], limit)
        begin_tied = first[s] + n_closer[s]
        n_near = n_closer[s]
        while n_near < n and ordered[s, n_near] == limit:
            n_near += 1
        first[s + 1] = first[s] + n_near
        if first[s + 1] > near.size:
            grown = np.empty(2 * first[s + 1], dtype=np.int64)
            for p in range(first[s]):
                grown[p] = near[p]
            near = grown
        begin = first[s]
        for j in range(n):
            if distances[s, j] <= limit:
                if position[j] < 0:
                    position[j] = n_distinct
                    distinct[n_distinct] = j
                    n_distinct += 1
                if distances[s, j] < limit:
                    near[begin] = position[j]
                    begin += 1
                else:
                    near[begin_tied] = position[j]
                    begin_tied += 1

    ranks = np.empty(n_distinct, dtype=np.int64)
    for target in range(n_sigma):
        for u in range(n_distinct):
            ranks[u] = 1 + _count_less(ordered[target], distances[target, distinct[u]])
        for source in range(n_sigma):
            sum_whole, sum_fraction = mean_rank(
                ranks, near[first[source] : first[source + 1]], n_closer[source], k
            )
            whole[target, source] += sum_whole
            fraction[target, source] += sum_fraction
