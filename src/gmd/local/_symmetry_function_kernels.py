"""Compiled loops behind :mod:`gmd.local.symmetry_functions`; inputs are checked there.

As in :mod:`gmd.local._chebyshev_kernels`, functions that add up terms let the compiler reorder them
(``reassoc``) and multiply and add in one (``contract``), in an order that depends on the number of
terms alone, and everything stands in one file for the sake of numba's cache.

Neighbours are grouped by element, so that the pairs of two groups belong to one channel. Pairs are
gathered into blocks, on which all that a function is made of is evaluated by vector instructions.
"""

from __future__ import annotations

import math

import numba
import numpy as np

FULL, HALF, TOTAL = 0, 1, 2
"""Channels of G4: pairs of elements, elements, one for all."""

_BLOCK = 128  # pairs after which the sums are added up: work space of 10 to 30 kB
_CHUNK = 64  # pairs that are looked at together
_WIDTH = 16  # pairs that vector instructions may take at once; blocks are filled up to it
_LOWEST = -700.0  # exponents below give zero, not numbers without precision


@numba.njit(cache=True, nogil=True, fastmath={"contract"})
def exponentials(x, n, work, out):  # type: ignore[no-untyped-def]
    """Exponential of `n` numbers that are not positive, to rounding; `work` is work space.

    exp(x) = 2^k exp(x - k ln 2) with the Taylor series up to the 13th power. Adding a large number
    rounds k and leaves it in the last bits, which become the exponent of a floating-point number;
    a call of the exponential would not vectorise.
    """
    bits = work.view(np.int64)
    for p in range(n):
        shifted = x[p] * 1.4426950408889634 + 6755399441056767.0  # 1.5 * 2^52 + 1023
        work[p] = shifted
        k = shifted - 6755399441056767.0
        r = x[p] - k * 0.6931471803691238
        r = r - k * 1.9082149292705877e-10
        series = 1.6059043836821613e-10 * r + 2.08767569878681e-09
        series = series * r + 2.505210838544172e-08
        series = series * r + 2.755731922398589e-07
        series = series * r + 2.7557319223985893e-06
        series = series * r + 2.48015873015873e-05
        series = series * r + 0.0001984126984126984
        series = series * r + 0.001388888888888889
        series = series * r + 0.008333333333333333
        series = series * r + 0.041666666666666664
        series = series * r + 0.16666666666666666
        series = series * r + 0.5
        series = series * r + 1.0
        out[p] = series * r + 1.0
    for p in range(n):
        bits[p] = bits[p] << 52
    for p in range(n):
        out[p] = out[p] * work[p] if x[p] > _LOWEST else 0.0


@numba.njit(cache=True, nogil=True, fastmath={"contract"})
def cutoff_root(rest):  # type: ignore[no-untyped-def]
    r"""Root of the cutoff function, :math:`\cos(\frac{\pi}{2} \frac{r}{R})`, from 1 - (r / R)^2.

    Divided by that, it is a power series in (r / R)^2, exact to rounding below R: no root of r^2
    is needed, and precision is kept towards the cutoff.
    """
    s = 1.0 - rest
    series = 1.8278159503151067e-17 * s - 3.419461019595456e-15
    series = series * s + 5.26020559053867e-13
    series = series * s - 6.513361059074086e-11
    series = series * s + 6.321469473201112e-09
    series = series * s - 4.64766008408616e-07
    series = series * s + 2.473727636465199e-05
    series = series * s - 0.0008945229984747746
    series = series * s + 0.019968957764878188
    series = series * s - 0.23370055013616983
    series = series * s + 1.0
    return series * rest


@numba.njit(cache=True, nogil=True, fastmath={"contract"})
def angular_factors(base, n, plan, out):  # type: ignore[no-untyped-def]
    """Powers of ``base[l, p]`` = (1 + lambda cos) / 2 for every pair of lambda and zeta."""
    for a in range(plan.zetas.size):
        value, times, start = out[a], plan.times[a], plan.start[a]
        first = base[plan.base[a]] if start < 0 else out[start]
        if times == 0:
            zeta = plan.zetas[a]
            for p in range(n):
                value[p] = first[p] ** zeta
            continue
        for p in range(n):
            value[p] = first[p]
        bit = 1
        while 2 * bit <= times:
            bit *= 2
        while bit > 1:
            bit //= 2
            for p in range(n):
                value[p] = value[p] * value[p]
            if times & bit:
                for p in range(n):
                    value[p] = value[p] * first[p]


