"""Vector instructions for the compiled loops of :mod:`gmd.imbalance`.

LLVM turns the loops below into vector instructions only in part: it keeps running sums in memory
and reduces masks lane by lane. They are therefore written in its own vector types, which it maps
to whatever the processor has. The Python functions of the same names say what is computed, and
run in place of the compiled ones where numba is told not to compile.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from typing import Any

import numba
import numpy as np
from llvmlite import binding, ir
from numba.core import cgutils, types
from numba.extending import intrinsic, overload
from numpy.typing import NDArray

LANES = 16
"""Structures per tile."""

ROWS = 4
"""Structures that are compared with a tile at once."""

WIDTH = 8
"""Numbers in a vector."""

_CACHE_LINE = 8

# running sums of all rows must fit into registers: 32 of this width with AVX-512, 8 elsewhere
_VECTORS = 2 if binding.get_host_cpu_features().get("avx512f", False) else 1

_DOUBLE = ir.DoubleType()
_INDEX = ir.IntType(64)
_VECTOR = ir.VectorType(_DOUBLE, WIDTH)


@numba.njit(cache=True, nogil=True)
def aligned(shape):  # type: ignore[no-untyped-def]
    """An array of numbers, unset, that begins on a cache line, so that no vector lies on two."""
    size = 1
    for n in shape:
        size *= n
    room = np.empty(size + _CACHE_LINE)
    skip = -(room.ctypes.data // room.itemsize) % _CACHE_LINE
    return room[skip : skip + size].reshape(shape)


def block_distances(
    tiles: NDArray[np.float64],
    t: int,
    rows: NDArray[np.float64],
    r: int,
    first: int,
    last: int,
    planes: NDArray[np.float64],
    plane: int,
) -> None:
    """Squared distances over the columns first to last, rows r to r + ROWS against tile t.

    Differences are squared and added column after column, each addition fused with its product
    where the processor can. A plane has the shape (ROWS, LANES).
    """
    for row in range(ROWS):
        difference = tiles[t, first:last] - rows[r + row, first:last, np.newaxis]
        planes[plane, row] = functools.reduce(operator.add, difference**2, np.zeros(LANES))


def add_row_distances(
    values: NDArray[np.float64], i: int, j: int, total: NDArray[np.float64]
) -> None:
    """Add the squared distances between two rows, (order, column), to the total of every order.

    Columns come in whole vectors, which are added up first; then the halves of their sum, until
    one number is left.
    """
    difference = values[i] - values[j]
    sums = functools.reduce(
        operator.add, np.split(difference**2, difference.shape[1] // WIDTH, axis=1)
    )
    while sums.shape[1] > 1:
        half = sums.shape[1] // 2
        sums = sums[:, :half] + sums[:, half:]
    total += sums[:, 0]


def add_steps(steps: NDArray[np.int64], planes: NDArray[np.float64]) -> None:
    """Carry out the additions of a `Schedule`."""
    total = np.zeros((ROWS, LANES))
    for left, right, target in steps:
        total = (planes[left] if left >= 0 else total) + planes[right]
        if target >= 0:
            planes[target] = total


def pairs_below(
    planes: NDArray[np.float64], plane: int, limits: NDArray[np.float64], s: int
) -> int:
    """Which distances in a plane are less than their row's limit, ``limits[s, row]``.

    Bit ``row * LANES + lane`` says so of a lane.
    """
    return _bits(planes[plane] < limits[s, :, np.newaxis])


def pairs_up_to(
    planes: NDArray[np.float64], plane: int, limits: NDArray[np.float64], s: int
) -> int:
    """Which distances in a plane are not greater than their row's limit; see `pairs_below`."""
    return _bits(planes[plane] <= limits[s, :, np.newaxis])


def _bits(mask: NDArray[np.bool_]) -> int:
    return sum(1 << int(bit) for bit in np.flatnonzero(mask))


def lowest_bit(bits: int) -> int:
    """The place of the lowest bit that is set; there must be one."""
    return (bits & -bits).bit_length() - 1


def add_closer(
    planes: NDArray[np.float64],
    plane: int,
    row: int,
    limits: NDArray[np.float64],
    closer: NDArray[np.float64],
    first: int,
) -> float:
    """Count the distances of a row that are less than each of WIDTH limits from `first` on.

    The counts are whole numbers in floating point, which vectors add under a mask. Returns how
    many distances are less than the last of the limits.
    """
    group = slice(first, first + WIDTH)
    found = (planes[plane, row] < limits[group, np.newaxis]).sum(axis=1)
    closer[group] += found
    return float(found[-1])


def _address(
    context: Any, builder: ir.IRBuilder, kind: Any, array: Any, index: Sequence[ir.Value]
) -> ir.Value:
    """Address of an element of an array."""
    view = context.make_array(kind)(context, builder, array)
    return cgutils.get_item_pointer(context, builder, kind, view, index)


def _load(builder: ir.IRBuilder, address: ir.Value, vector: int) -> ir.Value:
    first = builder.gep(address, [_INDEX(vector * WIDTH)])
    value = builder.load(builder.bitcast(first, _VECTOR.as_pointer()))
    value.align = 8
    return value


