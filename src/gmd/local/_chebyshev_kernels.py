"""Compiled loops behind :mod:`gmd.local.chebyshev`; inputs are checked there.

The functions that add up terms let the compiler reorder them (``reassoc``, and no other liberty),
without which sums cannot use vector instructions. The order is settled when they are compiled and
depends on the number of terms alone: neither on threads, nor on other atoms, nor on the run.

They stand in one file because a compiled function is kept on disk until its own file changes,
whatever happens to the functions that it calls.
"""

from __future__ import annotations

import numba
import numpy as np

_PAIR_BLOCK = 256  # pairs whose polynomials are evaluated together, in the first-level cache


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


@numba.njit(cache=True, nogil=True, fastmath={"reassoc"})
def add_chebyshev_sums(  # type: ignore[no-untyped-def]
    x, value, weight, before, n_terms, n_coefficients, out, start, weighted_start
):
    """Add the sums over p of value[p] T_m(x[p]) to ``out[start + m]``, and likewise with weights.

    `value` is overwritten, and so is the work space `before`.
    """
    # value T_m obeys the recursion of T_m, and T_{-1}(x) = x
    for p in range(n_terms):
        before[p] = x[p] * value[p]
    for m in range(n_coefficients):
        total = 0.0
        weighted = 0.0
        for p in range(n_terms):
            now = value[p]
            total += now
            weighted += weight[p] * now
            value[p] = 2.0 * x[p] * now - before[p]
            before[p] = now
        out[start + m] += total
        out[weighted_start + m] += weighted


@numba.njit(cache=True, nogil=True)
def add_pair_sums(direction, value, weight, n_close, n_angular, pairs, sums):  # type: ignore[no-untyped-def]
    """Add the sums over pairs to ``sums[:n_angular]``, and the weighted ones to the rest.

    `direction` has one row per Cartesian component; `pairs` is work space.
    """
    cosine, pair_value, pair_weight, before = pairs[0], pairs[1], pairs[2], pairs[3]
    filled = 0
    for j in range(n_close - 1):
        x, y, z = direction[0, j], direction[1, j], direction[2, j]
        value_j, weight_j = value[j], weight[j]
        k = j + 1
        while k < n_close:
            n_here = min(n_close - k, _PAIR_BLOCK - filled)
            for q in range(n_here):
                dot = x * direction[0, k + q] + y * direction[1, k + q] + z * direction[2, k + q]
                cosine[filled + q] = min(1.0, max(-1.0, dot))
                pair_value[filled + q] = value_j * value[k + q]
                pair_weight[filled + q] = weight_j * weight[k + q]
            k += n_here
            filled += n_here
            if filled == _PAIR_BLOCK or j == n_close - 2:
                add_chebyshev_sums(
                    cosine, pair_value, pair_weight, before, filled, n_angular, sums, 0, n_angular
                )
                filled = 0


@numba.njit(cache=True, nogil=True, fastmath={"reassoc"})
def pays_by_moments(value, n_close, fewest):  # type: ignore[no-untyped-def]
    """Whether the moments are both faster and as accurate as the sum over pairs.

    They aren't where few neighbours hold nearly all of the sum, so that the pairs vanish beside
    the neighbours' pairs with themselves: the effective number of neighbours must be two.
    """
    n, total, squares = 0, 0.0, 0.0
    for p in range(n_close):
        n += value[p] != 0.0
        total += abs(value[p])
        squares += value[p] * value[p]
    return n >= fewest and total * total >= 2.0 * squares


@numba.njit(cache=True, nogil=True, fastmath={"reassoc"})
def add_moment_sums(  # type: ignore[no-untyped-def]
    direction, value, n_close, n_angular, coefficients, work, power, row, start
):
    """Add the sums over pairs to ``row[start:]``; `work` and `power` are work space."""
    real, imaginary, before, now = work[0], work[1], work[2], work[3]
    itself = 0.0
    for p in range(n_close):
        real[p] = value[p]
        imaginary[p] = 0.0
        itself += value[p] * value[p]
    for degree in range(n_angular):
        power[degree] = -itself
    for m in range(n_angular):
        for p in range(n_close):
            before[p] = 0.0
            now[p] = coefficients.diagonal[m]
        for degree in range(m, n_angular):
            rise, fall = 0.0, 0.0
            if degree + 1 < n_angular:
                rise = coefficients.rise[degree + 1, m]
                fall = coefficients.fall[degree + 1, m]
            a, b = 0.0, 0.0
            for p in range(n_close):
                harmonic = now[p]
                a += real[p] * harmonic
                b += imaginary[p] * harmonic
                now[p] = rise * direction[2, p] * harmonic - fall * before[p]
                before[p] = harmonic
            power[degree] += a * a + b * b
        for p in range(n_close):
            x, y = direction[0, p], direction[1, p]
            real[p], imaginary[p] = (
                real[p] * x - imaginary[p] * y,
                real[p] * y + imaginary[p] * x,
            )
    for n in range(n_angular):
        for degree in range(n % 2, n + 1, 2):
            row[start + n] += 0.5 * coefficients.from_legendre[n, degree] * power[degree]


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
    pairs = np.empty((4, _PAIR_BLOCK))
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
