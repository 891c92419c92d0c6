"""What the compiled loops of the symmetry functions evaluate, each factor once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Plan(NamedTuple):
    r"""G4 functions sorted by eta, and the factors that they share.

    Attributes
    ----------
    lambdas : ndarray of shape (n_lambdas,), float64
        The distinct :math:`\lambda`.
    base : ndarray of shape (n_powers,), int
        Place in `lambdas` for every power of :math:`(1 + \lambda \cos\theta) / 2`.
    zetas : ndarray of shape (n_powers,), float64
        Exponents :math:`\zeta`.
    start, times : ndarray of shape (n_powers,), int
        The power is that of number `start`, or the base itself for -1, raised to `times`, which
        is 0 for exponents that are no integers.
    etas : ndarray of shape (n_etas,), float64
        The distinct :math:`\eta`, Å^-2.
    first : ndarray of shape (n_etas + 1,), int
        The functions of eta e are ``first[e]:first[e + 1]``.
    angular, place : ndarray of shape (n_functions,), int
        Number of the function's power, and its place among the functions as they were given.
    """

    lambdas: NDArray[np.float64]
    base: NDArray[np.int64]
    zetas: NDArray[np.float64]
    start: NDArray[np.int64]
    times: NDArray[np.int64]
    etas: NDArray[np.float64]
    first: NDArray[np.int64]
    angular: NDArray[np.int64]
    place: NDArray[np.int64]


def plan_of(functions: Sequence[tuple[float, float, float]]) -> Plan:
    """The plan for G4 functions (eta, zeta, lambda)."""
    lambdas = sorted({strength for _, _, strength in functions})
    powers = sorted({(strength, zeta) for _, zeta, strength in functions})
    start, times = [], []
    for number, (strength, zeta) in enumerate(powers):
        factors = [
            (smaller, earlier)
            for earlier, (other, smaller) in enumerate(powers[:number])
            if other == strength and smaller.is_integer() and (zeta / smaller).is_integer()
        ]
        smaller, earlier = max(factors, default=(1.0, -1))
        start.append(earlier)
        times.append(int(zeta / smaller) if zeta.is_integer() else 0)
    etas = sorted({eta for eta, _, _ in functions})
    order = sorted(range(len(functions)), key=lambda f: (functions[f][0], f))
    sizes = [sum(eta == one for one, _, _ in functions) for eta in etas]
    return Plan(
        np.array(lambdas, dtype=np.float64),
        np.array([lambdas.index(strength) for strength, _ in powers], dtype=np.int64),
        np.array([zeta for _, zeta in powers], dtype=np.float64),
        np.array(start, dtype=np.int64),
        np.array(times, dtype=np.int64),
        np.array(etas, dtype=np.float64),
        np.cumsum([0, *sizes], dtype=np.int64),
        np.array([powers.index(functions[f][:0:-1]) for f in order], dtype=np.int64),
        np.array(order, dtype=np.int64),
    )
