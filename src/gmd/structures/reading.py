"""Structures from files, through ASE's readers, each one checked."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import ase

from gmd.structures.archives import FoundFile, found_files
from gmd.structures.checks import DEFAULT_MINIMUM_DISTANCE, StructureError, check_structure
from gmd.structures.energies import check_energy
from gmd.structures.formats import Unreadable, check_format, frames
from gmd.structures.isotopes import isotopes_known, replace_isotopes
from gmd.structures.occupancy import check_occupancies
from gmd.structures.recognition import Recognised, recognised_format

_BUNDLE = "bundletrajectory"  # the one format that is a folder

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


def read_structures(
    paths: Paths,
    *,
    format: str | None = None,
    pattern: str = "*",
    minimum_distance: float = DEFAULT_MINIMUM_DISTANCE,
    energy_key: str | None = "energy",
    progress: Callable[[int], object] | None = None,
) -> list[ase.Atoms]:
    """Read structures and check each.

    Parameters
    ----------
    paths : path-like or iterable of path-like
        Files (plain or compressed), folders, tar or zip archives, in this order.
    format : str, optional
        ASE's name of the format; recognised from each file's contents, or else its name,
        otherwise.
    pattern : str
        File names to take from folders and archives, such as ``"*.xsf"``.
    minimum_distance : float
        Least distance between two atoms, in Å; 0 skips the check.
    energy_key : str, optional
        Name of the energy that is wanted: its value must be a number where it is present. None if
        no energies are wanted.
    progress : callable, optional
        Called with the number of structures read since the last call.

    Returns
    -------
    list of ase.Atoms
        ``info`` has ``name`` (the file's own, or made of file name and number), ``source`` and
        ``read_as``, the format; energies are with the calculator as usual in ASE: in eV, or for
        (extended) XYZ in the file's own unit. For XSF files
        the energy is taken from aenet's lines ``# total energy = ... eV``, one for each structure.
        ``info`` of structures from a database has their key-value pairs, and that of QM9's
        molecules their properties. Deuterium (D) is hydrogen with a mass of its own.

    Raises
    ------
    FileNotFoundError
        Where there is nothing at a path.
    StructureError
        For a file that cannot be read or a structure that cannot be used; the message says which
        file, structure and atom, what is wrong and what to do.
    """
    return list(
        iter_structures(
            paths,
            format=format,
            pattern=pattern,
            minimum_distance=minimum_distance,
            energy_key=energy_key,
            progress=progress,
        )
    )


def iter_structures(
    paths: Paths,
    *,
    format: str | None = None,
    pattern: str = "*",
    minimum_distance: float = DEFAULT_MINIMUM_DISTANCE,
    energy_key: str | None = "energy",
    progress: Callable[[int], object] | None = None,
) -> Iterator[ase.Atoms]:
    """As :func:`read_structures`, one at a time."""
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    for path in map(Path, paths):
        if format == _BUNDLE and path.is_dir():
            files: Iterable[FoundFile] = [FoundFile(path.name, path.name, path=path)]
        else:
            files = found_files(path, pattern)
        for file in files:
            for atoms in _structures_of(file, format, minimum_distance, energy_key):
                if progress is not None:
                    progress(1)
                yield atoms


def _structures_of(
    file: FoundFile, format: str | None, minimum_distance: float, energy_key: str | None
) -> Iterator[ase.Atoms]:
    found_format = Recognised(format) if format else recognised_format(file)
    kind = found_format.kind
    check_format(kind, file.where)
    found = frames(file, kind, energy_key)
    stem = Path(file.name).stem
    number = 0
    while True:
        try:
            with isotopes_known():
                atoms = next(found)
        except StopIteration:
            break
        except ImportError as error:
            raise StructureError(
                f"{file.where}: reading {kind} needs a package that is not installed "
                f"({error.name or error}); install it, or convert the file with 'ase convert'"
            ) from error
        except Unreadable as error:
            raise StructureError(
                f"{file.where}, structure {number}: cannot be read as {kind} ({error}); "
                f"{_way_out(found_format)}"
            ) from error.__cause__
        where = f"{file.where}, structure {number}"
        if found_format.by_name and not len(atoms):
            raise StructureError(
                f"{where}: there are no atoms in it if it is read as {kind}; "
                f"{_way_out(found_format)}"
            )
        replace_isotopes(atoms, where)
        check_occupancies(atoms, where)
        check_energy(atoms, energy_key, where)
        check_structure(atoms, where, minimum_distance=minimum_distance)
        atoms.info["source"] = where
        atoms.info["read_as"] = kind
        atoms.info.setdefault("name", f"{stem}-{number}" if number else stem)
        yield atoms
        number += 1
    if number == 0:
        raise StructureError(
            f"{file.where}: contains no structures that can be read as {kind}; "
            f"{_way_out(found_format)}"
        )


def _way_out(found: Recognised) -> str:
    if found.by_name:
        return (
            "only its name suggests this format: if it is not a structure file, give a pattern "
            "such as '*.cif' that leaves it out; otherwise it may be cut off, or of another "
            "format: give the right one, by ASE's name such as extxyz"
        )
    return "the file may be cut off, damaged or of another format"
