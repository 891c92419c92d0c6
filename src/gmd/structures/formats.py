"""File formats: read by ASE unless that would not be safe.

No reader that is used here unpickles or evaluates what it reads: the tests look through all of
ASE's for it.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ase
import ase.io
import numpy as np
from ase.io.formats import UnknownFileTypeError, ioformats

from gmd.structures.archives import FoundFile
from gmd.structures.checks import StructureError
from gmd.structures.cif import cif_structures
from gmd.structures.conventions import apply_conventions, prepared_text
from gmd.structures.databases import database_rows
from gmd.structures.elements import check_elements_in_text, check_elements_of_atoms
from gmd.structures.explanations import reason_of
from gmd.structures.extended_xyz import checked_frames, read_comment
from gmd.structures.misreadings import check_not_misread
from gmd.structures.occupancy import check_text
from gmd.structures.qm9 import is_qm9, qm9_molecules
from gmd.structures.records import COUNTED, check_binary_number, check_number, records
from gmd.structures.xsf import xsf_structures

REFUSED: dict[str, str] = {
    "lammps-dump-binary": (
        "it has types and no elements; write a text dump with the column 'element' (dump_modify ID "
        "element ...), or convert it to extended XYZ"
    ),
    "qbox": (
        "ASE takes its lengths in bohr and energies in Hartree for Å and eV; convert it to "
        "extended XYZ in Å and eV"
    ),
    "mysql": "structures are read from files, not from servers; export them with 'ase db'",
    "postgresql": "structures are read from files, not from servers; export them with 'ase db'",
}
"""Formats that ASE reads and that are refused, with what to do."""

_READ_HERE = ("db", "json")
_WANT_A_REAL_FILE = ("cp2k-dcd",)  # beside those of which ASE says so
_TEXT_ALTHOUGH_BINARY = ("cif",)
# their readers look at files beside the one that is read
_WANT_A_NEIGHBOUR = ("vasp", "xtd")
_NOWHERE = Path(os.devnull)  # a folder without files, whatever is asked of it

_PICKLE_TRAJECTORY = b"PickleTrajectory"

# an array written out in ASE's JSON: its shape, then its type
_JSON_ARRAY = re.compile(rb'__ndarray__\\*"\s*:\s*[\[(]\s*[\[(]([\d,\s]*)[\])]')

# in the Properties of extended XYZ, beyond what needs no look
_MANY_COLUMNS = re.compile(r":[A-Za-z]:(\d{4,})")


def check_format(kind: str, where: str) -> None:
    """Make sure that a format is known and safe to read.

    Raises
    ------
    StructureError
        Otherwise, with what to do.
    """
    if kind not in ioformats:
        raise StructureError(f"{where}: ASE knows no format {kind!r}; give another, such as extxyz")
    if kind in REFUSED:
        raise StructureError(f"{where}: {kind} is not read: {REFUSED[kind]}")
    module = ioformats[kind].module_name
    if module.partition(".")[0] != "ase":
        raise StructureError(
            f"{where}: {kind} is read by a plug-in of ASE ({module}), which may do anything with "
            f"the file; convert it to extxyz with 'ase convert'"
        )
    try:
        readable = ioformats[kind].can_read
    except UnknownFileTypeError as error:
        raise StructureError(
            f"{where}: ASE's reader for {kind} cannot be loaded ({error}); install what it needs, "
            f"or convert the file"
        ) from None
    if not readable:
        raise StructureError(
            f"{where}: ASE writes {kind} but does not read it; give another format"
        )


class Unreadable(Exception):
    """A reader's error, in plain words; the error itself is the cause.

    Parameters
    ----------
    reason : str
        What is wrong with the file.
    line : int, optional
        The last line that the reader looked at, from 1; what is wrong may be before it.
    """

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(f"{reason}, at or before line {line}" if line else reason)


class _NamedText(io.StringIO):
    """Text with the name of its file, which some of ASE's readers ask for."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text)
        self.name = name
        self._text = text

    def line(self) -> int | None:
        """The line that was read last, None at the end of the text."""
        place = self.tell()
        return self._text.count("\n", 0, place) if place < len(self._text) else None


def frames(file: FoundFile, kind: str, energy_key: str | None = "energy") -> Iterator[ase.Atoms]:
    """Structures of a file, with the elements, cells and results that it states.

    Parameters
    ----------
    file : FoundFile
        The file.
    kind : str
        A format that passed :func:`check_format`.
    energy_key : str, optional
        Name of the energy that is asked for; None if none is.

    Yields
    ------
    ase.Atoms
        Without the checks that apply to every structure.

    Raises
    ------
    StructureError
        For a file that is empty, not text although the format is, that promises more than it
        holds, holds more structures than its reader returns, or does not name its elements.
    Unreadable
        For whatever a reader of ASE raises.
    """
    if not file.head(1) and not (file.path is not None and file.path.is_dir()):
        raise _empty(file)
    if kind == "dftb" and "geometry" not in file.text().lower():
        kind = "gen"  # a geometry without the input file around it, as ASE writes it
    for number, atoms in enumerate(_as_read(file, kind, energy_key)):
        where = f"{file.where}, structure {number}"
        if len(atoms) and not np.isfinite(atoms.positions).any():
            raise StructureError(
                f"{where}: no position is finite, as where relative positions come without a "
                f"cell; correct or remove the structure"
            )
        check_elements_of_atoms(atoms, kind, where)
        apply_conventions(atoms, kind, where)
        yield atoms


