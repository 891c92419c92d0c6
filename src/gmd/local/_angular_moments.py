r"""Coefficients for sums over pairs of neighbours by moments of the neighbours' directions.

By the addition theorem of spherical harmonics a sum over all pairs factorises,

.. math::
    \sum_{jk} f_j f_k P_l(\cos\theta_{jk}) = \sum_m \Big(\sum_j f_j S_{lm}(u_j)\Big)^2 ,

with Schmidt's normalisation of S and directions :math:`u_j`: work that is linear in the number of
neighbours. Pairs of a neighbour with itself add :math:`\sum_j f_j^2` for every l; without them, and
halved, the sums over Legendre polynomials combine to those over Chebyshev polynomials, with
coefficients that stay below :math:`\sqrt{\pi n}` where those of powers of the cosine would grow
like :math:`(1 + \sqrt 2)^n` and cancel.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.polynomial import chebyshev, legendre
from numpy.typing import NDArray

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
