"""Where the components of a compressed power spectrum stand, and what they are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class SideLayout:
    """Groups of a side, and the columns of each for every degree.

    Attributes
    ----------
    groups : tuple of str
        Elements, embedded channels, or one name for the whole.
    widths : tuple of int
        Columns of one group for l = 0, 1, ...
    projected : bool
        Whether the radial functions are summed up.
    """

    groups: tuple[str, ...]
    widths: tuple[int, ...]
    projected: bool = False

    def label(self, group: int, column: int) -> str:
        """Name of a column."""
        return f"{self.groups[group]}.{'hat' if self.projected else column}"


@dataclass(frozen=True)
class SoapLayout:
    """Blocks of a descriptor: one for every pair of a left and a right group.

    Attributes
    ----------
    left, right : SideLayout
        The sides.
    symmetric : bool
        Whether they are the same; then a block of two different groups comes once, and one of a
        group with itself holds the upper triangle.
    n_rows : tuple of int
        How many rows of that triangle are kept, for l = 0, 1, ...
    """

    left: SideLayout
    right: SideLayout
    symmetric: bool
    n_rows: tuple[int, ...]

    @cached_property
    def blocks(self) -> Integers:
        """Left and right group of every block, (n_blocks, 2)."""
        n_left, n_right = len(self.left.groups), len(self.right.groups)
        pairs = [(g, h) for g in range(n_left) for h in range(g if self.symmetric else 0, n_right)]
        return np.array(pairs, dtype=np.int64)

    @cached_property
    def sizes(self) -> Integers:
        """Number of components of every block."""
        full = sum(k * j for k, j in zip(self.left.widths, self.right.widths, strict=True))
        triangle = sum(
            sum(k - i for i in range(min(k, rows)))
            for k, rows in zip(self.left.widths, self.n_rows, strict=True)
        )
        own = self.symmetric & (self.blocks[:, 0] == self.blocks[:, 1])
        return np.where(own, triangle, full).astype(np.int64)

    @cached_property
    def starts(self) -> Integers:
        """Where the block of two groups begins, (n_left, n_right); -1 where there is none."""
        found = np.full((len(self.left.groups), len(self.right.groups)), -1, dtype=np.int64)
        found[self.blocks[:, 0], self.blocks[:, 1]] = np.cumsum(self.sizes) - self.sizes
        return found

    @property
    def n_components(self) -> int:
        """Length of the descriptor."""
        return int(self.sizes.sum())

    def component_names(self) -> tuple[str, ...]:
        """Names such as ``Li.0_S.3_l2``, in order: block, l, left column, right column."""
        return tuple(name for g, h in self.blocks.tolist() for name in self._block_names(g, h))

    def _block_names(self, g: int, h: int) -> Sequence[str]:
        own = self.symmetric and g == h
        names = []
        for degree, (k_left, k_right) in enumerate(
            zip(self.left.widths, self.right.widths, strict=True)
        ):
            for i in range(min(k_left, self.n_rows[degree]) if own else k_left):
                for j in range(i if own else 0, k_right):
                    names.append(f"{self.left.label(g, i)}_{self.right.label(h, j)}_l{degree}")
        return names
