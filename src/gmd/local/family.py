"""What every family of local atomic environment descriptors offers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, runtime_checkable

import ase

from gmd.local.sites import Sites
from gmd.parameters import whole_number


@runtime_checkable
class LocalFamily(Protocol):
    """A way to describe the environments of atoms by vectors of one length.

    A new family is one class with these members; the row of an atom depends on its own structure
    alone.
    """

    @property
    def component_names(self) -> tuple[str, ...]:
        """Names of the components, unique."""

    @property
    def n_components(self) -> int:
        """Number of components d."""

    def compute(self, structures: Sequence[ase.Atoms], *, first_structure: int = 0) -> Sites:
        """LAEDs of all atoms of `structures`, which are numbered from `first_structure`."""


@runtime_checkable
class FittedFamily(LocalFamily, Protocol):
    """A family of which a part may have to be found from the structures that it is to describe."""

    @property
    def needs_fit(self) -> bool:
        """Whether that part is still missing, without which there is nothing to compute."""

    def fit(self, structures: Sequence[ase.Atoms]) -> LocalFamily:
        """The same descriptor with that part."""


def compute_in_chunks(
    family: LocalFamily,
    structures: Sequence[ase.Atoms],
    *,
    atoms_at_once: int = 20_000,
    bytes_at_once: int = 2**26,
) -> Iterator[Sites]:
    """LAEDs of a data set, a bounded part of them at a time.

    Parameters
    ----------
    family : LocalFamily
        The descriptor.
    structures : sequence of ase.Atoms
        All structures.
    atoms_at_once : int
        A chunk ends with the structure that reaches this number of atoms.
    bytes_at_once : int
        It ends before the structure with which its values would take more than this; one
        structure is computed at once in any case. 64 MiB are 20 000 atoms of 419 components.

    Yields
    ------
    Sites
        Chunks of whole structures, in order; together the same rows as one ``compute``.
    """
    atoms_at_once = whole_number("atoms_at_once", atoms_at_once, at_least=1)
    bytes_at_once = whole_number("bytes_at_once", bytes_at_once, at_least=1)
    row_bytes = 8 * family.n_components
    start = n_atoms = 0
    for place, atoms in enumerate(structures):
        too_large = (n_atoms + len(atoms)) * row_bytes > bytes_at_once
        if place > start and (n_atoms >= atoms_at_once or too_large):
            yield family.compute(structures[start:place], first_structure=start)
            start, n_atoms = place, 0
        n_atoms += len(atoms)
    if start < len(structures):
        yield family.compute(structures[start:], first_structure=start)