@numba.njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
def add_products(radial, angular, which, n, sums, first, last):  # type: ignore[no-untyped-def]
    """Add sum_p radial[p] angular[which[f], p] to ``sums[f]`` for `first` <= f < `last`."""
    f = first
    while f + 4 <= last:
        a, b, c, d = (
            angular[which[f]],
            angular[which[f + 1]],
            angular[which[f + 2]],
            angular[which[f + 3]],
        )
        s, t, u, v = 0.0, 0.0, 0.0, 0.0
        for p in range(n):
            s += a[p] * radial[p]
            t += b[p] * radial[p]
            u += c[p] * radial[p]
            v += d[p] * radial[p]
        sums[f] += s
        sums[f + 1] += t
        sums[f + 2] += u
        sums[f + 3] += v
        f += 4
    while f < last:
        a = angular[which[f]]
        s = 0.0
        for p in range(n):
            s += a[p] * radial[p]
        sums[f] += s
        f += 1


@numba.njit(cache=True, nogil=True, fastmath={"contract"})
def add_block(pairs, n, cutoff, plan, base, angular, work, sums):  # type: ignore[no-untyped-def]
    """Add the terms of `n` pairs to ``sums``, all functions in the plan's order.

    Rows of `pairs`: r_jk^2, r_ij^2 + r_ik^2, 1 / (r_ij r_ik), the product of the two neighbours'
    factors. The other arrays but `sums` are work space.
    """
    between, both, inverse, factor = pairs[0], pairs[1], pairs[2], pairs[3]
    exponent, radial = work[0], work[1]
    # pairs without weight, lest the last ones be left to slower instructions
    filled = n
    n = (filled + _WIDTH - 1) // _WIDTH * _WIDTH
    for p in range(filled, n):
        between[p], both[p], inverse[p], factor[p] = 0.0, 0.0, 0.0, 0.0
    scale = 1.0 / (cutoff * cutoff)
    for p in range(n):
        root = cutoff_root(1.0 - between[p] * scale)
        factor[p] = factor[p] * (root * root)
    for b in range(plan.lambdas.size):
        half = 0.25 * plan.lambdas[b]
        row = base[b]
        for p in range(n):
            row[p] = min(1.0, max(0.0, 0.5 + half * (both[p] - between[p]) * inverse[p]))
    angular_factors(base, n, plan, angular)
    for e in range(plan.etas.size):
        eta = plan.etas[e]
        for p in range(n):
            exponent[p] = -eta * (both[p] + between[p])
        exponentials(exponent, n, work[2], radial)
        for p in range(n):
            radial[p] = radial[p] * factor[p]
        add_products(radial, angular, plan.angular, n, sums, plan.first[e], plan.first[e + 1])


@numba.njit(cache=True, nogil=True, fastmath={"contract"})
def add_pairs(  # type: ignore[no-untyped-def]
    near, value, first, middle, second, last, cutoff, plan, pairs, base, angular, work, sums
):
    """Add the terms of all pairs of a neighbour of one group with one of another to ``sums``.

    The groups lie from `first` to below `middle`, and from `second` to below `last`; where both
    begin at the same place, they are one, whose pairs count once. `near` and `value` are those of
    :func:`group_neighbours`.
    """
    between, both, inverse, factor = pairs[0], pairs[1], pairs[2], pairs[3]
    distance = work[3]
    square = cutoff * cutoff
    filled = 0
    for j in range(first, middle):
        x, y, z, square_j, inverse_j = near[0, j], near[1, j], near[2, j], near[3, j], near[4, j]
        value_j = value[j]
        k = j + 1 if first == second else second
        while k < last:
            n_here = min(last - k, _CHUNK)
            for q in range(n_here):
                dx, dy, dz = near[0, k + q] - x, near[1, k + q] - y, near[2, k + q] - z
                distance[q] = dx * dx + dy * dy + dz * dz
            for q in range(n_here):
                between[filled] = distance[q]
                both[filled] = square_j + near[3, k + q]
                inverse[filled] = inverse_j * near[4, k + q]
                factor[filled] = value_j * value[k + q]
                # written over by the next pair where this one is too far apart
                filled += distance[q] < square
            k += n_here
            if filled >= _BLOCK:
                add_block(pairs, filled, cutoff, plan, base, angular, work, sums)
                filled = 0
    if filled > 0:
        add_block(pairs, filled, cutoff, plan, base, angular, work, sums)


@numba.njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
def sum_of_products(one, other, first, last):  # type: ignore[no-untyped-def]
    """Sum from `first` to below `last`."""
    total = 0.0
    for p in range(first, last):
        total += one[p] * other[p]
    return total


