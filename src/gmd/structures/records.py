"""How many structures a text holds, compared with how many ASE's reader returns.

Several of ASE's readers return one structure and silently ignore, overwrite or merge the others in
the file. Files that were put together from several structures are found by a line that each
structure has exactly once, or by the number of lines that the first one takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from gmd.structures.checks import StructureError

# a line that every structure of a format has exactly once
_ONCE: dict[str, re.Pattern[str]] = {
    kind: re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for kind, pattern in {
        "abinit-in": r"^[ \t]*(?:xred|xcart|xangst)\d*\b",
        "castep-cell": r"^[ \t]*%block[ \t]+positions_(?:abs|frac)[ \t\r]*$",
        "cfg": r"^[ \t]*number of particles",
        "dmol-car": r"^!biosym",
        "dmol-incoor": r"^\$coordinates",
        "espresso-in": r"^[ \t]*atomic_positions\b",
        # ASE combines the first geometry with the last energy
        "gamess-us-out": r"beginning geometry search point",
        # a section of the route, which ends with a blank line
        "gaussian-in": r"^[ \t]*#.*(?:\n[ \t]*\S.*)*",
        "gromos": r"^position",
        "jsv": r"^[ \t]*\[cell\]",
        "lammps-data": r"^[ \t]*atoms\b",
        "magres": r"^[ \t]*[\[<]atoms[\]>]",
        "mol": r"^M  END",
        "nwchem-in": r"^[ \t]*geometry\b",
        "octopus-in": r"^[ \t]*%[ \t]*\w*coordinates\b",
        "onetep-in": r"^[ \t]*%block[ \t]+positions_(?:abs|frac)[ \t\r]*$",
        "prismatic": r"^[ \t]*-1[ \t\r]*$",
        "res": r"^cell\b",
        "rmc6f": r"^[ \t]*atoms:",
        "sdf": r"^M  END",
        "struct": r"^mode of calc",
        "turbomole": r"^\$coord\b",
        "vasp-xdatcar": r"^direct configuration=",
    }.items()
}

COUNTED = frozenset(_ONCE)
"""Formats whose structures :func:`check_number` counts."""

_BINARY_BEGINNING = b"- of UlmASE-Trajectory"


def records(text: str, kind: str, where: str) -> list[str]:
    """The parts of a text that ASE's reader takes one by one.

    Parameters
    ----------
    text : str
        Contents of a file.
    kind : str
        ASE's name of its format.
    where : str
        File, as the message's beginning.

    Returns
    -------
    list of str
        The whole text, except for SDF, GROMACS and PDB: the first two are split into their
        structures, and a last structure of PDB without a closing line gets one.

    Raises
    ------
    StructureError
        Where more follows a structure of a format that gives its number of atoms first.
    """
    if kind in ("sdf", "mol"):
        parts = re.split(r"^\$\$\$\$.*\n?", text, flags=re.MULTILINE)
        return [part for part in parts if part.strip()]
    if kind == "proteindatabank":
        # ASE drops atoms that follow the last line that closes a structure
        last = max(text.rfind("\nATOM"), text.rfind("\nHETATM"))
        return [text if text.rfind("\nEND") > last else f"{text}\nEND\n"]
    if kind in _LENGTHS:
        return _split_by_length(text, kind, where)
    return [text]


def check_number(text: str, kind: str, n_read: int, where: str) -> None:
    """Make sure that no structure of a text was left out or merged with another.

    Parameters
    ----------
    text : str
        One of :func:`records`.
    kind : str
        ASE's name of its format.
    n_read : int
        Number of structures that its reader returned.
    where : str
        File, as the message's beginning.

    Raises
    ------
    StructureError
        Where the text holds more structures.
    """
    pattern = _ONCE.get(kind)
    n_there = len(pattern.findall(text)) if pattern is not None else 0
    if n_there > max(n_read, 1):
        raise _too_many(where, kind, str(n_there), n_read)


def check_binary_number(contents: bytes, where: str) -> None:
    """Refuse trajectories of ASE that were appended to each other as files.

    Raises
    ------
    StructureError
        For more than one header: only the first trajectory would be read.
    """
    n_there = contents.count(_BINARY_BEGINNING)
    if n_there > 1 and contents.startswith(_BINARY_BEGINNING):
        raise StructureError(
            f"{where}: contains {n_there} trajectories one after the other, of which ASE reads "
            f"only the first; give them as separate files"
        )


def _too_many(where: str, kind: str, n_there: str, n_read: int) -> StructureError:
    return StructureError(
        f"{where}: contains {n_there} structures, but ASE's reader of {kind} returns only "
        f"{n_read}; split the file into one per structure, or convert it to extended XYZ"
    )


def _split_by_length(text: str, kind: str, where: str) -> list[str]:
    lines = text.splitlines(keepends=True)
    found = []
    while any(line.strip() for line in lines):
        try:
            length = _LENGTHS[kind](lines)
        except (ValueError, IndexError):
            length = len(lines)  # for the reader to complain of
        length = max(length, 1)
        found.append("".join(lines[:length]))
        lines = lines[length:]
        if any(line.strip() for line in lines) and kind != "gromacs":
            raise _too_many(where, kind, "more than one", 1)
    return found


def _dlp4(lines: Sequence[str]) -> int:
    level, cell, n_atoms = map(int, lines[1].split()[:3])
    timestep = lines[2].split()[:1] == ["timestep"]
    return 2 + timestep + 3 * (cell > 0) + n_atoms * (2 + level)


def _gen(lines: Sequence[str]) -> int:
    n_atoms, boundary = lines[0].split()[:2]
    return 2 + int(n_atoms) + {"C": 0, "H": 2}.get(boundary.upper(), 4)


def _crystal(lines: Sequence[str]) -> int:
    before = 5 + 4 * int(lines[4].split()[0])
    return before + 1 + int(lines[before].split()[0])


def _mustem(lines: Sequence[str]) -> int:
    length = 4
    for _ in range(int(lines[3])):
        length += 2 + int(lines[length + 1].split()[0])
    # ASE writes a heading and three lines on the orientation, other programs one line
    if lines[length : length + 1] == ["Orientation\n"]:
        return length + 4
    return length + (length < len(lines) and not lines[length + 1 :])


_LENGTHS: dict[str, Callable[[Sequence[str]], int]] = {
    "crystal": _crystal,
    "dlp4": _dlp4,
    "gen": _gen,
    "gpumd": lambda lines: 2 + int(lines[0].split()[0]),
    "gromacs": lambda lines: 3 + int(lines[1]),
    "mustem": _mustem,
    "siesta-xv": lambda lines: 4 + int(lines[3]),
    "struct_out": lambda lines: 4 + int(lines[3]),
}
"""Number of lines of a format's first structure."""
