"""The compressions of the power spectrum, as products of two sides (Darby et al. 2021, Table I)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gmd.local.soap import _kernels as kernels
from gmd.parameters import suggestion

Side = Literal["nu", "nu_hat", "mu", "mu_hat", "mu*", "mixed"]

_KINDS: dict[Side, int] = {
    "nu": kernels.ELEMENTS,
    "nu_hat": kernels.ELEMENTS_HAT,
    "mu": kernels.TOTAL,
    "mu_hat": kernels.TOTAL_HAT,
    "mu*": kernels.OWN_TOTAL,
    "mixed": kernels.MIXED,
}
_EMBEDDED = {kernels.ELEMENTS: kernels.CHANNELS, kernels.ELEMENTS_HAT: kernels.CHANNELS_HAT}


@dataclass(frozen=True)
class Member:
    """What is multiplied with what.

    Attributes
    ----------
    left, right : {"nu", "nu_hat", "mu", "mu_hat", "mu*", "mixed"}
        Sides: the densities of the elements, these projected on the unit sphere, the total
        density, this projected, the total density in 2l + 1 functions of its own, or fixed
        combinations of all coefficients.
    mixing : {"", "W", "Q", "U"}
        What the combinations are called where there are some: random columns, a random orthogonal
        matrix, or an optimal radial basis.
    """

    left: Side
    right: Side
    mixing: str = ""

    @property
    def is_symmetric(self) -> bool:
        """Whether both sides are the same, so that half the product says all."""
        return self.left == self.right

    @property
    def is_agnostic(self) -> bool:
        """Whether elements do not matter at all."""
        return {self.left, self.right} <= {"mu", "mu_hat", "mu*"}

    @property
    def takes_embedding(self) -> bool:
        """Whether element densities may give way to embedded channels."""
        return not self.mixing

    def kinds(self, *, embedded: bool) -> tuple[int, int]:
        """Numbers of the sides' kinds for the kernels."""
        left, right = _KINDS[self.left], _KINDS[self.right]
        if embedded:
            left, right = _EMBEDDED.get(left, left), _EMBEDDED.get(right, right)
        return left, right


MEMBERS: dict[str, Member] = {
    "nu=2": Member("nu", "nu"),
    "nu=1,mu=1": Member("nu", "mu"),
    "nu=1,nu_hat=1": Member("nu", "nu_hat"),
    "nu=1,mu_hat=1": Member("nu", "mu_hat"),
    "nu_hat=2": Member("nu_hat", "nu_hat"),
    "mu=2": Member("mu", "mu"),
    "mu=1,mu_hat=1": Member("mu", "mu_hat"),
    "nu_hat=1,mu=1": Member("nu_hat", "mu"),
    "nu_hat=1,mu_hat=1": Member("nu_hat", "mu_hat"),
    "mu_hat=2": Member("mu_hat", "mu_hat"),
    "nu=1,mu*=1": Member("nu", "mu*"),
    "WTP": Member("mixed", "nu", "W"),
    "QTPQ": Member("mixed", "mixed", "Q"),
    "optimal": Member("mixed", "mixed", "U"),
}
"""Compressions by their names: the ten of the generalised kernel, and those that mix channels."""


def member_of(compression: str) -> Member:
    """The member of this name.

    Raises
    ------
    ValueError
        For an unknown name.
    """
    if compression not in MEMBERS:
        raise ValueError(
            f"compression {compression!r} is unknown{suggestion(compression, MEMBERS)}; choose one "
            f"of {', '.join(map(repr, MEMBERS))}"
        )
    return MEMBERS[compression]
