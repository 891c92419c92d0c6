"""Structures from files, through ASE's readers, each one checked."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import ase
import ase.io
from ase.calculators.singlepoint import SinglePointCalculator
from ase.io.formats import UnknownFileTypeError, filetype, ioformats

from gmd.structures.archives import TextFile, text_files
from gmd.structures.checks import DEFAULT_MINIMUM_DISTANCE, StructureError, check_structure

_AENET_ENERGY = re.compile(r"^\s*#\s*total energy\s*=\s*(\S+)\s*eV", re.IGNORECASE | re.MULTILINE)

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


def read_structures(
    paths: Paths,
    *,
    format: str | None = None,
    pattern: str = "*",
    minimum_distance: float = DEFAULT_MINIMUM_DISTANCE,
) -> list[ase.Atoms]:
    """Read structures and check each.

    Parameters
    ----------
    paths : path-like or iterable of path-like
        Files (plain or compressed), folders, tar or zip archives, in this order.
    format : str, optional
        ASE's name of the format; told from each file's name otherwise.
    pattern : str
        File names to take from folders and archives, such as ``"*.xsf"``.
    minimum_distance : float
        Least distance between two atoms, in Å; 0 skips the check.

    Returns
    -------
    list of ase.Atoms
        ``info`` has ``name`` (the file's own, or made of file name and number) and ``source``;
        energies, in the file's own unit, are with the calculator as usual in ASE. For XSF files
        the energy is taken from aenet's first line ``# total energy = ... eV``.

    Raises
    ------
    FileNotFoundError
        Where there is nothing at a path.
    StructureError
        For a file that cannot be read or a structure that cannot be used; the message says which
        file, structure and atom, what is wrong and what to do.
    """
    return list(
        iter_structures(paths, format=format, pattern=pattern, minimum_distance=minimum_distance)
    )


def iter_structures(
    paths: Paths,
    *,
    format: str | None = None,
    pattern: str = "*",
    minimum_distance: float = DEFAULT_MINIMUM_DISTANCE,
) -> Iterator[ase.Atoms]:
    """As :func:`read_structures`, one at a time."""
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    for path in paths:
        for file in text_files(Path(path), pattern):
            yield from _structures_of(file, format, minimum_distance)


def _structures_of(
    file: TextFile, format: str | None, minimum_distance: float
) -> Iterator[ase.Atoms]:
    kind = format or _format_of(file)
    if kind not in ioformats:
        raise StructureError(
            f"{file.where}: ASE knows no format {kind!r}; give another, such as extxyz"
        )
    if not file.text.strip():
        raise StructureError(
            f"{file.where}: the file is empty; remove it, or give a pattern that leaves it out"
        )
    frames = ase.io.iread(io.StringIO(file.text), index=":", format=kind)
    stem = Path(file.name).stem
    number = 0
    while True:
        try:
            atoms = next(frames)
        except StopIteration:
            break
        # readers stumble over bad files in every way: whatever they raise, the file is the cause
        except Exception as error:
            # inside a generator the end of the lines surfaces as a RuntimeError
            ended = isinstance(error.__cause__, StopIteration)
            reason = "it ends too early" if ended else f"{type(error).__name__}: {error}"
            raise StructureError(
                f"{file.where}, structure {number}: cannot be read as {kind} ({reason}); the file "
                f"may be cut off or of another format"
            ) from error
        if kind == "xsf":
            _attach_aenet_energy(atoms, file)
        where = f"{file.where}, structure {number}"
        check_structure(atoms, where, minimum_distance=minimum_distance)
        atoms.info["source"] = where
        atoms.info.setdefault("name", f"{stem}-{number}" if number else stem)
        yield atoms
        number += 1
    if number == 0:
        raise StructureError(
            f"{file.where}: holds no structures that can be read as {kind}; remove it, or give "
            f"another format"
        )


def _format_of(file: TextFile) -> str:
    try:
        kind: str = filetype(file.name, read=False)
    except UnknownFileTypeError:
        kind = ""
    # ASE answers with an ending that it does not know
    if kind not in ioformats:
        raise StructureError(
            f"{file.where}: the format cannot be told from the name; give a format, by ASE's name "
            f"such as extxyz, or a pattern that leaves the file out"
        )
    return kind


def _attach_aenet_energy(atoms: ase.Atoms, file: TextFile) -> None:
    match = _AENET_ENERGY.search(file.text)
    if match is None:
        return
    try:
        energy = float(match[1])
    except ValueError:
        raise StructureError(
            f"{file.where}: the total energy {match[1]!r} is not a number; "
            f"write it as '# total energy = -1.0 eV'"
        ) from None
    known = atoms.calc.results if atoms.calc is not None else {}
    atoms.calc = SinglePointCalculator(atoms, **{**known, "energy": energy})
