"""Which structures of a data set belong to a subset."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

import ase
import numpy as np
from numpy.typing import NDArray

from gmd.parameters import whole_number
from gmd.structures.composition import on_composition_line


def select_structures(
    structures: Sequence[ase.Atoms],
    *,
    end_members: Sequence[str] = (),
    elements: Sequence[str] = (),
    names: str = "*",
    max_atoms: int | None = None,
    every: int = 1,
) -> NDArray[np.bool_]:
    """Whether each structure meets all of the conditions.

    Parameters
    ----------
    structures : sequence of ase.Atoms
    end_members : sequence of str
        Formulas; structures whose formula is an exact mixture of them, see
        :func:`on_composition_line`. Any composition if there are none.
    elements : sequence of str
        Chemical symbols; structures of no other elements. Any elements if there are none.
    names : str
        Pattern of ``info["name"]``, such as ``"*_liquid_*"``.
    max_atoms : int, optional
        Most atoms of a structure.
    every : int
        Of the structures that meet the other conditions, the first of so many at a time, as for
        frames of a trajectory.

    Returns
    -------
    ndarray of shape (n_structures,), bool

    Raises
    ------
    ValueError
        For something that is not a formula, or a step below one.
    """
    every = whole_number("every", every, at_least=1)
    if max_atoms is not None:
        max_atoms = whole_number("max_atoms", max_atoms, at_least=1)
    chosen = np.ones(len(structures), dtype=bool)
    if end_members:
        chosen &= on_composition_line(structures, end_members)
    if elements:
        allowed = set(elements)
        chosen &= _each(allowed.issuperset(atoms.symbols.species()) for atoms in structures)
    chosen &= _each(fnmatchcase(str(a.info.get("name", "")), names) for a in structures)
    if max_atoms is not None:
        chosen &= _each(len(atoms) <= max_atoms for atoms in structures)
    rows = np.flatnonzero(chosen)
    kept = np.zeros(len(structures), dtype=bool)
    kept[rows[::every]] = True
    return kept


def _each(answers: Iterable[bool]) -> NDArray[np.bool_]:
    return np.fromiter(answers, dtype=np.bool_)