@numba.njit(cache=True, nogil=True)
def channels_of(a, b, mode, n_groups):  # type: ignore[no-untyped-def]
    """The one or two channels of G4 that pairs of the groups a <= b add to; -1 for no second."""
    if mode == FULL:
        return a * n_groups - a * (a - 1) // 2 + b - a, -1
    if mode == HALF:
        return a, (b if b != a else -1)
    return 0, -1


@numba.njit(cache=True, nogil=True)
def group_neighbours(  # type: ignore[no-untyped-def]
    neighbours, atom, group, weight, cutoff, ends, near, value
):
    """Neighbours of `atom`, one group after another; returns their number.

    Rows of `near` become x, y, z, r^2, 1 / r, r; `value` weight times cutoff function, ``ends[g]``
    the end of group g.
    """
    start, stop = neighbours.first[atom], neighbours.first[atom + 1]
    ends[:] = 0
    for p in range(start, stop):
        ends[group[neighbours.other[p]]] += 1
    total = 0
    for g in range(ends.size):
        total += ends[g]
        ends[g] = total - ends[g]
    for p in range(start, stop):
        other, r = neighbours.other[p], neighbours.distance[p]
        place = ends[group[other]]
        ends[group[other]] = place + 1
        for c in range(3):
            near[c, place] = neighbours.vector[p, c]
        near[3, place] = r * r
        near[4, place] = 1.0 / r
        near[5, place] = r
        root = cutoff_root(max(0.0, (cutoff - r) * (cutoff + r) / (cutoff * cutoff)))
        value[place] = weight[other] * (root * root)
    return stop - start


@numba.njit(cache=True, nogil=True)
def symmetry_function_rows(  # type: ignore[no-untyped-def]
    neighbours, group, weight, cutoff, n_groups, mode, g2, plan, begin, end, out
):
    """Fill the rows `begin` to ``end - 1`` of `out` with [G2 by group | G4 by channel].

    A row has the same bits whichever other rows are filled along with it.
    """
    n_radial, n_angular = g2.shape[0], plan.angular.size
    most = 0
    for a in range(begin, end):
        most = max(most, neighbours.first[a + 1] - neighbours.first[a])
    # work space, for one atom at a time
    ends, bounds = np.empty(n_groups, np.int64), np.empty(n_groups + 1, np.int64)
    present = np.empty(n_groups, np.int64)
    near, value = np.empty((6, most)), np.empty(most)
    exponent, shifted, radial = np.empty(most), np.empty(most), np.empty(most)
    room = _BLOCK + _CHUNK
    pairs, work = np.empty((4, room)), np.empty((4, room))
    base, angular = np.empty((plan.lambdas.size, room)), np.empty((plan.zetas.size, room))
    sums = np.empty(n_angular)
    for a in range(begin, end):
        row = out[a]
        row[:] = 0.0
        n = group_neighbours(neighbours, a, group, weight, cutoff, ends, near, value)
        n_present, bounds[0] = 0, 0
        for g in range(n_groups):
            if ends[g] > bounds[n_present]:
                present[n_present] = g
                n_present += 1
                bounds[n_present] = ends[g]
        for f in range(n_radial):
            for p in range(n):
                from_shift = near[5, p] - g2[f, 1]
                exponent[p] = -g2[f, 0] * from_shift * from_shift
            exponentials(exponent, n, shifted, radial)
            for s in range(n_present):
                total = sum_of_products(radial, value, bounds[s], bounds[s + 1])
                row[present[s] * n_radial + f] = total
        if n_angular == 0:
            continue

        if mode == TOTAL and n_present > 0:
            n_present, bounds[1] = 1, n
        for s in range(n_present):
            for t in range(s, n_present):
                sums[:] = 0.0
                add_pairs(
                    near,
                    value,
                    bounds[s],
                    bounds[s + 1],
                    bounds[t],
                    bounds[t + 1],
                    cutoff,
                    plan,
                    pairs,
                    base,
                    angular,
                    work,
                    sums,
                )
                one, two = channels_of(present[s], present[t], mode, n_groups)
                for channel in (one, two):
                    if channel >= 0:
                        start = n_groups * n_radial + channel * n_angular
                        for f in range(n_angular):
                            row[start + plan.place[f]] += 2.0 * sums[f]


