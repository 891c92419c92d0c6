"""Compiled loops behind :mod:`gmd.descriptors.moments`; inputs are checked there."""

from __future__ import annotations

import numba
import numpy as np

NOISE = 1e-10
"""What is smaller than so much of what it is a difference or a sum of is rounding.

Sites that symmetry makes equal have LAEDs that agree but for some 1e-15 of the largest sum. Powers
of such differences are 1e-30 and less, and would count like any other column once all are scaled.
"""


@numba.njit(cache=True, nogil=True)
def central_moments(rows, n_rows, degree, out):  # type: ignore[no-untyped-def]
    """Mean and central moments of ``rows[:n_rows]`` up to `degree` into ``out[order - 1]``.

    No rows give zeros; one row gives exact zeros above the mean. Deviations from the mean are zero
    where they are no more than rounding of the largest value, and so are odd moments where they are
    no more than rounding of the same sum of magnitudes: those of two rows always.
    """
    width = rows.shape[1]
    out[:degree] = 0.0
    if n_rows == 0:
        return
    for r in range(n_rows):
        for c in range(width):
            out[0, c] += rows[r, c]
    for c in range(width):
        out[0, c] /= n_rows
    if n_rows == 1 or degree == 1:
        return
    least = np.zeros(width)
    for r in range(n_rows):
        for c in range(width):
            least[c] = max(least[c], abs(rows[r, c]))
    for c in range(width):
        least[c] *= NOISE
    magnitudes = np.zeros((degree, width))  # of odd moments
    for r in range(n_rows):
        for c in range(width):
            deviation = rows[r, c] - out[0, c]
            if abs(deviation) <= least[c]:
                deviation = 0.0
            power = deviation
            for order in range(1, degree):
                power *= deviation
                out[order, c] += power
                magnitudes[order, c] += abs(power)
    for order in range(1, degree):
        for c in range(width):
            rounding = abs(out[order, c]) <= NOISE * magnitudes[order, c]
            out[order, c] = 0.0 if rounding else out[order, c] / n_rows


@numba.njit(cache=True, parallel=True)
def structure_moments(  # type: ignore[no-untyped-def]
    values,
    first_row,
    element,
    weights,
    max_outer,
    max_inner,
    exclude_absent,
    table,
    first_element,
    element_table,
):
    """Fill one row of `table` per structure with every distinct block of methods i and iii.

    Rows ``first_row[s]:first_row[s + 1]`` of `values` are the atoms of structure s, and
    ``element`` their element indices. The blocks of method ii go to `element_table`, from row
    ``first_element[s]`` on, a row for each element that the structure has. Structures are
    independent of each other, so that threads cannot change a number.
    """
    n_elements = weights.size
    d = values.shape[1]
    for s in numba.prange(first_row.size - 1):
        begin, end = first_row[s], first_row[s + 1]
        n_atoms = end - begin
        # room for the row of zeros that every absent element may add
        rows = np.empty((n_atoms + n_elements, d))

        # CEDs: the moments over each element's atoms
        ced = np.empty((n_elements, max_inner, d))
        counts = np.zeros(n_elements, dtype=np.int64)
        for e in range(n_elements):
            n = 0
            for a in range(begin, end):
                if element[a] == e:
                    rows[n] = values[a]
                    n += 1
            counts[e] = n
            central_moments(rows, n, max_inner, ced[e])

        # method iii over the elements' rows, then method i over all atoms; unweighted first
        column = 0
        outer_iii = np.empty((max_outer, max_inner * d))
        ced_rows = np.empty((n_elements, max_inner * d))
        for weighted in range(2):
            n = 0
            for e in range(n_elements):
                if exclude_absent and counts[e] == 0:
                    continue
                w = weights[e] if weighted else 1.0
                for p in range(max_inner):
                    for c in range(d):
                        ced_rows[n, p * d + c] = w * ced[e, p, c]
                n += 1
            central_moments(ced_rows, n, max_outer, outer_iii)
            for o in range(max_outer):
                table[s, column : column + max_inner * d] = outer_iii[o]
                column += max_inner * d
        outer_i = np.empty((max_outer, d))
        for weighted in range(2):
            n = 0
            for a in range(begin, end):
                w = weights[element[a]] if weighted else 1.0
                for c in range(d):
                    rows[n, c] = w * values[a, c]
                n += 1
            if not exclude_absent:
                for e in range(n_elements):
                    if counts[e] == 0:
                        rows[n] = 0.0
                        n += 1
            central_moments(rows, n, max_outer, outer_i)
            for o in range(max_outer):
                table[s, column : column + d] = outer_i[o]
                column += d

        row = first_element[s]
        for e in range(n_elements):
            if counts[e] > 0:
                for p in range(max_inner):
                    element_table[row, p * d : (p + 1) * d] = ced[e, p]
                row += 1
