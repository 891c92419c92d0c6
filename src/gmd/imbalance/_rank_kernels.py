"""Compiled loops behind :mod:`gmd.imbalance.ranks`; inputs are checked there.

Some structures, the rows of a batch, are compared with all others, a tile of them at a time,
twice: the first time for the nearest neighbours, the second to count who is closer than they are.
Making the distances again costs less than keeping them: all that is kept stays in the caches.
Structures with more ties or neighbours than there is room for are done once more, one by one,
with their distances to all others in memory.
"""

from __future__ import annotations

import numba
import numpy as np

from gmd.imbalance._tile_kernels import aligned, fill_slots, gather_tile, tile_distances
from gmd.imbalance._vectors import LANES, ROWS, count_below, lanes_up_to

FRACTION = 2**40
"""Mean ranks over ties are counted in this fraction, so that sums are exact in any order."""

TIES = 8
"""Room for so many more neighbours per descriptor than are asked for."""

DISTINCT = 256
"""Room for so many different neighbours of a structure; beyond, sorting is faster than counting."""


@numba.njit(cache=True, nogil=True)
def _keep(index, distance, nearest, near_distance, n_near, k):  # type: ignore[no-untyped-def]
    """Enter a structure that is no further than the k-th nearest so far.

    Both lists are sorted by distance and hold all that are as near as the k-th. Returns their new
    length, or -1 where they have no room.
    """
    place = n_near
    while place > 0 and near_distance[place - 1] > distance:
        place -= 1
    if n_near >= k and place < k:
        limit = distance if k == 1 else max(distance, near_distance[k - 2])
        while n_near > place and near_distance[n_near - 1] > limit:
            n_near -= 1
    if n_near == nearest.size:
        return -1
    for p in range(n_near, place, -1):
        nearest[p] = nearest[p - 1]
        near_distance[p] = near_distance[p - 1]
    nearest[place] = index
    near_distance[place] = distance
    return n_near + 1


