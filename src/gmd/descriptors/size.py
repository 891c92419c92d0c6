"""How much memory the descriptors of a data set take, before any of it is taken."""

from __future__ import annotations

from dataclasses import dataclass

from gmd.descriptors.notation import Notation

_NUMBER = 8
_COPIES = 4
"""Of all columns: as read, on a common scale, as compared, and on the way from one to the next."""

_PER_COLUMN = 6500
"""Bytes for the name of a column, its entry in a file and the buffers for reading it."""


@dataclass(frozen=True, kw_only=True)
class SpaceSize:
    """Size of a descriptor space.

    Attributes
    ----------
    notation : Notation
        Degrees.
    n_elements : int
        Elements of the data set.
    n_components : int
        LAED components d.
    n_structures : int
        Structures, or the least number of them where it is not known yet.
    n_element_rows : int, optional
        Pairs of a structure and an element that it has; at least one per structure.
    """

    notation: Notation
    n_elements: int
    n_components: int
    n_structures: int
    n_element_rows: int | None = None

    @property
    def n_columns(self) -> int:
        """Columns of the descriptor that holds everything, 3600 in the paper."""
        return self.n_components * sum(
            block.width(self.n_elements) for block in self.notation.basis
        )

    @property
    def n_bytes(self) -> int:
        """Memory of the job that holds most of it, approximately, in bytes."""
        of_elements = self.n_components * self.notation.max_inner
        shared = self.n_columns - self.n_elements * of_elements
        rows = self.n_structures if self.n_element_rows is None else self.n_element_rows
        numbers = self.n_structures * shared + rows * of_elements
        return _COPIES * _NUMBER * numbers + _PER_COLUMN * self.n_columns

    def __str__(self) -> str:
        return (
            f"{self.n_components} LAED components make {self.n_columns} columns of "
            f"Σ_{self.notation.full}, which for {self.n_structures} structures take about "
            f"{in_gigabytes(self.n_bytes)} of memory"
        )


def in_gigabytes(n_bytes: float) -> str:
    """A number of bytes in words, such as "4 GB"."""
    gigabytes = n_bytes / 1e9
    return f"{gigabytes:.3g} GB" if gigabytes < 1000 else f"{gigabytes:.0f} GB"
