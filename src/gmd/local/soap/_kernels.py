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
def clear(values):  # type: ignore[no-untyped-def]
    """Set to zero."""
    for n in range(values.size):
        values[n] = 0.0


@numba.njit(cache=True, nogil=True, fastmath={"contract"})
def harmonics(direction, n, l_max, factor, legendre, turn, out):  # type: ignore[no-untyped-def]
    """Real spherical harmonics of `n` unit vectors; ``out[l * l + l + m]``, sines for m < 0.

    `direction` has one row per Cartesian component. `legendre` is filled with derivatives of
    Legendre polynomials, :math:`P_l^{(m)}(z)` at ``l * (l + 1) // 2 + m``, and `factor` normalises
    them; `turn` is work space. Slices, whose indices cannot be negative, are what vectorises.
    """
    x, y, z = direction[0, :n], direction[1, :n], direction[2, :n]
    cosine, sine = turn[0, :n], turn[1, :n]
    cosine[:] = 1.0
    clear(sine)
    highest = 1.0  # (2m - 1)!!, the value for l = m
    for m in range(l_max + 1):
        for degree in range(m, l_max + 1):
            at = degree * (degree + 1) // 2 + m
            now = legendre[at, :n]
            if degree == m:
                now[:] = highest
            elif degree == m + 1:
                for p in range(n):
                    now[p] = (2 * m + 1) * highest * z[p]
            else:
                one = legendre[at - degree, :n]
                two = legendre[at - 2 * degree + 1, :n]
                times_one = (2 * degree - 1) / (degree - m)
                times_two = (degree + m - 1) / (degree - m)
                for p in range(n):
                    now[p] = times_one * z[p] * one[p] - times_two * two[p]
            normal = factor[at]
            cosines = out[degree * degree + degree + m, :n]
            for p in range(n):
                cosines[p] = normal * now[p] * cosine[p]
            if m > 0:
                sines = out[degree * degree + degree - m, :n]
                for p in range(n):
                    sines[p] = normal * now[p] * sine[p]
        highest *= 2 * m + 1
        for p in range(n):
            turned = x[p] * cosine[p] - y[p] * sine[p]
            sine[p] = x[p] * sine[p] + y[p] * cosine[p]
            cosine[p] = turned


@numba.njit(cache=True, nogil=True)
def harmonics_gradient(x, y, z, l_max, factor, legendre, value, out):  # type: ignore[no-untyped-def]
    """Gradient of Y_lm of the direction, times the distance, for the first of some directions.

    `legendre` and `value` are filled. The gradient is that of the solid harmonics r^l Y_lm at a
    unit vector, less what is due to r^l.
    """
    cosine, sine = 1.0, 0.0
    cosine_before, sine_before = 0.0, 0.0
    for m in range(l_max + 1):
        for degree in range(m, l_max + 1):
            at = degree * (degree + 1) // 2 + m
            below = degree * (degree - 1) // 2 + m
            along = (degree + m) * legendre[below, 0] if degree > m else 0.0
            across = -legendre[below + 1, 0] if degree > m + 1 else 0.0
            turned = m * legendre[at, 0]
            middle = degree * degree + degree
            for sign in range(2 if m > 0 else 1):
                if sign == 0:
                    row, part = middle + m, cosine
                    part_x, part_y = cosine_before, -sine_before
                else:
                    row, part = middle - m, sine
                    part_x, part_y = sine_before, cosine_before
                radial = degree * value[row, 0]
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
def add_rows(weights, first_row, n_rows, vectors, begin, end, first, width, at, stride, out):  # type: ignore[no-untyped-def]
    """Add sums of ``weights[row, p] * vectors[p, first:]`` over p, `width` numbers a row, to `out`.

    Rows begin at `at` and every `stride` further. Several terms are added at once: loops are
    short, and beginning one costs.
    """
    last = first + width
    p = begin
    while p < end:
        if end - p >= 4:
            v_0, v_1 = vectors[p, first:last], vectors[p + 1, first:last]
            v_2, v_3 = vectors[p + 2, first:last], vectors[p + 3, first:last]
            for row in range(n_rows):
                w_0, w_1 = weights[first_row + row, p], weights[first_row + row, p + 1]
                w_2, w_3 = weights[first_row + row, p + 2], weights[first_row + row, p + 3]
                total = out[at + row * stride : at + row * stride + width]
                for n in range(width):
                    total[n] += w_0 * v_0[n] + w_1 * v_1[n] + w_2 * v_2[n] + w_3 * v_3[n]
            p += 4
        elif end - p >= 2:
            v_0, v_1 = vectors[p, first:last], vectors[p + 1, first:last]
            for row in range(n_rows):
                w_0, w_1 = weights[first_row + row, p], weights[first_row + row, p + 1]
                total = out[at + row * stride : at + row * stride + width]
                for n in range(width):
                    total[n] += w_0 * v_0[n] + w_1 * v_1[n]
            p += 2
        else:
            v_0 = vectors[p, first:last]
            for row in range(n_rows):
                w_0 = weights[first_row + row, p]
                total = out[at + row * stride : at + row * stride + width]
                for n in range(width):
                    total[n] += w_0 * v_0[n]
            p += 1


