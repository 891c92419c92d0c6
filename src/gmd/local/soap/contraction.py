"""How an expansion becomes the components of a compression."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmd.local.soap.layout import SideLayout, SoapLayout
from gmd.local.soap.members import Member, Side

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Contraction:
    """One compression of the densities of some elements.

    Attributes
    ----------
    member : Member
        What is multiplied with what.
    species : tuple of str
        Elements.
    n_max, l_max : int
        Size of the expansion.
    vectors : ndarray of shape (n_species, n_channels) or None
        Weights of an embedding.
    mixed : tuple of int
        How many combinations of coefficients are taken for l = 0, 1, ..., where some are.
    mixing : callable
        Makes them, arrays of shape (n_species * n_max, k_l), when they are first needed: the
        length of a descriptor is known without them.
    n_rows : tuple of int
        How many rows of the triangle of a symmetric product are kept, for each l.
    """

    member: Member
    species: tuple[str, ...]
    n_max: int
    l_max: int
    vectors: Floats | None
    mixed: tuple[int, ...]
    mixing: Callable[[], Sequence[Floats]]
    n_rows: tuple[int, ...]

    @cached_property
    def layout(self) -> SoapLayout:
        """Where components stand."""
        member = self.member
        return SoapLayout(
            self._side(member.left), self._side(member.right), member.is_symmetric, self.n_rows
        )

    def _side(self, side: Side) -> SideLayout:
        degrees = range(self.l_max + 1)
        if side == "mixed":
            return SideLayout((self.member.mixing,), self.mixed)
        groups: tuple[str, ...] = ("all",)
        if side in ("nu", "nu_hat"):
            groups = self.species
            if self.vectors is not None:
                groups = tuple(f"J{channel}" for channel in range(self.vectors.shape[1]))
        if side == "mu*":
            return SideLayout(groups, tuple(2 * degree + 1 for degree in degrees))
        projected = side.endswith("hat")
        return SideLayout(groups, tuple(1 if projected else self.n_max for _ in degrees), projected)

    @property
    def has_own_total(self) -> bool:
        """Whether the total density has radial functions of its own."""
        return self.member.right == "mu*"

    @property
    def n_densities(self) -> int:
        """How many densities are expanded: one per element, or one for all."""
        return 1 if self.member.is_agnostic else len(self.species)

    def densities_of(self, places: Integers) -> Integers:
        """Index of the density that each atom adds to, from the places of elements."""
        return np.zeros_like(places) if self.member.is_agnostic else places

    @cached_property
    def arguments(self) -> tuple[Any, ...]:
        """What the kernels are told of the two sides."""
        layout = self.layout
        vectors = np.zeros((self.n_densities, 0)) if self.vectors is None else self.vectors
        mixing = [matrix.ravel() for matrix in self.mixing()]
        return (
            *self.member.kinds(embedded=self.vectors is not None),
            np.array(layout.left.widths),
            np.array(layout.right.widths),
            np.array(self.n_rows),
            self.member.is_symmetric,
            1.0 if self.member.mixing == "Q" else float(np.sqrt(2.0)),
            vectors,
            np.concatenate([np.empty(0), *mixing]),
        )

    @cached_property
    def block_arguments(self) -> tuple[Any, ...]:
        """What the kernels are told of the blocks."""
        layout = self.layout
        left, right = np.ascontiguousarray(layout.blocks.T)
        return left, right, layout.sizes, layout.starts

    def blocks_here(self, present: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which blocks each atom has, (n_atoms, n_blocks), from the elements around it."""
        here = np.ones((present.shape[0], len(self.layout.blocks)), dtype=np.bool_)
        if self.vectors is None:
            sides = (self.member.left, self.member.right)
            for side, group in zip(sides, self.layout.blocks.T, strict=True):
                if side in ("nu", "nu_hat"):
                    here &= present[:, group]
        return here
