"""What a file may contain that ASE's reader of its format misreads or cannot explain."""

from __future__ import annotations

import re
from typing import NamedTuple

from gmd.structures.checks import StructureError

_TO_EXTENDED_XYZ = "convert it to extended XYZ"
_NUMBER = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eEdD][-+]?\d+)?"


class Misreading(NamedTuple):
    """Contents of a format that are refused.

    Attributes
    ----------
    pattern : re.Pattern
        What to look for in the whole text.
    what : str
        What it is; ``{0}`` stands for the pattern's first group.
    way : str
        What the user can do.
    """

    pattern: re.Pattern[str]
    what: str
    way: str


def _entry(pattern: str, what: str, way: str = _TO_EXTENDED_XYZ) -> Misreading:
    return Misreading(re.compile(pattern, re.MULTILINE | re.IGNORECASE), what, way)


_V3000 = _entry(
    r"\bV3000[ \t]*$",
    "V3000 is not read",
    "write V2000, or extended XYZ",
)

MISREADINGS: dict[str, Misreading] = {
    "espresso-in": _entry(
        r"^[^!#\n]*\bibrav[ \t]*=[ \t]*([-+]?0*[1-9]\d*)",
        "ibrav = {0} is not read",
        "use ibrav = 0 with CELL_PARAMETERS, or give the output of pw.x",
    ),
    # a symbol, 0 or a negative number, and coordinates; a row of a Z-matrix refers to atoms from 1
    "gaussian-in": _entry(
        rf"^[ \t]*[A-Z]\w*(?:\([^)\n]*\))?[ \t,]+(?:0|-\d+)(?:[ \t,]+{_NUMBER}){{3}}[ \t]*$",
        "freeze codes are not read",
        "remove this column",
    ),
    "gpumd": _entry(
        r"\A[^\n]*\n\s*(?:1\s+){0,2}0\s",
        "not periodic in all directions (line 2), which ASE does not see in this format",
    ),
    # ASE knows the style of 5, 7, 8 and 10 columns
    "lammps-data": _entry(
        r"^[ \t]*Atoms[ \t]*\n\s*"
        r"(?:[^\s#]+[ \t]+){5}(?:(?:[^\s#]+[ \t]+){3})?[^\s#]+[ \t]*(?:#.*)?$",
        "the columns of the section Atoms could be of more than one atom style",
        "write the style after Atoms, such as 'Atoms # charge'",
    ),
    "mol": _V3000,
    "nwchem-in": _entry(
        r"^\s*system\s+surface\b",
        "a surface of NWChem, whose angle in degrees ASE takes for radians",
    ),
    "res": _entry(
        r"^(?:LATT[ \t]+(?!-1\b)\S|SYMM\b(?![ \t]+\+?X,[ \t]*\+?Y,[ \t]*\+?Z[ \t]*$))",
        "the crystal has symmetry (LATT or SYMM), but only the atoms in the file are read",
        "export all atoms of the unit cell in P1, with LATT -1 and without SYMM",
    ),
    "sdf": _V3000,
    "turbomole": _entry(
        r"^\s*\$(?:periodic|lattice|cell)\b",
        "a periodic structure of Turbomole, whose cell ASE does not read",
    ),
}
"""Contents that are refused, by ASE's name of the format."""


def check_not_misread(text: str, kind: str, where: str) -> None:
    """Refuse contents that ASE would read as something else.

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
        Naming the line, and what to do.
    """
    text = text.replace("\r\n", "\n")
    entry = MISREADINGS.get(kind)
    match = entry.pattern.search(text) if entry is not None else None
    if entry is None or match is None:
        return
    line = text.count("\n", 0, match.end() - len(match[0].lstrip())) + 1
    place = where if match.start() == 0 else f"{where}, line {line}"
    raise StructureError(f"{place}: {entry.what.format(*match.groups())}; {entry.way}")
