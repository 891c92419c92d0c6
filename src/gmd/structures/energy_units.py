"""Units of energy: those that structures state, and those that their energies betray."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import ase
import numpy as np
from ase import units
from numpy.typing import NDArray

from gmd.structures.checks import StructureError, place_of

ENERGY_UNITS: dict[str, float] = {
    "eV": 1.0,
    "Hartree": units.Hartree,
    "Ry": units.Rydberg,
    "kcal/mol": units.kcal / units.mol,
    "kJ/mol": units.kJ / units.mol,
}
"""Units of energy by name, in eV (CODATA 2014, as ASE has them)."""

_OTHER_NAMES = {
    "ev": "eV",
    "electronvolt": "eV",
    "hartree": "Hartree",
    "ha": "Hartree",
    "eh": "Hartree",
    "ry": "Ry",
    "rydberg": "Ry",
    "kcal/mol": "kcal/mol",
    "kcal": "kcal/mol",
    "kj/mol": "kJ/mol",
    "kj": "kJ/mol",
}
_PER_ATOM = ("/atom", " per atom")

# these say a unit of energy; the others may say one of anything, or a style of units
_SURE_KEYS = ("energy_unit", "energy_units")
_OTHER_KEYS = ("unit", "units")

_SPREAD = 0.01  # of the energies of one unit, relative to their mean
_TOLERANCE = 0.01  # of the ratio of two units
_LEAST_ENERGY = 0.05  # eV per atom; below, ratios are those of chance
_LEAST_GAP = 3.0  # eV per atom; no two structures of a composition are as far apart
_SMALL_RATIO = 5.0  # below, as from Ry to Hartree, one structure alone proves nothing
_LEAST_NUMBER = 3


def check_energy_units(
    structures: Sequence[ase.Atoms], energies: NDArray[np.float64], key: str, unit: str
) -> None:
    """Make sure that energies are of one unit, as far as that can be told.

    Parameters
    ----------
    structures : sequence of ase.Atoms
        ``info`` may state the unit as ``energy_unit``, ``energy_units``, ``unit`` or ``units``, or
        under `key` and ``_unit`` or ``_units``.
    energies : ndarray of shape (n_structures,), float64
        Of whole structures, in eV if `unit` is right; NaN where unknown.
    key : str
        Name of the energy.
    unit : str
        The unit that was taken for that of the files, with or without ``/atom``.

    Raises
    ------
    StructureError
        Where a structure states another unit, or where structures of one composition have energies
        that lie in two narrow ranges, as far apart as two units are and not as two structures can
        be.
    """
    known = ~np.isnan(energies)
    for row in np.flatnonzero(known).tolist():
        _check_stated(structures[row], row, key, unit)
    by_composition: dict[str, list[int]] = {}
    for row in np.flatnonzero(known).tolist():
        formula = structures[row].symbols.formula.reduce()[0].format("hill")
        by_composition.setdefault(formula, []).append(row)
    for formula, rows in by_composition.items():
        per_atom = np.array([energies[row] / len(structures[row]) for row in rows])
        _check_ranges(structures, rows, per_atom, formula, unit)


def _check_stated(atoms: ase.Atoms, row: int, key: str, unit: str) -> None:
    for name in (*_SURE_KEYS, *_OTHER_KEYS, f"{key}_unit", f"{key}_units"):
        stated = atoms.info.get(name)
        if not isinstance(stated, str):
            continue
        base, per_atom = stated.strip(), False
        for ending in _PER_ATOM:
            if base.lower().endswith(ending):
                base, per_atom = base[: -len(ending)], True
        found = _OTHER_NAMES.get(base.lower())
        if found is None and name in _OTHER_KEYS:
            continue
        expected = unit.removesuffix("/atom")
        # a unit without "/atom" may be that of the energy per atom nevertheless
        if found != expected or (per_atom and expected == unit):
            where = place_of(atoms, row)
            raise StructureError(
                f"{where}: says {name} = {stated!r}, but the unit of energy is set to {unit}; "
                f"set the right one, or split the data set"
            )


def _check_ranges(
    structures: Sequence[ase.Atoms],
    rows: list[int],
    per_atom: NDArray[np.float64],
    formula: str,
    unit: str,
) -> None:
    if len(rows) < 2 or not ((per_atom > 0).all() or (per_atom < 0).all()):
        return
    order = np.argsort(np.abs(per_atom))
    sizes = np.abs(per_atom)[order]
    if sizes[0] < _LEAST_ENERGY or sizes[-1] - sizes[0] < _LEAST_GAP:
        return
    split = int(np.argmax(np.diff(np.log(sizes)))) + 1
    low, high = sizes[:split], sizes[split:]
    for part in (low, high):
        if part[-1] - part[0] > _SPREAD * part.mean():
            return
    ratio = high.mean() / low.mean()
    if ratio < _SMALL_RATIO and min(len(low), len(high)) < _LEAST_NUMBER:
        return
    for (small, a), (large, b) in itertools.permutations(ENERGY_UNITS.items(), 2):
        if a < b and abs(ratio * a / b - 1) < _TOLERANCE:
            names = [place_of(structures[rows[order[k]]], rows[order[k]]) for k in (0, split)]
            raise StructureError(
                f"{names[0]} and {names[1]}: both are {formula}, with energies of "
                f"{per_atom[order[0]]:.4g} and {per_atom[order[split]]:.4g} eV per atom if they "
                f"are in {unit}; that is {small} to {large}: bring all energies to one unit"
            )
