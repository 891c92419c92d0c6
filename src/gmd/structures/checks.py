"""Checks that every structure passes before anything is computed from it."""

from __future__ import annotations

import ase
import numpy as np
import vesin
from ase.data import chemical_symbols
from numpy.typing import NDArray

from gmd.parameters import finite_number
from gmd.structures import crowding

DEFAULT_MINIMUM_DISTANCE = 0.3
"""Å; atoms closer than this are taken for a mistake."""

LARGEST_LENGTH = 1e4
"""Å; coordinates and cells beyond this are taken for a mistake, and no neighbour search copes."""

_FLAT_CELL = 1e-4  # volume over that of a brick with the same edges
_SEARCH_CUTOFF = 2.0  # Å; the neighbour search slows down for cutoffs far below a bond length


class StructureError(ValueError):
    """A structure that cannot be used, said with its place and what to do."""


def place_of(atoms: ase.Atoms, number: int) -> str:
    """How messages name a structure: by the file that it was read from, or by its number."""
    return str(atoms.info.get("source") or f"structure {number}")


def check_structure(
    atoms: ase.Atoms, where: str, *, minimum_distance: float = DEFAULT_MINIMUM_DISTANCE
) -> None:
    """Make sure that a structure has atoms, a sane cell and sane positions.

    Parameters
    ----------
    atoms : ase.Atoms
        The structure, in Å.
    where : str
        File and structure, as the message's beginning.
    minimum_distance : float
        Least distance between two atoms, images included, in Å; 0 skips the check.

    Raises
    ------
    StructureError
        Saying file, structure, atom, what is wrong and what to do.
    """
    minimum_distance = finite_number("minimum_distance", minimum_distance, unit="Å", at_least=0)
    if len(atoms) == 0:
        raise StructureError(f"{where}: there are no atoms; remove the structure")
    finite = np.isfinite(atoms.positions).all(axis=1)
    if not finite.any() and np.isnan(atoms.positions).all():
        raise StructureError(
            f"{where}: its positions are not known, only its ready-made LAEDs are; take these, or "
            f"give the structures in a file of their own"
        )
    if not finite.all():
        raise StructureError(
            f"{where}, atom {int(np.argmin(finite))}: position is not finite; "
            f"correct or remove the structure"
        )
    far = np.abs(atoms.positions).max(axis=1) > LARGEST_LENGTH
    if far.any():
        raise StructureError(
            f"{where}, atom {int(np.argmax(far))}: a coordinate beyond {LARGEST_LENGTH:g} Å; "
            f"positions are in Å, correct or remove the structure"
        )
    unknown = (atoms.numbers <= 0) | (atoms.numbers >= len(chemical_symbols))
    if unknown.any():
        raise StructureError(
            f"{where}, atom {int(np.argmax(unknown))}: unknown element; every atom needs a "
            f"chemical symbol"
        )
    box = _checked_cell(atoms, where)
    if minimum_distance > 0:
        _check_distances(atoms, box, where, minimum_distance)


def _checked_cell(atoms: ase.Atoms, where: str) -> NDArray[np.float64]:
    """The cell, with a unit vector in place of every one that is missing."""
    cell = atoms.cell.array
    if np.isnan(cell).all():
        raise StructureError(
            f"{where}: its cell is not known, as in aenet's training sets; take the ready-made "
            f"LAEDs, or give the structures in a file of their own"
        )
    if not np.isfinite(cell).all():
        raise StructureError(f"{where}: the cell is not finite; correct or remove the structure")
    if np.abs(cell).max() > LARGEST_LENGTH:
        raise StructureError(
            f"{where}: a cell vector beyond {LARGEST_LENGTH:g} Å; cells are in Å, correct or "
            f"remove the structure"
        )
    lengths = _lengths(cell)
    for axis, (length, periodic) in enumerate(zip(lengths, atoms.pbc, strict=True)):
        if periodic and length == 0:
            raise StructureError(
                f"{where}: periodic along cell vector {axis}, which is zero; give the cell, or set "
                f"pbc to F for a molecule"
            )
    box: NDArray[np.float64] = cell if lengths.all() else atoms.cell.complete().array
    if atoms.pbc.any():
        unit = box / _lengths(box)[:, None]
        if not abs(np.linalg.det(unit)) >= _FLAT_CELL:
            raise StructureError(
                f"{where}: the cell vectors lie in a plane, or nearly so; correct the cell"
            )
    return box


def _lengths(box: NDArray[np.float64]) -> NDArray[np.float64]:
    # a third of the time of numpy.linalg.norm
    lengths: NDArray[np.float64] = np.sqrt(np.einsum("ij,ij->i", box, box))
    return lengths


def _check_distances(
    atoms: ase.Atoms, box: NDArray[np.float64], where: str, minimum_distance: float
) -> None:
    # told apart first, as the search's time grows with the number of images in reach
    for axis, (length, periodic) in enumerate(zip(_lengths(box), atoms.pbc, strict=True)):
        if periodic and length < minimum_distance:
            raise StructureError(
                f"{where}: periodic along cell vector {axis}, which is only {length:.3g} Å long, "
                f"less than {minimum_distance:g} Å; correct the cell, or lower minimum_distance "
                f"if this is meant"
            )
    cutoff = max(minimum_distance, _SEARCH_CUTOFF)
    if crowding.expected_pairs(atoms, cutoff) > crowding.LARGEST_NUMBER_OF_PAIRS:
        raise StructureError(
            f"{where}: {len(atoms)} atoms are too crowded to tell their distances; positions and "
            f"cells are in Å, correct or remove the structure"
        )
    search = vesin.NeighborList(cutoff=cutoff, full_list=False, n_threads=1)
    i, j, distance = search.compute(
        points=atoms.positions,
        box=box,
        periodic=list(map(bool, atoms.pbc)),
        quantities="ijd",
    )
    if distance.size and distance.min() < minimum_distance:
        pair = int(np.argmin(distance))
        raise StructureError(
            f"{where}, atom {i[pair]}: only {distance[pair]:.3g} Å from atom {j[pair]} or its "
            f"image, less than {minimum_distance:g} Å; correct the structure, or lower "
            f"minimum_distance if this is meant"
        )
