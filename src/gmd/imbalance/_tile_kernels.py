"""Compiled loops that make the distances between some structures and a tile of others.

Distances are sums of squared differences, column after column, and never products of large
numbers that cancel: structures with equal columns are at a distance of exactly zero and at exactly
equal distances from any third. The order of the additions is that of the columns for every pair,
whatever tile or thread it falls to.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from gmd.descriptors import ElementRows
from gmd.imbalance._element_kernels import ElementTable, element_table, fill_element_planes
from gmd.imbalance._schedule import schedule
from gmd.imbalance._vectors import LANES, ROWS, add_steps, aligned, block_distances
from gmd.imbalance.program import DistanceProgram


class Tiles(NamedTuple):
    """Structures by tiles: values are (tile, column, lane), structures (tile, lane) or -1."""

    values: NDArray[np.float64]
    structures: NDArray[np.int64]


class Rows(NamedTuple):
    """Structures in full groups of ROWS: values are (row, column), structures (row,) or -1."""

    values: NDArray[np.float64]
    structures: NDArray[np.int64]


class Comparison(NamedTuple):
    """What structures are compared by: arrays of a `DistanceProgram` and of its `Schedule`."""

    features: NDArray[np.float64]
    tiles: Tiles
    elements: ElementTable
    columns: NDArray[np.int64]
    block_first: NDArray[np.int64]
    steps: NDArray[np.int64]
    outputs: NDArray[np.int64]
    n_planes: int


def comparison(
    features: NDArray[np.float64], program: DistanceProgram, by_element: ElementRows | None = None
) -> Comparison:
    """Compare structures by features of shape (n_structures, n_columns).

    Blocks that the program takes by element have their columns in `by_element`.
    """
    plan = schedule(program)
    return Comparison(
        features,
        _packed(features, program.columns),
        element_table(by_element, program.n_element_blocks, len(features)),
        program.columns,
        program.block_first,
        plan.steps,
        plan.outputs,
        plan.n_planes,
    )


@numba.njit(cache=True, nogil=True)
def empty_tiles(n_tiles, n_columns):  # type: ignore[no-untyped-def]
    """Room for some tiles."""
    return Tiles(aligned((n_tiles, n_columns, LANES)), np.empty((n_tiles, LANES), dtype=np.int64))


@numba.njit(cache=True, nogil=True)
def gather_tile(features, columns, structures, tiles, t):  # type: ignore[no-untyped-def]
    """Fill tile t with some structures; lanes beyond them become NaN."""
    for c in range(columns.size):
        for lane in range(structures.size):
            tiles.values[t, c, lane] = features[structures[lane], columns[c]]
    tiles.values[t, :, structures.size :] = np.nan
    tiles.structures[t, : structures.size] = structures
    tiles.structures[t, structures.size :] = -1


@numba.njit(cache=True, nogil=True)
def gather_rows(given, first_row, n_rows):  # type: ignore[no-untyped-def]
    """Structures from `first_row` on; the last rows may be there to fill up their group."""
    n_full = -(-n_rows // ROWS) * ROWS
    rows = Rows(np.zeros((n_full, given.columns.size)), np.full(n_full, -1))
    for r in range(n_rows):
        for c in range(given.columns.size):
            rows.values[r, c] = given.features[first_row + r, given.columns[c]]
        rows.structures[r] = first_row + r
    return rows


@numba.njit(cache=True, nogil=True)
def _packed(features, columns):  # type: ignore[no-untyped-def]
    """All structures by tiles, in their order."""
    n = features.shape[0]
    tiles = empty_tiles(-(-n // LANES), columns.size)
    for t in range(tiles.structures.shape[0]):
        first = t * LANES
        gather_tile(features, columns, np.arange(first, min(n, first + LANES)), tiles, t)
    return tiles


@numba.njit(cache=True, nogil=True)
def empty_planes(given):  # type: ignore[no-untyped-def]
    """Room for the distances of ROWS rows from a tile, (plane, row, lane)."""
    return aligned((given.n_planes, ROWS, LANES))


@numba.njit(cache=True, nogil=True)
def fill_planes(given, tiles, t, rows, r, own_lane, planes):  # type: ignore[no-untyped-def]
    """Squared distances of the rows r to r + ROWS from tile t, in all descriptors.

    Row r itself is the structure at `own_lane`, if that lies within the tile, and the next rows
    those that follow. Such a lane and those without a structure become NaN, which is neither
    nearer than anything nor as near.
    """
    n_blocks = given.block_first.size - 1
    for b in range(n_blocks):
        block_distances(
            tiles.values,
            t,
            rows.values,
            r,
            given.block_first[b],
            given.block_first[b + 1],
            planes,
            b,
        )
    n_by_element = given.elements.alone.shape[1]
    if n_by_element > 0:
        fill_element_planes(
            given.elements, tiles.structures[t], rows.structures[r : r + ROWS], n_blocks, planes
        )
    for g in range(ROWS):
        if 0 <= own_lane + g < LANES:
            planes[: n_blocks + n_by_element, g, own_lane + g] = np.nan
    add_steps(given.steps, planes)
