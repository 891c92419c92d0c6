"""Energies that come with structures."""

from __future__ import annotations

from collections.abc import Sequence

import ase
import numpy as np
from numpy.typing import NDArray

from gmd.structures.checks import StructureError, place_of
from gmd.structures.conventions import OWN_UNIT
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
        ``/atom``. Formats other than (extended) XYZ have a unit of their own, which ASE converts
        to eV; entries of ``info`` are numbers of the file in every format.

    Returns
    -------
    ndarray of shape (n_structures,), float64
        Of whole structures, in eV.

    Raises
    ------
    ValueError
        For an unknown unit, where an energy is there but is not a number, or infinite, where
        structures state or betray another unit (:mod:`gmd.structures.energy_units`), and for a
        unit other than eV where the energies have been converted already.
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
        if unit != "eV" and key in results:
            _check_not_converted(atoms, row, key, unit)
        try:
            energies[row] = float(value)
        except (TypeError, ValueError):
            raise ValueError(_complaint(atoms, row, key, value)) from None
        if np.isinf(energies[row]):
            raise ValueError(_complaint(atoms, row, key, value))
        energies[row] *= ENERGY_UNITS[name] * (len(atoms) if per_atom else 1)
    check_energy_units(structures, energies, key, unit)
    return energies


def _check_not_converted(atoms: ase.Atoms, row: int, key: str, unit: str) -> None:
    """Refuse to convert an energy for the second time."""
    kind = atoms.info.get("read_as")
    if kind is not None and kind not in OWN_UNIT:
        raise StructureError(
            f"{place_of(atoms, row)}: {key} is in eV already, as {kind} states its unit and it "
            f"was converted when it was read; set energy_unit to eV, or give the name of another "
            f"entry of the file as energy_key"
        )


def _complaint(atoms: ase.Atoms, row: int, key: str, value: object) -> str:
    where = place_of(atoms, row)
    return f"{where}: {key} = {value!r} is not a finite number; correct it, or take another key"
