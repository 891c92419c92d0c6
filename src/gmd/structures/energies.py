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
        Where an energy is there but is not a number.
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
            where = atoms.info.get("source", f"structure {row}")
            raise ValueError(f"{where}: {key} = {value!r} is not a number") from None
    return energies