@numba.njit(cache=True, nogil=True)
def _find_nearest(  # type: ignore[no-untyped-def]
    tiles,
    n,
    first_row,
    n_rows,
    rows,
    block_first,
    additions,
    outputs,
    sums,
    slots,
    k,
    nearest,
    near_distance,
    n_near,
):
    """Neighbours up to the k-th nearest, of every row in every descriptor.

    ``n_near[r, 0]`` is -1 for a row that has more of them than there is room for.
    """
    limit = np.full((n_rows, outputs.size), np.inf)
    n_near[:] = 0
    n_tiles = tiles.shape[0]
    for step in range(n_tiles):
        # structures often come in the order of a trajectory: near neighbours first saves most
        # of the entries that nearer ones would throw out again
        t = (first_row // LANES + step) % n_tiles
        n_lanes = min(LANES, n - t * LANES)
        for r in range(n_rows):
            if r % ROWS == 0:
                tile_distances(tiles, t, rows, r, block_first, sums)
            if n_near[r, 0] < 0:
                continue
            fill_slots(sums[r % ROWS], n_lanes, first_row + r - t * LANES, additions, slots)
            for s in range(outputs.size):
                slot = outputs[s]
                lanes = lanes_up_to(slots, slot, limit[r, s])
                j = t * LANES
                # hardly ever a lane at all
                while lanes != 0 and n_near[r, 0] >= 0:
                    if lanes & 1 and slots[slot, j - t * LANES] <= limit[r, s]:
                        size = _keep(
                            j,
                            slots[slot, j - t * LANES],
                            nearest[r, s],
                            near_distance[r, s],
                            n_near[r, s],
                            k,
                        )
                        if size < 0:
                            n_near[r, 0] = -1
                        else:
                            n_near[r, s] = size
                            if size >= k:
                                limit[r, s] = near_distance[r, s, k - 1]
                    lanes >>= 1
                    j += 1


@numba.njit(cache=True, nogil=True)
def _number_distinct(nearest, n_near, position, distinct):  # type: ignore[no-untyped-def]
    """List the different neighbours of a structure, and put places in the list for their indices.

    `position` is -1 everywhere, before and after. Returns the length of the list, or -1 where it
    has no room.
    """
    n_distinct = 0
    for s in range(n_near.size):
        for p in range(n_near[s]):
            j = nearest[s, p]
            if position[j] < 0:
                if n_distinct == distinct.size:
                    n_distinct = -1
                    break
                position[j] = n_distinct
                distinct[n_distinct] = j
                n_distinct += 1
            nearest[s, p] = position[j]
        if n_distinct < 0:
            break
    for u in range(distinct.size if n_distinct < 0 else n_distinct):
        position[distinct[u]] = -1
    return n_distinct


@numba.njit(cache=True, nogil=True)
def _order_limits(distances, limits, order):  # type: ignore[no-untyped-def]
    """Sort a structure's distances to its neighbours, furthest first, in every descriptor.

    Descriptors order the neighbours much alike, hence every order starts from the one before.
    """
    size = distances.shape[1]
    for s in range(distances.shape[0]):
        for p in range(size):
            u = order[s - 1, p] if s > 0 else p
            distance = distances[s, u]
            place = p
            while place > 0 and limits[s, place - 1] < distance:
                limits[s, place] = limits[s, place - 1]
                order[s, place] = order[s, place - 1]
                place -= 1
            limits[s, place] = distance
            order[s, place] = u


@numba.njit(cache=True, nogil=True)
def _count_closer(  # type: ignore[no-untyped-def]
    tiles,
    n,
    first_row,
    n_rows,
    rows,
    block_first,
    additions,
    outputs,
    sums,
    slots,
    first,
    n_distinct,
    limits,
    closer,
):
    """Count the structures closer than every neighbour, of every row in every descriptor.

    Those of row r begin at ``first[r]``, one descriptor after the other, furthest first.
    """
    for t in range(tiles.shape[0]):
        n_lanes = min(LANES, n - t * LANES)
        for r in range(n_rows):
            if r % ROWS == 0:
                tile_distances(tiles, t, rows, r, block_first, sums)
            size = n_distinct[r]
            if size < 0:
                continue
            fill_slots(sums[r % ROWS], n_lanes, first_row + r - t * LANES, additions, slots)
            place = first[r]
            for s in range(outputs.size):
                for p in range(place, place + size):
                    count = count_below(slots, outputs[s], limits[p])
                    if count == 0:
                        break
                    closer[p] += count
                place += size


@numba.njit(cache=True, nogil=True)
def _add_mean_rank(ranks, near, n_closer, k):  # type: ignore[no-untyped-def]
    """Sum of the ranks of the k nearest, as a whole number and a rest in FRACTION.

    The first `n_closer` of `near` are closer than the k-th, the others as near as it is: they
    share the places that are left.
    """
    total = 0
    for p in range(n_closer):
        total += ranks[near[p]]
    tied = 0
    for p in range(n_closer, near.size):
        tied += ranks[near[p]]
    n_tied = near.size - n_closer
    tied *= k - n_closer
    return total + tied // n_tied, np.int64(round(tied % n_tied / n_tied * FRACTION))


@numba.njit(cache=True, nogil=True)
def _count_less(ordered, limit):  # type: ignore[no-untyped-def]
    """How many numbers of a sorted array are less than a limit, by bisection."""
    low, high = 0, ordered.size
    while low < high:
        middle = (low + high) // 2
        if ordered[middle] < limit:
            low = middle + 1
        else:
            high = middle
    return low


@numba.njit(cache=True, nogil=True)
def _add_whole_row(  # type: ignore[no-untyped-def]
    tiles, n, index, rows, r, block_first, additions, outputs, sums, slots, k, whole, fraction
):
    """Add the mean ranks of one structure, by way of its distances to all others."""
    n_sigma = outputs.size
    distances = np.empty((n_sigma, n))
    group = r - r % ROWS
    for t in range(tiles.shape[0]):
        n_lanes = min(LANES, n - t * LANES)
        tile_distances(tiles, t, rows, group, block_first, sums)
        fill_slots(sums[r - group], n_lanes, -1, additions, slots)
        for s in range(n_sigma):
            for lane in range(n_lanes):
                distances[s, t * LANES + lane] = slots[outputs[s], lane]
    distances[:, index] = np.inf

    ordered = distances.copy()
    position = np.full(n, -1, dtype=np.int64)
    distinct = np.empty(n, dtype=np.int64)
    n_distinct = 0
    near = np.empty(4 * n_sigma * k, dtype=np.int64)
    first = np.zeros(n_sigma + 1, dtype=np.int64)
    n_closer = np.empty(n_sigma, dtype=np.int64)
    for s in range(n_sigma):
        ordered[s].sort()
        limit = ordered[s, k - 1]
        n_closer[s] = _count_less(ordered[s], limit)
        begin_tied = first[s] + n_closer[s]
        n_near = n_closer[s]
        while n_near < n and ordered[s, n_near] == limit:
            n_near += 1
        first[s + 1] = first[s] + n_near
        if first[s + 1] > near.size:
            grown = np.empty(2 * first[s + 1], dtype=np.int64)
            for p in range(first[s]):
                grown[p] = near[p]
            near = grown
        begin = first[s]
        for j in range(n):
            if distances[s, j] <= limit:
                if position[j] < 0:
                    position[j] = n_distinct
                    distinct[n_distinct] = j
                    n_distinct += 1
                if distances[s, j] < limit:
                    near[begin] = position[j]
                    begin += 1
                else:
                    near[begin_tied] = position[j]
                    begin_tied += 1

    ranks = np.empty(n_distinct, dtype=np.int64)
    for target in range(n_sigma):
        for u in range(n_distinct):
            ranks[u] = 1 + _count_less(ordered[target], distances[target, distinct[u]])
        for source in range(n_sigma):
            sum_whole, sum_fraction = _add_mean_rank(
                ranks, near[first[source] : first[source + 1]], n_closer[source], k
            )
            whole[target, source] += sum_whole
            fraction[target, source] += sum_fraction


@numba.njit(cache=True, nogil=True)
def add_rank_sums(  # type: ignore[no-untyped-def]
    features, columns, tiles, block_first, additions, outputs, k, first_row, n_rows, whole, fraction
):
    """Add up the ranks of the k nearest neighbours of some structures, for all ordered pairs.

    The structures are `n_rows` from `first_row` on; the sums over each one's neighbours go to
    ``whole[target, source]`` and, of what is less than one, ``fraction[target, source]``.
    """
    n = features.shape[0]
    n_sigma = outputs.size
    n_blocks = block_first.size - 1
    # the last rows may be there for nothing, so that they come in full groups
    rows = np.zeros((-(-n_rows // ROWS) * ROWS, columns.size))
    for r in range(n_rows):
        for c in range(columns.size):
            rows[r, c] = features[first_row + r, columns[c]]
    sums = aligned((ROWS, n_blocks, LANES))
    slots = aligned((n_blocks + additions.shape[0], LANES))

    nearest = np.empty((n_rows, n_sigma, k + TIES), dtype=np.int64)
    near_distance = np.empty((n_rows, n_sigma, k + TIES))
    n_near = np.empty((n_rows, n_sigma), dtype=np.int64)
    _find_nearest(
        tiles,
        n,
        first_row,
        n_rows,
        rows,
        block_first,
        additions,
        outputs,
        sums,
        slots,
        k,
        nearest,
        near_distance,
        n_near,
    )

    position = np.full(n, -1, dtype=np.int64)
    distinct = np.empty((n_rows, min(DISTINCT, n_sigma * (k + TIES))), dtype=np.int64)
    n_distinct = np.full(n_rows, -1, dtype=np.int64)
    first = np.zeros(n_rows + 1, dtype=np.int64)
    for r in range(n_rows):
        if n_near[r, 0] >= 0:
            n_distinct[r] = _number_distinct(nearest[r], n_near[r], position, distinct[r])
        first[r + 1] = first[r] + n_sigma * max(0, n_distinct[r])

    limits = np.empty(first[n_rows])
    order = np.empty(first[n_rows], dtype=np.int64)
    closer = np.zeros(first[n_rows], dtype=np.int64)
    tile = aligned((1, columns.size, LANES))
    tile[:] = 0.0
    for r in range(n_rows):
        size = n_distinct[r]
        if size <= 0:
            continue
        distances = np.empty((n_sigma, size))
        for start in range(0, size, LANES):
            stop = min(size, start + LANES)
            gather_tile(features, columns, distinct[r, start:stop], tile)
            tile_distances(tile, 0, rows, r - r % ROWS, block_first, sums)
            fill_slots(sums[r % ROWS], stop - start, -1, additions, slots)
            for s in range(n_sigma):
                for u in range(start, stop):
                    distances[s, u] = slots[outputs[s], u - start]
        _order_limits(
            distances,
            limits[first[r] : first[r + 1]].reshape(n_sigma, size),
            order[first[r] : first[r + 1]].reshape(n_sigma, size),
        )

    _count_closer(
        tiles,
        n,
        first_row,
        n_rows,
        rows,
        block_first,
        additions,
        outputs,
        sums,
        slots,
        first,
        n_distinct,
        limits,
        closer,
    )

    ranks = np.empty(distinct.shape[1], dtype=np.int64)
    n_closer = np.empty(n_sigma, dtype=np.int64)
    for r in range(n_rows):
        size = n_distinct[r]
        if size < 0:
            _add_whole_row(
                tiles,
                n,
                first_row + r,
                rows,
                r,
                block_first,
                additions,
                outputs,
                sums,
                slots,
                k,
                whole,
                fraction,
            )
            continue
        for s in range(n_sigma):
            n_closer[s] = 0
            while near_distance[r, s, n_closer[s]] < near_distance[r, s, k - 1]:
                n_closer[s] += 1
        for target in range(n_sigma):
            place = first[r] + target * size
            for p in range(place, place + size):
                ranks[order[p]] = 1 + closer[p]
            for source in range(n_sigma):
                if n_near[r, source] == 1:
                    whole[target, source] += ranks[nearest[r, source, 0]]
                    continue
                sum_whole, sum_fraction = _add_mean_rank(
                    ranks, nearest[r, source, : n_near[r, source]], n_closer[source], k
                )
                whole[target, source] += sum_whole
                fraction[target, source] += sum_fraction
