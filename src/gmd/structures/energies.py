"""Energies that come with structures."""

from __future__ import annotations

from collections.abc import Sequence

import ase
import numpy as np
from numpy.typing import NDArray


def total_energies(structures: Sequence[ase.Atoms], key: str = "energy") -> NDArray[np.float64]:
    """Energy of every structure, NaN where there is none.

    Parameters
    ----------
    structures : sequence of ase.Atoms
    key : str
        Name under which a calculator's results or ``info`` hold the energy.

    Returns
    -------
    ndarray of shape (n_structures,), float64
        In the unit of the files.

    Raises
    ------
    ValueError
        Where an energy is there but is not a number, or infinite.
    """
    energies = np.full(len(structures), np.nan)
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
    return energies


def _complaint(atoms: ase.Atoms, row: int, key: str, value: object) -> str:
    where = atoms.info.get("source", f"structure {row}")
    return f"{where}: {key} = {value!r} is not a finite number; correct it, or take another key"
