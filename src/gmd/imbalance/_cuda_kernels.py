"""Kernels behind :mod:`gmd.imbalance.cuda`, for a GPU or for numba's simulator of one.

A batch of rows is compared with all structures at once. Distances are made by the same operations
in the same order as in :mod:`gmd.imbalance._tile_kernels`, one column after the other and each
square fused with its addition, hence to the same bits where the processor fuses them too. They
stay in planes of device memory, (plane, row, structure), until the batch is done. What is added
up over structures are integers: the order in which the GPU runs its threads changes nothing.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import cuda

from gmd.imbalance._cuda_plan import Sizes
from gmd.imbalance._whole_row_kernels import FRACTION


@dataclass(frozen=True)
class Kernels:
    """Compiled kernels for some sizes, in the order in which they run."""

    pack: Any
    block_distances: Any
    add_slots: Any
    find_nearest: Any
    number_distinct: Any
    add_ranks: Any


@functools.cache
def kernels(sizes: Sizes) -> Kernels:
    """Kernels for some sizes; what is an argument here is a constant to the compiler."""
    row_threads, other_threads = sizes.threads
    row_pairs, other_pairs = sizes.pairs
    tile_rows, tile_others = sizes.tile
    tile_columns = sizes.columns
    tile_threads = row_threads * other_threads
    wide = sizes.wide
    most_distinct = sizes.distinct
    nan = math.nan
    inf = math.inf
    fraction_unit = float(FRACTION)

    @cuda.jit(cache=True)
    def pack(features, first, columns, values):  # type: ignore[no-untyped-def]
        """Some rows of the features, from `first` on, as (column, structure).

        Threads follow the structures, so that they write side by side, and each reads columns
        that mostly lie side by side.
        """
        i = cuda.blockIdx.x * wide + cuda.threadIdx.x
        start = cuda.blockIdx.y * tile_columns
        if i < features.shape[0]:
            for c in range(start, min(start + tile_columns, columns.size)):
                values[c, first + i] = features[i, columns[c]]

    @cuda.jit(cache=True)
    def block_distances(values, block_first, first_row, n_rows, n, planes):  # type: ignore[no-untyped-def]
        """Squared distances of a tile of rows from a tile of structures in one block of columns.

        A row's own place and those beyond the last structure become NaN, which is neither nearer
        than anything nor as near, whatever is added to it.
        """
        rows = cuda.shared.array((tile_columns, tile_rows), np.float64)
        others = cuda.shared.array((tile_columns, tile_others), np.float64)
        totals = cuda.local.array((row_pairs, other_pairs), np.float64)
        x, y = cuda.threadIdx.x, cuda.threadIdx.y
        thread = y * other_threads + x
        first_other = cuda.blockIdx.x * tile_others
        first_of_tile = cuda.blockIdx.y * tile_rows
        block = cuda.blockIdx.z
        for a in range(row_pairs):
            for b in range(other_pairs):
                totals[a, b] = 0.0
        last = block_first[block + 1]
        for start in range(block_first[block], last, tile_columns):
            size = min(tile_columns, last - start)
            cuda.syncthreads()
            for e in range(thread, size * tile_rows, tile_threads):
                c, place = e // tile_rows, e % tile_rows
                i = first_row + first_of_tile + place
                rows[c, place] = values[start + c, i] if i < n else 0.0
            for e in range(thread, size * tile_others, tile_threads):
                c, place = e // tile_others, e % tile_others
                i = first_other + place
                others[c, place] = values[start + c, i] if i < n else 0.0
            cuda.syncthreads()
            for c in range(size):
                for a in range(row_pairs):
                    own = rows[c, y + a * row_threads]
                    for b in range(other_pairs):
                        difference = others[c, x + b * other_threads] - own
                        totals[a, b] = cuda.fma(difference, difference, totals[a, b])
        for a in range(row_pairs):
            r = first_of_tile + y + a * row_threads
            if r < n_rows:
                for b in range(other_pairs):
                    j = first_other + x + b * other_threads
                    compared = j < n and j != first_row + r
                    planes[block, r, j] = totals[a, b] if compared else nan

    @cuda.jit(cache=True)
    def add_slots(steps, planes):  # type: ignore[no-untyped-def]
        """Carry out the additions of a schedule, one pair of a row and a structure per thread."""
        j = cuda.blockIdx.x * wide + cuda.threadIdx.x
        r = cuda.blockIdx.y
        if j < planes.shape[2]:
            total = 0.0
            for a in range(steps.shape[0]):
                left, right, target = steps[a, 0], steps[a, 1], steps[a, 2]
                if left >= 0:
                    total = planes[left, r, j]
                total = total + planes[right, r, j]
                if target >= 0:
                    planes[target, r, j] = total

    @cuda.jit(cache=True)
    def find_nearest(planes, outputs, k, nearest, n_near, n_closer):  # type: ignore[no-untyped-def]
        """Neighbours up to the k-th nearest, of one row in one descriptor.

        Those closer than the k-th come first, in no order. `n_near` is -1 where there are more
        than there is room for.
        """
        smallest = cuda.shared.array(wide, np.float64)
        counts = cuda.shared.array(wide, np.int32)
        found = cuda.shared.array(2, np.int32)
        s, r, thread = cuda.blockIdx.x, cuda.blockIdx.y, cuda.threadIdx.x
        width = planes.shape[2]
        plane = outputs[s]
        # the distances that occur, from the smallest on, until k neighbours are as near
        limit = -1.0
        own_smallest = inf
        closer = 0
        near = 0
        for _ in range(k):
            if near >= k:
                break
            best = inf
            count = 0
            for j in range(thread, width, wide):
                distance = planes[plane, r, j]
                if limit < distance:
                    if distance < best:
                        best = distance
                        count = 1
                    elif distance == best:
                        count += 1
            own_smallest = min(own_smallest, best)
            cuda.syncthreads()
            smallest[thread] = best
            counts[thread] = count
            cuda.syncthreads()
            half = wide // 2
            while half > 0:
                if thread < half:
                    if smallest[thread + half] < smallest[thread]:
                        smallest[thread] = smallest[thread + half]
                        counts[thread] = counts[thread + half]
                    elif smallest[thread + half] == smallest[thread]:
                        counts[thread] += counts[thread + half]
                cuda.syncthreads()
                half //= 2
            limit = smallest[0]
            closer = near
            near += counts[0]
        has_room = near <= nearest.shape[2]
        if thread == 0:
            n_near[r, s] = near if has_room else -1
            n_closer[r, s] = closer
            found[0] = 0
            found[1] = closer
        cuda.syncthreads()
        # nearly all threads have seen nothing so near
        if has_room and own_smallest <= limit:
            for j in range(thread, width, wide):
                distance = planes[plane, r, j]
                if distance < limit:
                    nearest[r, s, cuda.atomic.add(found, 0, 1)] = j
                elif distance == limit:
                    nearest[r, s, cuda.atomic.add(found, 1, 1)] = j

    @cuda.jit(cache=True)
    def number_distinct(nearest, n_near, position, distinct, n_distinct):  # type: ignore[no-untyped-def]
        """List the different neighbours of a row, and put places in the list for their indices.

        `position` is -1 everywhere, before and after. `n_distinct` is -1 where there is no room,
        for them or for the neighbours in some descriptor.
        """
        shared = cuda.shared.array(2, np.int32)  # how many there are, whether some have no room
        r, thread = cuda.blockIdx.x, cuda.threadIdx.x
        n_sigma, room = nearest.shape[1], nearest.shape[2]
        if thread < 2:
            shared[thread] = 0
        cuda.syncthreads()
        for e in range(thread, n_sigma * room, wide):
            s, p = e // room, e % room
            if n_near[r, s] < 0:
                shared[1] = 1
            if p < n_near[r, s]:
                j = nearest[r, s, p]
                # one thread among those that meet a structure enters it
                if cuda.atomic.cas(position, (r, j), -1, -2) == -1:
                    place = cuda.atomic.add(shared, 0, 1)
                    position[r, j] = place
                    if place < most_distinct:
                        distinct[r, place] = j
                    else:
                        shared[1] = 1
        cuda.syncthreads()
        complete = shared[1] == 0
        if thread == 0:
            n_distinct[r] = shared[0] if complete else -1
        if complete:
            for e in range(thread, n_sigma * room, wide):
                s, p = e // room, e % room
                if p < n_near[r, s]:
                    nearest[r, s, p] = position[r, nearest[r, s, p]]
            cuda.syncthreads()
            for u in range(thread, shared[0], wide):
                position[r, distinct[r, u]] = -1
        else:
            for e in range(thread, n_sigma * room, wide):
                s, p = e // room, e % room
                if p < n_near[r, s]:
                    position[r, nearest[r, s, p]] = -1

    @cuda.jit(cache=True)
    def add_ranks(  # type: ignore[no-untyped-def]
        planes, outputs, k, nearest, n_near, n_closer, distinct, n_distinct, whole, fraction
    ):
        """Add the ranks that one row's neighbours have in one descriptor to the sums.

        Distances to the different neighbours are sorted, furthest first. Every structure is
        counted once, where it falls between them; sums of the counts are the ranks.
        """
        limits = cuda.shared.array(most_distinct, np.float64)
        ordered = cuda.shared.array(most_distinct, np.float64)
        places = cuda.shared.array(most_distinct, np.int32)
        counts = cuda.shared.array(most_distinct, np.int32)
        ranks = cuda.shared.array(most_distinct, np.int32)
        target, r, thread = cuda.blockIdx.x, cuda.blockIdx.y, cuda.threadIdx.x
        size = n_distinct[r]
        plane = outputs[target]
        # no threads of a block part here: they read the same number
        if size < 0:
            return
        for u in range(thread, size, wide):
            limits[u] = planes[plane, r, distinct[r, u]]
            counts[u] = 0
        cuda.syncthreads()
        for u in range(thread, size, wide):
            limit = limits[u]
            place = 0
            for v in range(size):
                if limits[v] > limit or (limits[v] == limit and v < u):
                    place += 1
            places[u] = place
            ordered[place] = limit
        cuda.syncthreads()
        furthest = ordered[0]
        for j in range(thread, planes.shape[2], wide):
            distance = planes[plane, r, j]
            if distance < furthest:
                low, high = 1, size
                while low < high:
                    middle = (low + high) // 2
                    if distance < ordered[middle]:
                        low = middle + 1
                    else:
                        high = middle
                cuda.atomic.add(counts, low - 1, 1)
        cuda.syncthreads()
        for u in range(thread, size, wide):
            rank = 1
            for q in range(places[u], size):
                rank += counts[q]
            ranks[u] = rank
        cuda.syncthreads()
        for source in range(thread, outputs.size, wide):
            near, closer = n_near[r, source], n_closer[r, source]
            total = np.int64(0)
            for p in range(closer):
                total += ranks[nearest[r, source, p]]
            tied = np.int64(0)
            for p in range(closer, near):
                tied += ranks[nearest[r, source, p]]
            n_tied = near - closer
            tied *= k - closer
            cuda.atomic.add(whole, (target, source), total + tied // n_tied)
            rest = tied % n_tied
            if rest != 0:
                part = np.int64(round(rest / n_tied * fraction_unit))
                cuda.atomic.add(fraction, (target, source), part)

    return Kernels(pack, block_distances, add_slots, find_nearest, number_distinct, add_ranks)
