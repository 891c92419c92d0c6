r"""The notation :math:`\Sigma_{ijk}` and the space of descriptors it spans.

A label is three digits: outer degree *i*, inner degree *j* and *k*, which says how the element
weights enter (Gharakhanyan et al. 2023, section 3.1):

====== =========================================================================
label  global structure descriptor
====== =========================================================================
``0j0`` method ii: moments up to degree *j* per element, stacked over elements
``i00`` method i: moments up to degree *i* over all atoms (``i01``: weighted)
``ij0`` method iii: *i* outer moments over the elements' *j* inner moments
``ij1`` method iii with every element's row multiplied by its weight
``ij2`` ``ij0`` and ``ij1`` side by side (also for *j* = 0)
``mn4`` ``mn2`` and ``m02``, where *m* and *n* are the highest degrees of the space
``mn5`` ``mn4`` and ``0n0``: everything there is
====== =========================================================================

With *m* = *n* = 5, the paper's choice, these are its 97 descriptors. Everything is a selection of
columns of ``mn5``, in units that are called blocks here: one block holds the columns of one outer
and one inner moment order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from gmd.parameters import suggestion, whole_number

Method = Literal["i", "ii", "iii"]
MethodII = Literal["moments", "repeated"]

HIGHEST_DEGREE = 9
"""Labels spend one digit on each degree."""


class Block(NamedTuple):
    """Columns of one moment order, the unit in which descriptors nest.

    Attributes
    ----------
    method : {"i", "ii", "iii"}
        Construction of the paper's equation 1.
    outer : int
        Order of the outer moment, 1 for the mean; 0 in method ii, which has none.
    inner : int
        Order of the inner moment, 1 for the mean; 0 in method i, which has none.
    weighted : bool
        Whether rows carry the element weights.
    """

    method: Method
    outer: int
    inner: int
    weighted: bool

    def width(self, n_elements: int) -> int:
        """Columns of the block in units of the number of LAED components."""
        return n_elements if self.method == "ii" else 1


@dataclass(frozen=True)
class Sigma:
    r"""One global structure descriptor :math:`\Sigma_{ijk}`, by its label.

    Attributes
    ----------
    label : str
        The three digits, such as ``"232"``.
    parts : tuple of str
        Labels of the descriptors it is stacked from; empty unless *k* is 2, 4 or 5.
    own_blocks : tuple of Block
        The blocks of a descriptor that is not stacked from others.
    """

    label: str
    parts: tuple[str, ...]
    own_blocks: tuple[Block, ...]

    @property
    def kind(self) -> int:
        """The third digit *k*."""
        return int(self.label[2])


@dataclass(frozen=True)
class Notation:
    """All labels up to given degrees, and the blocks behind each.

    Parameters
    ----------
    max_outer, max_inner : int
        Highest outer and inner moment degrees, 1 to 9; the paper has 5 and 5.
    method_ii : {"moments", "repeated"}
        What ``0j0`` holds for *j* >= 3: all moments up to *j*, or the mean followed by the *j*-th
        moment repeated *j* - 1 times, as the authors' code did until June 2023.

    Raises
    ------
    ValueError
        For degrees outside 1 to 9 or an unknown `method_ii`.
    """

    max_outer: int = 5
    max_inner: int = 5
    method_ii: MethodII = "moments"

    def __post_init__(self) -> None:
        for name, degree in (("max_outer", self.max_outer), ("max_inner", self.max_inner)):
            # a moment degree is a digit of the label
            whole = whole_number(name, degree, at_least=1, at_most=HIGHEST_DEGREE)
            object.__setattr__(self, name, whole)
        if self.method_ii not in ("moments", "repeated"):
            raise ValueError(
                f"method_ii={self.method_ii!r} is unknown; choose 'moments' or 'repeated'"
            )

    @cached_property
    def sigmas(self) -> dict[str, Sigma]:
        """Every descriptor of the space by label, simple ones first."""
        outers = range(1, self.max_outer + 1)
        inners = range(1, self.max_inner + 1)
        found: list[Sigma] = [Sigma(f"0{j}0", (), self._method_ii_blocks(j)) for j in inners]
        for k in (0, 1):
            for i in outers:
                blocks = tuple(Block("i", o, 0, bool(k)) for o in range(1, i + 1))
                found.append(Sigma(f"{i}0{k}", (), blocks))
                for j in inners:
                    blocks = tuple(
                        Block("iii", o, p, bool(k))
                        for o in range(1, i + 1)
                        for p in range(1, j + 1)
                    )
                    found.append(Sigma(f"{i}{j}{k}", (), blocks))
        for i in outers:
            for j in (0, *inners):
                found.append(Sigma(f"{i}{j}2", (f"{i}{j}0", f"{i}{j}1"), ()))
        m, n = self.max_outer, self.max_inner
        found.append(Sigma(f"{m}{n}4", (f"{m}{n}2", f"{m}02"), ()))
        found.append(Sigma(f"{m}{n}5", (f"{m}{n}4", f"0{n}0"), ()))
        return {sigma.label: sigma for sigma in found}

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels in the order of :attr:`sigmas`; 97 for degrees 5 and 5."""
        return tuple(self.sigmas)

    @property
    def full(self) -> str:
        """Label of the descriptor that holds everything, the paper's ``555``."""
        return f"{self.max_outer}{self.max_inner}5"

    @property
    def full_without_elements(self) -> str:
        """Label of the largest descriptor without method ii, the paper's ``554``."""
        return f"{self.max_outer}{self.max_inner}4"

    def __getitem__(self, label: str) -> Sigma:
        try:
            return self.sigmas[label]
        except KeyError:
            raise ValueError(
                f"{label!r} is not a descriptor with outer degrees up to {self.max_outer} and "
                f"inner degrees up to {self.max_inner}; labels are three digits such as '100', "
                f"'0{self.max_inner}0' or {self.full!r}"
                f"{suggestion(label, self.sigmas)}"
            ) from None

    def blocks(self, label: str) -> tuple[Block, ...]:
        """Blocks of a descriptor in column order; a repeated block is listed repeatedly."""
        sigma = self[label]
        return sum((self.blocks(part) for part in sigma.parts), sigma.own_blocks)

    @cached_property
    def basis(self) -> tuple[Block, ...]:
        """Every distinct block once, in the column order 550 | 551 | 500 | 501 | 050."""
        plain = Notation(self.max_outer, self.max_inner, "moments")
        return plain.blocks(self.full)

    def complexity(self, label: str, n_elements: int) -> int:
        """Columns of a descriptor over LAED components (paper, section 2.3).

        Parameters
        ----------
        label : str
            Descriptor label.
        n_elements : int
            Number of elements of the data set.

        Returns
        -------
        int
            The complexity, 75 for ``555`` with three elements.
        """
        return sum(block.width(n_elements) for block in self.blocks(label))

    def _method_ii_blocks(self, degree: int) -> tuple[Block, ...]:
        orders = tuple(range(1, degree + 1))
        if self.method_ii == "repeated" and degree >= 3:
            orders = (1, *(degree,) * (degree - 1))
        return tuple(Block("ii", 0, order, False) for order in orders)


def sigma_labels(max_outer: int = 5, max_inner: int = 5) -> tuple[str, ...]:
    """Labels of all descriptors up to the given degrees, simple ones first.

    Parameters
    ----------
    max_outer, max_inner : int
        Highest outer and inner moment degrees.

    Returns
    -------
    tuple of str
        97 labels for degrees 5 and 5.
    """
    return Notation(max_outer, max_inner).labels


def complexity(label: str, n_elements: int, max_outer: int = 5, max_inner: int = 5) -> int:
    """Columns of a descriptor over LAED components; see :meth:`Notation.complexity`."""
    return Notation(max_outer, max_inner).complexity(label, n_elements)
