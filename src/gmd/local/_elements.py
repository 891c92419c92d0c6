"""Elements of the atoms of several structures, checked against those that a descriptor knows."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import ase
import numpy as np
from ase.data import chemical_symbols
from numpy.typing import NDArray

from gmd.structures import place_of


def symbols_of(structures: Sequence[ase.Atoms]) -> NDArray[np.str_]:
    """Chemical symbols of all atoms."""
    numbers = np.concatenate([np.empty(0, np.int64), *(atoms.numbers for atoms in structures)])
    known = (numbers >= 0) & (numbers < len(chemical_symbols))
    return np.array(chemical_symbols, dtype=np.str_)[np.where(known, numbers, 0)]


def check_elements(
    structures: Sequence[ase.Atoms],
    known: Collection[str],
    *,
    first_structure: int,
    lacks: str,
) -> None:
    """Make sure that a descriptor knows all elements.

    Parameters
    ----------
    structures : sequence of ase.Atoms
        Numbered from `first_structure`.
    known : collection of str
        Elements.
    first_structure : int
        Number of the first structure.
    lacks : str
        What an element that is not known lacks, for the message: "which has no weight; ...".

    Raises
    ------
    ValueError
        Naming the first structure with another element.
    """
    for place, atoms in enumerate(structures):
        for symbol in dict.fromkeys(symbols_of([atoms]).tolist()):
            if symbol not in known:
                where = place_of(atoms, first_structure + place)
                raise ValueError(f"{where} holds {symbol}, {lacks}")
