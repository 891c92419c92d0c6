r"""Columns that carry no information, and descriptors that are identical without them.

Outer moments over the elements' rows degenerate where there are few rows. One row has no spread, so
every moment beyond the mean is zero. Two rows lie symmetrically about their mean, so odd central
moments are zero. Other columns vanish or repeat because an element has no weight, because two
elements have the same one, or because the structures do not differ in them.

Two kinds of columns are told apart here:

* a *constant* column has the same value in all structures, up to the rounding of its own largest
  value (the rule of :func:`gmd.descriptors.normalized`). It adds nothing to any distance.
* a *repeat* is a column :math:`a = c\,b + d` of another column b. Brought to the range from -1 to
  1, two such columns agree up to their sign. They add the same to every distance, up to a factor.

**Identical descriptors.** Every normalisation divides a column by some scale. A column then adds
:math:`w\,\delta^2` to a squared distance: :math:`\delta` is the difference of two structures in the
column brought to the range from -1 to 1, and w is its squared range on that scale. Columns that
repeat each other share :math:`\delta`, so a descriptor's distances are given by W, the sum of the w
of each group of repeats. If the W of two descriptors differ by one common factor, all their
distances differ by the root of that factor, and every structure has the same neighbours in the same
order: the two belong to one class.

Under ``zscore`` and ``minmax`` all columns of a group have the same w, and W counts them. Under
``maxabs`` a repeat with an offset d has another w, and under ``none`` every repeat with
:math:`c \neq \pm 1` has: these two separate some descriptors that the others do not. Constant
columns vanish under all four. The rule is a proof, and not the only one possible: without any
normalisation a rotation of columns keeps distances too, and such a case is not looked for. An
imbalance of 1 is weaker evidence, since it compares nearest neighbours only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gmd.descriptors._moment_kernels import NOISE
from gmd.descriptors.layout import Layout
from gmd.descriptors.normalization import Normalization, varying_columns
from gmd.descriptors.space import DescriptorSpace

Floats = NDArray[np.float64]

REPEAT_TOLERANCE = NOISE
"""How far two repeats may be apart, once both are brought to the range from -1 to 1.

