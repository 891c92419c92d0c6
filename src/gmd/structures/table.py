"""Structures as a table: bit-exact, columnar, without a parser."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import ase
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from gmd.structures.energies import total_energies

SCHEMA = pa.schema(
    [
        ("structure", pa.int64()),
        ("name", pa.string()),
        ("source", pa.string()),
        ("formula", pa.string()),
        ("n_atoms", pa.int64()),
        ("energy", pa.float64()),
        ("pbc", pa.list_(pa.bool_(), 3)),
        ("cell", pa.list_(pa.float64(), 9)),
        ("numbers", pa.list_(pa.int64())),
        ("positions", pa.list_(pa.float64())),
        ("info", pa.string()),
    ]
)
"""Columns of a table of structures: lengths in Å, energy in eV; energy, cell and positions are null
where they are unknown. ``info`` is a JSON object of all that ``info`` holds as text, whole number,
number, or true or false, in the units of the file."""

_COLUMNS_OF_THEIR_OWN = ("name", "source", "energy")


def structures_to_table(
    structures: Sequence[ase.Atoms], energy_key: str | None = "energy", energy_unit: str = "eV"
) -> pa.Table:
    """Put structures into a table with the columns of :data:`SCHEMA`.

    Parameters
    ----------
    structures : sequence of ase.Atoms
    energy_key, energy_unit : str, optional
        As `key` and `unit` of :func:`gmd.structures.total_energies`.

    Returns
    -------
    pyarrow.Table
        One row per structure, numbered from 0.
    """
    energies = total_energies(structures, energy_key, energy_unit)
    return pa.table(
        {
            "structure": np.arange(len(structures)),
            "name": [str(atoms.info.get("name", "")) for atoms in structures],
            "source": [str(atoms.info.get("source", "")) for atoms in structures],
            "formula": [atoms.get_chemical_formula(mode="hill") for atoms in structures],
            "n_atoms": [len(atoms) for atoms in structures],
            "energy": pa.array(energies, mask=np.isnan(energies)),
            "pbc": [list(map(bool, atoms.pbc)) for atoms in structures],
            "cell": [_known(atoms.cell.array) for atoms in structures],
            "numbers": [atoms.numbers for atoms in structures],
            "positions": [_known(atoms.positions) for atoms in structures],
            "info": [json.dumps(_scalars(atoms.info)) for atoms in structures],
        },
        schema=SCHEMA,
    )


def structures_from_table(table: pa.Table) -> list[ase.Atoms]:
    """Rebuild the structures of :func:`structures_to_table`.

    Parameters
    ----------
    table : pyarrow.Table
        With the columns of :data:`SCHEMA`.

    Returns
    -------
    list of ase.Atoms
        ``info`` has ``name`` and ``source``, ``energy`` (eV) where it is known, and the text,
        numbers, and true or false of the ``info`` that was put in, to the last bit. Unknown cells
        and positions are NaN.
    """
    structures = []
    for row in range(table.num_rows):
        numbers = table["numbers"][row].values.to_numpy()
        atoms = ase.Atoms(
            numbers=numbers,
            positions=_rows(table["positions"][row], len(numbers)),
            cell=_rows(table["cell"][row], 3),
            pbc=table["pbc"][row].as_py(),
            info=json.loads(table["info"][row].as_py())
            | {key: table[key][row].as_py() for key in ("name", "source")},
        )
        energy = table["energy"][row].as_py()
        if energy is not None:
            atoms.info["energy"] = energy
        structures.append(atoms)
    return structures


def _scalars(info: Mapping[object, object]) -> dict[str, str | int | float | bool]:
    """The entries that are text, numbers, or true or false, and have no column of their own."""
    found: dict[str, str | int | float | bool] = {}
    for key, value in info.items():
        scalar = value.item() if isinstance(value, np.generic) else value
        if isinstance(scalar, str | int | float) and key not in _COLUMNS_OF_THEIR_OWN:
            found[str(key)] = scalar
    return found


def _known(rows: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """The numbers in one row, or nothing where there is none among them."""
    return None if np.isnan(rows).all() else rows.ravel()


def _rows(value: pa.Scalar, n: int) -> NDArray[np.float64]:
    if not value.is_valid:
        return np.full((n, 3), np.nan)
    rows: NDArray[np.float64] = value.values.to_numpy().reshape(n, 3)
    return rows
