"""Energies that come with structures."""

from __future__ import annotations

from collections.abc import Sequence

import ase
import numpy as np
from numpy.typing import NDArray

from gmd.structures.checks import place_of
from gmd.structures.energy_units import ENERGY_UNITS, check_energy_units


def total_energies(
    structures: Sequence[ase.Atoms], key: str | None = "energy", unit: str = "eV"
) -> NDArray[np.float64]:
    """Energy of every structure in eV, NaN where there is none.

    Parameters
    ----------
    structures : sequence of ase.Atoms
    key : str, optional
        Name under which a calculator's results or ``info`` hold the energy; None for structures
        without.
    unit : str
        Of the files: one of :data:`ENERGY_UNITS` for a whole structure, or such a one and
        ``/atom``.

    Returns
    -------
    ndarray of shape (n_structures,), float64
        Of whole structures, in eV.

    Raises
    ------
    ValueError
        For an unknown unit, where an energy is there but is not a number, or infinite, and where
        structures state or betray another unit (:mod:`gmd.structures.energy_units`).
    """
    name = unit.removesuffix("/atom")
    if name not in ENERGY_UNITS:
        raise ValueError(
            f"energy unit {unit!r} is unknown; choose one of {', '.join(ENERGY_UNITS)}, with or "
            f"without /atom"
        )
    per_atom = name != unit
    energies = np.full(len(structures), np.nan)
    if key is None:
        return energies
    for row, atoms in enumerate(structures):
        results = atoms.calc.results if atoms.calc is not None else {}
        value = results.get(key, atoms.info.get(key))
        if value is None:
            continue
        try:
            energies[row] = float(value)
        except (TypeError, ValueError):
            raise ValueError(_complaint(atoms, row, key, value)) from None
        if np.isinf(energies[row]):
            raise ValueError(_complaint(atoms, row, key, value))
        energies[row] *= ENERGY_UNITS[name] * (len(atoms) if per_atom else 1)
    check_energy_units(structures, energies, key, unit)
    return energies


def _complaint(atoms: ase.Atoms, row: int, key: str, value: object) -> str:
    where = place_of(atoms, row)
    return f"{where}: {key} = {value!r} is not a finite number; correct it, or take another key"
