"""Compiled loops behind :mod:`gmd.local.chebyshev`; inputs are checked there."""

from __future__ import annotations

import numba
import numpy as np

from gmd.local._angular_kernels import (
    PAIR_BLOCK,
    add_chebyshev_sums,
    add_moment_sums,
    add_pair_sums,
    pays_by_moments,
)


@numba.njit(cache=True, nogil=True)
def cutoff_values(distance, n, cutoff, reduced, value):  # type: ignore[no-untyped-def]
    r"""Reduced distance 2 r / R - 1 and cutoff function of `n` distances; beyond R, 1 and 0.

    :math:`\frac12 (1 + \cos(\pi r / R)) = \sin^2(\frac{\pi}{2} t)` with t = 1 - r / R. The Taylor
    series of the sine up to t^21 is exact to rounding for 0 <= t <= 1; unlike a cosine, it
    vectorises and keeps its relative precision towards the cutoff.
    """
    for p in range(n):
        t = max(0.0, (cutoff - distance[p]) / cutoff)
        s = t * t
        sine = 2.571422892860474e-16 * s - 4.377065467313742e-14
        sine = sine * s + 6.0669357311061955e-12
        sine = sine * s - 6.688035109811468e-10
        sine = sine * s + 5.692172921967927e-08
        sine = sine * s - 3.598843235212085e-06
        sine = sine * s + 0.00016044118478735983
        sine = sine * s - 0.004681754135318688
        sine = sine * s + 0.07969262624616705
        sine = sine * s - 0.6459640975062463
        sine = sine * s + 1.5707963267948966
        sine *= t
        reduced[p] = 1.0 - 2.0 * t
        value[p] = sine * sine


@numba.njit(cache=True, nogil=True)
def chebyshev_rows(  # type: ignore[no-untyped-def]
    neighbours,
    weight,
    radial_cutoff,
    n_radial,
    angular_cutoff,
    n_angular,
    coefficients,
    begin,
    end,
    out,
):
    """Fill the rows `begin` to ``end - 1`` of `out` with [rad | ang | rad^w | ang^w].

    A row has the same bits whichever other rows are filled along with it.
    """
    first, other = neighbours.first, neighbours.other
    distance, vector = neighbours.distance, neighbours.vector
    half = n_radial + n_angular
    ang, ang_weighted = n_radial, half + n_radial
    most = 0
    for a in range(begin, end):
        most = max(most, first[a + 1] - first[a])
    # work space, for one atom at a time
    x, value, weights, before = np.empty(most), np.empty(most), np.empty(most), np.empty(most)
    close_distance, weighted_value = np.empty(most), np.empty(most)
    direction = np.empty((3, most))
    pairs = np.empty((4, PAIR_BLOCK))
    moments = np.empty((4, most))
    sums = np.empty(2 * n_angular)
    for a in range(begin, end):
        start, stop = first[a], first[a + 1]
        row = out[a]
        row[:] = 0.0
        if n_radial > 0:
            n = stop - start
            cutoff_values(distance[start:stop], n, radial_cutoff, x, value)
            for p in range(n):
                weights[p] = weight[other[start + p]]
            add_chebyshev_sums(x, value, weights, before, n, n_radial, row, 0, half)
        if n_angular == 0:
            continue

        n = 0
        for p in range(start, stop):
            r = distance[p]
            if r < angular_cutoff:
                close_distance[n] = r
                weights[n] = weight[other[p]]
                direction[0, n] = vector[p, 0] / r
                direction[1, n] = vector[p, 1] / r
                direction[2, n] = vector[p, 2] / r
                n += 1
        cutoff_values(close_distance, n, angular_cutoff, x, value)
        plain_by_moments = weighted_by_moments = False
        if n >= coefficients.fewest:
            for p in range(n):
                weighted_value[p] = weights[p] * value[p]
            plain_by_moments = pays_by_moments(value, n, coefficients.fewest)
            weighted_by_moments = pays_by_moments(weighted_value, n, coefficients.fewest)
        if plain_by_moments:
            add_moment_sums(direction, value, n, n_angular, coefficients, moments, sums, row, ang)
        if weighted_by_moments:
            add_moment_sums(
                direction,
                weighted_value,
                n,
                n_angular,
                coefficients,
                moments,
                sums,
                row,
                ang_weighted,
            )
        if plain_by_moments and weighted_by_moments:
            continue
        if plain_by_moments:
            # what is left are weighted sums, to which weights of zero add nothing
            n_weighted = 0
            for p in range(n):
                if weights[p] != 0.0:
                    weights[n_weighted] = weights[p]
                    value[n_weighted] = value[p]
                    for c in range(3):
                        direction[c, n_weighted] = direction[c, p]
                    n_weighted += 1
            n = n_weighted
        sums[:] = 0.0
        add_pair_sums(direction, value, weights, n, n_angular, pairs, sums)
        for m in range(n_angular):
            if not plain_by_moments:
                row[ang + m] += sums[m]
            if not weighted_by_moments:
                row[ang_weighted + m] += sums[n_angular + m]
