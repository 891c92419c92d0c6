"""Columns of method ii without their zeros: rows for the elements that a structure has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_SPARSE_FILL = 1 / 3  # beyond, comparing all columns is faster


@dataclass(frozen=True, eq=False)
class ElementRows:
    """Moments over each element's atoms, a row for every structure and element that it has.

    Densely they are (n_structures, n_elements, width), nearly all zero where a data set has many
    elements and a structure few of them.

    Parameters
    ----------
    first : ndarray of shape (n_structures + 1,), int
        Rows ``first[s]:first[s + 1]`` belong to structure s.
    element : ndarray of shape (n_rows,), int
        Element indices, rising within a structure.
    values : ndarray of shape (n_rows, width), float64
        By order, then by component.
    absent : ndarray of shape (n_elements, width), float64
        What stands for an element in all structures that have no row of it: zeros, until columns
        are shifted.

    Raises
    ------
    ValueError
        Where shapes disagree, or elements do not rise within a structure.
    """

    first: Integers
    element: Integers
    values: Floats
    absent: Floats

    def __post_init__(self) -> None:
        n_rows = self.element.size
        expected = (n_rows, self.absent.shape[1])
        if self.values.shape != expected:
            raise ValueError(f"values have shape {self.values.shape}; expected {expected}")
        if self.first[0] != 0 or self.first[-1] != n_rows or (np.diff(self.first) < 0).any():
            raise ValueError(f"first must rise from 0 to the number of rows, {n_rows}")
        places = self.structure * self.n_elements + self.element
        if (np.diff(places) <= 0).any():
            raise ValueError("elements must rise within a structure, each given once")
        if n_rows and not 0 <= self.element.min() <= self.element.max() < self.n_elements:
            raise ValueError(f"elements must be numbers from 0 to {self.n_elements - 1}")

    @classmethod
    def from_dense(cls, values: Floats) -> ElementRows:
        """Keep what is not zero.

        Parameters
        ----------
        values : ndarray of shape (n_structures, n_elements, width), float64
        """
        n, n_elements, width = values.shape
        structure, element = np.nonzero(values.any(axis=2))
        return cls(
            np.searchsorted(structure, np.arange(n + 1)).astype(np.int64),
            element.astype(np.int64),
            np.ascontiguousarray(values[structure, element], dtype=np.float64),
            np.zeros((n_elements, width)),
        )

    @classmethod
    def stacked(cls, parts: Sequence[ElementRows]) -> ElementRows:
        """Structures of several parts, one after the other; all parts share what is absent."""
        if len(parts) == 1:
            return parts[0]
        counts = np.concatenate([np.diff(part.first) for part in parts])
        return cls(
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            np.concatenate([part.element for part in parts]),
            np.concatenate([part.values for part in parts]),
            parts[0].absent,
        )

    @classmethod
    def side_by_side(cls, parts: Sequence[ElementRows]) -> ElementRows:
        """Elements of several parts, one after the other; all parts are of the same structures."""
        if len(parts) == 1:
            return parts[0]
        before = np.cumsum([0] + [part.n_elements for part in parts])
        structure = np.concatenate([part.structure for part in parts])
        order = np.argsort(structure, kind="stable")
        element = [part.element + n for part, n in zip(parts, before, strict=False)]
        return cls(
            np.sum([part.first for part in parts], axis=0),
            np.concatenate(element)[order],
            np.concatenate([part.values for part in parts])[order],
            np.concatenate([part.absent for part in parts]),
        )

    @property
    def n_structures(self) -> int:
        """Number of structures."""
        return self.first.size - 1

    @property
    def n_elements(self) -> int:
        """Number of elements of the data set."""
        return int(self.absent.shape[0])

    @cached_property
    def structure(self) -> Integers:
        """Which structure each row belongs to, of shape (n_rows,)."""
        return np.repeat(np.arange(self.n_structures), np.diff(self.first))

    @property
    def fill(self) -> float:
        """Share of the pairs of a structure and an element that have a row."""
        return self.element.size / max(1, self.n_structures * self.n_elements)

    @property
    def is_sparse(self) -> bool:
        """Whether `fill` is below a third, where leaving zeros out saves time and memory."""
        return self.fill < _SPARSE_FILL

    def subset(self, rows: Sequence[int] | NDArray[Any] | slice) -> ElementRows:
        """Some structures, by their places, by a mask or by a slice, in the order given."""
        chosen = np.arange(self.n_structures)[rows]
        counts = np.diff(self.first)[chosen]
        first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        kept = np.arange(first[-1]) + np.repeat(self.first[chosen] - first[:-1], counts)
        return replace(self, first=first, element=self.element[kept], values=self.values[kept])

    def select(self, columns: Integers) -> ElementRows:
        """The same rows with some of the `width` columns, in the order given."""
        return replace(self, values=self.values[:, columns], absent=self.absent[:, columns])


def dense_columns(shared: Floats, rows: ElementRows, out: Floats | None = None) -> Floats:
    """Columns of methods i and iii, and those of all elements behind them.

    Parameters
    ----------
    shared : ndarray of shape (n_structures, n_shared)
    rows : ElementRows
    out : ndarray of shape (n_structures, n_shared + n_elements * width), optional
        Where to put them; a new array if there is none.
    """
    n, n_shared = shared.shape
    shape = n, *rows.absent.shape
    if out is None:
        out = np.empty((n, n_shared + rows.absent.size))
    out[:, :n_shared] = shared
    of_elements = out[:, n_shared:].reshape(shape)  # a view
    of_elements[:] = rows.absent
    of_elements[rows.structure, rows.element] = rows.values
    return out


def sparse_columns(shared: Floats, rows: ElementRows) -> sparse.csr_array:
    """The same without what is absent, which must be zeros.

    Columns of methods i and iii are kept in full, and those of method ii for the elements that a
    structure has.
    """
    n, n_shared = shared.shape
    width = rows.values.shape[1]
    n_columns = n_shared + rows.absent.size
    first = n_shared * np.arange(n + 1) + width * rows.first
    kind = np.int32 if max(n_columns, first[-1]) < 2**31 else np.int64
    data, indices = np.empty(first[-1]), np.empty(first[-1], dtype=kind)
    for s, (begin, end) in enumerate(pairwise(first)):
        here = slice(rows.first[s], rows.first[s + 1])
        behind = begin + n_shared
        data[begin:behind], indices[begin:behind] = shared[s], np.arange(n_shared)
        data[behind:end] = rows.values[here].ravel()
        before = n_shared + width * rows.element[here]
        indices[behind:end] = (before[:, np.newaxis] + np.arange(width)).ravel()
    return sparse.csr_array((data, indices, first.astype(kind)), shape=(n, n_columns))
