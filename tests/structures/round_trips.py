"""Structures through ASE's writer and this project's reader, and what has become of them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ase
import ase.db
import ase.io
import numpy as np

from gmd.structures import StructureError, read_structures

CELL = np.array([[5.0, 0.5, 0.25], [-0.5, 5.5, 0.0], [0.25, -0.25, 6.0]])
FLAT = np.array([[5.0, 0.5, 0.0], [-0.5, 5.5, 0.0], [0.0, 0.0, 6.0]])
ELEMENTS = ("Li", "S", "F", "H")
FRACTIONS = [[0.1, 0.05, 0.2], [0.4, 0.45, 0.15], [0.12, 0.4, 0.55], [0.75, 0.7, 0.4]]

WRITER_SETTINGS: dict[str, dict[str, Any]] = {
    "espresso-in": {"pseudopotentials": {symbol: f"{symbol}.upf" for symbol in ELEMENTS}},
    "lammps-data": {"masses": True},
    "mustem": {"keV": 300.0, "debye_waller_factors": dict.fromkeys(ELEMENTS, 0.5)},
    "prismatic": {"debye_waller_factors": dict.fromkeys(ELEMENTS, 0.5)},
}
BOXES_ONLY = ("mustem", "prismatic")


def crystal(kind: str) -> ase.Atoms:
    """All elements once, so that atoms are known again in whatever order they come."""
    cell = np.diag([5.0, 5.5, 6.0]) if kind in BOXES_ONLY else CELL
    return ase.Atoms("LiSFH", scaled_positions=FRACTIONS, cell=cell, pbc=True)


def slab(kind: str) -> ase.Atoms:
    atoms = crystal(kind)
    if kind not in BOXES_ONLY:
        atoms.set_cell(FLAT, scale_atoms=True)
    atoms.pbc = [True, True, False]
    return atoms


def molecule(kind: str) -> ase.Atoms:
    atoms = crystal(kind)
    atoms.pbc = False
    atoms.cell[:] = 0.0
    return atoms


MADE: dict[str, Callable[[str], ase.Atoms]] = {
    "crystal": crystal,
    "slab": slab,
    "molecule": molecule,
}


def outcome(kind: str, made: str, tolerance: float) -> str:
    """What a format makes of a structure, as :class:`gmd.structures.format_table.Keeps` says it."""
    atoms = MADE[made](kind)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{kind}"
        try:
            if kind == "db":
                with ase.db.connect(path, use_lock_file=False) as connection:
                    connection.write(atoms)
            else:
                ase.io.write(path, atoms, format=kind, **WRITER_SETTINGS.get(kind, {}))
        except Exception:
            return "not written"
        try:
            (read,) = read_structures(path, format=kind)
        except StructureError:
            return "refused"
    return compared(atoms, read, tolerance)


def compared(atoms: ase.Atoms, read: ase.Atoms, tolerance: float) -> str:
    """What has become of a structure; elements and distances must be those that were written."""
    atoms, read = (a[np.argsort(a.numbers)] for a in (atoms, read))
    assert atoms.symbols.get_chemical_formula() == read.symbols.get_chemical_formula()
    if (atoms.pbc != read.pbc).any():
        assert read.pbc.all() or not read.pbc.any()
        # within the structure, without images: the periodicity is lost, the atoms are not
        assert np.abs(distances(atoms) - distances(read)).max() <= 3 * tolerance
        return "periodic" if read.pbc.all() else "molecule"
    periodic = atoms.cell.array[atoms.pbc] - read.cell.array[atoms.pbc]
    apart = np.abs(atoms.positions - read.positions).max()
    if max(apart, np.abs(periodic).max(initial=0.0)) <= tolerance:
        return "same"
    assert np.abs(distances(atoms) - distances(read)).max() <= 3 * tolerance
    lengths = atoms.cell.lengths() - read.cell.lengths()
    assert np.abs(lengths[atoms.pbc]).max(initial=0.0) <= 3 * tolerance
    if atoms.pbc.all():
        volumes = atoms.cell.volume, read.cell.volume
        np.testing.assert_allclose(*volumes, rtol=max(tolerance, 1e-9))
    return "rotated"


def distances(atoms: ase.Atoms) -> np.ndarray:
    return np.asarray(atoms.get_all_distances())
