"""Compiled loops behind :mod:`gmd.local.neighbours`; inputs are checked there."""

from __future__ import annotations

import numba


@numba.njit(cache=True, nogil=True)
def group_by_atom(  # type: ignore[no-untyped-def]
    half_pairs, half_distance, half_vector, first, other, distance, vector
):
    """From pairs that stand for both directions to all neighbours of every atom.

    Neighbours keep the order of the pairs, and both directions of a pair have the same bits but
    for the sign of the vector. A pair of an atom and its own image gives that atom two neighbours.
    The last four arrays are filled.
    """
    n_atoms = first.size - 1
    n_half = half_distance.size
    first[:] = 0
    for p in range(n_half):
        first[half_pairs[p, 0] + 1] += 1
        first[half_pairs[p, 1] + 1] += 1
    for a in range(n_atoms):
        first[a + 1] += first[a]
    free = first[:n_atoms].copy()
    for p in range(n_half):
        i, j = half_pairs[p, 0], half_pairs[p, 1]
        x, y, z = half_vector[p, 0], half_vector[p, 1], half_vector[p, 2]
        k = free[i]
        free[i] = k + 1
        other[k] = j
        distance[k] = half_distance[p]
        vector[k, 0], vector[k, 1], vector[k, 2] = x, y, z
        k = free[j]
        free[j] = k + 1
        other[k] = i
        distance[k] = half_distance[p]
        vector[k, 0], vector[k, 1], vector[k, 2] = -x, -y, -z
