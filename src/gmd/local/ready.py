"""LAEDs that were computed elsewhere, checked against the structures that they belong to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import ase
import numpy as np

from gmd.local._ready_numpy import npy_rows
from gmd.local._ready_parquet import parquet_elements, parquet_structures
from gmd.local.aenet_training_set import training_structures
from gmd.local.sites import Sites
from gmd.structures import StructureError

TRAINING_SET_ENDING = ".train.ascii"
"""Of the files that aenet's ``trnset2ASCII.x`` writes; .xz, .gz or .bz2 may follow."""

_COMPRESSED = (".xz", ".gz", ".bz2")


def holds_sites(path: str | os.PathLike[str]) -> bool:
    """Whether a file is, by its name, one of LAEDs that tells of its structures as well."""
    return _kind_of(Path(path)) in ("aenet", "parquet")


def ready_structures(path: str | os.PathLike[str]) -> list[ase.Atoms]:
    """What a file of LAEDs tells of the structures themselves.

    Parameters
    ----------
    path : path-like
        A training set of aenet (``.train.ascii``) or a table of sites (``.parquet``), as
        :func:`read_ready_sites` reads them.

    Returns
    -------
    list of ase.Atoms
        ``info`` has ``name`` and ``source``. A training set tells elements, positions, energies and
        forces, but no cells, which are NaN; a table tells elements alone, and positions are NaN
        too. From such structures nothing can be computed that depends on distances: the checks of
        structures refuse them.

    Raises
    ------
    FileNotFoundError
        Where there is no such file.
    StructureError
        For a file that cannot be read, or that tells nothing of structures, as ``.npy`` does.
    """
    path = _existing(path)
    kind = _kind(path)
    if kind == "npy":
        raise StructureError(
            f"{path.name}: a matrix tells nothing of its structures; give these too, in a file of "
            f"their own"
        )
    if kind == "aenet":
        return [found.atoms for found in training_structures(path)]
    structures = []
    for number, symbols in enumerate(parquet_elements(path)):
        atoms = ase.Atoms(symbols, positions=np.full((len(symbols), 3), np.nan))
        atoms.info["name"] = f"{path.stem}-{number}"
        atoms.info["source"] = f"{path.name}, structure {number}"
        structures.append(atoms)
    return structures


