"""Molecules in QM9's own variant of XYZ.

The comment line holds a tag, a number and fifteen properties; every atom has a Mulliken charge;
frequencies, SMILES and InChI follow the atoms; some exponents are written ``*^`` for ``e``
(Ramakrishnan, Dral, Rupp and von Lilienfeld, Sci. Data 1, 140022 (2014)).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import ase
import numpy as np
from ase.calculators.singlepoint import SinglePointCalculator

from gmd.structures.checks import StructureError

PROPERTIES = (
    *("A", "B", "C"),  # GHz, rotational constants
    "mu",  # D
    "alpha",  # a0^3
    *("homo", "lumo", "gap"),  # Hartree
    "r2",  # a0^2
    "zpve",  # Hartree
    *("U0", "U", "H", "G"),  # Hartree
    "Cv",  # cal/(mol K)
)
"""Names of the properties in the order of the comment line, in the units of the files."""

_COMMENT = re.compile(rf"gdb\s+\d+(?:\s+\S+){{{len(PROPERTIES)}}}\s*")
_N_TRAILING = 3


def is_qm9(text: str) -> bool:
    """Whether a text begins with a molecule of QM9."""
    lines = text.lstrip().split("\n", 2)
    return len(lines) > 2 and _COMMENT.fullmatch(lines[1].strip()) is not None


def qm9_molecules(text: str, where: str) -> Iterator[ase.Atoms]:
    """Molecules of a text, usually one.

    Parameters
    ----------
    text : str
        For which :func:`is_qm9` is true.
    where : str
        File, as the message's beginning.

    Yields
    ------
    ase.Atoms
        ``info`` has the :data:`PROPERTIES` in the units of the file and the molecule's ``index``;
        the calculator has the Mulliken ``charges``.

    Raises
    ------
    StructureError
        For a molecule that is not whole, or something that is not a number.
    """
    lines = text.replace("*^", "e").splitlines()
    start = number = 0
    while start < len(lines):
        if not lines[start].strip():
            start += 1
            continue
        place = f"{where}, structure {number}"
        n_atoms = int(_number(lines[start], place, "number of atoms"))
        end = start + 2 + n_atoms
        if len(lines) < end or n_atoms < 0 or not _COMMENT.fullmatch(lines[start + 1].strip()):
            raise StructureError(
                f"{place}: a molecule of QM9 has a line 'gdb' with {len(PROPERTIES)} properties "
                f"and {n_atoms} lines of atoms; the file may be cut off"
            )
        yield _molecule(lines[start + 1 : end], place)
        start, number = end + _N_TRAILING, number + 1


def _molecule(lines: list[str], where: str) -> ase.Atoms:
    _, index, *values = lines[0].split()
    symbols, rows = [], []
    for atom, line in enumerate(lines[1:]):
        symbol, *numbers = line.split() or [""]
        if len(numbers) != 4:
            raise StructureError(
                f"{where}, atom {atom}: {line.strip()!r} is not a symbol, three coordinates and "
                f"a charge, as in QM9; the file may be damaged"
            )
        symbols.append(symbol)
        rows.append([_number(n, f"{where}, atom {atom}", "coordinate") for n in numbers])
    table = np.array(rows).reshape(-1, 4)
    info: dict[str, int | float] = {"index": int(index)}
    for name, value in zip(PROPERTIES, values, strict=True):
        info[name] = _number(value, where, name)
    atoms = ase.Atoms(symbols, table[:, :3], info=info)
    atoms.calc = SinglePointCalculator(atoms, charges=table[:, 3])
    return atoms


def _number(text: str, where: str, what: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise StructureError(
            f"{where}: {what} {text.strip()!r} is not a number; the file may be damaged"
        ) from None
