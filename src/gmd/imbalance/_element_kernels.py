"""Compiled loops that make the distances of method ii from the elements that structures have.

Most elements are absent from both structures of a pair and add nothing. The others are taken in
rising order, each one's columns summed on their own: the sum over an element that one of the two
lacks does not depend on the other, and is there already. Either way the numbers are the same, so
that equal structures remain at a distance of exactly zero and at equal distances from any third.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from gmd.descriptors import ElementRows
from gmd.imbalance._vectors import LANES, ROWS, WIDTH, add_row_distances, aligned


class ElementTable(NamedTuple):
    """What structures are compared by in method ii.

    Rows ``first[s]:first[s + 1]`` belong to structure s, with the elements in `element`, rising.
    `values` has the shape (n_rows, n_inner, components in whole vectors); `alone`, (n_rows,
    n_inner), holds the squared distances between each row and none of its element.
    """

    first: NDArray[np.int64]
    element: NDArray[np.int64]
    values: NDArray[np.float64]
    alone: NDArray[np.float64]


def element_table(rows: ElementRows | None, n_inner: int, n_structures: int) -> ElementTable:
    """Lay out the rows of method ii, of `n_inner` moment orders, for comparison."""
    if rows is None:
        none = np.zeros(n_structures + 1, dtype=np.int64)
        return ElementTable(none, none[:0], np.empty((0, 0, WIDTH)), np.empty((0, 0)))
    n_rows, n_components = rows.element.size, rows.absent.shape[1] // n_inner
    # columns of zeros fill up the last vector; behind the rows are those of absent elements
    width = -(-n_components // WIDTH) * WIDTH
    values = aligned((n_rows + rows.n_elements, n_inner, width))
    values[:, :, n_components:] = 0.0
    values[:n_rows, :, :n_components] = rows.values.reshape(n_rows, n_inner, n_components)
    values[n_rows:, :, :n_components] = rows.absent.reshape(-1, n_inner, n_components)
    alone = np.zeros((n_rows, n_inner))
    _fill_alone(values, rows.element, alone)
    return ElementTable(rows.first, rows.element, values[:n_rows], alone)


@numba.njit(cache=True, nogil=True)
def _fill_alone(values, element, alone):  # type: ignore[no-untyped-def]
    for row in range(element.size):
        add_row_distances(values, row, element.size + element[row], alone[row])


@numba.njit(cache=True, nogil=True)
def _add_element_distances(table, s, u, total):  # type: ignore[no-untyped-def]
    """Add the squared distances between structures s and u, order by order."""
    i, j = table.first[s], table.first[u]
    end_i, end_j = table.first[s + 1], table.first[u + 1]
    while i < end_i or j < end_j:
        if j == end_j or (i < end_i and table.element[i] < table.element[j]):
            for p in range(total.size):
                total[p] += table.alone[i, p]
            i += 1
        elif i == end_i or table.element[j] < table.element[i]:
            for p in range(total.size):
                total[p] += table.alone[j, p]
            j += 1
        else:
            add_row_distances(table.values, i, j, total)
            i += 1
            j += 1


@numba.njit(cache=True, nogil=True)
def fill_element_planes(table, lanes, rows, first_plane, planes):  # type: ignore[no-untyped-def]
    """Squared distances in every moment order of method ii, into planes from `first_plane` on.

    `lanes` and `rows` are the structures of a tile and of ROWS rows, -1 for none: such a pair
    becomes NaN.
    """
    n_inner = table.alone.shape[1]
    total = np.empty(n_inner)
    for g in range(ROWS):
        for lane in range(LANES):
            if rows[g] < 0 or lanes[lane] < 0:
                total[:] = np.nan
            else:
                total[:] = 0.0
                _add_element_distances(table, rows[g], lanes[lane], total)
            for p in range(n_inner):
                planes[first_plane + p, g, lane] = total[p]
