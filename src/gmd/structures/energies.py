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
        For an unknown unit, where the key is present without a finite number or only in another
        spelling, where structures state or betray another unit
        (:mod:`gmd.structures.energy_units`), and for a unit other than eV where the energies have
        been converted already.
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
        value = check_energy(atoms, key, place_of(atoms, row))
        if value is None:
            continue
        if unit != "eV" and atoms.calc is not None and atoms.calc.results.get(key) is not None:
            _check_not_converted(atoms, row, key, unit)
        energies[row] = value * ENERGY_UNITS[name] * (len(atoms) if per_atom else 1)
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


def check_energy(atoms: ase.Atoms, key: str | None, where: str) -> float | None:
    """The energy of one structure, if it has one.

    Parameters
    ----------
    atoms : ase.Atoms
    key : str, optional
        As for :func:`total_energies`.
    where : str
        File and structure, as the message's beginning.

    Returns
    -------
    float or None
        In the unit of the file; None where there is no energy of this name.

    Raises
    ------
    StructureError
        Where the name is present without a finite number, or only in another spelling.
    """
    if key is None:
        return None
    results = atoms.calc.results if atoms.calc is not None else {}
    value = results.get(key)
    if value is None:
        value = atoms.info.get(key)
    if value is None:
        for name in (*results, *atoms.info):
            if name != key and _plain(name) == _plain(key):
                raise StructureError(
                    f"{where}: has no {key!r}, but {name!r}; set energy_key to {name!r}, or "
                    f"correct the spelling in the file"
                )
        return None
    if isinstance(value, bool | np.bool_):
        raise StructureError(
            f"{where}: the {key} is missing or a boolean; write, for example, {key}=-1.0, or set "
            f"energy_key to null to use no energies"
        )
    try:
        energy = float(value)
    except (TypeError, ValueError):
        energy = np.nan
    if not np.isfinite(energy):
        value = value.item() if isinstance(value, np.generic) else value
        raise StructureError(
            f"{where}: {key} = {value!r} is not a finite number; correct it, remove the key, or "
            f"choose another energy_key"
        )
    return energy


def _plain(name: object) -> str:
    return str(name).lower().replace("-", "").replace("_", "").replace(" ", "")