def _store(builder: ir.IRBuilder, value: ir.Value, address: ir.Value, vector: int) -> None:
    first = builder.gep(address, [_INDEX(vector * WIDTH)])
    builder.store(value, builder.bitcast(first, _VECTOR.as_pointer())).align = 8


def _fused(builder: ir.IRBuilder) -> ir.Function:
    """Product and sum in one, where the processor can."""
    return cgutils.get_or_insert_function(
        builder.module, ir.FunctionType(_VECTOR, [_VECTOR] * 3), f"llvm.fmuladd.v{WIDTH}f64"
    )


def _sum(builder: ir.IRBuilder, vector: ir.Value) -> ir.Value:
    """Sum of a vector's elements, halves first."""
    size = WIDTH
    while size > 1:
        size //= 2
        low, high = (
            builder.shuffle_vector(
                vector,
                vector,
                ir.Constant(ir.VectorType(ir.IntType(32), size), list(range(start, start + size))),
            )
            for start in (0, size)
        )
        vector = builder.fadd(low, high)
    return builder.extract_element(vector, ir.IntType(32)(0))


def _filled(builder: ir.IRBuilder, number: ir.Value) -> ir.Value:
    """A vector whose elements are all the same."""
    anything = ir.Constant(_VECTOR, ir.Undefined)
    one = builder.insert_element(anything, number, ir.IntType(32)(0))
    return builder.shuffle_vector(
        one, anything, ir.Constant(ir.VectorType(ir.IntType(32), WIDTH), [0] * WIDTH)
    )


