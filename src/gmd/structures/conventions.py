"""What a format means and ASE's reader of it does not know, or makes up."""

from __future__ import annotations

import re

import ase
import numpy as np

from gmd.structures.checks import StructureError
from gmd.structures.elements import has_elements_in_comment
from gmd.structures.poscar import one_structure

OWN_UNIT = frozenset({"extxyz", "xyz"})
"""Formats whose energies are numbers of the file, in the unit that the data set's file gives. The
readers of all others return eV."""

_INVENTED_RESULTS = {"lammps-dump-text": ("energy",)}  # 0.0 where there are forces
# ASE keeps the cell and leaves out that it is periodic
_ALWAYS_PERIODIC = ("eon", "mustem", "prismatic", "sys")
# the number of molecules follows, at times not in its columns
_NO_SYMMETRY = re.compile(r"(?:P ?1(?: {2,}\d+)?)?")
_ATOM = ("ATOM", "HETATM")


def prepared_text(text: str, kind: str, where: str) -> str:
    """A text as ASE's reader should get it.

    Parameters
    ----------
    text : str
        The contents of the file.
    kind : str
        ASE's name of the format.
    where : str
        The file, as the message's beginning.

    Returns
    -------
    str
        PDB: with the cell, given once, in every model; without a cell that stands for none; with
        an end of the last model, and without models of no atoms. VASP 4: without a comment that
        could be taken for elements. VASP: the structure without what follows its positions, such as
        velocities. Otherwise the same text.

    Raises
    ------
    StructureError
        Where ASE would not read all atoms.
    """
    if kind == "proteindatabank":
        return _models(text, where)
    if kind == "vasp":
        text = one_structure(text, where)
        return text if has_elements_in_comment(text) else "\n" + text.partition("\n")[2]
    return text


def _models(text: str, where: str) -> str:
    lines: list[str] = []
    cell, inside = "", False
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("CRYST1"):
            cell = "" if _stands_for_none(line) else line
            space_group = line[55:66].strip()
            if cell and not _NO_SYMMETRY.fullmatch(space_group):
                raise StructureError(
                    f"{where}, line {number}: the crystal has the space group {space_group!r}, "
                    f"but only the atoms in the file are read; expand the symmetry to all atoms "
                    f"of the unit cell in P 1, or remove CRYST1 if the atoms are a molecule"
                )
        elif line.startswith("END"):
            if inside:
                lines.append("ENDMDL")
            inside = False
        else:
            if line.startswith(_ATOM) and not inside:
                lines.append(cell)
                inside = True
            lines.append(line)
    if inside:
        lines.append("ENDMDL")
    return "\n".join(lines) + "\n"


def _stands_for_none(line: str) -> bool:
    """A cell of 1 Å, which PDB prescribes without a crystal, or of zero size, as VMD writes."""
    try:
        lengths = {float(line[start : start + 9]) for start in (6, 15, 24)}
    except ValueError:
        return False  # reported by the reader
    return lengths in ({0.0}, {1.0})


def apply_conventions(atoms: ase.Atoms, kind: str, where: str) -> None:
    """Correct a structure that ASE has read, in place.

    Parameters
    ----------
    atoms : ase.Atoms
        The structure.
    kind : str
        ASE's name of the format.
    where : str
        File and structure, as the message's beginning.

    Raises
    ------
    StructureError
        For a periodic 1 Å cube, which is only a placeholder for "no cell".
    """
    for name in _INVENTED_RESULTS.get(kind, ()):
        if atoms.calc is not None:
            atoms.calc.results.pop(name, None)
    if kind in _ALWAYS_PERIODIC and atoms.cell.rank == 3:
        atoms.pbc = True
    if kind == "proteindatabank":  # checked in the text, where an unused column is known as such
        atoms.arrays.pop("occupancy", None)
    # GROMACS writes a box of zero size where there is none
    if kind in ("gromacs", "gromos") and atoms.cell.rank == 0:
        atoms.pbc = False
    if kind == "crystal":  # unit vectors along the directions that are not periodic
        atoms.cell[~atoms.pbc] = 0.0
    if atoms.pbc.any() and np.array_equal(atoms.cell.array, np.eye(3)):
        raise StructureError(
            f"{where}: the cell is a periodic 1 Å cube, a placeholder for 'no cell'; give the real "
            f"cell, or set pbc to F for a molecule"
        )
