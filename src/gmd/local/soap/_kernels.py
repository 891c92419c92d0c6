"""Compiled loops behind :mod:`gmd.local.soap`; inputs are checked there.

The expansion of one atom's neighbourhood is held as the matrices X_l of the paper, one below the
other: rows l^2 + l + m, and the N radial functions of the elements that are present side by side.
Every compression is then a product of two *sides*, each a linear map of X_l:

- a side has *groups* (elements, embedded channels, or one for the whole) of `width[l]` columns;
- its matrices for l = 0, 1, ... stand one after the other, (2l + 1) rows of groups side by side.

Derivatives use the same maps and the same product, on the expansion of one neighbour alone.

They stand in one file because a compiled function is kept on disk until its own file changes,
whatever happens to the functions that it calls. The functions that add up terms let the compiler
reorder them and fuse products with sums, and no other liberty; the order is settled when they are
compiled and depends on the number of terms alone.
"""

from __future__ import annotations

import numba
import numpy as np

# kinds of sides
ELEMENTS, ELEMENTS_HAT, CHANNELS, CHANNELS_HAT, TOTAL, TOTAL_HAT, OWN_TOTAL, MIXED = range(8)


@numba.njit(cache=True, nogil=True)
def harmonics(x, y, z, l_max, factor, legendre, out):  # type: ignore[no-untyped-def]
    """Real spherical harmonics of a unit vector; ``out[l * l + l + m]``, sines for m < 0.

    `legendre` is filled with derivatives of Legendre polynomials, :math:`P_l^{(m)}(z)` at
    ``l * (l + 1) // 2 + m``, and `factor` normalises them.
    """
    legendre[0] = 1.0
    for m in range(1, l_max + 1):
        legendre[m * (m + 1) // 2 + m] = (2 * m - 1) * legendre[(m - 1) * m // 2 + m - 1]
    for m in range(l_max):
        at = (m + 1) * (m + 2) // 2 + m
        legendre[at] = (2 * m + 1) * z * legendre[m * (m + 1) // 2 + m]
        for degree in range(m + 2, l_max + 1):
            one = legendre[degree * (degree - 1) // 2 + m]
            two = legendre[(degree - 1) * (degree - 2) // 2 + m]
            at = degree * (degree + 1) // 2 + m
            legendre[at] = ((2 * degree - 1) * z * one - (degree + m - 1) * two) / (degree - m)
    cosine, sine = 1.0, 0.0
    for m in range(l_max + 1):
        for degree in range(m, l_max + 1):
            at = degree * (degree + 1) // 2 + m
            value = factor[at] * legendre[at]
            middle = degree * degree + degree
            out[middle - m] = value * sine
            out[middle + m] = value * cosine
        cosine, sine = x * cosine - y * sine, x * sine + y * cosine


@numba.njit(cache=True, nogil=True)
def harmonics_gradient(x, y, z, l_max, factor, legendre, value, out):  # type: ignore[no-untyped-def]
    """Gradient of Y_lm of the direction, times the distance; `legendre` and `value` are filled.

    Of the solid harmonics r^l Y_lm at a unit vector, less what is due to r^l.
    """
    cosine, sine = 1.0, 0.0
    cosine_before, sine_before = 0.0, 0.0
    for m in range(l_max + 1):
        for degree in range(m, l_max + 1):
            at = degree * (degree + 1) // 2 + m
            below = degree * (degree - 1) // 2 + m
            along = (degree + m) * legendre[below] if degree > m else 0.0
            across = -legendre[below + 1] if degree > m + 1 else 0.0
            turned = m * legendre[at]
            middle = degree * degree + degree
            for sign in range(2 if m > 0 else 1):
                if sign == 0:
                    row, part = middle + m, cosine
                    part_x, part_y = cosine_before, -sine_before
                else:
                    row, part = middle - m, sine
                    part_x, part_y = sine_before, cosine_before
                radial = degree * value[row]
                out[0, row] = factor[at] * (x * across * part + turned * part_x) - radial * x
                out[1, row] = factor[at] * (y * across * part + turned * part_y) - radial * y
                out[2, row] = factor[at] * along * part - radial * z
        cosine_before, sine_before = cosine, sine
        cosine, sine = x * cosine - y * sine, x * sine + y * cosine


@numba.njit(cache=True, nogil=True)
def cutoff_function(r, cutoff, transition):  # type: ignore[no-untyped-def]
    """1, then half a cosine over the transition width, then 0, and the derivative."""
    if r >= cutoff:
        return 0.0, 0.0
    if r <= cutoff - transition:
        return 1.0, 0.0
    phase = np.pi * (r - cutoff + transition) / transition
    return 0.5 * (1.0 + np.cos(phase)), -0.5 * np.pi / transition * np.sin(phase)


@numba.njit(cache=True, nogil=True, fastmath={"contract"})
def read_table(table, t, scale, out):  # type: ignore[no-untyped-def]
    """The polynomials at t, times `scale`."""
    for c in range(table.shape[1]):
        v = table[9, c]
        v = v * t + table[8, c]
        v = v * t + table[7, c]
        v = v * t + table[6, c]
        v = v * t + table[5, c]
        v = v * t + table[4, c]
        v = v * t + table[3, c]
        v = v * t + table[2, c]
        v = v * t + table[1, c]
        v = v * t + table[0, c]
        out[c] = scale * v


@numba.njit(cache=True, nogil=True, fastmath={"contract"})
def read_table_slope(table, t, scale, out):  # type: ignore[no-untyped-def]
    """The derivatives of the polynomials by t, times `scale`."""
    for c in range(table.shape[1]):
        v = 9.0 * table[9, c]
        v = v * t + 8.0 * table[8, c]
        v = v * t + 7.0 * table[7, c]
        v = v * t + 6.0 * table[6, c]
        v = v * t + 5.0 * table[5, c]
        v = v * t + 4.0 * table[4, c]
        v = v * t + 3.0 * table[3, c]
        v = v * t + 2.0 * table[2, c]
        v = v * t + table[1, c]
        out[c] = scale * v


@numba.njit(cache=True, nogil=True, fastmath={"contract"})
def add_outer(radial, angular, l_max, n_max, n_columns, column, out):  # type: ignore[no-untyped-def]
    """Add the products of radial and angular parts to columns of the matrices X_l."""
    for degree in range(l_max + 1):
        start = degree * n_max
        for row in range(degree * degree, (degree + 1) * (degree + 1)):
            y = angular[row]
            at = row * n_columns + column
            for n in range(n_max):
                out[at + n] += y * radial[start + n]


@numba.njit(cache=True, nogil=True, fastmath={"contract"})
def add_own_total(radial, start, angular, l_max, out):  # type: ignore[no-untyped-def]
    """The same for the total density's own 2l + 1 functions; ``radial[start + l * l + n]``."""
    at = 0
    for degree in range(l_max + 1):
        width = 2 * degree + 1
        for row in range(degree * degree, (degree + 1) * (degree + 1)):
            y = angular[row]
            for n in range(width):
                out[at + n] += y * radial[start + degree * degree + n]
            at += width


@numba.njit(cache=True, nogil=True)
def n_groups_of(kind, n_present, n_channels):  # type: ignore[no-untyped-def]
    """Number of groups of a side."""
    if kind in (ELEMENTS, ELEMENTS_HAT):
        return n_present
    if kind in (CHANNELS, CHANNELS_HAT):
        return n_channels
    return 1


@numba.njit(cache=True, nogil=True, fastmath={"contract", "reassoc"})
def fill_side(  # type: ignore[no-untyped-def]
    kind, expansion, own_total, present, n_present, l_max, n_max, embedding, mixing, width, out
):
    """A side's matrices from the expansion over the elements `present`; not for ``ELEMENTS``.

    `embedding` has a row per element; `mixing` has, for l = 0, 1, ... in turn, a row of `width[l]`
    numbers for every element and radial function.
    """
    n_rows = (l_max + 1) * (l_max + 1)
    n_columns = n_present * n_max
    n_channels = embedding.shape[1]
    if kind == OWN_TOTAL:
        out[: own_total.size] = own_total
        return
    if kind == MIXED:
        at, start = 0, 0
        n_all = embedding.shape[0] * n_max
        for degree in range(l_max + 1):
            k_width = width[degree]
            for row in range(degree * degree, (degree + 1) * (degree + 1)):
                for k in range(k_width):
                    out[at + k] = 0.0
                for p in range(n_present):
                    for n in range(n_max):
                        x = expansion[row * n_columns + p * n_max + n]
                        weights = start + (present[p] * n_max + n) * k_width
                        for k in range(k_width):
                            out[at + k] += x * mixing[weights + k]
                at += k_width
            start += n_all * k_width
        return
    for row in range(n_rows):
        source = row * n_columns
        if kind == ELEMENTS_HAT:
            for p in range(n_present):
                total = 0.0
                for n in range(n_max):
                    total += expansion[source + p * n_max + n]
                out[row * n_present + p] = total
        elif kind == TOTAL_HAT:
            total = 0.0
            for c in range(n_columns):
                total += expansion[source + c]
            out[row] = total
        elif kind == TOTAL:
            for n in range(n_max):
                out[row * n_max + n] = 0.0
            for p in range(n_present):
                for n in range(n_max):
                    out[row * n_max + n] += expansion[source + p * n_max + n]
        elif kind == CHANNELS:
            for c in range(n_channels * n_max):
                out[row * n_channels * n_max + c] = 0.0
            for p in range(n_present):
                for channel in range(n_channels):
                    weight = embedding[present[p], channel]
                    at = (row * n_channels + channel) * n_max
                    for n in range(n_max):
                        out[at + n] += weight * expansion[source + p * n_max + n]
        elif kind == CHANNELS_HAT:
            for channel in range(n_channels):
                out[row * n_channels + channel] = 0.0
            for p in range(n_present):
                total = 0.0
                for n in range(n_max):
                    total += expansion[source + p * n_max + n]
                for channel in range(n_channels):
                    out[row * n_channels + channel] += embedding[present[p], channel] * total


@numba.njit(cache=True, nogil=True, fastmath={"contract"})
def add_products(  # type: ignore[no-untyped-def]
    left, left_ids, n_left, left_width,
    right, right_ids, n_right, right_width,
    n_rows, l_max, symmetric, off_diagonal, starts, work, out, begin,
):  # fmt: skip
    """Add the products of two sides, sum over m / sqrt(2l + 1), to ``out[begin + ...]``.

    ``starts[g, h]`` is where the block of groups g and h begins; within it stand l, left columns,
    right columns in this order. Of a `symmetric` product only g <= h and, in the blocks with
    g = h, the upper triangle is kept, with `off_diagonal` as a factor beside the diagonal, and no
    more than `n_rows[l]` of its rows.
    """
    left_at, right_at = 0, 0
    full_at, triangle_at = 0, 0
    for degree in range(l_max + 1):
        n_m = 2 * degree + 1
        k_left, k_right = left_width[degree], right_width[degree]
        n_a, n_b = n_left * k_left, n_right * k_right
        scale = 1.0 / np.sqrt(n_m)
        for g in range(n_left):
            first = 0
            if symmetric:
                while first < n_right and right_ids[first] < left_ids[g]:
                    first += 1
            if first == n_right:
                continue
            rows = min(k_left, n_rows[degree])
            for k in range(rows):
                column = left_at + g * k_left + k
                low = first * k_right
                value = scale * left[column]
                source = right_at
                for j in range(low, n_b):
                    work[j] = value * right[source + j]
                m = 1
                while m < n_m:
                    one = scale * left[column + m * n_a]
                    two = scale * left[column + (m + 1) * n_a]
                    source = right_at + m * n_b
                    other = source + n_b
                    for j in range(low, n_b):
                        work[j] += one * right[source + j] + two * right[other + j]
                    m += 2
                for h in range(first, n_right):
                    block = begin + starts[left_ids[g], right_ids[h]]
                    base = h * k_right
                    if symmetric and right_ids[h] == left_ids[g]:
                        # rows above have one entry less each
                        at = block + triangle_at + k * k_right - k * (k - 1) // 2
                        out[at] += work[base + k]
                        for j in range(k + 1, k_right):
                            out[at + j - k] += off_diagonal * work[base + j]
                    else:
                        factor = off_diagonal if symmetric else 1.0
                        at = block + full_at + k * k_right
                        for j in range(k_right):
                            out[at + j] += factor * work[base + j]
        rows = min(k_left, n_rows[degree])
        full_at += k_left * k_right
        triangle_at += rows * k_right - rows * (rows - 1) // 2
        left_at += n_m * n_a
        right_at += n_m * n_b


@numba.njit(cache=True, nogil=True)
def mark_present(first, last, other, distance, kind_of, cutoff, own, present_at):  # type: ignore[no-untyped-def]
    """Mark the elements around an atom, and its own if `own` is not negative."""
    present_at[:] = False
    if own >= 0:
        present_at[own] = True
    for p in range(first, last):
        if distance[p] < cutoff:
            present_at[kind_of[other[p]]] = True


@numba.njit(cache=True, nogil=True)
def add_neighbour(  # type: ignore[no-untyped-def]
    r, x, y, z, place, n_present, table, table_end, cutoff, transition, l_max, n_max, own_functions,
    factor, legendre, angular, radial, expansion, own_total,
):  # fmt: skip
    """Add one neighbour to the expansion, as the `place`-th of the elements present."""
    harmonics(x, y, z, l_max, factor, legendre, angular)
    fade, _ = cutoff_function(r, cutoff, transition)
    scaled = r / table_end * table.shape[0]
    interval = min(int(scaled), table.shape[0] - 1)
    read_table(table[interval], 2.0 * (scaled - interval) - 1.0, fade, radial)
    add_outer(radial, angular, l_max, n_max, n_present * n_max, place * n_max, expansion)
    if own_functions:
        add_own_total(radial, (l_max + 1) * n_max, angular, l_max, own_total)


@numba.njit(cache=True, nogil=True)
def add_centre(central, weight, place, n_present, n_max, own_functions, expansion, own_total):  # type: ignore[no-untyped-def]
    """Add the Gaussian of the atom in the middle; l = 0 alone."""
    for n in range(n_max):
        expansion[place * n_max + n] += weight * central[n]
    if own_functions:
        own_total[0] += weight * central[n_max]


@numba.njit(cache=True, nogil=True)
def expand(  # type: ignore[no-untyped-def]
    atom, first, other, distance, vector, kind_of, places, n_present, table, table_end, cutoff,
    transition, l_max, n_max, own_functions, central, central_weight, factor, legendre, angular,
    radial, expansion, own_total,
):  # fmt: skip
    """Fill the matrices X_l of one atom, and the total density's own where they are wanted."""
    expansion[: (l_max + 1) * (l_max + 1) * n_present * n_max] = 0.0
    own_total[:] = 0.0
    if central_weight != 0.0:
        add_centre(
            central, central_weight, places[kind_of[atom]], n_present, n_max, own_functions,
            expansion, own_total,
        )  # fmt: skip
    for p in range(first[atom], first[atom + 1]):
        r = distance[p]
        if r < cutoff:
            add_neighbour(
                r, vector[p, 0] / r, vector[p, 1] / r, vector[p, 2] / r, places[kind_of[other[p]]],
                n_present, table, table_end, cutoff, transition, l_max, n_max, own_functions,
                factor, legendre, angular, radial, expansion, own_total,
            )  # fmt: skip


@numba.njit(cache=True, nogil=True)
def find_present(first, other, distance, kind_of, cutoff, own_counts, begin, end, present_at):  # type: ignore[no-untyped-def]
    """Which elements are around each of some atoms, (end - begin, n_elements) of truth values."""
    for atom in range(begin, end):
        own = kind_of[atom] if own_counts else -1
        mark_present(
            first[atom], first[atom + 1], other, distance, kind_of, cutoff, own,
            present_at[atom - begin],
        )  # fmt: skip


@numba.njit(cache=True, nogil=True)
def expansion_rows(  # type: ignore[no-untyped-def]
    first, other, distance, vector, kind_of, n_elements, table, table_end, cutoff, transition,
    l_max, n_max, central, central_weight, factor, begin, end, out,
):  # fmt: skip
    """The expansion of some atoms, ``out[atom, element, n, row]``."""
    n_rows = (l_max + 1) * (l_max + 1)
    legendre = np.empty((l_max + 1) * (l_max + 2) // 2)
    angular = np.empty(n_rows)
    radial = np.empty(table.shape[2])
    matrix = np.empty(n_rows * n_elements * n_max)
    own_total = np.empty(0)
    places = np.arange(n_elements)
    for atom in range(begin, end):
        expand(
            atom, first, other, distance, vector, kind_of, places, n_elements, table, table_end,
            cutoff, transition, l_max, n_max, False, central, central_weight, factor, legendre,
            angular, radial, matrix, own_total,
        )  # fmt: skip
        for element in range(n_elements):
            for n in range(n_max):
                for row in range(n_rows):
                    out[atom, element, n, row] = matrix[(row * n_elements + element) * n_max + n]


@numba.njit(cache=True, nogil=True)
def packed_starts(left_of, right_of, size, left_here, right_here, starts):  # type: ignore[no-untyped-def]
    """Where each block begins if blocks of absent groups are left out; returns the length."""
    length = 0
    for block in range(size.size):
        if left_here[left_of[block]] and right_here[right_of[block]]:
            starts[left_of[block], right_of[block]] = length
            length += size[block]
    return length


@numba.njit(cache=True, nogil=True)
def soap_rows(  # type: ignore[no-untyped-def]
    first, other, distance, vector, kind_of, n_elements, table, table_end, cutoff, transition,
    l_max, n_max, central, central_weight, factor, left_kind, right_kind, left_width, right_width,
    n_rows, symmetric, off_diagonal, embedding, mixing, block_left, block_right, block_size,
    all_starts, packed, row_begin, begin, end, out,
):  # fmt: skip
    """Add the descriptors of some atoms to `out`, each beginning at ``row_begin[atom - begin]``.

    Blocks of elements that are absent are left out where rows are `packed`.
    """
    n_angular = (l_max + 1) * (l_max + 1)
    n_channels = embedding.shape[1]
    own_functions = left_kind == OWN_TOTAL or right_kind == OWN_TOTAL
    n_own = (l_max + 1) * (2 * l_max + 1) * (2 * l_max + 3) // 3 if own_functions else 0
    legendre = np.empty((l_max + 1) * (l_max + 2) // 2)
    angular = np.empty(n_angular)
    radial = np.empty(table.shape[2])
    expansion = np.empty(n_angular * n_elements * n_max)
    own_total = np.empty(n_own)
    most_groups = max(n_elements, n_channels, 1)
    left_room = np.empty(n_angular * most_groups * left_width.max())
    right_room = np.empty(n_angular * most_groups * right_width.max())
    work = np.empty(most_groups * right_width.max())
    present_at = np.empty(n_elements, np.bool_)
    present = np.empty(n_elements, np.int64)
    places = np.empty(n_elements, np.int64)
    every = np.arange(most_groups)
    everywhere = np.ones(most_groups, np.bool_)
    starts = all_starts.copy()
    by_element_left = left_kind in (ELEMENTS, ELEMENTS_HAT)
    by_element_right = right_kind in (ELEMENTS, ELEMENTS_HAT)
    for atom in range(begin, end):
        own = kind_of[atom] if central_weight != 0.0 else -1
        mark_present(
            first[atom], first[atom + 1], other, distance, kind_of, cutoff, own, present_at
        )
        n_present = 0
        for element in range(n_elements):
            if present_at[element]:
                present[n_present] = element
                places[element] = n_present
                n_present += 1
        if packed:
            packed_starts(
                block_left, block_right, block_size,
                present_at if by_element_left else everywhere,
                present_at if by_element_right else everywhere,
                starts,
            )  # fmt: skip
        expand(
            atom, first, other, distance, vector, kind_of, places, n_present, table, table_end,
            cutoff, transition, l_max, n_max, own_functions, central, central_weight, factor,
            legendre, angular, radial, expansion, own_total,
        )  # fmt: skip
        if left_kind == ELEMENTS:
            left = expansion
        else:
            fill_side(
                left_kind, expansion, own_total, present, n_present, l_max, n_max, embedding,
                mixing, left_width, left_room,
            )  # fmt: skip
            left = left_room
        if right_kind == left_kind:
            right = left
        elif right_kind == ELEMENTS:
            right = expansion
        else:
            fill_side(
                right_kind, expansion, own_total, present, n_present, l_max, n_max, embedding,
                mixing, right_width, right_room,
            )  # fmt: skip
            right = right_room
        add_products(
            left, present if by_element_left else every,
            n_groups_of(left_kind, n_present, n_channels), left_width,
            right, present if by_element_right else every,
            n_groups_of(right_kind, n_present, n_channels), right_width,
            n_rows, l_max, symmetric, off_diagonal, starts, work, out, row_begin[atom - begin],
        )  # fmt: skip


@numba.njit(cache=True, nogil=True)
def soap_derivatives(  # type: ignore[no-untyped-def]
    atom, first, other, distance, vector, kind_of, n_elements, table, table_end, cutoff, transition,
    l_max, n_max, central, central_weight, factor, left_kind, right_kind, left_width, right_width,
    n_rows, symmetric, off_diagonal, embedding, mixing, all_starts, out,
):  # fmt: skip
    """Add the derivatives of one atom's descriptor by its neighbours' places to `out`.

    ``out[p, x]`` belongs to the p-th pair of the atom and the Cartesian direction x.
    """
    n_angular = (l_max + 1) * (l_max + 1)
    n_channels = embedding.shape[1]
    own_functions = left_kind == OWN_TOTAL or right_kind == OWN_TOTAL
    n_own = (l_max + 1) * (2 * l_max + 1) * (2 * l_max + 3) // 3 if own_functions else 0
    legendre = np.empty((l_max + 1) * (l_max + 2) // 2)
    angular = np.empty(n_angular)
    turned = np.empty(n_angular)
    gradient = np.empty((3, n_angular))
    radial = np.empty(table.shape[2])
    slope = np.empty(table.shape[2])
    expansion = np.empty(n_angular * n_elements * n_max)
    own_total = np.empty(n_own)
    moved = np.empty(n_angular * n_max)
    moved_total = np.empty(n_own)
    most_groups = max(n_elements, n_channels, 1)
    left = np.empty(n_angular * most_groups * left_width.max())
    right = np.empty(n_angular * most_groups * right_width.max())
    moved_left = np.empty(left.size)
    moved_right = np.empty(right.size)
    work = np.empty(most_groups * max(left_width.max(), right_width.max()))
    every = np.arange(most_groups)
    places = np.arange(n_elements)
    by_element_left = left_kind in (ELEMENTS, ELEMENTS_HAT)
    by_element_right = right_kind in (ELEMENTS, ELEMENTS_HAT)
    n_left = n_groups_of(left_kind, n_elements, n_channels)
    n_right = n_groups_of(right_kind, n_elements, n_channels)
    expand(
        atom, first, other, distance, vector, kind_of, places, n_elements, table, table_end, cutoff,
        transition, l_max, n_max, own_functions, central, central_weight, factor, legendre, angular,
        radial, expansion, own_total,
    )  # fmt: skip
    if left_kind == ELEMENTS:
        left[: expansion.size] = expansion
    else:
        fill_side(
            left_kind, expansion, own_total, places, n_elements, l_max, n_max, embedding, mixing,
            left_width, left,
        )  # fmt: skip
    if right_kind == ELEMENTS:
        right[: expansion.size] = expansion
    else:
        fill_side(
            right_kind, expansion, own_total, places, n_elements, l_max, n_max, embedding, mixing,
            right_width, right,
        )  # fmt: skip
    for p in range(first[atom], first[atom + 1]):
        r = distance[p]
        if r >= cutoff:
            continue
        kind = kind_of[other[p]]
        only = every[kind : kind + 1]
        direction = vector[p] / r
        x, y, z = direction
        harmonics(x, y, z, l_max, factor, legendre, angular)
        harmonics_gradient(x, y, z, l_max, factor, legendre, angular, gradient)
        fade, fade_slope = cutoff_function(r, cutoff, transition)
        scaled = r / table_end * table.shape[0]
        interval = min(int(scaled), table.shape[0] - 1)
        t = 2.0 * (scaled - interval) - 1.0
        read_table(table[interval], t, 1.0, radial)
        read_table_slope(table[interval], t, 2.0 * table.shape[0] / table_end * fade, slope)
        for c in range(radial.size):
            slope[c] += fade_slope * radial[c]
            radial[c] *= fade / r
        for xyz in range(3):
            moved[:] = 0.0
            moved_total[:] = 0.0
            # the radial and the angular part change
            for c in range(n_angular):
                turned[c] = direction[xyz] * angular[c]
            add_outer(slope, turned, l_max, n_max, n_max, 0, moved)
            add_outer(radial, gradient[xyz], l_max, n_max, n_max, 0, moved)
            if own_functions:
                begin = (l_max + 1) * n_max
                add_own_total(slope, begin, turned, l_max, moved_total)
                add_own_total(radial, begin, gradient[xyz], l_max, moved_total)
            if left_kind == ELEMENTS:
                moved_left[: moved.size] = moved
            else:
                fill_side(
                    left_kind, moved, moved_total, only, 1, l_max, n_max, embedding, mixing,
                    left_width, moved_left,
                )  # fmt: skip
            if right_kind == ELEMENTS:
                moved_right[: moved.size] = moved
            else:
                fill_side(
                    right_kind, moved, moved_total, only, 1, l_max, n_max, embedding, mixing,
                    right_width, moved_right,
                )  # fmt: skip
            row = out[p - first[atom], xyz]
            add_products(
                moved_left, only if by_element_left else every, 1 if by_element_left else n_left,
                left_width, right, every, n_right, right_width,
                n_rows, l_max, symmetric, off_diagonal, all_starts, work, row, 0,
            )  # fmt: skip
            add_products(
                left, every, n_left, left_width,
                moved_right, only if by_element_right else every,
                1 if by_element_right else n_right, right_width,
                n_rows, l_max, symmetric, off_diagonal, all_starts, work, row, 0,
            )  # fmt: skip