@numba.njit(cache=True, nogil=True)
def add_outer(radial, angular, begin, end, l_max, n_max, n_columns, column, out):  # type: ignore[no-untyped-def]
    """Add products of radial and angular parts of some neighbours to columns of all X_l."""
    for degree in range(l_max + 1):
        row, first = degree * degree, degree * n_max
        at, n_rows = row * n_columns + column, 2 * degree + 1
        add_rows(angular, row, n_rows, radial, begin, end, first, n_max, at, n_columns, out)


@numba.njit(cache=True, nogil=True)
def add_own_total(radial, angular, begin, end, start, l_max, out):  # type: ignore[no-untyped-def]
    """The same for the total density's own 2l + 1 functions, ``radial[:, start + l * l + n]``."""
    at = 0
    for degree in range(l_max + 1):
        row, width = degree * degree, 2 * degree + 1
        add_rows(angular, row, width, radial, begin, end, start + row, width, at, width, out)
        at += width * width


@numba.njit(cache=True, nogil=True)
def n_groups_of(kind, n_present, n_channels):  # type: ignore[no-untyped-def]
    """Number of groups of a side."""
    if kind in (ELEMENTS, ELEMENTS_HAT):
        return n_present
    if kind in (CHANNELS, CHANNELS_HAT):
        return n_channels
    return 1


@numba.njit(cache=True, nogil=True, fastmath={"reassoc"})
def sum_of(values):  # type: ignore[no-untyped-def]
    """The sum of some numbers."""
    total = 0.0
    for n in range(values.size):
        total += values[n]
    return total


