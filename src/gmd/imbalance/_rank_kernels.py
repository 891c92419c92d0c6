"""Compiled loops behind :mod:`gmd.imbalance.ranks`; inputs are checked there.

Some structures, the rows of a batch, are compared with all others, a tile of them at a time,
twice: the first time for the nearest neighbours, the second to count who is closer than they are.
Making the distances again costs less than keeping them: all that is kept stays in the caches.
Structures with more ties or neighbours than there is room for are done once more, one by one.
"""

from __future__ import annotations

import numba
import numpy as np

from gmd.imbalance._tile_kernels import (
    empty_planes,
    empty_tiles,
    fill_planes,
    gather_rows,
    gather_tile,
)
from gmd.imbalance._vectors import (
    LANES,
    ROWS,
    WIDTH,
    add_closer,
    aligned,
    lowest_bit,
    pairs_below,
    pairs_up_to,
)
from gmd.imbalance._whole_row_kernels import add_whole_row, mean_rank

TIES = 8
"""Room for so many more neighbours per descriptor than are asked for."""

DISTINCT = 256
"""Room for so many different neighbours of a structure; beyond, sorting is faster than counting."""

_ALL_LANES = 2**LANES - 1


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
def _find_nearest(given, k, rows, first_row, planes, nearest, near_distance, n_near):  # type: ignore[no-untyped-def]
    """Neighbours up to the k-th nearest, of every row in every descriptor.

    ``n_near[r, 0]`` is -1 for a row that has more of them than there is room for.
    """
    n_rows, n_sigma = n_near.shape
    # by groups of rows; nothing is as near as a negative distance
    limits = np.full((rows.structures.size // ROWS, n_sigma, ROWS), -1.0)
    for r in range(n_rows):
        limits[r // ROWS, :, r % ROWS] = np.inf
    n_near[:] = 0
    n_tiles = given.tiles.structures.shape[0]
    for step in range(n_tiles):
        # structures often come in the order of a trajectory: near neighbours first saves most
        # of the entries that nearer ones would throw out again
        t = (first_row // LANES + step) % n_tiles
        for group in range(limits.shape[0]):
            limit = limits[group]
            r = group * ROWS
            fill_planes(given, given.tiles, t, rows, r, first_row + r - t * LANES, planes)
            for s in range(n_sigma):
                plane = given.outputs[s]
                # hardly ever a pair at all
                pairs = pairs_up_to(planes, plane, limit, s)
                while pairs != 0:
                    row, lane = divmod(lowest_bit(pairs), LANES)
                    pairs &= pairs - 1
                    distance = planes[plane, row, lane]
                    if distance > limit[s, row]:
                        continue
                    n_near[r + row, s] = _keep(
                        t * LANES + lane,
                        distance,
                        nearest[r + row, s],
                        near_distance[r + row, s],
                        n_near[r + row, s],
                        k,
                    )
                    if n_near[r + row, s] < 0:
                        n_near[r + row, 0] = -1
                        limit[:, row] = -1.0
                    elif n_near[r + row, s] >= k:
                        limit[s, row] = near_distance[r + row, s, k - 1]


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
def _order_limits(given, rows, r, distinct, planes, tile, order, limits):  # type: ignore[no-untyped-def]
    """Sort a row's distances to its different neighbours, furthest first, in every descriptor.

    `order` and `limits` go on beyond the neighbours, the limits with what nothing is closer than.
    """
    n_sigma = order.shape[0]
    distances = np.empty((n_sigma, distinct.size))
    for start in range(0, distinct.size, LANES):
        stop = min(distinct.size, start + LANES)
        gather_tile(given.features, given.columns, distinct[start:stop], tile, 0)
        fill_planes(given, tile, 0, rows, r - r % ROWS, -LANES, planes)
        for s in range(n_sigma):
            for u in range(start, stop):
                distances[s, u] = planes[given.outputs[s], r % ROWS, u - start]
    limits[:, distinct.size :] = 0.0
    for s in range(n_sigma):
        for p in range(distinct.size):
            # descriptors order the neighbours much alike: start from the order of the one before
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
def _count_closer(given, rows, first_row, planes, first, limits, closer):  # type: ignore[no-untyped-def]
    """Count the structures closer than every neighbour, of every row in every descriptor.

    A row's limits begin at ``first[r]``, one descriptor after the other, furthest first.
    """
    n_rows, n_sigma = first.size - 1, given.outputs.size
    furthest = np.full((rows.structures.size // ROWS, n_sigma, ROWS), -1.0)
    rooms = np.zeros(n_rows, dtype=np.int64)
    for r in range(n_rows):
        rooms[r] = (first[r + 1] - first[r]) // n_sigma
        if rooms[r] > 0:
            furthest[r // ROWS, :, r % ROWS] = limits[first[r] : first[r + 1] : rooms[r]]
    for t in range(given.tiles.structures.shape[0]):
        for group in range(furthest.shape[0]):
            r = group * ROWS
            fill_planes(given, given.tiles, t, rows, r, first_row + r - t * LANES, planes)
            for s in range(n_sigma):
                plane = given.outputs[s]
                pairs = pairs_below(planes, plane, furthest[group], s)
                while pairs != 0:
                    row = lowest_bit(pairs) // LANES
                    pairs &= ~(_ALL_LANES << row * LANES)
                    place = first[r + row] + s * rooms[r + row]
                    end = place + rooms[r + row]
                    while place < end and add_closer(planes, plane, row, limits, closer, place) > 0:
                        place += WIDTH


@numba.njit(cache=True, nogil=True)
def _add_ranks(near_distance, nearest, n_near, k, order, closer, whole, fraction):  # type: ignore[no-untyped-def]
    """Add the mean ranks of one row's neighbours, of which each descriptor's order is known."""
    n_sigma, size = order.shape
    ranks = np.empty(size, dtype=np.int64)
    n_closer = np.zeros(n_sigma, dtype=np.int64)
    for s in range(n_sigma):
        while near_distance[s, n_closer[s]] < near_distance[s, k - 1]:
            n_closer[s] += 1
    for target in range(n_sigma):
        for p in range(size):
            ranks[order[target, p]] = 1 + closer[target, p]
        for source in range(n_sigma):
            if n_near[source] == 1:
                whole[target, source] += ranks[nearest[source, 0]]
                continue
            sum_whole, sum_fraction = mean_rank(
                ranks, nearest[source, : n_near[source]], n_closer[source], k
            )
            whole[target, source] += sum_whole
            fraction[target, source] += sum_fraction


@numba.njit(cache=True, nogil=True)
def _add_chosen(sign, sums, chosen, own):  # type: ignore[no-untyped-def]
    """Add or take away the sums that have to do with some descriptors."""
    for c in range(chosen.size):
        for s in range(sums.shape[0]):
            own[0, c, s] += sign * sums[chosen[c], s]
            own[1, c, s] += sign * sums[s, chosen[c]]


@numba.njit(cache=True, nogil=True)
def add_rank_sums(given, k, first_row, n_rows, whole, fraction, chosen, own_whole, own_fraction):  # type: ignore[no-untyped-def]
    """Add up the ranks of the k nearest neighbours of some structures, for all ordered pairs.

    The structures are `n_rows` from `first_row` on; the sums over each one's neighbours go to
    ``whole[target, source]`` and, of what is less than one, ``fraction[target, source]``. Of the
    descriptors in `chosen` each structure's own part goes to ``own_whole[r, 0, c, s]``, ranks in
    the chosen one, and ``own_whole[r, 1, c, s]``, ranks of its neighbours in all others.
    """
    n_sigma = given.outputs.size
    rows = gather_rows(given, first_row, n_rows)
    planes = empty_planes(given)

    nearest = np.empty((n_rows, n_sigma, k + TIES), dtype=np.int64)
    near_distance = np.empty((n_rows, n_sigma, k + TIES))
    n_near = np.empty((n_rows, n_sigma), dtype=np.int64)
    _find_nearest(given, k, rows, first_row, planes, nearest, near_distance, n_near)

    position = np.full(given.features.shape[0], -1, dtype=np.int64)
    distinct = np.empty((n_rows, min(DISTINCT, n_sigma * (k + TIES))), dtype=np.int64)
    n_distinct = np.full(n_rows, -1, dtype=np.int64)
    # lines of limits, and of what belongs to them, in whole vectors
    first = np.zeros(n_rows + 1, dtype=np.int64)
    for r in range(n_rows):
        if n_near[r, 0] >= 0:
            n_distinct[r] = _number_distinct(nearest[r], n_near[r], position, distinct[r])
        first[r + 1] = first[r] + n_sigma * (-(-max(0, n_distinct[r]) // WIDTH) * WIDTH)

    limits = aligned((first[n_rows],))
    order = np.empty(first[n_rows], dtype=np.int32)
    tile = empty_tiles(1, given.columns.size)
    for r in range(n_rows):
        if n_distinct[r] > 0:
            _order_limits(
                given,
                rows,
                r,
                distinct[r, : n_distinct[r]],
                planes,
                tile,
                order[first[r] : first[r + 1]].reshape(n_sigma, -1),
                limits[first[r] : first[r + 1]].reshape(n_sigma, -1),
            )
    closer = np.zeros(first[n_rows])
    _count_closer(given, rows, first_row, planes, first, limits, closer)
    for r in range(n_rows):
        # integers: what a row has added is the difference of the sums after and before
        _add_chosen(-1, whole, chosen, own_whole[r])
        _add_chosen(-1, fraction, chosen, own_fraction[r])
        if n_distinct[r] < 0:
            add_whole_row(given, k, rows, r, first_row + r, planes, whole, fraction)
        else:
            _add_ranks(
                near_distance[r],
                nearest[r],
                n_near[r],
                k,
                order[first[r] : first[r + 1]].reshape(n_sigma, -1)[:, : n_distinct[r]],
                closer[first[r] : first[r + 1]].reshape(n_sigma, -1),
                whole,
                fraction,
            )
        _add_chosen(1, whole, chosen, own_whole[r])
        _add_chosen(1, fraction, chosen, own_fraction[r])
