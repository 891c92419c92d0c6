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
"""Structures per tile."""

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
def _block_distances(tile, row, other, first, last, out, out_other):  # type: ignore[no-untyped-def]
    """Squared distances over some columns between two structures and a tile of them."""
    for lane in range(LANES):
        out[lane] = 0.0
        out_other[lane] = 0.0
    c = first
    while c + 4 <= last:
        # two structures and four columns a pass save loads; the additions keep their order
        x0, x1, x2, x3 = row[c], row[c + 1], row[c + 2], row[c + 3]
        y0, y1, y2, y3 = other[c], other[c + 1], other[c + 2], other[c + 3]
        for lane in range(LANES):
            t0, t1, t2, t3 = tile[c, lane], tile[c + 1, lane], tile[c + 2, lane], tile[c + 3, lane]
            d0, d1, d2, d3 = t0 - x0, t1 - x1, t2 - x2, t3 - x3
            out[lane] = (((out[lane] + d0 * d0) + d1 * d1) + d2 * d2) + d3 * d3
            e0, e1, e2, e3 = t0 - y0, t1 - y1, t2 - y2, t3 - y3
            out_other[lane] = (((out_other[lane] + e0 * e0) + e1 * e1) + e2 * e2) + e3 * e3
        c += 4
    while c < last:
        x0, y0 = row[c], other[c]
        for lane in range(LANES):
            d0, e0 = tile[c, lane] - x0, tile[c, lane] - y0
            out[lane] = out[lane] + d0 * d0
            out_other[lane] = out_other[lane] + e0 * e0
        c += 1


@numba.njit(cache=True, nogil=True)
def _descriptor_distances(  # type: ignore[no-untyped-def]
    tiles, rows, block_first, additions, outputs, slots, distances
):
    """Squared distances from `rows` to all structures in every descriptor.

    `rows` has an even number of them, the last one for nothing where `distances` has one less;
    `slots` is work space of shape (rows, n_slots, LANES).
    """
    n_blocks = block_first.size - 1
    for t in range(tiles.shape[0]):
        # a block of the tile stays in the nearest cache while all rows are compared with it
        for b in range(n_blocks):
            first, last = block_first[b], block_first[b + 1]
            for r in range(0, rows.shape[0], 2):
                _block_distances(
                    tiles[t], rows[r], rows[r + 1], first, last, slots[r, b], slots[r + 1, b]
                )
        for r in range(distances.shape[0]):
            for a in range(additions.shape[0]):
                left, right = slots[r, additions[a, 0]], slots[r, additions[a, 1]]
                total = slots[r, n_blocks + a]
                for lane in range(LANES):
                    total[lane] = left[lane] + right[lane]
            for s in range(outputs.size):
                slot = slots[r, outputs[s]]
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
        row = distances[s]
        least = np.inf
        n_least = 0
        nearest = 0
        for k in range(n):
            # hardly ever true, hence one comparison per structure
            if row[k] <= least:
                n_least = n_least + 1 if row[k] == least else 1
                nearest = k
                least = row[k]
        if filled + n_least > ties.size:
            grown = np.empty(2 * ties.size + n_least, dtype=np.int64)
            grown[:filled] = ties[:filled]
            ties = grown
        # the last of them is known; others are looked for only where there are any
        for k in range(0 if n_least > 1 else nearest, nearest + 1):
            if row[k] == least:
                if position[k] < 0:
                    position[k] = n_distinct
                    distinct[n_distinct] = k
                    n_distinct += 1
                ties[filled] = position[k]
                filled += 1
    tie_first[n_sigma] = filled
    return distinct[:n_distinct], ties


@numba.njit(cache=True, nogil=True)
def _ranks(distances, n, neighbours, ranks):  # type: ignore[no-untyped-def]
    """Rank of every neighbour by the distances of one descriptor, counted, not sorted."""
    if neighbours.size > FEW:
        ordered = np.sort(distances[:n])
        for u in range(neighbours.size):
            ranks[u] = 1 + np.searchsorted(ordered, distances[neighbours[u]])
        return
    for u in range(neighbours.size):
        limit = distances[neighbours[u]]
        closer = 0
        for k in range(n):
            closer += distances[k] < limit
        ranks[u] = 1 + closer


@numba.njit(cache=True, nogil=True)
def _add_ranks(distances, n, ties, tie_first, whole, fraction):  # type: ignore[no-untyped-def]
    """Add one structure's mean ranks of nearest neighbours to the sums."""
    n_sigma = distances.shape[0]
    neighbours, ties = _nearest(distances, n, ties, tie_first)
    ranks = np.empty(neighbours.size, dtype=np.int64)
    for target in range(n_sigma):
        _ranks(distances[target], n, neighbours, ranks)
        for source in range(n_sigma):
            first, last = tie_first[source], tie_first[source + 1]
            size = last - first
            if size == 1:
                whole[source, target] += ranks[ties[first]]
                continue
            total = 0
            for tie in range(first, last):
                total += ranks[ties[tie]]
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
            n_even = end - begin + (end - begin) % 2
            rows = np.zeros((n_even, columns.size))
            for r in range(end - begin):
                for c in range(columns.size):
                    rows[r, c] = features[begin + r, columns[c]]
            slots = np.empty((n_even, n_slots, LANES))
            distances = np.empty((end - begin, outputs.size, tiles.shape[0] * LANES))
            _descriptor_distances(tiles, rows, block_first, additions, outputs, slots, distances)
            ties = np.empty(4 * outputs.size, dtype=np.int64)
            tie_first = np.empty(outputs.size + 1, dtype=np.int64)
            for r in range(end - begin):
                for s in range(outputs.size):
                    distances[r, s, begin + r] = np.inf
                _add_ranks(distances[r], n, ties, tie_first, whole[b], fraction[b])