@intrinsic
def _block_distances(typingctx, tiles, t, rows, r, first, last, planes, plane):  # type: ignore[no-untyped-def]
    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        kinds = dict(
            zip(("tiles", "t", "rows", "r", "f", "l", "planes"), signature.args, strict=False)
        )
        tiles, t, rows, r, first, last, planes, plane = arguments
        zero = _INDEX(0)
        row_starts = [
            _address(context, builder, kinds["rows"], rows, [builder.add(r, _INDEX(g)), zero])
            for g in range(ROWS)
        ]
        fused = _fused(builder)
        for part in range(0, LANES // WIDTH, _VECTORS):
            running = [
                [
                    cgutils.alloca_once_value(builder, ir.Constant(_VECTOR, None))
                    for _ in range(_VECTORS)
                ]
                for _ in range(ROWS)
            ]
            with cgutils.for_range_slice(builder, first, last, _INDEX(1)) as (column, _):
                start = _address(context, builder, kinds["tiles"], tiles, [t, column, zero])
                lanes = [_load(builder, start, part + v) for v in range(_VECTORS)]
                for row_start, totals in zip(row_starts, running, strict=True):
                    own = _filled(builder, builder.load(builder.gep(row_start, [column])))
                    for lane, total in zip(lanes, totals, strict=True):
                        difference = builder.fsub(lane, own)
                        builder.store(
                            builder.call(fused, [difference, difference, builder.load(total)]),
                            total,
                        )
            for g, totals in enumerate(running):
                target = _address(
                    context, builder, kinds["planes"], planes, [plane, _INDEX(g), zero]
                )
                for v, total in enumerate(totals):
                    _store(builder, builder.load(total), target, part + v)
        return context.get_dummy_value()

    return types.void(tiles, t, rows, r, first, last, planes, plane), generate


@intrinsic
def _add_row_distances(typingctx, values, i, j, total):  # type: ignore[no-untyped-def]
    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        values, i, j, total = arguments
        zero = _INDEX(0)
        shape = context.make_array(signature.args[0])(context, builder, values).shape
        n_orders, width = (builder.extract_value(shape, axis) for axis in (1, 2))
        fused = _fused(builder)
        running = cgutils.alloca_once(builder, _VECTOR)
        with cgutils.for_range_slice(builder, zero, n_orders, _INDEX(1)) as (order, _):
            one, other = (
                _address(context, builder, signature.args[0], values, [row, order, zero])
                for row in (i, j)
            )
            builder.store(ir.Constant(_VECTOR, None), running)
            with cgutils.for_range_slice(builder, zero, width, _INDEX(WIDTH)) as (column, _):
                difference = builder.fsub(
                    *(_load(builder, builder.gep(row, [column]), 0) for row in (one, other))
                )
                builder.store(
                    builder.call(fused, [difference, difference, builder.load(running)]), running
                )
            target = _address(context, builder, signature.args[3], total, [order])
            found = _sum(builder, builder.load(running))
            builder.store(builder.fadd(builder.load(target), found), target)
        return context.get_dummy_value()

    return types.void(values, i, j, total), generate


@intrinsic
def _add_steps(typingctx, steps, planes):  # type: ignore[no-untyped-def]
    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        steps, planes = arguments
        zero = _INDEX(0)
        size = context.make_array(signature.args[0])(context, builder, steps).shape
        n_steps = builder.extract_value(size, 0)
        # all rows side by side, since each sum waits for the one before
        vectors = range(ROWS * LANES // WIDTH)
        totals = [cgutils.alloca_once_value(builder, ir.Constant(_VECTOR, None)) for _ in vectors]

        def plane_at(plane: ir.Value) -> ir.Value:
            return _address(context, builder, signature.args[1], planes, [plane, zero, zero])

        with cgutils.for_range_slice(builder, zero, n_steps, _INDEX(1)) as (a, _):
            step = _address(context, builder, signature.args[0], steps, [a, zero])
            left, right, target = (builder.load(builder.gep(step, [_INDEX(i)])) for i in range(3))
            with builder.if_then(builder.icmp_signed(">=", left, zero)):
                for v, total in zip(vectors, totals, strict=True):
                    builder.store(_load(builder, plane_at(left), v), total)
            for v, total in zip(vectors, totals, strict=True):
                term = _load(builder, plane_at(right), v)
                builder.store(builder.fadd(builder.load(total), term), total)
            with builder.if_then(builder.icmp_signed(">=", target, zero)):
                for v, total in zip(vectors, totals, strict=True):
                    _store(builder, builder.load(total), plane_at(target), v)
        return context.get_dummy_value()

    return types.void(steps, planes), generate


def _pairs(comparison: str) -> Any:
    """An intrinsic that compares the distances in a plane so with limits; never a NaN."""

    @intrinsic
    def compared(typingctx, planes, plane, limits, s):  # type: ignore[no-untyped-def]
        def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
            planes, plane, limits, s = arguments
            zero = _INDEX(0)
            start = _address(context, builder, signature.args[0], planes, [plane, zero, zero])
            limit = _address(context, builder, signature.args[2], limits, [s, zero])
            pairs = zero
            for v in range(ROWS * LANES // WIDTH):
                if v * WIDTH % LANES == 0:
                    own = builder.gep(limit, [_INDEX(v * WIDTH // LANES)])
                    own_limit = _filled(builder, builder.load(own))
                mask = builder.fcmp_ordered(comparison, _load(builder, start, v), own_limit)
                bits = builder.zext(builder.bitcast(mask, ir.IntType(WIDTH)), _INDEX)
                pairs = builder.or_(pairs, builder.shl(bits, _INDEX(v * WIDTH)))
            return pairs

        return types.int64(planes, plane, limits, s), generate

    return compared


_pairs_below = _pairs("<")
_pairs_up_to = _pairs("<=")


@intrinsic
def _lowest_bit(typingctx, bits):  # type: ignore[no-untyped-def]
    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        return builder.cttz(arguments[0], ir.IntType(1)(1))

    return types.int64(types.int64), generate


@intrinsic
def _add_closer(typingctx, planes, plane, row, limits, closer, first):  # type: ignore[no-untyped-def]
    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        planes, plane, row, limits, closer, first = arguments
        start = _address(context, builder, signature.args[0], planes, [plane, row, _INDEX(0)])
        group = _load(builder, _address(context, builder, signature.args[3], limits, [first]), 0)
        target = _address(context, builder, signature.args[4], closer, [first])
        # two sums, since each addition waits for the one before
        before = _load(builder, target, 0)
        sums = [before, ir.Constant(_VECTOR, None)]
        one = ir.Constant(_VECTOR, [1.0] * WIDTH)
        for lane in range(LANES):
            distance = builder.load(builder.gep(start, [_INDEX(lane)]))
            mask = builder.fcmp_ordered("<", _filled(builder, distance), group)
            counts = sums[lane % 2]
            sums[lane % 2] = builder.select(mask, builder.fadd(counts, one), counts)
        total = builder.fadd(*sums)
        _store(builder, total, target, 0)
        return builder.extract_element(builder.fsub(total, before), ir.IntType(32)(WIDTH - 1))

    return types.float64(planes, plane, row, limits, closer, first), generate


@overload(block_distances)
def _(tiles, t, rows, r, first, last, planes, plane):  # type: ignore[no-untyped-def]
    return lambda tiles, t, rows, r, first, last, planes, plane: _block_distances(
        tiles, t, rows, r, first, last, planes, plane
    )


@overload(add_row_distances)
def _(values, i, j, total):  # type: ignore[no-untyped-def]
    return lambda values, i, j, total: _add_row_distances(values, i, j, total)


@overload(add_steps)
def _(steps, planes):  # type: ignore[no-untyped-def]
    return lambda steps, planes: _add_steps(steps, planes)


@overload(pairs_below)
def _(planes, plane, limits, s):  # type: ignore[no-untyped-def]
    return lambda planes, plane, limits, s: _pairs_below(planes, plane, limits, s)


@overload(pairs_up_to)
def _(planes, plane, limits, s):  # type: ignore[no-untyped-def]
    return lambda planes, plane, limits, s: _pairs_up_to(planes, plane, limits, s)


@overload(lowest_bit)
def _(bits):  # type: ignore[no-untyped-def]
    return lambda bits: _lowest_bit(bits)


@overload(add_closer)
def _(planes, plane, row, limits, closer, first):  # type: ignore[no-untyped-def]
    return lambda planes, plane, row, limits, closer, first: _add_closer(
        planes, plane, row, limits, closer, first
    )
