"""Compiled loops behind :mod:`gmd.imbalance.ranks`; inputs are checked there.

Distances are sums of squared differences, column after column, and never products of large
numbers that cancel: structures with equal columns are at a distance of exactly zero and at exactly
equal distances from any third. The order of the additions is that of the columns for every pair,
whatever tile or thread it falls to.
"""

from __future__ import annotations

import numba
import numpy as np

LANES = 64
"""Structures per tile: one tile's block of columns stays in the nearest cache."""

FRACTION = 2**40
"""Mean ranks over ties are counted in this fraction, so that sums are exact in any order."""

FEW = 32


@numba.njit(cache=True, parallel=True)
def pack(features, columns, tiles):  # type: ignore[no-untyped-def]
    """Lay out features as (tile, column, structure within the tile), padded with zeros."""
    n = features.shape[0]
    for t in numba.prange(tiles.shape[0]):
        for c in range(columns.size):
            for lane in range(LANES):
                row = t * LANES + lane
                tiles[t, c, lane] = features[row, columns[c]] if row < n else 0.0


@numba.njit(cache=True, nogil=True)
def _block_distances(tile, row, first, last, out):  # type: ignore[no-untyped-def]
    """Squared distances over some columns between one structure and a tile of them."""
    for lane in range(LANES):
        out[lane] = 0.0
    c = first
    while c + 4 <= last:
        # four columns a pass save loads and stores; the additions keep their order
        x0, x1, x2, x3 = row[c], row[c + 1], row[c + 2], row[c + 3]
        for lane in range(LANES):
            d0 = tile[c, lane] - x0
            d1 = tile[c + 1, lane] - x1
            d2 = tile[c + 2, lane] - x2
            d3 = tile[c + 3, lane] - x3
            out[lane] = (((out[lane] + d0 * d0) + d1 * d1) + d2 * d2) + d3 * d3
        c += 4
    while c < last:
        x0 = row[c]
        for lane in range(LANES):
            d0 = tile[c, lane] - x0
            out[lane] = out[lane] + d0 * d0
        c += 1


@numba.njit(cache=True, nogil=True)
def _descriptor_distances(  # type: ignore[no-untyped-def]
    tiles, rows, block_first, additions, outputs, slots, distances
):
    """Squared distances from `rows` to all structures in every descriptor."""
    n_blocks = block_first.size - 1
    for t in range(tiles.shape[0]):
        for r in range(rows.shape[0]):
            for b in range(n_blocks):
                _block_distances(tiles[t], rows[r], block_first[b], block_first[b + 1], slots[b])
            for a in range(additions.shape[0]):
                left, right, total = (
                    slots[additions[a, 0]],
                    slots[additions[a, 1]],
                    slots[n_blocks + a],
                )
                for lane in range(LANES):
                    total[lane] = left[lane] + right[lane]
            for s in range(outputs.size):
                slot = slots[outputs[s]]
                target = distances[r, s, t * LANES : (t + 1) * LANES]
                for lane in range(LANES):
                    target[lane] = slot[lane]


@numba.njit(cache=True, nogil=True)
def _nearest(distances, n, ties, tie_first):  # type: ignore[no-untyped-def]
    """Nearest neighbours of one structure in every descriptor, ties included.

    Returns the distinct ones; ``ties[tie_first[s]:tie_first[s + 1]]`` are those of descriptor s,
    as positions among the distinct ones. `ties` grows as needed and is returned as well.
    """
    n_sigma = distances.shape[0]
    position = np.full(n, -1, dtype=np.int64)
    distinct = np.empty(n, dtype=np.int64)
    n_distinct = 0
    filled = 0
    for s in range(n_sigma):
        tie_first[s] = filled
        least = np.inf
        for k in range(n):
            least = min(least, distances[s, k])
        for k in range(n):
            if distances[s, k] == least:
                if position[k] < 0:
                    position[k] = n_distinct
                    distinct[n_distinct] = k
                    n_distinct += 1
                if filled == ties.size:
                    grown = np.empty(2 * ties.size, dtype=np.int64)
                    grown[:filled] = ties
                    ties = grown
                ties[filled] = position[k]
                filled += 1
    tie_first[n_sigma] = filled
    return distinct[:n_distinct], ties


@numba.njit(cache=True, nogil=True)
def _ranks(distances, n, neighbours, below, ranks):  # type: ignore[no-untyped-def]
    """Rank of every neighbour by the distances of one descriptor, counted, not sorted."""
    furthest = -np.inf
    for j in neighbours:
        furthest = max(furthest, distances[j])
    # only what is closer than the furthest neighbour can be closer than any
    n_below = 0
    for k in range(n):
        below[n_below] = distances[k]
        if distances[k] < furthest:
            n_below += 1
    closer = below[:n_below]
    if neighbours.size > FEW:
        closer = np.sort(closer)
        for u in range(neighbours.size):
            ranks[u] = 1 + np.searchsorted(closer, distances[neighbours[u]])
    else:
        for u in range(neighbours.size):
            limit = distances[neighbours[u]]
            count = 1
            for k in range(n_below):
                count += closer[k] < limit
            ranks[u] = count


@numba.njit(cache=True, nogil=True)
def _add_ranks(distances, n, ties, tie_first, whole, fraction):  # type: ignore[no-untyped-def]
    """Add one structure's mean ranks of nearest neighbours to the sums."""
    n_sigma = distances.shape[0]
    neighbours, ties = _nearest(distances, n, ties, tie_first)
    below = np.empty(n + 1)
    ranks = np.empty(neighbours.size, dtype=np.int64)
    for target in range(n_sigma):
        _ranks(distances[target], n, neighbours, below, ranks)
        for source in range(n_sigma):
            total = 0
            for position in ties[tie_first[source] : tie_first[source + 1]]:
                total += ranks[position]
            size = tie_first[source + 1] - tie_first[source]
            whole[source, target] += total // size
            rest = total % size
            if rest:
                fraction[source, target] += np.int64(round(rest / size * FRACTION))


@numba.njit(cache=True, parallel=True)
def rank_sums(  # type: ignore[no-untyped-def]
    features,
    columns,
    tiles,
    block_first,
    additions,
    outputs,
    first_row,
    rows_at_once,
    whole,
    fraction,
):
    """Sums over structures of the mean rank of nearest neighbours, for all ordered pairs.

    Batch b takes the structures from ``first_row + b * rows_at_once`` and adds to ``whole[b]``,
    ``fraction[b]`` alone.
    """
    n = features.shape[0]
    n_slots = block_first.size - 1 + additions.shape[0]
    for b in numba.prange(whole.shape[0]):
        begin = first_row + b * rows_at_once
        end = min(n, begin + rows_at_once)
        if begin < end:
            rows = np.empty((end - begin, columns.size))
            for r in range(end - begin):
                for c in range(columns.size):
                    rows[r, c] = features[begin + r, columns[c]]
            slots = np.empty((n_slots, LANES))
            distances = np.empty((end - begin, outputs.size, tiles.shape[0] * LANES))
            _descriptor_distances(tiles, rows, block_first, additions, outputs, slots, distances)
            ties = np.empty(4 * outputs.size, dtype=np.int64)
            tie_first = np.empty(outputs.size + 1, dtype=np.int64)
            for r in range(end - begin):
                for s in range(outputs.size):
                    distances[r, s, begin + r] = np.inf
                _add_ranks(distances[r], n, ties, tie_first, whole[b], fraction[b])
