"""File formats: told from name or contents, and read by ASE unless that would not be safe.

No reader that is used here unpickles or evaluates what it reads: the tests look through all of
ASE's for it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import ase
import ase.io
from ase.io.formats import UnknownFileTypeError, filetype, ioformats, match_magic

from gmd.structures.archives import FoundFile
from gmd.structures.checks import StructureError
from gmd.structures.cif import cif_structures
from gmd.structures.databases import database_rows
from gmd.structures.extended_xyz import checked_frames, read_comment
from gmd.structures.occupancy import check_text
from gmd.structures.qm9 import is_qm9, qm9_molecules
from gmd.structures.records import COUNTED, check_binary_number, check_number, records
from gmd.structures.xsf import xsf_structures

REFUSED: dict[str, str] = {
    "mysql": "structures are read from files, not from servers; export them with 'ase db'",
    "postgresql": "structures are read from files, not from servers; export them with 'ase db'",
}
"""Formats that ASE reads and that are refused, with what to do."""

_READ_HERE = ("db", "json")
_WANT_A_REAL_FILE = ("cp2k-dcd",)  # beside those of which ASE says so
_TEXT_ALTHOUGH_BINARY = ("cif",)
_SPECIAL_NAMES = {
    ".train.ascii": "a training set of aenet; read it as ready-made LAEDs (gmd.local)",
    ".aselmdb": "an LMDB database, which needs a plug-in; export it with 'ase db'",
}

_HEAD = 50_000  # bytes; as many as ASE looks at
_MAGIC = {
    b"SQLite format 3\x00": "db",
    b"CDF": "netcdftrajectory",
    b"\x89HDF\r\n\x1a\n": "netcdftrajectory",
}
_PICKLE_TRAJECTORY = b"PickleTrajectory"

# an array written out in ASE's JSON: its shape, then its type
_JSON_ARRAY = re.compile(rb'__ndarray__\\*"\s*:\s*[\[(]\s*[\[(]([\d,\s]*)[\])]')

# in the Properties of extended XYZ, beyond what needs no look
_MANY_COLUMNS = re.compile(r":[A-Za-z]:(\d{4,})")


def format_of(file: FoundFile) -> str:
    """ASE's name of a file's format, told from its name, else from its contents.

    Raises
    ------
    StructureError
        Where it cannot be told.
    """
    for ending, reason in _SPECIAL_NAMES.items():
        if file.name.endswith(ending):
            raise StructureError(f"{file.where}: {reason}")
    try:
        kind: str = filetype(file.name, read=False)
    except UnknownFileTypeError:
        kind = ""
    # ASE answers with an ending that it does not know
    if kind not in ioformats:
        kind = _by_contents(file.head(_HEAD))
    if kind not in ioformats:
        raise StructureError(
            f"{file.where}: the format cannot be told from the name or the contents; give a "
            f"format, by ASE's name such as extxyz, or a pattern that leaves the file out"
        )
    return kind


def _by_contents(head: bytes) -> str:
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return kind
    try:
        kind = match_magic(head).name
    except UnknownFileTypeError:
        lines = head.splitlines()
        count = lines[0].strip() if lines else b""
        # nine digits are more atoms than any file holds
        is_xyz = count.isdigit() and len(count) < 10 and len(lines) >= int(count) + 2
        kind = "extxyz" if is_xyz else ""
    return kind


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


def frames(file: FoundFile, kind: str, energy_key: str | None = "energy") -> Iterator[ase.Atoms]:
    """Structures of a file, as ASE reads them.

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
        Not yet checked; errors of ASE's readers come as they are.

    Raises
    ------
    StructureError
        For a file that is empty, not text although the format is, promises more than it holds, or
        holds more structures than its reader returns.
    """
    form = ioformats[kind]
    if not file.head(1) and not (file.path is not None and file.path.is_dir()):
        raise _empty(file)
    if kind in _READ_HERE:
        yield from database_rows(file, kind)
    elif kind in _WANT_A_REAL_FILE or not form.acceptsfd:
        if kind in COUNTED:
            text = file.text()
            check_number(text, kind, 1, file.where)
            check_text(text, kind, file.where)
        with file.on_disk() as path:
            yield from ase.io.iread(str(path), ":", kind, do_not_split_by_at_sign=True)
    elif form.isbinary and kind not in _TEXT_ALTHOUGH_BINARY:
        with file.opened() as stream:
            contents = stream.read()
        _check_binary(contents, file.where)
        check_binary_number(contents, file.where)
        # from memory, where lengths that a damaged header names take no room
        yield from ase.io.iread(io.BytesIO(contents), ":", kind)
    else:
        text = file.text()
        if not text or text.isspace():
            raise _empty(file)
        _check_promises(text, kind, file.where)
        yield from _text_frames(text, kind, file.where, energy_key)


def _text_frames(text: str, kind: str, where: str, energy_key: str | None) -> Iterator[ase.Atoms]:
    settings: dict[str, Any] = {}
    if kind in ("extxyz", "xyz"):
        if is_qm9(text):
            yield from qm9_molecules(text, where)
            return
        text = checked_frames(text, where)
        settings = {"properties_parser": read_comment} if kind == "extxyz" else {}
    elif kind == "xsf":
        yield from xsf_structures(text, where, energies=energy_key == "energy")
        return
    elif kind == "cif":
        yield from cif_structures(text, where)
        return
    check_text(text, kind, where)
    for record in records(text, kind, where):
        if ioformats[kind].single:
            check_number(record, kind, 1, where)
        n_read = 0
        for atoms in ase.io.iread(io.StringIO(record), ":", kind, **settings):
            yield atoms
            n_read += 1
        check_number(record, kind, n_read, where)


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
