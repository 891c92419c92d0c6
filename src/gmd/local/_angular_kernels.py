r"""Sums over pairs of neighbours, pair by pair or through moments of the neighbours' directions.

By the addition theorem of spherical harmonics a sum over all pairs factorises,

.. math::
    \sum_{jk} f_j f_k P_l(\cos\theta_{jk}) = \sum_m \Big(\sum_j f_j S_{lm}(u_j)\Big)^2 ,

with Schmidt's normalisation of S and directions :math:`u_j`: work that is linear in the number of
neighbours. Pairs of a neighbour with itself add :math:`\sum_j f_j^2` for every l; without them, and
halved, the sums over Legendre polynomials combine to those over Chebyshev polynomials, with
coefficients that stay below :math:`\sqrt{\pi n}` where those of powers of the cosine would grow
like :math:`(1 + \sqrt 2)^n` and cancel.

As in :mod:`gmd.local._chebyshev_kernels`, sums may be reordered when they are compiled, not later.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numba
import numpy as np
from numpy.polynomial import chebyshev, legendre
from numpy.typing import NDArray

PAIR_BLOCK = 256
"""Pairs whose polynomials are evaluated together, in the first-level cache."""

_MOST_FOR_MOMENTS = 32  # coefficients up to which the moments are tested
_NEVER = np.iinfo(np.int64).max


class MomentCoefficients(NamedTuple):
    """What the sums by moments need to know about polynomials below a degree n.

    Attributes
    ----------
    fewest : int
        Number of neighbours from which the moments are faster than the pairs.
    rise, fall : ndarray of shape (n, n), float64
        :math:`S_l^m = rise_{lm} z S_{l-1}^m - fall_{lm} S_{l-2}^m` without the factor
        :math:`(x + iy)^m`.
    diagonal : ndarray of shape (n,), float64
        :math:`S_m^m`.
    from_legendre : ndarray of shape (n, n), float64
        Row m holds the Legendre coefficients of the Chebyshev polynomial of degree m.
    """

    fewest: int
    rise: NDArray[np.float64]
    fall: NDArray[np.float64]
    diagonal: NDArray[np.float64]
    from_legendre: NDArray[np.float64]


@lru_cache(maxsize=16)
def moment_coefficients(n: int) -> MomentCoefficients:
    """Coefficients for the polynomials of the degrees 0 to ``n - 1``."""
    if not 0 < n <= _MOST_FOR_MOMENTS:
        none = np.empty((0, 0))
        return MomentCoefficients(_NEVER, none, none, np.empty(0), none)
    rise, fall, diagonal = np.zeros((n, n)), np.zeros((n, n)), np.ones(n)
    for m in range(n):
        if m > 1:
            diagonal[m] = diagonal[m - 1] * np.sqrt((2 * m - 1) / (2 * m))
        for degree in range(m + 1, n):
            norm = np.sqrt(degree**2 - m**2)
            rise[degree, m] = (2 * degree - 1) / norm
            fall[degree, m] = np.sqrt((degree - 1) ** 2 - m**2) / norm
    # exact for polynomials of these degrees
    x, quadrature = legendre.leggauss(n)
    from_legendre = (chebyshev.chebvander(x, n - 1) * quadrature[:, None]).T @ (
        legendre.legvander(x, n - 1) * (np.arange(n) + 0.5)
    )
    degrees = np.arange(n)
    different_parity = (degrees[:, None] + degrees) % 2 == 1
    from_legendre[different_parity | (degrees > degrees[:, None])] = 0.0
    return MomentCoefficients(_fewest_for_moments(n), rise, fall, diagonal, from_legendre)


def _fewest_for_moments(n: int) -> int:
    return 12 + 2 * n


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
            n_here = min(n_close - k, PAIR_BLOCK - filled)
            for q in range(n_here):
                dot = x * direction[0, k + q] + y * direction[1, k + q] + z * direction[2, k + q]
                cosine[filled + q] = min(1.0, max(-1.0, dot))
                pair_value[filled + q] = value_j * value[k + q]
                pair_weight[filled + q] = weight_j * weight[k + q]
            k += n_here
            filled += n_here
            if filled == PAIR_BLOCK or j == n_close - 2:
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