@numba.njit(cache=True, nogil=True, fastmath={"contract"})
def fill_side(  # type: ignore[no-untyped-def]
    kind, expansion, own_total, present, n_present, l_max, n_max, embedding, mixing, width, out
):
    """A side's matrices from the expansion over the elements `present`.

    `embedding` has a row per element; `mixing` has, for l = 0, 1, ... in turn, a row of `width[l]`
    numbers for every element and radial function.
    """
    n_rows = (l_max + 1) * (l_max + 1)
    n_columns = n_present * n_max
    n_channels = embedding.shape[1]
    if kind == ELEMENTS:
        out[: n_rows * n_columns] = expansion[: n_rows * n_columns]
        return
    if kind == OWN_TOTAL:
        out[: own_total.size] = own_total
        return
    if kind == MIXED:
        at, start = 0, 0
        for degree in range(l_max + 1):
            n_mixed = width[degree]
            for row in range(degree * degree, (degree + 1) * (degree + 1)):
                mixed = out[at : at + n_mixed]
                clear(mixed)
                for p in range(n_present):
                    for n in range(n_max):
                        x = expansion[row * n_columns + p * n_max + n]
                        first = start + (present[p] * n_max + n) * n_mixed
                        weights = mixing[first : first + n_mixed]
                        for k in range(n_mixed):
                            mixed[k] += x * weights[k]
                at += n_mixed
            start += embedding.shape[0] * n_max * n_mixed
        return
    for row in range(n_rows):
        source = row * n_columns
        if kind == TOTAL:
            total = out[row * n_max : (row + 1) * n_max]
            clear(total)
            for p in range(n_present):
                part = expansion[source + p * n_max : source + (p + 1) * n_max]
                for n in range(n_max):
                    total[n] += part[n]
        elif kind == TOTAL_HAT:
            out[row] = sum_of(expansion[source : source + n_columns])
        elif kind == ELEMENTS_HAT:
            for p in range(n_present):
                part = expansion[source + p * n_max : source + (p + 1) * n_max]
                out[row * n_present + p] = sum_of(part)
        elif kind == CHANNELS:
            for channel in range(n_channels):
                at = (row * n_channels + channel) * n_max
                combined = out[at : at + n_max]
                clear(combined)
                for p in range(n_present):
                    weight = embedding[present[p], channel]
                    part = expansion[source + p * n_max : source + (p + 1) * n_max]
                    for n in range(n_max):
                        combined[n] += weight * part[n]
        else:
            projected = out[row * n_channels : (row + 1) * n_channels]
            clear(projected)
            for p in range(n_present):
                part = expansion[source + p * n_max : source + (p + 1) * n_max]
                value = sum_of(part)
                for channel in range(n_channels):
                    projected[channel] += embedding[present[p], channel] * value


@numba.njit(cache=True, nogil=True, fastmath={"contract"})
def multiply(left, first, n_rows, n_left, right, low, n_right, n_m, scale, out):  # type: ignore[no-untyped-def]
    """Sums over m of ``scale * left[m, first + k] * right[m, low:]`` into ``out[k]``, k < n_rows.

    Matrices are flat, of `n_left` and `n_right` numbers for each of an odd number of m; rows of
    `out` are as long as what is taken of `right`. Several terms are added at once.
    """
    width = n_right - low
    v_0 = right[low:n_right]
    for k in range(n_rows):
        w_0 = scale * left[first + k]
        total = out[k * width : (k + 1) * width]
        for j in range(width):
            total[j] = w_0 * v_0[j]
    m = 1
    while m < n_m:
        at, column = m * n_right, m * n_left + first
        v_0 = right[at + low : at + n_right]
        v_1 = right[at + n_right + low : at + 2 * n_right]
        if n_m - m >= 4:
            v_2 = right[at + 2 * n_right + low : at + 3 * n_right]
            v_3 = right[at + 3 * n_right + low : at + 4 * n_right]
            for k in range(n_rows):
                w_0, w_1 = scale * left[column + k], scale * left[column + n_left + k]
                w_2 = scale * left[column + 2 * n_left + k]
                w_3 = scale * left[column + 3 * n_left + k]
                total = out[k * width : (k + 1) * width]
                for j in range(width):
                    total[j] += w_0 * v_0[j] + w_1 * v_1[j] + w_2 * v_2[j] + w_3 * v_3[j]
            m += 4
        else:
            for k in range(n_rows):
                w_0, w_1 = scale * left[column + k], scale * left[column + n_left + k]
                total = out[k * width : (k + 1) * width]
                for j in range(width):
                    total[j] += w_0 * v_0[j] + w_1 * v_1[j]
            m += 2


@numba.njit(cache=True, nogil=True)
def add_block(product, column, width, n_rows, n_columns, factor, out):  # type: ignore[no-untyped-def]
    """Add `factor` times some columns of a product, of rows of `width`, to rows of `out`."""
    for k in range(n_rows):
        source = product[k * width + column : k * width + column + n_columns]
        target = out[k * n_columns : (k + 1) * n_columns]
        for j in range(n_columns):
            target[j] += factor * source[j]


@numba.njit(cache=True, nogil=True)
def add_transposed(product, column, width, n_rows, n_columns, out):  # type: ignore[no-untyped-def]
    """Add some columns of a product to `out`, where they are rows of `n_rows` numbers."""
    for k in range(n_rows):
        source = product[k * width + column : k * width + column + n_columns]
        target = out[k : n_rows * n_columns]
        for j in range(n_columns):
            target[j * n_rows] += source[j]


