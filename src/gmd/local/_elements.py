"""Elements of the atoms of several structures, as the families want them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import ase
import numpy as np
from ase.data import chemical_symbols
from numpy.typing import NDArray

from gmd.structures import place_of


def checked_species(species: Sequence[str]) -> tuple[str, ...]:
    """Elements that a descriptor tells apart, each named once.

    Raises
    ------
    ValueError
        For anything else.
    """
    if isinstance(species, str):
        raise ValueError(f"species={species!r}: give a list of elements, such as ['Li', 'S']")
    checked = tuple(species)
    # the first symbol, X, stands for no element
    unknown = [repr(element) for element in checked if element not in chemical_symbols[1:]]
    if not checked or unknown or len(set(checked)) < len(checked):
        raise ValueError(
            f"species={list(checked)}: give every element once, by its symbol"
            + (f"; {', '.join(unknown)} is none" if unknown else "")
        )
    return checked


def symbols_of(structures: Sequence[ase.Atoms]) -> NDArray[np.str_]:
    """Chemical symbols of all atoms."""
    numbers = np.concatenate([np.empty(0, np.int64), *(atoms.numbers for atoms in structures)])
    known = (numbers >= 0) & (numbers < len(chemical_symbols))
    return np.array(chemical_symbols, dtype=np.str_)[np.where(known, numbers, 0)]


def places_among(
    known: Iterable[str],
    element: NDArray[np.str_],
    structures: Sequence[ase.Atoms],
    *,
    first_structure: int,
    complaint: str = "which is not among the species",
    named: str = "these are",
) -> NDArray[np.int64]:
    """Place of every atom's element among the known ones.

    Parameters
    ----------
    known : iterable of str
        Symbols.
    element : ndarray of str
        :func:`symbols_of` the structures.
    structures : sequence of ase.Atoms
        For messages.
    first_structure : int
        Number of the first structure, for messages.
    complaint, named : str
        How a message says that an element is not known, and what names those that are.

    Returns
    -------
    ndarray of shape (n_atoms,), int

    Raises
    ------
    ValueError
        For an atom of another element, naming its structure.
    """
    places = {symbol: place for place, symbol in enumerate(known)}
    symbols, inverse = np.unique(element, return_inverse=True)
    for symbol in symbols:
        if symbol not in places:
            atom = int(np.argmax(element == symbol))
            ends = np.cumsum([len(atoms) for atoms in structures])
            number = int(np.searchsorted(ends, atom, side="right"))
            where = place_of(structures[number], first_structure + number)
            raise ValueError(f"{where} holds {symbol}, {complaint}; {named} {', '.join(places)}")
    return np.array([places[symbol] for symbol in symbols], dtype=np.int64)[inverse]
