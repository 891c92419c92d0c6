"""Isotopes of hydrogen that have symbols of their own: D is read as H with its mass.

Deuterium has the electrons of hydrogen, and so do its energies and descriptors. T is not read: in
structures of minerals it is any element in a tetrahedron.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import ase
import numpy as np
from ase.data import atomic_numbers, chemical_symbols

from gmd.structures.checks import StructureError

DEUTERIUM_MASS = 2.01410177812
"""u, of the atom."""

_PROTON_LIMITS = (1.5, 2.5)  # u, between which hydrogen is deuterium
_SYMBOLS = ("D", "T")
_FIRST_NUMBER = len(chemical_symbols)


@contextmanager
def isotopes_known() -> Iterator[None]:
    """Have ASE's readers accept the symbols D and T, with numbers beyond the periodic table.

    They are known as long as the context lasts, which is while a structure is read.
    """
    chemical_symbols.extend(_SYMBOLS)
    atomic_numbers.update({s: _FIRST_NUMBER + k for k, s in enumerate(_SYMBOLS)})
    try:
        yield
    finally:
        del chemical_symbols[_FIRST_NUMBER:]
        for symbol in _SYMBOLS:
            del atomic_numbers[symbol]


def replace_isotopes(atoms: ase.Atoms, where: str) -> None:
    """Make hydrogen of the deuterium that was read within :func:`isotopes_known`.

    Parameters
    ----------
    atoms : ase.Atoms
        Changed in place; deuterium gets :data:`DEUTERIUM_MASS`.
    where : str
        File and structure, as the message's beginning.

    Raises
    ------
    StructureError
        For the symbol T.
    """
    deuterium, other = (atoms.numbers == _FIRST_NUMBER + k for k in range(len(_SYMBOLS)))
    if other.any():
        raise StructureError(
            f"{where}, atom {int(np.argmax(other))}: the symbol T is not an element; write H for "
            f"tritium, or the element of a tetrahedral site"
        )
    if deuterium.any():
        has_masses = atoms.has("masses")
        atoms.numbers[deuterium] = 1
        masses = atoms.get_masses()
        if not has_masses or not np.isfinite(masses[deuterium]).all():
            masses[deuterium] = DEUTERIUM_MASS
        atoms.set_masses(masses)
        if atoms.calc is not None:
            atoms.calc.atoms = atoms.copy()  # whose results are of these atoms still


def count_deuterium(atoms: ase.Atoms) -> int:
    """Number of hydrogen atoms with the mass of deuterium."""
    if not atoms.has("masses"):
        return 0
    low, high = _PROTON_LIMITS
    masses = atoms.get_masses()
    return int(((atoms.numbers == 1) & (masses > low) & (masses < high)).sum())
