"""Chemical compositions, and which of them lie exactly between end members."""

from __future__ import annotations

from collections.abc import Sequence

import ase
import numpy as np
from ase.data import chemical_symbols
from ase.formula import Formula
from numpy.typing import NDArray
from scipy.optimize import nnls

from gmd.structures.checks import place_of

_EXACT = 1e-9


def composition_counts(
    structures: Sequence[ase.Atoms], elements: Sequence[str]
) -> NDArray[np.float64]:
    """Number of atoms of every element.

    Parameters
    ----------
    structures : sequence of ase.Atoms
    elements : sequence of str
        Chemical symbols, one column each.

    Returns
    -------
    ndarray of shape (n_structures, n_elements), float64
        Whole numbers.

    Raises
    ------
    ValueError
        For a structure with an element that is not listed.
    """
    counts = np.zeros((len(structures), len(elements)))
    columns = {element: column for column, element in enumerate(elements)}
    for row, atoms in enumerate(structures):
        for symbol, count in atoms.symbols.formula.count().items():
            if symbol not in columns:
                raise ValueError(
                    f"{place_of(atoms, row)} holds {symbol}, which is not among the elements "
                    f"{', '.join(elements)}; add it to them"
                )
            counts[row, columns[symbol]] = count
    return counts


def formula_counts(formula: str, elements: Sequence[str]) -> NDArray[np.float64]:
    """Atoms of every element in a formula such as ``"P2S5"``.

    Raises
    ------
    ValueError
        For something that is not a formula, or an element that is not listed.
    """
    count = _count(formula)
    missing = [symbol for symbol in count if symbol not in elements]
    if missing:
        raise ValueError(
            f"the formula {formula} holds {', '.join(missing)}, not among the elements "
            f"{', '.join(elements)}"
        )
    return np.array([float(count.get(element, 0)) for element in elements])


def on_composition_line(
    structures: Sequence[ase.Atoms], end_members: Sequence[str]
) -> NDArray[np.bool_]:
    """Whether each structure's formula is an exact mixture of the end members.

    Decided from the numbers of atoms alone: a structure counts if its composition is a sum of the
    end members' with amounts of zero or more, such as Li7PS6 = 7/2 Li2S + 1/2 P2S5.

    Parameters
    ----------
    structures : sequence of ase.Atoms
    end_members : sequence of str
        Formulas, such as ``["Li2S", "P2S5"]``.

    Returns
    -------
    ndarray of shape (n_structures,), bool

    Raises
    ------
    ValueError
        For no end members or something that is not a formula.
    """
    if not end_members:
        raise ValueError("a composition line needs at least one end member, such as Li2S")
    present = {symbol for atoms in structures for symbol in atoms.symbols.species()}
    for formula in end_members:
        present |= set(_count(formula))
    elements = sorted(present)
    counts = composition_counts(structures, elements)
    corners = np.stack([formula_counts(formula, elements) for formula in end_members], axis=1)
    distinct, inverse = np.unique(counts, axis=0, return_inverse=True)
    exact = np.array([nnls(corners, row)[1] < _EXACT * row.sum() for row in distinct], dtype=bool)
    return exact[inverse.ravel()]


def similar_element(symbol: str) -> str:
    """The element that may be meant by what is not a symbol, for the end of a message.

    Returns
    -------
    str
        " (did you mean Li?)" for ``Lj`` or ``LI``, or nothing.
    """
    symbols = chemical_symbols[1:]
    wanted = symbol.strip().capitalize()
    if wanted not in symbols:
        alike = [known for known in symbols if known[:1] == wanted[:1] and len(known) == 2]
        if not alike:
            return ""
        last = ord(wanted[1:2] or "a")
        wanted = min(alike, key=lambda known: abs(ord(known[1]) - last))
    return f" (did you mean {wanted}?)"


def _count(formula: str) -> dict[str, int]:
    try:
        count: dict[str, int] = Formula(formula).count()
    except ValueError:
        count = {}
    if sum(count.values()) == 0 or not set(count) <= set(chemical_symbols[1:]):
        raise ValueError(f"{formula!r} is not a chemical formula such as P2S5")
    return count
