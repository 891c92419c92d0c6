"""Structures and energies in files of XCrySDen (XSF), one after the other.

ASE reads one structure unless the file begins with ANIMSTEPS, and no energies: these are aenet's,
in a comment ``# total energy = -1.0 eV`` for each structure.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import NamedTuple

import ase
import ase.io
from ase import units
from ase.calculators.singlepoint import SinglePointCalculator

from gmd.structures.checks import StructureError

_ENERGY = re.compile(r"#[ \t]*total[ \t]+energy[ \t]*[=:](.*)", re.IGNORECASE)
_PERIODIC = ("CRYSTAL", "SLAB", "POLYMER")
_DIM_GROUP = {"0": "MOLECULE", "1": "POLYMER", "2": "SLAB", "3": "CRYSTAL"}
_KEYWORDS = (
    *_PERIODIC,
    *("MOLECULE", "ANIMSTEPS", "DIM-GROUP", "PRIMVEC", "CONVVEC", "PRIMCOORD", "CONVCOORD"),
    "ATOMS",
)
_WRITE = "write it as '# total energy = -1.0 eV'"


class _Contents(NamedTuple):
    """What a file holds.

    Attributes
    ----------
    steps : list of str
        A text for each structure, as ASE reads it.
    energies : list of (int, str)
        Number of structures that begin before the energy's line, and what stands in it.
    n_promised : int
        Sum of all ANIMSTEPS; 0 if there are none.
    """

    steps: list[str]
    energies: list[tuple[int, str]]
    n_promised: int


def xsf_structures(text: str, where: str, *, energies: bool) -> Iterator[ase.Atoms]:
    """Structures of a text, with their energies.

    Parameters
    ----------
    text : str
        Contents of a file in XSF.
    where : str
        File, as the message's beginning.
    energies : bool
        Whether energies are read; otherwise their lines are comments like any other.

    Yields
    ------
    ase.Atoms
        With the calculator's ``energy`` in eV, and ``forces`` in eV/Å: those of a file with a line
        of energy are in eV/Å (aenet), those of others in Hartree/Å (XCrySDen).

    Raises
    ------
    StructureError
        For numbers of structures, atoms or energies that contradict each other, and for an energy
        that is not a number in eV.
    """
    contents = _contents(text, where)
    if contents.n_promised not in (0, len(contents.steps)):
        raise StructureError(
            f"{where}: ANIMSTEPS announces {contents.n_promised} structures, but the file contains "
            f"{len(contents.steps)}; it may be cut off"
        )
    # without any structure, ASE's reader finds the words for what is wrong
    steps = contents.steps or [text]
    values = _energies(contents, where) if energies else [None] * len(steps)
    for step, energy in zip(steps, values, strict=True):
        (atoms,) = ase.io.iread(io.StringIO(step), ":", "xsf")
        results = dict(atoms.calc.results) if atoms.calc is not None else {}
        if contents.energies and "forces" in results:
            results["forces"] = results["forces"] / units.Hartree
        if energy is not None:
            results["energy"] = energy
        if results:
            atoms.calc = SinglePointCalculator(atoms, **results)
        yield atoms


def _contents(text: str, where: str) -> _Contents:
    contents = _Contents([], [], 0)
    kind, cell, n_promised = "", "", 0
    section: list[str] = []  # lines of the section that is being read, the keyword first
    skipping = False  # in a block of another kind of data

    def close() -> None:
        nonlocal kind, cell
        if not section:
            return
        word = section[0]
        if word == "PRIMVEC":
            cell = "\n".join(section)
        elif word == "DIM-GROUP":  # the number of periodic directions, then that of a group
            kind, cell = _kind_of_dimensions(section[1:], where), ""
        elif word in ("PRIMCOORD", "ATOMS"):
            place = f"{where}, structure {len(contents.steps)}"
            contents.steps.append(_step(section, kind, cell, place))

    for line in text.splitlines():
        line = line.strip()
        if not line:
            continue
        if line.startswith("#"):
            energy = _ENERGY.match(line)
            if energy is not None:
                open_now = bool(section) and section[0] in ("PRIMCOORD", "ATOMS")
                contents.energies.append((len(contents.steps) + open_now, energy[1].strip()))
            continue
        word, *rest = line.split()
        if word.startswith(("BEGIN_", "END_")):
            close()
            section, skipping = [], word.startswith("BEGIN_")
        elif word in _KEYWORDS:
            close()
            section, skipping = [word], False
            if word in _PERIODIC or word == "MOLECULE":
                kind, cell = word, ""
            elif word == "ANIMSTEPS":
                n_promised += _whole_number(rest, f"{where}: ANIMSTEPS")
        elif section and not skipping:
            section.append(line)
    close()
    return contents._replace(n_promised=n_promised)


def _step(section: list[str], kind: str, cell: str, where: str) -> str:
    """Text of one structure, from the lines of its coordinates."""
    word, *lines = section
    if word == "ATOMS":
        return "\n".join(["ATOMS", *lines])
    if kind == "MOLECULE" and lines:
        _check_number(lines, where)
        return "\n".join(["ATOMS", *lines[1:]])
    if kind not in _PERIODIC or not cell:
        missing = "PRIMVEC" if kind in _PERIODIC else " or ".join(_PERIODIC)
        raise StructureError(
            f"{where}: PRIMCOORD without {missing} before it; the file may be damaged"
        )
    _check_number(lines, where)
    return "\n".join([kind, cell, word, *lines])


def _check_number(lines: list[str], where: str) -> None:
    n_atoms = _whole_number(lines[0].split(), f"{where}: PRIMCOORD") if lines else 0
    n_there = sum(len(line.split()) >= 4 for line in lines[1:])
    if n_there > n_atoms:
        raise StructureError(
            f"{where}: says that it has {n_atoms} atoms, but lines of {n_there} follow; correct "
            f"the number"
        )


def _kind_of_dimensions(lines: list[str], where: str) -> str:
    words = lines[0].split() if lines else []
    if not words or words[0] not in _DIM_GROUP:
        raise StructureError(
            f"{where}: DIM-GROUP is followed by {' '.join(words)!r}; give the number of periodic "
            f"directions, 0 to 3"
        )
    return _DIM_GROUP[words[0]]


def _whole_number(words: list[str], where: str) -> int:
    try:
        return int(words[0])
    except (ValueError, IndexError):
        found = " ".join(words)
        raise StructureError(
            f"{where} is followed by {found!r}, not by a number; the file may be damaged"
        ) from None


def _energies(contents: _Contents, where: str) -> list[float | None]:
    """Energy of every structure in eV, if there are any."""
    n_steps, n_found = max(len(contents.steps), 1), len(contents.energies)
    if not n_found:
        return [None] * n_steps
    before = [n for n, _ in contents.energies]
    # each energy stands before or after its own structure
    in_order = n_steps == 1 or before in (list(range(n_steps)), list(range(1, n_steps + 1)))
    if n_found != n_steps or not in_order:
        raise StructureError(
            f"{where}: {n_found} line(s) '# total energy' for {n_steps} structure(s), so they "
            f"cannot be matched; write one before each structure, or set energy_key to null to "
            f"read the file without energies"
        )
    values: list[float | None] = []
    for number, (_, words) in enumerate(contents.energies):
        place = where if n_steps == 1 else f"{where}, structure {number}"
        values.append(_energy(words, place))
    return values


def _energy(words: str, where: str) -> float:
    number, unit = [*words.split(), "", ""][:2]
    if number.lower().endswith("ev"):
        number, unit = number[:-2], "eV"
    if unit.lower() != "ev":
        found = f"the unit {unit!r}" if unit else "no unit"
        raise StructureError(
            f"{where}: the line of total energy, {words!r}, has {found}; aenet's files are in eV: "
            f"{_WRITE}"
        )
    try:
        return float(number)
    except ValueError:
        raise StructureError(
            f"{where}: the total energy {number!r} is not a number; {_WRITE}"
        ) from None
