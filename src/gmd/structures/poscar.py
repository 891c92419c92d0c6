"""The one structure of a POSCAR file: as many positions as promised, and no second structure."""

from __future__ import annotations

import re

from gmd.structures.checks import StructureError

_NUMBER = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eEdD][-+]?\d+)?"
_ROW = rf"[ \t]*{_NUMBER}(?:[ \t]+{_NUMBER}){{2}}"
_WORDS = r"[ \t]*[A-Za-z][^\n]*\n"
_CELL = rf"[ \t]*(?:[!#A-Za-z][^\n]*)?\n(?:{_ROW}[^\n]*\n){{3}}"
# The beginning of a structure: a comment, scale, cell, elements, numbers of atoms, and a word. In
# VASP 4 there are no elements; with three scales this could be a block of velocities.
_BEGINNING = re.compile(
    rf"^[^\n]*\n(?:[ \t]*{_NUMBER}{_CELL}(?:{_WORDS})?|{_ROW}{_CELL}{_WORDS})"
    rf"[ \t]*\d+(?:[ \t]+\d+)*[ \t]*(?:[!#][^\n]*)?\n[ \t]*[A-Za-z]",
    re.MULTILINE,
)


def one_structure(text: str, where: str) -> str:
    """The lines of a POSCAR file up to its last position.

    Velocities and the like follow, which no descriptor needs, and in CHGCAR the density, which
    ASE takes for velocities.

    Parameters
    ----------
    text : str
        Contents of the file.
    where : str
        File, as the message's beginning.

    Returns
    -------
    str
        The same text where the numbers of atoms cannot be read, for the reader to complain of.

    Raises
    ------
    StructureError
        For fewer positions than atoms, and for more than one structure.
    """
    lines = text.splitlines(keepends=True)
    counts = next((c for c in map(_counts, lines[5:7]) if c), None)
    if counts is None:
        return text
    first = 8 if _counts(lines[5]) is None else 7
    if len(lines) >= first and lines[first - 1].strip()[:1] in ("S", "s"):
        first += 1  # selective dynamics
    n_atoms = sum(counts)
    positions = lines[first : first + n_atoms]
    n_there = next(
        (n for n, line in enumerate(positions) if not line.strip() or line.strip()[0].isalpha()),
        len(positions),
    )
    if n_there < n_atoms:
        raise StructureError(
            f"{where}, structure 0: {n_atoms} atoms promised, {n_there} there; the file may be cut "
            f"off, or the numbers of atoms are wrong"
        )
    after = "".join(lines[first + n_atoms :]).replace("\r\n", "\n")
    if _BEGINNING.search(after):
        raise StructureError(
            f"{where}: contains more than one structure, but ASE's reader of vasp returns only "
            f"the first; split the file into one per structure, or convert it to extended XYZ"
        )
    return "".join(lines[: first + n_atoms])


def _counts(line: str) -> list[int] | None:
    """Numbers of atoms of each element, None for another line."""
    words = line.split("!")[0].split()
    return [int(word) for word in words] if all(w.isdecimal() for w in words) and words else None
