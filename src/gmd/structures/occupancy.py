"""Sites that atoms occupy only in part, which no single structure describes.

A site that is shared by elements, or empty at times, stands for an average over many structures.
Readers keep the most frequent element, fill vacancies and keep both halves of a split site.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import ase
import numpy as np

from gmd.structures.checks import StructureError

TOLERANCE = 1e-3
"""Largest difference from 1 of an occupancy that counts as full."""

_LARGEST_NUMBER_NAMED = 5

# name, number of the element, three coordinates, occupancy
_RES_ATOM = re.compile(
    r"^[ \t]*([A-Za-z]{1,2}\w*)[ \t]+\d+(?:[ \t]+[-+]?\d*\.\d+){3}[ \t]+(\d*\.\d+)(?=\s)",
    re.MULTILINE,
)
_MIXTURE = re.compile(r"^.*\bMIXTURE\b.*$", re.MULTILINE | re.IGNORECASE)
_ARRAYS = ("occupancy", "occupancies")
_ORDERED = (
    "provide ordered structures in which every site is fully occupied, for example ordered "
    "supercells"
)


def is_full(occupancy: float) -> bool:
    """Whether an occupancy is 1 to within :data:`TOLERANCE`."""
    return abs(occupancy - 1) <= TOLERANCE


def partial_occupancy(where: str, sites: Sequence[str]) -> StructureError:
    """The error for sites that are occupied in part.

    Parameters
    ----------
    where : str
        File and structure, as the message's beginning.
    sites : sequence of str
        Each with the occupancies found.
    """
    named = "; ".join(sites[:_LARGEST_NUMBER_NAMED])
    more = len(sites) - _LARGEST_NUMBER_NAMED
    rest = f"; and {more} more" if more > 0 else ""
    return StructureError(f"{where}: partial occupancy: {named}{rest}; {_ORDERED}")


def check_occupancies(atoms: ase.Atoms, where: str) -> None:
    """Refuse a structure whose sites are occupied in part.

    Parameters
    ----------
    atoms : ase.Atoms
        ``info["occupancy"]`` as ASE has it: for each site the occupancy of each element, or one
        number. Arrays ``occupancy`` and ``occupancies`` have a number for each atom.
    where : str
        File and structure, as the message's beginning.

    Raises
    ------
    StructureError
        Naming the sites and their occupancies.
    """
    found = []
    occupancy = atoms.info.get("occupancy")
    if isinstance(occupancy, Mapping | list | tuple | np.ndarray):
        for site, elements in _sites(occupancy):
            if len(elements) != 1 or not all(map(is_full, elements.values())):
                numbers = ", ".join(f"{e} {n:g}".strip() for e, n in elements.items())
                found.append(f"site {site}: {numbers or 'no element'}")
    if found:
        raise partial_occupancy(where, found)
    for name in _ARRAYS:
        if name in atoms.arrays:
            values = atoms.arrays[name].astype(float).reshape(len(atoms), -1)[:, 0]
            found = [
                f"atom {atom}: {atoms.symbols[atom]} {values[atom]:g}"
                for atom in range(len(atoms))
                if not is_full(values[atom])
            ]
            if found:
                raise partial_occupancy(where, found)


def _sites(occupancy: Any) -> list[tuple[str, dict[str, float]]]:
    """Occupancies of all sites by element; without its name where there is one number."""
    if isinstance(occupancy, Mapping):
        items = [(str(key), value) for key, value in occupancy.items()]
    else:
        items = [(str(key), value) for key, value in enumerate(np.asarray(occupancy).tolist())]
    sites = []
    for name, value in items:
        elements = value if isinstance(value, Mapping) else {"": value}
        try:
            numbers = {str(e): float(n) for e, n in elements.items()}
        except (TypeError, ValueError):
            numbers = {str(e): float("nan") for e in elements}
        # an element that is never there shares no site
        sites.append((name, {e: n for e, n in numbers.items() if n != 0} or numbers))
    return sites


def check_text(text: str, kind: str, where: str) -> None:
    """Refuse partial occupancies that ASE's readers drop: those of PDB, RES and CASTEP's cells.

    Parameters
    ----------
    text : str
        Contents of a file.
    kind : str
        ASE's name of its format.
    where : str
        File, as the message's beginning.

    Raises
    ------
    StructureError
        Naming the atoms and their occupancies; for PDB alternate locations too.
    """
    if kind == "proteindatabank":
        _check_pdb(text, where)
    elif kind == "res":
        # SHELX adds 10 to what is not refined; a bare number below 1 is a fraction in any dialect
        rows = _RES_ATOM.findall(text)
        partial = [f"{name}: {n}" for name, n in rows if 0 <= float(n) < 1 - TOLERANCE]
        if partial:
            raise partial_occupancy(f"{where}, structure 0", partial)
    elif kind == "castep-cell":
        mixtures = [line.strip() for line in _MIXTURE.findall(text)]
        if mixtures:
            raise partial_occupancy(f"{where}, structure 0", mixtures)


def _check_pdb(text: str, where: str) -> None:
    number = 0
    locations: dict[tuple[str, str], set[str]] = {}
    partial: list[str] = []
    unused = True  # no occupancy but 0, as VMD writes where there are none

    def close() -> None:
        nonlocal number, unused
        if unused:
            partial.clear()
        alternatives = [
            f"atom {name.strip()} of residue {residue.strip()} at the locations "
            f"{', '.join(sorted(found))}"
            for (name, residue), found in locations.items()
            if len(found) > 1
        ]
        if partial or alternatives:
            # those with a number first
            raise partial_occupancy(f"{where}, structure {number}", [*partial, *alternatives])
        number += bool(locations)
        locations.clear()
        unused = True

    for line in text.splitlines():
        if line.startswith("END"):
            close()
        if not line.startswith(("ATOM  ", "HETATM")):
            continue
        name, alternative, residue = line[12:16], line[16:17], line[17:27]
        locations.setdefault((name, residue), set())
        if alternative.strip():
            locations[name, residue].add(alternative)
        try:
            occupancy = float(line[54:60])
        except ValueError:
            continue  # not stated
        unused = unused and occupancy == 0
        if not is_full(occupancy):
            at = f", location {alternative}" if alternative.strip() else ""
            partial.append(
                f"atom {line[6:11].strip()} ({name.strip()} of residue {residue.strip()}{at}): "
                f"{occupancy:g}"
            )
    close()
