"""Compiled loops that make the distances between some structures and a tile of others.

Distances are sums of squared differences, column after column, and never products of large
numbers that cancel: structures with equal columns are at a distance of exactly zero and at exactly
equal distances from any third. The order of the additions is that of the columns for every pair,
whatever tile or thread it falls to.
"""

from __future__ import annotations

import numba
import numpy as np

from gmd.imbalance._vectors import LANES, add_slots, block_distances

_CACHE_LINE = 8


@numba.njit(cache=True, nogil=True)
def aligned(shape):  # type: ignore[no-untyped-def]
    """An array of numbers, unset, that begins on a cache line, so that no vector lies on two."""
    size = 1
    for n in shape:
        size *= n
    room = np.empty(size + _CACHE_LINE)
    skip = -(room.ctypes.data // room.itemsize) % _CACHE_LINE
    return room[skip : skip + size].reshape(shape)


@numba.njit(cache=True, nogil=True)
def gather_tile(features, columns, structures, tile):  # type: ignore[no-untyped-def]
    """Fill a tile, of shape (1, columns, LANES), with some structures; the rest stays as it is."""
    for c in range(columns.size):
        for lane in range(structures.size):
            tile[0, c, lane] = features[structures[lane], columns[c]]


@numba.njit(cache=True, nogil=True)
def packed(features, columns):  # type: ignore[no-untyped-def]
    """Features as (tile, column, structure within the tile), padded with zeros."""
    n = features.shape[0]
    tiles = aligned((-(-n // LANES), columns.size, LANES))
    for t in range(tiles.shape[0]):
        first = t * LANES
        tiles[t, :, min(LANES, n - first) :] = 0.0
        gather_tile(features, columns, np.arange(first, min(n, first + LANES)), tiles[t : t + 1])
    return tiles


@numba.njit(cache=True, nogil=True)
def tile_distances(tiles, t, rows, r, block_first, sums):  # type: ignore[no-untyped-def]
    """Squared distances of rows r to r + ROWS from a tile in every block, (row, block, lane)."""
    for b in range(block_first.size - 1):
        block_distances(tiles, t, rows, r, block_first[b], block_first[b + 1], sums, b)


@numba.njit(cache=True, nogil=True)
def fill_slots(sums, n_lanes, own_lane, additions, slots):  # type: ignore[no-untyped-def]
    """From one row's distances in blocks to those in all slots of a program.

    The row's own lane and those from `n_lanes` on become NaN, which is neither nearer than
    anything nor as near.
    """
    n_blocks = sums.shape[0]
    for b in range(n_blocks):
        for lane in range(LANES):
            slots[b, lane] = sums[b, lane]
    for lane in range(n_lanes, LANES):
        slots[:n_blocks, lane] = np.nan
    if 0 <= own_lane < LANES:
        slots[:n_blocks, own_lane] = np.nan
    for a in range(additions.shape[0]):
        add_slots(slots, additions[a, 0], additions[a, 1], n_blocks + a)