def read_ready_sites(
    path: str | os.PathLike[str],
    structures: Sequence[ase.Atoms] | None = None,
    *,
    keep: Sequence[int] | None = None,
    atoms_at_once: int = 20_000,
    bytes_at_once: int = 2**26,
    progress: Callable[[int], object] | None = None,
) -> Iterator[Sites]:
    """Read LAEDs that were computed elsewhere.

    Parameters
    ----------
    path : path-like
        By its ending: ``.parquet``, the columns of :func:`gmd.local.sites_to_table` (``structure``
        from 0 upwards, ``element``, ``atom`` if there, and floats); ``.npy``, a matrix with one
        row per atom of `structures`, in their order; ``.train.ascii``, a training set of aenet.
    structures : sequence of ase.Atoms, optional
        What the LAEDs belong to: numbers of atoms and elements must agree, and for ``.npy`` tell
        where each structure begins. A training set or table can do without.
    keep : sequence of int, optional
        Numbers of the structures to keep, in ascending order; they are numbered anew from 0, as
        those of a subset are. All are read and checked nevertheless.
    atoms_at_once : int
        A chunk ends with the structure that reaches this number of atoms.
    bytes_at_once : int
        It ends before the structure with which its values would take more than this, unless that
        is the first.
    progress : callable, optional
        Called with the number of atoms read since the last call.

    Yields
    ------
    Sites
        Chunks of whole structures, in order, as :func:`gmd.local.compute_in_chunks` gives them.

    Raises
    ------
    FileNotFoundError
        Where there is no such file.
    StructureError
        For a file that cannot be read, LAEDs that are not of the structures, or values that are
        not finite, naming file, structure and atom.
    ValueError
        For numbers to keep that are not ascending or of no structure.
    """
    path = _existing(path)
    kind = _kind(path)
    if kind == "npy":
        if structures is None:
            raise StructureError(
                f"{path.name}: a matrix tells nothing of its structures; give these too"
            )
        blocks = npy_rows(path, structures)
    elif kind == "parquet":
        blocks = parquet_structures(path)
    else:
        blocks = (
            Sites(found.values, np.full(len(found.atoms), number), found.atoms.symbols)
            for number, found in enumerate(training_structures(path))
        )
    places = None if keep is None else {number: place for place, number in enumerate(keep)}
    if keep is not None and (len(places or ()) < len(keep) or list(keep) != sorted(keep)):
        raise ValueError("structures to keep must come in ascending order, each once")
    pending: list[Sites] = []
    n_atoms = n_bytes = number = 0
    for number, block in enumerate(blocks, start=1):
        if structures is not None and kind != "npy":
            _check_against(block, structures, number - 1, path.name)
        if places is not None:
            if number - 1 not in places:
                continue
            block = _renumbered(block, places.pop(number - 1))
        too_large = n_bytes + block.values.nbytes > bytes_at_once
        if pending and (n_atoms >= atoms_at_once or too_large):
            yield _joined(pending, progress)
            pending, n_atoms, n_bytes = [], 0, 0
        pending.append(block)
        n_atoms += len(block)
        n_bytes += block.values.nbytes
    if structures is not None and number < len(structures):
        raise StructureError(
            f"{path.name}: has LAEDs of {number} structures, but {len(structures)} are given; give "
            f"those that the LAEDs were computed of"
        )
    if places:
        raise ValueError(
            f"{path.name}: has {number} structures, none with the number {min(places)} that is to "
            f"be kept"
        )
    if pending:
        yield _joined(pending, progress)


def _existing(path: str | os.PathLike[str]) -> Path:
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"{path}: there is no such file; correct the path")
    return path


def _kind(path: Path) -> str:
    kind = _kind_of(path)
    if kind is None:
        raise StructureError(
            f"{path.name}: ready-made LAEDs are read from .parquet, .npy and "
            f"{TRAINING_SET_ENDING}; rename or convert the file"
        )
    return kind


def _kind_of(path: Path) -> str | None:
    name = path.name.lower()
    for ending in ("", *_COMPRESSED):
        if name.endswith(TRAINING_SET_ENDING + ending):
            return "aenet"
    return {".parquet": "parquet", ".npy": "npy"}.get(Path(name).suffix)


def _check_against(block: Sites, structures: Sequence[ase.Atoms], number: int, name: str) -> None:
    where = f"{name}, structure {number}"
    if number >= len(structures):
        raise StructureError(
            f"{where}: there are only {len(structures)} structures; give those that the LAEDs were "
            f"computed of"
        )
    atoms = structures[number]
    if len(atoms) != len(block):
        raise StructureError(
            f"{where}: LAEDs of {len(block)} atoms, but the structure has {len(atoms)}; give the "
            f"structures that the LAEDs were computed of"
        )
    differ = np.array(atoms.get_chemical_symbols()) != block.element
    if differ.any():
        atom = int(np.argmax(differ))
        raise StructureError(
            f"{where}, atom {atom}: an LAED of {block.element[atom]}, but the structure has "
            f"{atoms.symbols[atom]} there; give the structures that the LAEDs were computed of, "
            f"their atoms in the same order"
        )


def _renumbered(block: Sites, number: int) -> Sites:
    return Sites(block.values, np.full(len(block), number), block.element, block.component_names)


def _joined(blocks: Sequence[Sites], progress: Callable[[int], object] | None) -> Sites:
    sites = Sites(
        np.concatenate([block.values for block in blocks]),
        np.concatenate([block.structure for block in blocks]),
        np.concatenate([block.element for block in blocks]),
        blocks[0].component_names,
    )
    if progress is not None:
        progress(len(sites))
    return sites