Moments are accurate to some 1e-16 of the largest LAED value, hence to 1e-13 or so of a column's
range where structures differ by a thousandth. What lies below 1e-10 counts as rounding in the
moments, and does so here. Too tight a tolerance would only leave a repeat undetected. Columns in
which one structure exceeds all others by ten orders of magnitude are repeats in this sense: scaled
to their own range they are the same numbers.
"""

_COLUMNS_AT_ONCE = 64
_SAME_FACTOR = 1e-9  # sums of squared ranges, each of which is accurate to REPEAT_TOLERANCE


@dataclass(frozen=True, eq=False)
class InformativeColumns:
    """Which columns of a descriptor space vary, and which of them repeat others.

    Made by :func:`informative_columns`.

    Parameters
    ----------
    layout : Layout
        What the columns are.
    zero : ndarray of shape (layout.n_columns,), bool
        Columns that are exactly zero in all structures.
    varies : ndarray of shape (layout.n_columns,), bool
        Columns that are not constant.
    repeats : ndarray of shape (layout.n_columns,), int
        The first column that each varying column repeats; its own index where there is none, and
        for constant columns.
    weight : ndarray of shape (layout.n_columns,), float64
        What each column adds to a squared distance, in units of the column that it repeats; 0 for
        constant columns.
    """

    layout: Layout
    zero: NDArray[np.bool_]
    varies: NDArray[np.bool_]
    repeats: NDArray[np.int64]
    weight: Floats

    def n_columns(self, label: str) -> int:
        """Number of columns of a descriptor."""
        return int(self.layout.columns(label).size)

    def n_varying(self, label: str) -> int:
        """Number of columns of a descriptor that are not constant."""
        return int(self.varies[self.layout.columns(label)].sum())

    def n_zero(self, label: str) -> int:
        """Number of columns of a descriptor that are exactly zero in all structures."""
        return int(self.zero[self.layout.columns(label)].sum())

    def n_distinct(self, label: str) -> int:
        """Number of varying columns of a descriptor if repeats of each other count once."""
        columns = self.layout.columns(label)
        return int(np.unique(self.repeats[columns[self.varies[columns]]]).size)

    def effective_complexity(self, label: str) -> float:
        """Varying columns of a descriptor per LAED component.

        At most :meth:`gmd.descriptors.Layout.complexity`, which counts all columns.
        """
        return self.n_varying(label) / self.layout.n_components

    @cached_property
    def classes(self) -> tuple[tuple[str, ...], ...]:
        """Classes of descriptors whose distances differ by no more than a common factor.

        See the definition at the top of this module.

        Returns
        -------
        tuple of tuple of str
            Every label of the space once. The smallest member of a class comes first: that of
            the fewest varying columns, then of the fewest columns, then first in the notation.
            Classes are in the order of their smallest members.
        """
        labels = self.layout.notation.labels
        order = {label: place for place, label in enumerate(labels)}
        found: list[tuple[Floats, list[str]]] = []
        for label in sorted(labels, key=lambda s: (self.n_varying(s), self.n_columns(s), order[s])):
            weights = self._weights(label)
            for first, members in found:
                if _proportional(first, weights):
                    members.append(label)
                    break
            else:
                found.append((weights, [label]))
        return tuple(tuple(members) for _, members in found)

    def smallest(self, label: str) -> str:
        """The smallest descriptor that gives the same distances as this one."""
        return self._class_of[self.layout.notation[label].label][0]

    def identical(self, label: str) -> tuple[str, ...]:
        """All descriptors that give the same distances as this one, itself included."""
        return self._class_of[self.layout.notation[label].label]

    def columns_report(self) -> str:
        """How many columns are constant or repeat others, and why outer moments vanish if they do.

        Returns
        -------
        str
            One or two sentences for a log.
        """
        full = self.layout.notation.full
        total, varying = self.n_columns(full), self.n_varying(full)
        words = (
            f"{total - varying} of {total} columns of Σ_{full} are constant over the structures "
            f"({self.n_zero(full)} of them zero), and {varying - self.n_distinct(full)} repeat "
            f"another one up to a factor and a constant."
        )
        orders = self._vanishing_orders()
        if orders:
            words += (
                f" All outer moments of order {', '.join(map(str, orders))} over the elements' "
                f"rows are constant: one row has no spread, and odd moments of two rows cancel."
            )
        return words

    def classes_report(self) -> str:
        """Which descriptors give the same distances.

        Returns
        -------
        str
            One sentence for a log.
        """
        shared = [members for members in self.classes if len(members) > 1]
        if not shared:
            return "No two descriptors give the same distances by construction."
        listed = "; ".join(" = ".join(f"Σ_{label}" for label in members) for members in shared)
        return f"Descriptors that give the same distances, the smallest first: {listed}."

    @cached_property
    def _class_of(self) -> dict[str, tuple[str, ...]]:
        return {label: members for members in self.classes for label in members}

    def _weights(self, label: str) -> Floats:
        """What each group of repeats adds to a descriptor's squared distances."""
        columns = self.layout.columns(label)
        sums = np.zeros(self.layout.n_columns)
        np.add.at(sums, self.repeats[columns], self.weight[columns])
        return sums

    def _vanishing_orders(self) -> list[int]:
        """Outer orders of which no column of method iii varies."""
        varying: dict[int, bool] = {}
        for block, columns in self.layout.block_columns.items():
            if block.method == "iii":
                seen = varying.get(block.outer, False)
                varying[block.outer] = seen or bool(self.varies[columns].any())
        return sorted(order for order, varies in varying.items() if not varies)


def informative_columns(
    space: DescriptorSpace, normalization: Normalization | None = "zscore"
) -> InformativeColumns:
    """Find constant columns, repeated columns and identical descriptors of a data set.

    Parameters
    ----------
    space : DescriptorSpace
        All structures, not normalised. Read one from a file by :func:`gmd.descriptors.read_space`.
    normalization : {"zscore", "minmax", "maxabs", "none"} or None
        The normalisation under which distances are compared.

    Returns
    -------
    InformativeColumns

    Notes
    -----
    Columns are taken 64 at a time, so the zeros of method ii are never spelled out all at once.
    Repeats have the same projection on a random vector up to its sign: only columns whose
    projections agree are compared value by value, and the time grows with structures times columns.
    """
    n = space.layout.n_columns
    zero, varies = np.ones(n, dtype=bool), np.zeros(n, dtype=bool)
    scale, projection = np.zeros(n), np.zeros(n)
    direction = np.random.default_rng(0).normal(size=space.n_structures)
    direction /= np.abs(direction).sum()
    for first, columns in _column_blocks(space):
        here = slice(first, first + len(columns))
        zero[here] = ~columns.any(axis=1)
        varies[here], largest = varying_columns(columns.T)
        if varies[here].any():
            some = first + np.flatnonzero(varies[here])
            chosen = columns[varies[here]]
            scale[some] = _scales(chosen, largest[varies[here]], normalization)
            projection[some] = np.abs(_from_minus_one_to_one(chosen) @ direction)
    repeats = _first_repeats(space, np.flatnonzero(varies), projection)
    weight = np.zeros(n)
    weight[varies] = (scale[varies] / scale[repeats[varies]]) ** 2
    return InformativeColumns(space.layout, zero, varies, repeats, weight)


