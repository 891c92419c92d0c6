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

import numpy as np
from llvmlite import binding, ir
from numba.core import cgutils, types
from numba.extending import intrinsic, overload
from numpy.typing import NDArray

LANES = 16
"""Structures per tile."""

ROWS = 4
"""Structures that are compared with a tile at once."""

_WIDTH = 8
"""Numbers in a vector."""

# running sums of all rows must fit into registers: 32 of this width with AVX-512, 8 elsewhere
_VECTORS = 2 if binding.get_host_cpu_features().get("avx512f", False) else 1

_DOUBLE = ir.DoubleType()
_INDEX = ir.IntType(64)
_VECTOR = ir.VectorType(_DOUBLE, _WIDTH)


def block_distances(
    tiles: NDArray[np.float64],
    t: int,
    rows: NDArray[np.float64],
    r: int,
    first: int,
    last: int,
    sums: NDArray[np.float64],
    block: int,
) -> None:
    """Squared distances over the columns first to last, rows r to r + ROWS against tile t.

    They go to ``sums[:, block]``. Differences are squared and added column after column, each
    addition fused with its product where the processor can.
    """
    for row in range(ROWS):
        difference = tiles[t, first:last] - rows[r + row, first:last, np.newaxis]
        sums[row, block] = functools.reduce(operator.add, difference**2, np.zeros(LANES))


def add_slots(slots: NDArray[np.float64], left: int, right: int, slot: int) -> None:
    """Put the sum of two slots into a third."""
    slots[slot] = slots[left] + slots[right]


def count_below(slots: NDArray[np.float64], slot: int, limit: float) -> int:
    """How many distances in a slot are less than a limit."""
    return int((slots[slot] < limit).sum())


def lanes_up_to(slots: NDArray[np.float64], slot: int, limit: float) -> int:
    """Which distances in a slot are not greater than a limit, the first lane in the lowest bit."""
    return sum(1 << int(lane) for lane in np.flatnonzero(slots[slot] <= limit))


def _address(
    context: Any, builder: ir.IRBuilder, kind: Any, array: Any, index: Sequence[ir.Value]
) -> ir.Value:
    """Address of an element of an array."""
    view = context.make_array(kind)(context, builder, array)
    return cgutils.get_item_pointer(context, builder, kind, view, index)


def _load(builder: ir.IRBuilder, address: ir.Value, vector: int) -> ir.Value:
    first = builder.gep(address, [_INDEX(vector * _WIDTH)])
    value = builder.load(builder.bitcast(first, _VECTOR.as_pointer()))
    value.align = 8
    return value


def _store(builder: ir.IRBuilder, value: ir.Value, address: ir.Value, vector: int) -> None:
    first = builder.gep(address, [_INDEX(vector * _WIDTH)])
    builder.store(value, builder.bitcast(first, _VECTOR.as_pointer())).align = 8


def _filled(builder: ir.IRBuilder, number: ir.Value) -> ir.Value:
    """A vector whose elements are all the same."""
    anything = ir.Constant(_VECTOR, ir.Undefined)
    one = builder.insert_element(anything, number, ir.IntType(32)(0))
    return builder.shuffle_vector(
        one, anything, ir.Constant(ir.VectorType(ir.IntType(32), _WIDTH), [0] * _WIDTH)
    )


@intrinsic
def _block_distances(typingctx, tiles, t, rows, r, first, last, sums, block):  # type: ignore[no-untyped-def]
    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        kinds = dict(
            zip(("tiles", "t", "rows", "r", "f", "l", "sums"), signature.args, strict=False)
        )
        tiles, t, rows, r, first, last, sums, block = arguments
        zero = _INDEX(0)
        row_starts = [
            _address(context, builder, kinds["rows"], rows, [builder.add(r, _INDEX(g)), zero])
            for g in range(ROWS)
        ]
        fused = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(_VECTOR, [_VECTOR] * 3),
            f"llvm.fmuladd.v{_WIDTH}f64",
        )
        for part in range(0, LANES // _WIDTH, _VECTORS):
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
                target = _address(context, builder, kinds["sums"], sums, [_INDEX(g), block, zero])
                for v, total in enumerate(totals):
                    _store(builder, builder.load(total), target, part + v)
        return context.get_dummy_value()

    return types.void(tiles, t, rows, r, first, last, sums, block), generate


@intrinsic
def _add_slots(typingctx, slots, left, right, slot):  # type: ignore[no-untyped-def]
    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        slots, *indices = arguments
        a, b, target = (
            _address(context, builder, signature.args[0], slots, [i, _INDEX(0)]) for i in indices
        )
        for v in range(LANES // _WIDTH):
            _store(builder, builder.fadd(_load(builder, a, v), _load(builder, b, v)), target, v)
        return context.get_dummy_value()

    return types.void(slots, left, right, slot), generate


def _lanes(
    context: Any,
    builder: ir.IRBuilder,
    kind: Any,
    slots: ir.Value,
    slot: ir.Value,
    comparison: str,
    limit: ir.Value,
) -> ir.Value:
    """Bit mask of the lanes whose distances compare so with a limit."""
    start = _address(context, builder, kind, slots, [slot, _INDEX(0)])
    limits = _filled(builder, limit)
    lanes = _INDEX(0)
    for v in range(LANES // _WIDTH):
        mask = builder.fcmp_ordered(comparison, _load(builder, start, v), limits)
        bits = builder.zext(builder.bitcast(mask, ir.IntType(_WIDTH)), _INDEX)
        lanes = builder.or_(lanes, builder.shl(bits, _INDEX(v * _WIDTH)))
    return lanes


@intrinsic
def _count_below(typingctx, slots, slot, limit):  # type: ignore[no-untyped-def]
    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        slots, slot, limit = arguments
        return builder.ctpop(_lanes(context, builder, signature.args[0], slots, slot, "<", limit))

    return types.int64(slots, slot, limit), generate


@intrinsic
def _lanes_up_to(typingctx, slots, slot, limit):  # type: ignore[no-untyped-def]
    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        slots, slot, limit = arguments
        return _lanes(context, builder, signature.args[0], slots, slot, "<=", limit)

    return types.int64(slots, slot, limit), generate


@overload(block_distances)
def _(tiles, t, rows, r, first, last, sums, block):  # type: ignore[no-untyped-def]
    return lambda tiles, t, rows, r, first, last, sums, block: _block_distances(
        tiles, t, rows, r, first, last, sums, block
    )


@overload(add_slots)
def _(slots, left, right, slot):  # type: ignore[no-untyped-def]
    return lambda slots, left, right, slot: _add_slots(slots, left, right, slot)


@overload(count_below)
def _(slots, slot, limit):  # type: ignore[no-untyped-def]
    return lambda slots, slot, limit: _count_below(slots, slot, limit)


@overload(lanes_up_to)
def _(slots, slot, limit):  # type: ignore[no-untyped-def]
    return lambda slots, slot, limit: _lanes_up_to(slots, slot, limit)
