"""Neighbours of all atoms of several structures, in one set of flat arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import ase
import numpy as np
import vesin
from numpy.typing import NDArray

from gmd.structures import check_structure


class Neighbours(NamedTuple):
    """Neighbour pairs sorted by central atom.

    Attributes
    ----------
    first : ndarray of shape (n_atoms + 1,), int
        The pairs of atom a are ``first[a]:first[a + 1]``.
    other : ndarray of shape (n_pairs,), int
        The neighbour's atom index; images of the central atom itself are among them.
    distance : ndarray of shape (n_pairs,), float64
        Å.
    vector : ndarray of shape (n_pairs, 3), float64
        From the central atom to the neighbour, Å.
    """

    first: NDArray[np.int64]
    other: NDArray[np.int64]
    distance: NDArray[np.float64]
    vector: NDArray[np.float64]


def find_neighbours(
    structures: Sequence[ase.Atoms], cutoff: float, *, first_structure: int = 0
) -> Neighbours:
    """All neighbours closer than `cutoff`, every periodic image among them, by vesin.

    Parameters
    ----------
    structures : sequence of ase.Atoms
        Any cells, also smaller than the cutoff; atoms need not be wrapped; each direction may be
        periodic or not.
    cutoff : float
        Å.
    first_structure : int
        Number of the first structure, for messages.

    Returns
    -------
    Neighbours
        Atoms are numbered through all structures.

    Raises
    ------
    ValueError
        For a structure that :func:`gmd.structures.check_structure` refuses, or where two atoms sit
        on the same place, naming them.
    """
    # one thread: the order of the pairs, hence the rounding of every sum, must not vary
    search = vesin.NeighborList(cutoff=cutoff, full_list=True, sorted=True, n_threads=1)
    counts, others, distances, vectors = [], [], [], []
    offset = 0
    for number, atoms in enumerate(structures, start=first_structure):
        n_atoms = len(atoms)
        # the search does not survive positions or cells that make no sense
        check_structure(atoms, f"structure {number}", minimum_distance=0)
        i, j, distance, vector = search.compute(
            points=atoms.positions,
            box=_box(atoms),
            periodic=list(map(bool, atoms.pbc)),
            quantities="ijdD",
        )
        if distance.size and distance.min() == 0.0:
            pair = int(np.argmin(distance))
            raise ValueError(
                f"structure {number}: atoms {i[pair]} and {j[pair]} are on the same place; "
                f"remove one of them"
            )
        counts.append(np.bincount(i.astype(np.int64), minlength=n_atoms))
        others.append(j.astype(np.int64) + offset)
        distances.append(distance)
        vectors.append(vector)
        offset += n_atoms
    first = np.zeros(offset + 1, dtype=np.int64)
    if counts:
        np.cumsum(np.concatenate(counts), out=first[1:])
    return Neighbours(
        first,
        np.concatenate(others) if others else np.empty(0, np.int64),
        np.concatenate(distances) if distances else np.empty(0),
        np.concatenate(vectors) if vectors else np.empty((0, 3)),
    )


def _box(atoms: ase.Atoms) -> NDArray[np.float64]:
    """The cell, with a unit vector in every direction that has none and is not periodic."""
    return np.asarray(atoms.cell.complete().array, dtype=np.float64)