@numba.njit(cache=True, nogil=True)
def add_triangle(product, column, width, n_rows, n_columns, factor, out):  # type: ignore[no-untyped-def]
    """Add the upper triangle of a block, `factor` times beside the diagonal, to `out`."""
    at = 0
    for k in range(n_rows):
        source = product[k * width + column + k : k * width + column + n_columns]
        target = out[at : at + n_columns - k]
        for j in range(n_columns - k):
            target[j] += factor * source[j]
        target[0] += (1.0 - factor) * source[0]
        at += n_columns - k


@numba.njit(cache=True, nogil=True, fastmath={"contract"})
def add_scaled(factor, source, target):  # type: ignore[no-untyped-def]
    """Add `factor` times some numbers to others."""
    for n in range(source.size):
        target[n] += factor * source[n]


@numba.njit(cache=True, nogil=True)
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
        a = left[left_at : left_at + n_m * n_a]
        b = right[right_at : right_at + n_m * n_b]
        rows = min(k_left, n_rows[degree])
        size = k_left * k_right
        if n_b < n_a and not symmetric:
            # the other way round: short rows would be slow
            for h in range(n_right):
                multiply(b, h * k_right, k_right, n_b, a, 0, n_a, n_m, scale, work)
                for g in range(n_left):
                    at = begin + starts[left_ids[g], right_ids[h]] + full_at
                    add_transposed(work, g * k_left, n_a, k_right, k_left, out[at : at + size])
        else:
            factor = off_diagonal if symmetric else 1.0
            for g in range(n_left):
                first = 0
                if symmetric:
                    while first < n_right and right_ids[first] < left_ids[g]:
                        first += 1
                if first == n_right:
                    continue
                low = first * k_right
                width = n_b - low
                multiply(
                    a, g * k_left, rows if symmetric else k_left, n_a, b, low, n_b, n_m, scale, work
                )
                for h in range(first, n_right):
                    block = begin + starts[left_ids[g], right_ids[h]]
                    column = h * k_right - low
                    if symmetric and right_ids[h] == left_ids[g]:
                        at = block + triangle_at
                        add_triangle(work, column, width, rows, k_right, factor, out[at:])
                    else:
                        at = block + full_at
                        add_block(work, column, width, k_left, k_right, factor, out[at : at + size])
        full_at += size
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
def expand(  # type: ignore[no-untyped-def]
    atom, first, other, distance, vector, kind_of, present, n_present, table, cutoff,
    transition, l_max, n_max, own_functions, central, central_weight, factor, direction, legendre,
    turn, angular, radial, expansion, own_total,
):  # fmt: skip
    """Fill the matrices X_l of one atom, and the total density's own where they are wanted.

    `direction`, `legendre`, `turn`, `angular` and `radial` are work space; of the last two the one
    has a column and the other a row per neighbour, and neighbours stand element by element.
    """
    n_columns = n_present * n_max
    clear(expansion[: (l_max + 1) * (l_max + 1) * n_columns])
    clear(own_total)
    n = 0
    for place in range(n_present):
        for p in range(first[atom], first[atom + 1]):
            r = distance[p]
            if r < cutoff and kind_of[other[p]] == present[place]:
                for xyz in range(3):
                    direction[xyz, n] = vector[p, xyz] / r
                fade, _ = cutoff_function(r, cutoff, transition)
                scaled = r / cutoff * table.shape[0]
                interval = min(int(scaled), table.shape[0] - 1)
                read_table(table[interval], 2.0 * (scaled - interval) - 1.0, fade, radial[n])
                n += 1
    harmonics(direction, n, l_max, factor, legendre, turn, angular)
    begin = 0
    for place in range(n_present):
        end = begin
        for p in range(first[atom], first[atom + 1]):
            if distance[p] < cutoff and kind_of[other[p]] == present[place]:
                end += 1
        add_outer(radial, angular, begin, end, l_max, n_max, n_columns, place * n_max, expansion)
        if central_weight != 0.0 and kind_of[atom] == present[place]:
            # the atom in the middle: l = 0 alone
            add_scaled(central_weight, central[:n_max], expansion[place * n_max :])
        begin = end
    if own_functions:
        add_own_total(radial, angular, 0, n, (l_max + 1) * n_max, l_max, own_total)
        own_total[0] += central_weight * central[n_max]


