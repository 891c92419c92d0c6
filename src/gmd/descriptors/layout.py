r"""Where every descriptor's columns are in the table that holds them all.

The table has each distinct block once, in the order 550 | 551 | 500 | 501 | 050 (for degrees 5
and 5): outer order slowest, then inner order, then component; in 050 element, order, component.
With ``method_ii="moments"`` that is :math:`\Sigma_{555}` itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gmd.descriptors.notation import Block, Notation

IntArray = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True)
class Layout:
    """Columns of a descriptor space.

    Parameters
    ----------
    notation : Notation
        Degrees and conventions.
    elements : tuple of str
        Elements of the data set in the configured order.
    component_names : tuple of str
        Names of the LAED components.

    Raises
    ------
    ValueError
        For no or repeated elements or components.
    """

    notation: Notation
    elements: tuple[str, ...]
    component_names: tuple[str, ...]

    def __post_init__(self) -> None:
        for what, names in (("element", self.elements), ("component", self.component_names)):
            if not names:
                raise ValueError(f"a descriptor space needs at least one {what}")
            if len(set(names)) != len(names):
                twice = sorted({name for name in names if names.count(name) > 1})
                raise ValueError(f"{what} given more than once: {', '.join(twice)}")

    @property
    def n_components(self) -> int:
        """Number of LAED components d."""
        return len(self.component_names)

    @property
    def n_columns(self) -> int:
        """Columns of the whole table, 3600 for 48 components, 3 elements and degrees 5."""
        return self.n_components * sum(
            block.width(len(self.elements)) for block in self.notation.basis
        )

    @property
    def element_width(self) -> int:
        """Columns of one element in method ii."""
        return self.n_components * self.notation.max_inner

    @property
    def n_shared_columns(self) -> int:
        """Columns of methods i and iii, which come before those of method ii."""
        return self.n_columns - len(self.elements) * self.element_width

    def complexity(self, label: str) -> int:
        """Columns of a descriptor over LAED components."""
        return self.notation.complexity(label, len(self.elements))

    @cached_property
    def block_columns(self) -> dict[Block, IntArray]:
        """Column indices of every distinct block, element by element in method ii."""
        d, n_inner = self.n_components, self.notation.max_inner
        columns: dict[Block, IntArray] = {}
        start = 0
        for block in self.notation.basis:
            if block.method != "ii":
                columns[block] = np.arange(start, start + d, dtype=np.int64)
                start += d
        for block in self.notation.basis:
            if block.method == "ii":
                first = start + (block.inner - 1) * d
                columns[block] = np.concatenate(
                    [
                        np.arange(first + e * n_inner * d, first + (e * n_inner + 1) * d)
                        for e in range(len(self.elements))
                    ]
                )
        return columns

    def columns(self, label: str) -> IntArray:
        """Column indices of a descriptor, in the order of its definition.

        Parameters
        ----------
        label : str
            Descriptor label.

        Returns
        -------
        ndarray of shape (complexity * n_components,)
            Indices into the table.

        Raises
        ------
        ValueError
            For a label that is not part of the space.
        """
        chosen: list[IntArray] = []
        by_element: list[list[IntArray]] = [[] for _ in self.elements]
        for block in self.notation.blocks(label):
            if block.method == "ii":
                pieces = self.block_columns[block].reshape(len(self.elements), self.n_components)
                for rows, piece in zip(by_element, pieces, strict=True):
                    rows.append(piece)
            else:
                chosen.append(self.block_columns[block])
        return np.concatenate(chosen + [piece for rows in by_element for piece in rows])

    def split_columns(self, label: str) -> tuple[IntArray, IntArray]:
        """Columns of a descriptor in methods i and iii, and those within every element's rows.

        Returns
        -------
        shared : ndarray of int
            Indices into the first `n_shared_columns` columns of the table.
        of_element : ndarray of int
            Indices into the `element_width` columns of each element; a descriptor that holds
            method ii has them for one element after the other.
        """
        columns = self.columns(label)
        n_shared = np.searchsorted(columns >= self.n_shared_columns, True)
        by_element = (columns[n_shared:] - self.n_shared_columns).reshape(len(self.elements), -1)
        return columns[:n_shared], by_element[0]

    @cached_property
    def column_names(self) -> tuple[str, ...]:
        """A name for every column that tells moment orders, weighting, element and component.

        ``o2_i3_w1_rad_4``: second outer moment of the third inner moments, weighted rows;
        ``o2_w0_rad_4``: method i; ``Li_i3_rad_4``: third moment over the lithium atoms.
        """
        names = [""] * self.n_columns
        for block, columns in self.block_columns.items():
            if block.method == "ii":
                prefixes: Sequence[str] = [f"{element}_i{block.inner}" for element in self.elements]
            elif block.method == "i":
                prefixes = [f"o{block.outer}_w{int(block.weighted)}"]
            else:
                prefixes = [f"o{block.outer}_i{block.inner}_w{int(block.weighted)}"]
            labels = [f"{prefix}_{name}" for prefix in prefixes for name in self.component_names]
            for column, label in zip(columns, labels, strict=True):
                names[column] = label
        return tuple(names)
