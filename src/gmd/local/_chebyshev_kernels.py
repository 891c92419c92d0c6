"""Compiled loops behind :mod:`gmd.local.chebyshev`; inputs are checked there."""

from __future__ import annotations

import math

import numba


@numba.njit(cache=True, nogil=True)
def smooth_cutoff(r, cutoff):  # type: ignore[no-untyped-def]
    """Cosine cutoff function of a distance below `cutoff`."""
    return 0.5 * (1.0 + math.cos(math.pi * r / cutoff))


@numba.njit(cache=True, nogil=True)
def add_chebyshev(x, factor, weighted_factor, n, out, start, weighted_start):  # type: ignore[no-untyped-def]
    """Add factor * T_m(x) for m < n to ``out[start:]``, and likewise the weighted sum."""
    if n == 0:
        return
    before, now = 1.0, x
    out[start] += factor
    out[weighted_start] += weighted_factor
    for m in range(1, n):
        out[start + m] += factor * now
        out[weighted_start + m] += weighted_factor * now
        before, now = now, 2.0 * x * now - before


@numba.njit(cache=True, parallel=True)
def chebyshev_sums(  # type: ignore[no-untyped-def]
    first,
    other,
    distance,
    vector,
    weight,
    radial_cutoff,
    n_radial,
    angular_cutoff,
    n_angular,
    close,
    out,
):
    """Fill one row of `out` per atom with [rad | ang | rad^w | ang^w].

    `close` is work space of one integer per pair: every atom lists its neighbours within the
    angular cutoff in its own stretch of it. Each row is one thread's work from start to end.
    """
    half = n_radial + n_angular
    for a in numba.prange(first.size - 1):
        begin = first[a]
        n_close = 0
        row = out[a]
        row[:] = 0.0
        for p in range(begin, first[a + 1]):
            r = distance[p]
            if r < radial_cutoff:
                fc = smooth_cutoff(r, radial_cutoff)
                x = 2.0 * r / radial_cutoff - 1.0
                add_chebyshev(x, fc, fc * weight[other[p]], n_radial, row, 0, half)
            if r < angular_cutoff:
                close[begin + n_close] = p
                n_close += 1
        for m in range(begin, begin + n_close):
            p = close[m]
            fc_p = smooth_cutoff(distance[p], angular_cutoff)
            w_p = weight[other[p]]
            for k in range(m + 1, begin + n_close):
                q = close[k]
                cosine = (
                    vector[p, 0] * vector[q, 0]
                    + vector[p, 1] * vector[q, 1]
                    + vector[p, 2] * vector[q, 2]
                ) / (distance[p] * distance[q])
                fc = fc_p * smooth_cutoff(distance[q], angular_cutoff)
                add_chebyshev(
                    min(1.0, max(-1.0, cosine)),
                    fc,
                    fc * w_p * weight[other[q]],
                    n_angular,
                    row,
                    n_radial,
                    half + n_radial,
                )