def _column_blocks(space: DescriptorSpace) -> Iterator[tuple[int, Floats]]:
    """Some columns at a time, each a row of an array, with the index of the first of them."""
    shared, rows = space.shared, space.by_element
    for start in range(0, shared.shape[1], _COLUMNS_AT_ONCE):
        yield start, np.ascontiguousarray(shared[:, start : start + _COLUMNS_AT_ONCE].T)
    width = rows.values.shape[1]
    for element in range(rows.n_elements):
        here = np.flatnonzero(rows.element == element)
        first = shared.shape[1] + element * width
        for start in range(0, width, _COLUMNS_AT_ONCE):
            some = slice(start, start + _COLUMNS_AT_ONCE)
            absent = rows.absent[element, some]
            columns = np.repeat(absent[:, np.newaxis], rows.n_structures, axis=1)
            columns[:, rows.structure[here]] = rows.values[here, some].T
            yield first + start, columns


def _one_column(space: DescriptorSpace, index: int) -> Floats:
    """One column, of shape (1, n_structures)."""
    shared, rows = space.shared, space.by_element
    if index < shared.shape[1]:
        return shared[np.newaxis, :, index]
    element, place = divmod(index - shared.shape[1], rows.values.shape[1])
    column = np.full((1, rows.n_structures), rows.absent[element, place])
    here = rows.element == element
    column[0, rows.structure[here]] = rows.values[here, place]
    return column


def _from_minus_one_to_one(columns: Floats) -> Floats:
    """Varying columns, each along the last axis, shifted and scaled to their own range."""
    scaled = columns / np.abs(columns).max(axis=1, keepdims=True)  # keeps sums in range
    low, high = scaled.min(axis=1, keepdims=True), scaled.max(axis=1, keepdims=True)
    result: Floats = (scaled - (low + high) / 2) / ((high - low) / 2)
    return result


def _scales(columns: Floats, largest: Floats, normalization: Normalization | None) -> Floats:
    """Ranges of varying columns on the scale of a normalisation, up to a factor of each group."""
    if normalization in ("zscore", "minmax"):
        return np.ones(len(columns))
    spread: Floats = columns.max(axis=1) - columns.min(axis=1)
    return spread / largest if normalization == "maxabs" else spread


def _first_repeats(
    space: DescriptorSpace, varying: NDArray[np.int64], projection: Floats
) -> NDArray[np.int64]:
    """The first column that each column repeats, its own index where there is none."""
    repeats = np.arange(space.layout.n_columns)
    ordered = varying[np.argsort(projection[varying], kind="stable")]
    apart = np.diff(projection[ordered]) > 2 * REPEAT_TOLERANCE
    for candidates in np.split(ordered, np.flatnonzero(apart) + 1):
        if candidates.size < 2:
            continue
        firsts: list[tuple[int, Floats]] = []
        for index in np.sort(candidates).tolist():
            column = _from_minus_one_to_one(_one_column(space, index))[0]
            for first, other in firsts:
                if _agree(column, other):
                    repeats[index] = first
                    break
            else:
                firsts.append((index, column))
    return repeats


def _agree(one: Floats, other: Floats) -> bool:
    """Whether two columns are equal up to their sign and rounding."""
    return any(np.abs(one - sign * other).max() <= REPEAT_TOLERANCE for sign in (1.0, -1.0))


def _proportional(one: Floats, other: Floats) -> bool:
    """Whether two sets of weights differ by one common factor."""
    there = one > 0
    if (there != (other > 0)).any():
        return False
    if not there.any():
        return True
    ratio = one[there] / other[there]
    return bool(ratio.max() - ratio.min() <= _SAME_FACTOR * ratio.max())
