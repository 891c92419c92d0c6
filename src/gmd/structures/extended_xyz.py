"""Frames and comment lines of extended XYZ, checked before ASE reads them.

ASE stops at the first blank line between two frames without a message, and takes a key whose
spelling is not exactly that of the format for one of the user's: ``lattice="..."`` is then no cell.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from ase.io.extxyz import key_val_str_to_dict

from gmd.structures.checks import StructureError

_RESERVED = ("Lattice", "Properties", "pbc")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|\{[^}]*\}|\[[^\]]*\]")
_KEY = re.compile(r"([^\s=\"']+)\s*=")
_COLUMNS = re.compile(r"(?:^|\s)Properties\s*=\s*[\"']?([^\s\"']+)")
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
        For a number of atoms that the rest of the file cannot hold, and for a comment line whose
        keys differ from those of the format by case, hyphen or underscore only.
    """
    # characters that do not fit into one byte are as good as any other between two newlines
    data = np.frombuffer(text.encode("latin-1", "replace"), np.uint8)
    ends = np.append(np.flatnonzero(data == ord("\n")) + 1, data.size).tolist()
    starts = [0, *ends[:-1]]
    n_lines = len(ends) - (not text[starts[-1] :].strip())
    line = number = 0
    kept: list[str] = []
    while line < n_lines:
        head = text[starts[line] : ends[line]]
        if not head.strip():
            line += 1
            continue
        try:
            n_atoms = int(head)
        except ValueError:
            kept.append(text[starts[line] :])
            break
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
            _check_comment(text[starts[first + 1] : ends[first + 1]], place)
        frame = text[starts[first] : ends[min(line, len(ends)) - 1]]
        kept.append(frame if frame.endswith("\n") else f"{frame}\n")
        number += 1
    return "".join(kept)


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
