"""Frames and comment lines of extended XYZ, checked before ASE reads them.

ASE stops at the first blank line between two frames without a message, and takes a key whose
spelling is not exactly that of the format for one of the user's: ``lattice="..."`` is then no cell.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from ase.data import chemical_symbols
from ase.io.extxyz import key_val_str_to_dict

from gmd.structures.checks import StructureError

_RESERVED = ("Lattice", "Properties", "pbc")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|\{[^}]*\}|\[[^\]]*\]")
_KEY = re.compile(r"([^\s=\"']+)\s*=")
_COLUMNS = re.compile(r"(?:^|\s)Properties\s*=\s*[\"']?([^\s\"']+)")
_ATOM_ROW = re.compile(r"\w+(?:[ \t]+[-+.\deEdD]+){3}(?:[ \t].*)?")
# a number, or an element to which PDB's names of atoms add a Greek letter or another element
_TWO_CAPITALS = "|".join(
    symbol.upper()
    for symbol in chemical_symbols
    if len(symbol) == 2 and symbol[0] in "CHNOPS" and symbol[1] in "abcdeghosz"
)
_UNCLEAR_NAME = re.compile(
    rf"^[ \t]*(\d+|{_TWO_CAPITALS})(?=(?:[ \t]+[-+.\d]\S*){{3}})", re.MULTILINE
)
# CELL(abcABC): or CELL{H}:, positions{atomic_unit}
_I_PI = re.compile(r"\bcell(?:\(\w+\):|\{)|\bpositions\{", re.IGNORECASE)
_POSITIONS = ("pos", "positions")
_ELEMENTS = ("species", "symbols", "Z", "numbers")

_TENSOR = re.compile(
    r"(?:^|(?<=\s))(stress|virial)\s*=\s*(\"[^\"]*\"|'[^']*'|\{[^}]*\}|\[[^\]]*\]|\S+)"
)


def checked_frames(text: str, where: str) -> str:
    """A file's text without blank lines between its frames.

    Parameters
    ----------
    text : str
        Contents of a file in XYZ or extended XYZ.
    where : str
        File, as the message's beginning.

    Returns
    -------
    str
        The frames one after the other. From a line on that is not a number of atoms, the text is
        as it was, for the reader to complain of.

    Raises
    ------
    StructureError
        For a number of atoms that the rest of the file cannot hold or that is too small, for a
        comment line of i-PI or whose keys differ from those of the format by case, hyphen or
        underscore only, and for names that are not clear in a file that does not name its
        columns: numbers, and two capitals such as CA.
    """
    # characters that do not fit into one byte are as good as any other between two newlines
    data = np.frombuffer(text.encode("latin-1", "replace"), np.uint8)
    ends = np.append(np.flatnonzero(data == ord("\n")) + 1, data.size).tolist()
    starts = [0, *ends[:-1]]
    n_lines = len(ends) - (not text[starts[-1] :].strip())
    line = number = last = n_atoms = 0
    kept: list[str] = []
    while line < n_lines:
        head = text[starts[line] : ends[line]]
        if not head.strip():
            line += 1
            continue
        try:
            n_atoms = int(head)
        except ValueError:
            if number and _ATOM_ROW.fullmatch(head.strip()):
                raise StructureError(
                    f"{where}, line {line + 1}: the number of atoms in line {last + 1} is "
                    f"{n_atoms}, but another row follows; correct the number, or remove the row"
                ) from None
            kept.append(text[starts[line] :])
            break
        last = line
        place = f"{where}, structure {number}"
        n_left = n_lines - line - 2
        if n_atoms > n_lines:  # fewer are the reader's to complain of
            raise StructureError(
                f"{place}: says that it has {n_atoms} atoms, but only {max(n_left, 0)} lines "
                f"follow; the file may be cut off"
            )
        first, line = line, line + max(n_atoms, 0) + 2
        while line < n_lines and text.startswith("VEC", starts[line]):
            line += 1
        if first + 1 < n_lines:
            comment = text[starts[first + 1] : ends[first + 1]]
            _check_comment(comment, place)
        frame = text[starts[first] : ends[min(line, len(ends)) - 1]]
        if first + 2 < n_lines and not _COLUMNS.search(comment):
            rows_start = starts[first + 2] - starts[first]
            _check_names(frame, rows_start, f"{where}, line ", first + 3)
        kept.append(frame if frame.endswith("\n") else f"{frame}\n")
        number += 1
    return "".join(kept)


def _check_names(frame: str, start: int, where: str, line: int) -> None:
    """Refuse names in the rows of a plain frame that do not say which element is meant."""
    match = _UNCLEAR_NAME.search(frame, start)
    if match is None:
        return
    name = match[1]
    place = f"{where}{line + frame.count(chr(10), start, match.start(1))}"
    if name.isdecimal():
        symbol = chemical_symbols[int(name)] if 0 < int(name) < len(chemical_symbols) else ""
        example = f", such as {symbol} for {name}" if symbol else ""
        raise StructureError(
            f"{place}: {name} may be an atomic number or the number of a type, as in LAMMPS; "
            f"write chemical symbols{example}"
        )
    raise StructureError(
        f"{place}: the name {name!r} may be {name.capitalize()} or an atom of {name[0]} with a "
        f"label, as in PDB; write {name.capitalize()} or {name[0]}"
    )


def read_comment(line: str) -> dict[str, Any]:
    """Pairs of a comment line as ASE reads them, and tensors of six numbers too.

    Parameters
    ----------
    line : str
        A comment line of extended XYZ.

    Returns
    -------
    dict
        ``stress`` and ``virial`` are arrays of shape (3, 3) from nine numbers, or of shape (6,)
        from six, which are in the order of Voigt (xx, yy, zz, yz, xz, xy). Other values of theirs
        are kept as text under ``stress_text`` and ``virial_text``: nothing depends on them.
    """
    tensors: dict[str, Any] = {}

    def taken(match: re.Match[str]) -> str:
        key, value = match[1], match[2].strip("\"'{}[]")
        try:
            numbers = np.array(value.replace(",", " ").split(), dtype=float)
        except ValueError:
            numbers = np.zeros(0)
        if numbers.size == 9:
            tensors[key] = numbers.reshape((3, 3), order="F")
        elif numbers.size == 6:
            tensors[key] = numbers
        else:
            tensors[f"{key}_text"] = value
        return ""

    pairs: dict[str, Any] = key_val_str_to_dict(_TENSOR.sub(taken, line))
    pairs.pop("", None)  # of a line without anything else
    return pairs | tensors


def _check_comment(line: str, where: str) -> None:
    if _I_PI.search(line):
        raise StructureError(
            f"{where}: written by i-PI, whose cell is not read and whose lengths may be in bohr; "
            f"convert the file with ase.io.write('a.extxyz', ipi.read_trajectory('a.xyz')), or "
            f"write extended XYZ in Å with Lattice"
        )
    if "=" not in line:
        return
    keys = _KEY.findall(_QUOTED.sub("", line))
    for name in _RESERVED:
        if name in keys:
            continue
        for key in keys:
            if _plain(key) == name.lower():
                raise StructureError(
                    f"{where}: the comment line has the key {key!r}, which extended XYZ spells "
                    f"{name!r}; correct the spelling; otherwise the value would "
                    f"be ignored"
                )
    columns = _COLUMNS.search(line)
    if columns is None:
        return
    names = columns[1].split(":")[::3]
    for what, known in (("positions", _POSITIONS), ("elements", _ELEMENTS)):
        if not set(known) & set(names):
            raise StructureError(
                f"{where}: Properties={columns[1]} names no column of {what}; extended XYZ "
                f"spells it {known[0]!r}"
            )


def _plain(key: str) -> str:
    return key.lower().replace("-", "").replace("_", "")