@numba.njit(cache=True, nogil=True)
def most_neighbours(first, begin, end):  # type: ignore[no-untyped-def]
    """The largest number of neighbours that one of some atoms has."""
    most = 0
    for atom in range(begin, end):
        most = max(most, first[atom + 1] - first[atom])
    return most


@numba.njit(cache=True, nogil=True)
def room_for(n, l_max, n_columns):  # type: ignore[no-untyped-def]
    """Work space of :func:`expand` for `n` neighbours."""
    return (
        np.empty((3, n)),
        np.empty(((l_max + 1) * (l_max + 2) // 2, n)),
        np.empty((2, n)),
        np.empty(((l_max + 1) * (l_max + 1), n)),
        np.empty((n, n_columns)),
    )


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
    first, other, distance, vector, kind_of, n_elements, table, cutoff, transition,
    l_max, n_max, central, central_weight, factor, begin, end, out,
):  # fmt: skip
    """The expansion of some atoms, ``out[atom, element, n, row]``."""
    n_rows = (l_max + 1) * (l_max + 1)
    direction, legendre, turn, angular, radial = room_for(
        most_neighbours(first, begin, end), l_max, table.shape[2]
    )
    matrix = np.empty(n_rows * n_elements * n_max)
    own_total = np.empty(0)
    every = np.arange(n_elements)
    for atom in range(begin, end):
        expand(
            atom, first, other, distance, vector, kind_of, every, n_elements, table, cutoff,
            transition, l_max, n_max, False, central, central_weight, factor, direction,
            legendre, turn, angular, radial, matrix, own_total,
        )  # fmt: skip
        n_columns = n_elements * n_max
        target = out[atom].reshape(n_columns * n_rows)
        for column in range(n_columns):
            part = target[column * n_rows : (column + 1) * n_rows]
            source = matrix[column : n_rows * n_columns]
            for row in range(n_rows):
                part[row] = source[row * n_columns]


@numba.njit(cache=True, nogil=True)
def packed_starts(left_of, right_of, size, left_here, right_here, starts):  # type: ignore[no-untyped-def]
    """Fill in where each block begins if blocks of absent groups are left out."""
    length = 0
    for block in range(size.size):
        if left_here[left_of[block]] and right_here[right_of[block]]:
            starts[left_of[block], right_of[block]] = length
            length += size[block]


@numba.njit(cache=True, nogil=True)
def soap_rows(  # type: ignore[no-untyped-def]
    first, other, distance, vector, kind_of, n_elements, table, cutoff, transition,
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
    direction, legendre, turn, angular, radial = room_for(
        most_neighbours(first, begin, end), l_max, table.shape[2]
    )
    expansion = np.empty(n_angular * n_elements * n_max)
    own_total = np.empty(n_own)
    most_groups = max(n_elements, n_channels, 1)
    left_room = np.empty(n_angular * most_groups * left_width.max())
    right_room = np.empty(n_angular * most_groups * right_width.max())
    work = np.empty(most_groups * left_width.max() * right_width.max())
    present_at = np.empty(n_elements, np.bool_)
    present = np.empty(n_elements, np.int64)
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
                n_present += 1
        if packed:
            packed_starts(
                block_left, block_right, block_size,
                present_at if by_element_left else everywhere,
                present_at if by_element_right else everywhere,
                starts,
            )  # fmt: skip
        expand(
            atom, first, other, distance, vector, kind_of, present, n_present, table, cutoff,
            transition, l_max, n_max, own_functions, central, central_weight, factor,
            direction, legendre, turn, angular, radial, expansion, own_total,
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
    atom, first, other, distance, vector, kind_of, n_elements, table, cutoff, transition,
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
    # at least two neighbours' room: a neighbour that moves has two terms
    direction, legendre, turn, angular, radial = room_for(
        max(2, most_neighbours(first, atom, atom + 1)), l_max, table.shape[2]
    )
    expansion = np.empty(n_angular * n_elements * n_max)
    own_total = np.empty(n_own)
    gradient = np.empty((3, n_angular))
    terms = np.empty((n_angular, 2))
    moved = np.empty(n_angular * n_max)
    moved_total = np.empty(n_own)
    most_groups = max(n_elements, n_channels, 1)
    left = np.empty(n_angular * most_groups * left_width.max())
    right = np.empty(n_angular * most_groups * right_width.max())
    moved_left = np.empty(left.size)
    moved_right = np.empty(right.size)
    work = np.empty(most_groups * left_width.max() * right_width.max())
    every = np.arange(most_groups)
    by_element_left = left_kind in (ELEMENTS, ELEMENTS_HAT)
    by_element_right = right_kind in (ELEMENTS, ELEMENTS_HAT)
    n_left = n_groups_of(left_kind, n_elements, n_channels)
    n_right = n_groups_of(right_kind, n_elements, n_channels)
    expand(
        atom, first, other, distance, vector, kind_of, every, n_elements, table, cutoff,
        transition, l_max, n_max, own_functions, central, central_weight, factor, direction,
        legendre, turn, angular, radial, expansion, own_total,
    )  # fmt: skip
    fill_side(
        left_kind, expansion, own_total, every, n_elements, l_max, n_max, embedding, mixing,
        left_width, left,
    )  # fmt: skip
    fill_side(
        right_kind, expansion, own_total, every, n_elements, l_max, n_max, embedding, mixing,
        right_width, right,
    )  # fmt: skip
    for p in range(first[atom], first[atom + 1]):
        r = distance[p]
        if r >= cutoff:
            continue
        kind = kind_of[other[p]]
        only = every[kind : kind + 1]
        for xyz in range(3):
            direction[xyz, 0] = vector[p, xyz] / r
        x, y, z = direction[0, 0], direction[1, 0], direction[2, 0]
        # two terms: the radial part changes, and the angular part
        harmonics(direction, 1, l_max, factor, legendre, turn, angular)
        harmonics_gradient(x, y, z, l_max, factor, legendre, angular, gradient)
        fade, fade_slope = cutoff_function(r, cutoff, transition)
        scaled = r / cutoff * table.shape[0]
        interval = min(int(scaled), table.shape[0] - 1)
        t = 2.0 * (scaled - interval) - 1.0
        read_table(table[interval], t, 1.0, radial[1])
        slope = 2.0 * table.shape[0] / cutoff * fade
        read_table_slope(table[interval], t, slope, radial[0])
        for c in range(radial.shape[1]):
            radial[0, c] += fade_slope * radial[1, c]
            radial[1, c] *= fade / r
        for xyz in range(3):
            for row in range(n_angular):
                terms[row, 0] = direction[xyz, 0] * angular[row, 0]
                terms[row, 1] = gradient[xyz, row]
            clear(moved)
            add_outer(radial, terms, 0, 2, l_max, n_max, n_max, 0, moved)
            if own_functions:
                clear(moved_total)
                own_start = (l_max + 1) * n_max
                add_own_total(radial, terms, 0, 2, own_start, l_max, moved_total)
            fill_side(
                left_kind, moved, moved_total, only, 1, l_max, n_max, embedding, mixing,
                left_width, moved_left,
            )  # fmt: skip
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


@numba.njit(cache=True, nogil=True)
def scale_to_unit(values, row_ends):  # type: ignore[no-untyped-def]
    """Divide rows, one after the other and each ending in `row_ends`, by their lengths.

    Numbers are added up in their order, so that zeros left out change nothing. Rows of zeros stay.
    """
    begin = 0
    for end in row_ends:
        square = 0.0
        for n in range(begin, end):
            square += values[n] * values[n]
        if square > 0.0:
            length = np.sqrt(square)
            for n in range(begin, end):
                values[n] /= length
        begin = end
