"""Elements that a file does not name and that a reader would guess.

Several formats have types, masses or names of a force field in place of elements, and ASE guesses:
types become H, He, ..., the atom ``CL`` of a GROMACS file becomes carbon. A guess is accepted only
where it cannot be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import ase
import numpy as np
from ase.data import atomic_masses, atomic_numbers

from gmd.structures.archives import FoundFile
from gmd.structures.checks import StructureError

_LABEL = re.compile(r"([A-Z][a-z]?)(?![A-Za-z])")
_DUMP_ITEMS = re.compile(r"^ITEM: (ATOMS|UNITS)([^\n]*)\n([^\n]*)", re.MULTILINE)
_MASS_TOLERANCE = 1e-3  # relative, and as much in u: CH2 (14.027) is no nitrogen (14.007)
_WRITE_ELEMENTS = "write the structure in a format with elements, such as extended XYZ"


def element_of(label: str) -> str | None:
    """The element at the beginning of an atom's name, None where more than one could be meant.

    ``Cl1`` and ``C_3`` are clear; ``CL``, ``CA`` and ``OW`` are not.
    """
    match = _LABEL.match(label)
    if match is None or (match[1] not in atomic_numbers and match[1] != "D"):
        return None
    return match[1]


def check_elements_in_text(text: str, kind: str, file: FoundFile) -> None:
    """Refuse a text that does not name its elements.

    Parameters
    ----------
    text : str
        The contents of the file.
    kind : str
        ASE's name of the format.
    file : FoundFile
        Where the text comes from.

    Raises
    ------
    StructureError
        Naming the line, and what to do.
    """
    check = _IN_TEXT.get(kind)
    if check is not None:
        check(text, file)


def check_elements_of_atoms(atoms: ase.Atoms, kind: str, where: str) -> None:
    """Refuse a structure whose elements were guessed from names or masses of its atoms.

    Parameters
    ----------
    atoms : ase.Atoms
        As ASE has read it.
    kind : str
        ASE's name of the format.
    where : str
        File and structure, as the message's beginning.

    Raises
    ------
    StructureError
        Naming the atom, and what to do.
    """
    if kind == "gromacs" and "atomtypes" in atoms.arrays:
        _check_labels(atoms, atoms.arrays["atomtypes"], where)
    elif kind in ("dlp4", "dlp-history") and "dlp4_labels" in atoms.arrays:
        endings = atoms.arrays["dlp4_labels"]
        names = [s + str(end) for s, end in zip(atoms.symbols, endings, strict=True)]
        _check_labels(atoms, names, where)
    elif kind in ("lammps-data", "gpumd") and atoms.has("masses"):
        for number, mass in enumerate(atoms.get_masses()):
            if not _is_mass(float(mass), int(atoms.numbers[number])):
                raise StructureError(
                    f"{where}, atom {number}: the file has atom types but no elements, and the "
                    f"mass {mass:g} is not that of an element; {_WRITE_ELEMENTS}"
                )


def _check_labels(atoms: ase.Atoms, labels: object, where: str) -> None:
    for number, label in enumerate(np.asarray(labels).astype(str).tolist()):
        if element_of(label) != atoms.symbols[number]:
            raise StructureError(
                f"{where}, atom {number}: the name {label!r} does not identify the element; "
                f"{_WRITE_ELEMENTS}"
            )


def _is_mass(mass: float, number: int) -> bool:
    # number 0 stands for no element and has a mass of 1 in ASE
    return number > 0 and abs(float(atomic_masses[number]) - mass) <= _MASS_TOLERANCE * (1 + mass)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    return enumerate(text.split("\n"), start=1)


def _check_poscar(text: str, file: FoundFile) -> None:
    lines = text.split("\n", 6)
    counts = lines[5].split("!")[0].split() if len(lines) > 5 else []
    if not counts or not counts[0].isdecimal() or has_elements_in_comment(text):
        return
    folder = file.path.parent if file.path is not None else None
    # ASE looks for compressed ones too, and cannot read them
    if folder is None or not any((folder / name).is_file() for name in ("POTCAR", "OUTCAR")):
        raise StructureError(
            f"{file.where}, line 6: the file names no elements (the format of VASP 4); insert a "
            f"line with the element symbols before line 6, one for each count, or put the POTCAR "
            f"in the same folder"
        )


def has_elements_in_comment(poscar: str) -> bool:
    """Whether the first line is the list of elements that VASP 4's users put there.

    Anything else is a comment: the words "BCC Fe" are not boron and carbon.
    """
    lines = poscar.split("\n", 6)
    if len(lines) < 6:
        return False
    words = lines[0].split()
    counts = [word for word in lines[5].split("!")[0].split() if word.isdecimal()]
    return len(words) == len(counts) and all(word in atomic_numbers for word in words)


def _check_dump(text: str, file: FoundFile) -> None:
    for item in _DUMP_ITEMS.finditer(text):
        line = text.count("\n", 0, item.start()) + 1
        if item[1] == "UNITS":
            if item[3].strip() not in ("metal", "real"):
                raise StructureError(
                    f"{file.where}, line {line + 1}: the LAMMPS units are {item[3].strip()!r}, but "
                    f"lengths are read in Å; convert the file"
                )
            continue
        columns = item[2].split()
        if "element" in columns:
            continue
        if "mass" not in columns:
            raise StructureError(
                f"{file.where}, line {line}: the file has atom types but no elements; write it "
                f"with the column 'element' (in LAMMPS: dump_modify ID element Ni Al ..., in the "
                f"order of the types), or convert it to extended XYZ"
            )
        end = text.find("ITEM:", item.end())
        rows = text[item.start(3) : end if end >= 0 else None].split("\n")
        _check_masses(rows, columns.index("mass"), line + 1, file)


def _check_masses(rows: list[str], column: int, first_line: int, file: FoundFile) -> None:
    for line, row in enumerate(rows, start=first_line):
        words = row.split()
        mass = _float(words[column]) if len(words) > column else np.nan
        if np.isfinite(mass) and not _is_mass(mass, int(np.argmin(np.abs(atomic_masses - mass)))):
            raise StructureError(
                f"{file.where}, line {line}: the file has no elements, and the mass {mass:g} is "
                f"not that of an element; write the column 'element' (in LAMMPS: dump_modify ID "
                f"element ...)"
            )


def _check_data(text: str, file: FoundFile) -> None:
    labels: list[tuple[int, str]] = []
    section = ""
    has_masses = False
    for number, line in _lines(text):
        words = line.split("#")[0].split()
        if words and words[0].isalpha() and words[0][0].isupper():
            section = " ".join(words)
            has_masses = has_masses or section == "Masses"
        elif section == "Atom Type Labels" and len(words) == 2:
            labels.append((number, words[1]))
    if has_masses:
        return
    for number, label in labels:
        if label not in atomic_numbers:
            raise StructureError(
                f"{file.where}, line {number}: the label {label!r} is not an element; label the "
                f"types by elements, or give the section Masses"
            )
    if not labels:
        raise StructureError(
            f"{file.where}: the file has atom types but no elements; add a section Masses or "
            f"Atom Type Labels with the elements, or convert it to extended XYZ"
        )


def _check_pdb(text: str, file: FoundFile) -> None:
    for number, line in _lines(text):
        if line.startswith(("ATOM", "HETATM")) and not line[76:78].strip():
            # names of one letter leave no choice; CA may be a carbon of a protein, or calcium
            letters = re.match(r"\s*\d*([A-Za-z]+)", line[12:16])
            if letters is None or len(letters[1]) > 1:
                raise StructureError(
                    f"{file.where}, line {number}: no element in columns 77 and 78, and the name "
                    f"{line[12:16].strip()!r} is ambiguous; fill these columns, or "
                    f"{_WRITE_ELEMENTS}"
                )


def _check_g96(text: str, file: FoundFile) -> None:
    inside = False
    for number, line in _lines(text):
        words = line.split()
        if words == ["END"]:
            inside = False
        elif inside and len(words) >= 7 and not _is_clear_in_g96(words[2]):
            raise StructureError(
                f"{file.where}, line {number}: the name {words[2]!r} does not identify the "
                f"element; {_WRITE_ELEMENTS}"
            )
        elif words == ["POSITION"]:
            inside = True


def _is_clear_in_g96(name: str) -> bool:
    element = element_of(name)
    # ASE takes two letters for an element only where nothing follows them
    return element is not None and (len(element) == 1 or name == element)


def _float(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return float("nan")


_IN_TEXT: dict[str, Callable[[str, FoundFile], None]] = {
    "vasp": _check_poscar,
    "lammps-dump-text": _check_dump,
    "lammps-data": _check_data,
    "proteindatabank": _check_pdb,
    "gromos": _check_g96,
}