@numba.njit(cache=True, nogil=True)
def cutoff_and_slope(r, cutoff):  # type: ignore[no-untyped-def]
    """Cutoff function and its derivative by r."""
    if r >= cutoff:
        return 0.0, 0.0
    angle = np.pi * r / cutoff
    return 0.5 * (1.0 + math.cos(angle)), -0.5 * np.pi / cutoff * math.sin(angle)


@numba.njit(cache=True, nogil=True)
def symmetry_function_derivatives(  # type: ignore[no-untyped-def]
    distance, vector, group, weight, cutoff, n_groups, mode, g2, plan, out
):
    """Add to ``out[j, c]`` the derivative of a row by coordinate c of the atom's neighbour j."""
    n, n_radial, n_angular = distance.size, g2.shape[0], plan.angular.size
    n_etas, n_zetas = plan.etas.size, plan.zetas.size
    radial, angular, slope = np.empty(n_etas), np.empty(n_zetas), np.empty(n_zetas)
    cosine_j, cosine_k, sum_j, sum_k = np.empty(3), np.empty(3), np.empty(3), np.empty(3)
    factor_j, factor_k = np.empty(3), np.empty(3)
    by_cosine, by_factor, by_sum = np.empty(n_angular), np.empty(n_angular), np.empty(n_angular)
    for j in range(n):
        r_j = distance[j]
        value_j, fall_j = cutoff_and_slope(r_j, cutoff)
        for f in range(n_radial):
            from_shift = r_j - g2[f, 1]
            rise = weight[j] * math.exp(-g2[f, 0] * from_shift * from_shift)
            rise *= fall_j - 2.0 * g2[f, 0] * from_shift * value_j
            for c in range(3):
                out[j, c, group[j] * n_radial + f] += rise * vector[j, c] / r_j
        for k in range(j + 1, n if n_angular > 0 else 0):
            r_k, square = distance[k], 0.0
            for c in range(3):
                square += (vector[j, c] - vector[k, c]) ** 2
            between = math.sqrt(square)
            if between >= cutoff:
                continue
            value_k, fall_k = cutoff_and_slope(r_k, cutoff)
            value, fall = cutoff_and_slope(between, cutoff)
            cosine = 0.0
            for c in range(3):
                cosine += vector[j, c] * vector[k, c]
            cosine = min(1.0, max(-1.0, cosine / (r_j * r_k)))
            weights = weight[j] * weight[k]
            factor = weights * value_j * value_k * value
            for c in range(3):
                u_j, u_k = vector[j, c] / r_j, vector[k, c] / r_k
                apart = vector[j, c] - vector[k, c]
                cosine_j[c] = (u_k - cosine * u_j) / r_j
                cosine_k[c] = (u_j - cosine * u_k) / r_k
                sum_j[c] = 2.0 * (vector[j, c] + apart)
                sum_k[c] = 2.0 * (vector[k, c] - apart)
                falling = value_j * value_k * fall * apart / between
                factor_j[c] = weights * (fall_j * u_j * value_k * value + falling)
                factor_k[c] = weights * (value_j * fall_k * u_k * value - falling)
            for e in range(n_etas):
                radial[e] = math.exp(-plan.etas[e] * (r_j * r_j + r_k * r_k + square))
            for a in range(n_zetas):
                strength, zeta = plan.lambdas[plan.base[a]], plan.zetas[a]
                base = max(0.0, 0.5 + 0.5 * strength * cosine)
                power = base ** (zeta - 1.0)
                angular[a] = 2.0 * base * power
                slope[a] = zeta * strength * power
            for e in range(n_etas):
                for f in range(plan.first[e], plan.first[e + 1]):
                    a, place = plan.angular[f], plan.place[f]
                    by_cosine[place] = slope[a] * radial[e] * factor
                    by_factor[place] = angular[a] * radial[e]
                    by_sum[place] = -plan.etas[e] * by_factor[place] * factor
            one, two = channels_of(min(group[j], group[k]), max(group[j], group[k]), mode, n_groups)
            for channel in (one, two):
                if channel < 0:
                    continue
                start = n_groups * n_radial + channel * n_angular
                for c in range(3):
                    row_j = out[j, c, start : start + n_angular]
                    row_k = out[k, c, start : start + n_angular]
                    for f in range(n_angular):
                        row_j[f] += (
                            by_cosine[f] * cosine_j[c]
                            + by_factor[f] * factor_j[c]
                            + by_sum[f] * sum_j[c]
                        )
                        row_k[f] += (
                            by_cosine[f] * cosine_k[c]
                            + by_factor[f] * factor_k[c]
                            + by_sum[f] * sum_k[c]
                        )
