"""Which format a file has: its contents decide, and its name only where they do not."""

from __future__ import annotations

import re
from typing import NamedTuple

from ase.io.formats import UnknownFileTypeError, extension2format, ioformats, match_magic

from gmd.structures.archives import FoundFile
from gmd.structures.checks import StructureError
from gmd.structures.foreign import check_not_foreign

_HEAD = 50_000  # bytes; as many as ASE looks at

# every pattern can match in one way only, so that no file takes more than one pass
_NUMBER = r"[-+.\d][-+.\deEdD*^]*"
_VECTOR = rf"[ \t]*(?:{_NUMBER}[ \t]+){{2}}{_NUMBER}[ \t]*(?:[!#A-Za-z][^\n]*)?\n"
_COMMENTS = r"\s*(?:#[^\n]*\n\s*)*"

# the first bytes of binary files
_BINARY = {
    b"SQLite format 3\x00": "db",
    b"CDF": "netcdftrajectory",
    b"\x89HDF\r\n\x1a\n": "netcdftrajectory",
    b"- of UlmASE-Trajectory": "traj",
    b"AFFormatASE-Trajectory": "traj",
}

# What no other format has: the first pattern at the beginning, the others in any line. These come
# before ASE's own marks, some of which are words that may stand in any file's comment, such as
# the name of a program.
_MARKS: dict[str, tuple[str, ...]] = {
    "xsf": (_COMMENTS + r"(?:ANIMSTEPS|CRYSTAL|SLAB|POLYMER|MOLECULE|ATOMS|DIM-GROUP)\b",),
    "vasp-out": (r"\s*vasp\.\d",),
    "vasp-xml": (r"\s*<\?xml[^>]*>\s*<modeling>",),
    # comment, scale, lattice, elements, numbers of atoms; a POSCAR begins in the same way
    "vasp-xdatcar": (
        rf"[^\n]*\n[ \t]*{_NUMBER}[ \t]*\n(?:{_VECTOR}){{3}}[^\n]*\n[^\n]*\n\s*Direct config",
    ),
    "vasp": (
        rf"[^\n]*\n[ \t]*{_NUMBER}(?:[ \t]+{_NUMBER}){{0,2}}[ \t]*(?:[!#A-Za-z][^\n]*)?\n"
        rf"(?:{_VECTOR}){{3}}\s*(?:[A-Z][\w./]*\s+)*(?:\d+\s+)+(?:![^\n]*\n\s*)?[A-Za-z]",
    ),
    "cif": (_COMMENTS + "data_", r"^[ \t]*_(?:cell_length_a|atom_site)"),
    "lammps-data": ("", r"^[ \t]*\d+[ \t]+atoms[ \t]*$", r"^[^\n]*[ \t]xlo[ \t]+xhi\b"),
    "lammps-dump-text": (r"\s*ITEM: (?:TIMESTEP|UNITS|TIME)\b",),
    "proteindatabank": (
        "HEADER|TITLE|COMPND|REMARK|CRYST1|MODEL|ATOM  |HETATM",
        "^(?:ATOM  |HETATM)",
    ),
}
_PATTERNS = {
    kind: (re.compile(first), [re.compile(mark, re.MULTILINE) for mark in others])
    for kind, (first, *others) in _MARKS.items()
}
_JSON_KINDS = ("cjson", "nomad-json")
_JSON = re.compile(r"\s*[{\[]")
_XYZ_ATOM = re.compile(rf"\s*\w+(?:\s+{_NUMBER}){{3}}")


class Recognised(NamedTuple):
    """A format, and how it was found.

    Attributes
    ----------
    kind : str
        ASE's name of the format.
    by_name : bool
        Whether only the file's name tells, so that the contents may be something else.
    """

    kind: str
    by_name: bool = False


def recognised_format(file: FoundFile) -> Recognised:
    """The format of a file.

    Parameters
    ----------
    file : FoundFile
        The file; folders have no contents to look at.

    Returns
    -------
    Recognised

    Raises
    ------
    StructureError
        Where neither contents nor name tell, or for a format that is not read; the message says
        how to convert the file.
    """
    head = file.head(_HEAD)
    check_not_foreign(file, head)
    kind = _by_contents(head, file.name)
    if kind:
        return Recognised(kind)
    kind = _by_name(file.name)
    if kind:
        return Recognised(kind, by_name=True)
    raise StructureError(
        f"{file.where}: the format cannot be told from the name or the contents; give a format, "
        f"by ASE's name such as extxyz, or a pattern such as '*.cif' that leaves the file out"
    )


def _by_contents(head: bytes, name: str) -> str:
    for magic, kind in _BINARY.items():
        if head.startswith(magic):
            return kind
    text = head.decode("latin-1").removeprefix("\u00ef\u00bb\u00bf").replace("\r\n", "\n")
    if _is_xyz(text):
        return "extxyz"
    if _JSON.match(text):
        named = _by_name(name)
        return named if named in _JSON_KINDS else "json"
    for kind, (first, others) in _PATTERNS.items():
        if first.match(text) and all(mark.search(text) for mark in others):
            return kind
    try:
        return str(match_magic(head).name)
    except UnknownFileTypeError:
        return ""


def _is_xyz(text: str) -> bool:
    count, _, rest = text.partition("\n")
    count = count.strip()
    # nine digits are more atoms than any file holds
    if not (count.isdecimal() and len(count) < 10):
        return False
    comment, _, atoms = rest.partition("\n")
    if "Properties=" in comment or "Lattice=" in comment:
        return True
    return bool(_XYZ_ATOM.match(atoms)) if int(count) else not atoms.strip()


def _by_name(name: str) -> str:
    for form in ioformats.values():
        if form.match_name(name):
            return str(form.name)
    _, dot, ending = name.rpartition(".")
    known = extension2format.get(ending.lower()) if dot else None
    if known is not None:
        return str(known.name)
    return ending.lower() if dot and ending.lower() in ioformats else ""