def _as_read(file: FoundFile, kind: str, energy_key: str | None) -> Iterator[ase.Atoms]:
    form = ioformats[kind]
    if kind in _READ_HERE:
        yield from database_rows(file, kind)
    elif kind in _WANT_A_REAL_FILE or not form.acceptsfd:
        if kind in COUNTED:
            text = file.text()
            check_number(text, kind, 1, file.where)
            check_text(text, kind, file.where)
            check_not_misread(text, kind, file.where)
        with file.on_disk() as path, _explained():
            yield from ase.io.iread(str(path), ":", kind, do_not_split_by_at_sign=True)
    elif form.isbinary and kind not in _TEXT_ALTHOUGH_BINARY:
        with file.opened() as stream:
            contents = stream.read()
        _check_binary(contents, file.where)
        check_binary_number(contents, file.where)
        # from memory, where lengths that a damaged header names take no room
        with _explained():
            yield from ase.io.iread(io.BytesIO(contents), ":", kind)
    else:
        text = file.text()
        if not text or text.isspace():
            raise _empty(file)
        _check_promises(text, kind, file.where)
        check_not_misread(text, kind, file.where)
        check_elements_in_text(text, kind, file)
        yield from _text_frames(text, file, kind, energy_key)


def _text_frames(
    text: str, file: FoundFile, kind: str, energy_key: str | None
) -> Iterator[ase.Atoms]:
    where = file.where
    settings: dict[str, Any] = {}
    if kind in ("extxyz", "xyz"):
        if is_qm9(text):
            yield from qm9_molecules(text, where)
            return
        text = checked_frames(text, where)
        settings = {"properties_parser": read_comment} if kind == "extxyz" else {}
    elif kind == "xsf":
        with _explained():
            yield from xsf_structures(text, where, energies=energy_key == "energy")
        return
    elif kind == "cif":
        with _explained():
            yield from cif_structures(text, where)
        return
    check_text(text, kind, where)
    name = _name_for_reader(file, kind)
    for record in records(prepared_text(text, kind, where), kind, where):
        if ioformats[kind].single:
            check_number(record, kind, 1, where)
        stream = _NamedText(record, name)
        n_read = 0
        with _explained(stream):
            for atoms in ase.io.iread(stream, ":", kind, **settings):
                yield atoms
                n_read += 1
        check_number(record, kind, n_read, where)


def _name_for_reader(file: FoundFile, kind: str) -> str:
    path = _NOWHERE / file.name
    if kind in _WANT_A_NEIGHBOUR and file.path is not None:
        path = file.path
    if kind == "xtd" and not path.with_suffix(".arc").is_file():
        raise StructureError(
            f"{file.where}: the structures are in the file of the same name with the ending .arc, "
            f"which is not in the same folder; give that one"
        )
    return str(path)


@contextmanager
def _explained(stream: _NamedText | None = None) -> Iterator[None]:
    try:
        yield
    except (StructureError, ImportError):
        raise
    # readers stumble over bad files in every way: whatever they raise, the file is the cause
    except Exception as error:
        raise Unreadable(reason_of(error), stream.line() if stream else None) from error


def _empty(file: FoundFile) -> StructureError:
    return StructureError(
        f"{file.where}: the file is empty; remove it, or give a pattern that leaves it out"
    )


def _check_binary(contents: bytes, where: str) -> None:
    """Refuse files that would be unpickled, or that name arrays larger than themselves."""
    if contents.startswith(_PICKLE_TRAJECTORY):
        raise StructureError(
            f"{where}: a trajectory of before ASE 3.10, which would have to be unpickled; "
            f"convert it with 'python -m ase.io.trajectory' if you trust it"
        )
    for shape in _JSON_ARRAY.findall(contents):
        size = 1
        for length in shape.split(b","):
            size *= int(length[:20]) if length.strip() else 1
        if size > len(contents):
            raise StructureError(
                f"{where}: names an array of {size} numbers, more than the file holds; the file "
                f"may be damaged"
            )


def _check_promises(text: str, kind: str, where: str) -> None:
    """Refuse numbers of atoms that the rest of the file cannot hold.

    ASE's readers believe them: they would look for lines behind the end of the file, or make room.
    """
    if kind in ("extxyz", "xyz"):
        for columns in _MANY_COLUMNS.findall(text):
            if int(columns[:20]) > len(text) // 2:
                raise StructureError(
                    f"{where}: names {columns[:20]} columns of one property, more than the file "
                    f"holds; the file may be damaged"
                )
    elif kind in ("vasp", "vasp-xdatcar"):
        n_lines = text.count("\n") + 1
        for line in text.split("\n", 8)[5:7]:
            counts = re.match(r"\s*(\d+\s+)*\d+", line.partition("!")[0] + " ")
            promised = sum(int(c[:20]) for c in counts[0].split()) if counts else 0
            if promised > n_lines:
                raise _promise(f"{where}, structure 0", promised, n_lines)


def _promise(where: str, promised: int, n_lines: int) -> StructureError:
    return StructureError(
        f"{where}: says that it has {promised} atoms, but only {n_lines} lines follow; the file "
        f"may be cut off"
    )
