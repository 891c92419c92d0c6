"""Radial coefficients as piecewise polynomials of the distance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DEGREE = 9  # the kernels write Horner's scheme out for it
_TOLERANCE = 2e-14  # of the largest value of each function
_SMALL = 1e-2  # functions smaller than the largest by more count as if they were as large as this
_MOST_INTERVALS = 1 << 14


def tabulate(function: Callable[[Floats], Floats], end: float, first_width: float) -> Floats:
    """Polynomials of degree 9 on equal intervals that give a function to rounding.

    The number of intervals is doubled until a check between the interpolated points finds no error
    above 2e-14 of each component's largest value, or of a hundredth of the largest of all, or until
    doubling does not help any more, because the function itself is computed no better.

    Parameters
    ----------
    function : callable
        From distances of shape (n,) to values of shape (n, n_columns).
    end : float
        The table covers distances from 0 to here, Å.
    first_width : float
        Largest width of an interval, Å.

    Returns
    -------
    ndarray of shape (n_intervals, 10, n_columns)
        Coefficients of t^0 ... t^9 on each interval, with t from -1 to 1.
    """
    node = np.cos(np.pi * (np.arange(DEGREE + 1) + 0.5) / (DEGREE + 1))
    to_coefficients = np.linalg.inv(np.vander(node, increasing=True))
    check = np.cos(np.pi * np.arange(DEGREE + 2) / (DEGREE + 1))
    powers = np.vander(check, DEGREE + 1, increasing=True)
    n_intervals = max(1, int(np.ceil(end / first_width)))
    best: tuple[float, Floats] | None = None
    while True:
        half = 0.5 * end / n_intervals
        centre = half * (2.0 * np.arange(n_intervals) + 1.0)
        values = function((centre[:, None] + half * node).ravel())
        table = to_coefficients @ values.reshape(n_intervals, DEGREE + 1, -1)
        exact = function((centre[:, None] + half * check).ravel())
        largest = np.abs(exact).max(axis=0)
        largest = np.maximum(largest, _SMALL * largest.max())
        difference = np.abs((powers @ table).reshape(exact.shape) - exact).max(axis=0)
        error = float(np.max(difference / largest))
        if best is not None and error > 0.5 * best[0]:
            return best[1]
        best = (error, np.ascontiguousarray(table))
        if error <= _TOLERANCE or n_intervals > _MOST_INTERVALS:
            return best[1]
        n_intervals *= 2
