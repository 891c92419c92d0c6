"""Neighbours of all atoms of several structures, found on several threads.

Neighbours are found a block of atoms at a time and used up at once, while they are in the
processor's cache. The order of an atom's neighbours, hence the rounding of every sum over them,
depends on its own structure alone.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import ase
import numba
import numpy as np
from ase.geometry import minkowski_reduce
from numpy.typing import NDArray

from gmd.local._neighbour_kernels import Images, images_within, neighbours_among
from gmd.structures import check_structure

_ATOMS_PER_BLOCK = 1000  # of one structure whose neighbours are in memory at once, per thread
_ATOMS_PER_TASK = 500  # at least: some ms of work, beside which handing it out costs nothing
_TASKS_PER_THREAD = 16  # at most: enough for threads to end together
_SKEWED = 0.3  # height over edge


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
    """All neighbours closer than `cutoff`, every periodic image among them.

    Memory grows with the number of pairs, 40 bytes each, twice over while the pieces are joined;
    :func:`visit_neighbours` holds those of a few atoms at a time.

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
    found: dict[tuple[int, int], Neighbours] = {}

    def keep(place: int, begin: int, neighbours: Neighbours) -> None:
        first, other, distance, vector = neighbours
        found[place, begin] = Neighbours(first, other.copy(), distance.copy(), vector.copy())

    visit_neighbours(structures, cutoff, keep, first_structure=first_structure)
    before = np.cumsum([0, *(len(atoms) for atoms in structures)])
    n_pairs = 0
    firsts, others = [np.zeros(1, np.int64)], [np.empty(0, np.int64)]
    pieces = [(place, found[place, begin]) for place, begin in sorted(found)]
    for place, piece in pieces:
        firsts.append(piece.first[1:] + n_pairs)
        others.append(piece.other + before[place])
        n_pairs += piece.other.size
    return Neighbours(
        np.concatenate(firsts),
        np.concatenate(others),
        np.concatenate([np.empty(0), *(piece.distance for _, piece in pieces)]),
        np.concatenate([np.empty((0, 3)), *(piece.vector for _, piece in pieces)]),
    )


def visit_neighbours(
    structures: Sequence[ase.Atoms],
    cutoff: float,
    work: Callable[[int, int, Neighbours], None],
    *,
    first_structure: int = 0,
) -> None:
    """Find the neighbours of a block of atoms at a time and do some work with them at once.

    Structures are shared out over ``numba.get_num_threads()`` threads, and so are the blocks of a
    structure that holds more than a thread's share of all atoms. Memory grows with the number of
    threads, and with the atoms and images of the largest structures, not with the number of pairs.

    Parameters
    ----------
    structures : sequence of ase.Atoms
        As in :func:`find_neighbours`.
    cutoff : float
        Å.
    work : callable
        Called as ``work(place, begin, neighbours)``, on any thread and in any order, for a block of
        atoms from `begin` on of ``structures[place]``; each atom comes once. Neighbours are
        numbered within their structure. The pairs' arrays are used again for the next block: copy
        what is kept. To gain from threads, `work` must release the interpreter.
    first_structure : int
        Number of the first structure, for messages.

    Raises
    ------
    ValueError
        As :func:`find_neighbours`.
    """
    n_threads = int(numba.get_num_threads())
    sizes = [len(atoms) for atoms in structures]
    search = _Search(cutoff)

    def visit_block(place: int, images: Images, begin: int) -> None:
        end = min(begin + _ATOMS_PER_BLOCK, sizes[place])
        work(place, begin, search.neighbours(images, begin, end, first_structure + place))

    def visit(places: Sequence[int]) -> None:
        for place in places:
            images = search.images(structures[place], first_structure + place)
            for begin in range(0, sizes[place], _ATOMS_PER_BLOCK):
                visit_block(place, images, begin)

    if n_threads == 1 or sum(sizes) <= _ATOMS_PER_TASK:
        visit(range(len(structures)))
        return
    share = max(_ATOMS_PER_BLOCK, sum(sizes) // n_threads)
    atoms_per_task = max(_ATOMS_PER_TASK, sum(sizes) // (_TASKS_PER_THREAD * n_threads))
    small = [place for place, size in enumerate(sizes) if size <= share]
    with ThreadPoolExecutor(n_threads) as pool:
        for _ in pool.map(visit, _tasks(small, sizes, atoms_per_task)):
            pass
        for place in sorted(set(range(len(sizes))).difference(small)):
            images = search.images(structures[place], first_structure + place)
            blocks = range(0, sizes[place], _ATOMS_PER_BLOCK)
            for _ in pool.map(visit_block, [place] * len(blocks), [images] * len(blocks), blocks):
                pass


def _tasks(places: Sequence[int], sizes: Sequence[int], atoms_per_task: int) -> Iterator[list[int]]:
    task: list[int] = []
    n_atoms = 0
    for place in places:
        task.append(place)
        n_atoms += sizes[place]
        if n_atoms >= atoms_per_task:
            yield task
            task, n_atoms = [], 0
    if task:
        yield task


class _Search(threading.local):
    """Neighbours of one block of atoms after another, with room for the pairs of each thread.

    Fresh memory for every block would cost more time than filling it.
    """

    def __init__(self, cutoff: float) -> None:
        self._cutoff = float(cutoff)
        self._make_room(0)

    def _make_room(self, n_pairs: int) -> None:
        self._other = np.empty(n_pairs, dtype=np.int64)
        self._distance = np.empty(n_pairs)
        self._vector = np.empty((n_pairs, 3))

    def images(self, atoms: ase.Atoms, number: int) -> Images:
        """What the atoms of a structure may have for neighbours."""
        check_structure(atoms, f"structure {number}", minimum_distance=0)
        cell, inverse = _lattice(atoms)
        images: Images = images_within(atoms.positions, cell, inverse, atoms.pbc, self._cutoff)
        return images

    def neighbours(self, images: Images, begin: int, end: int, number: int) -> Neighbours:
        """Neighbours of the atoms `begin` to ``end - 1``; the pairs last until the next call."""
        first = np.empty(end - begin + 1, dtype=np.int64)
        while True:
            n_pairs = neighbours_among(
                images, self._cutoff, begin, end, first, self._other, self._distance, self._vector
            )
            if n_pairs <= self._other.size:
                break
            self._make_room(n_pairs + n_pairs // 4)
        neighbours = Neighbours(
            first, self._other[:n_pairs], self._distance[:n_pairs], self._vector[:n_pairs]
        )
        if n_pairs and neighbours.distance.min() == 0.0:
            pair = int(np.argmin(neighbours.distance))
            i = begin + int(np.searchsorted(first, pair, side="right")) - 1
            raise ValueError(
                f"structure {number}: atoms {i} and {neighbours.other[pair]} are on the same "
                f"place; remove one of them"
            )
        return neighbours


def _lattice(atoms: ase.Atoms) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A cell with the same images as the structure's, and its inverse."""
    if not atoms.pbc.any():
        return np.eye(3), np.eye(3)
    # a unit vector in every direction that has none and is not periodic
    cell = np.asarray(atoms.cell.complete().array, dtype=np.float64)
    # heights over edges: a skewed cell has the same lattice as a compact one, whose images in
    # reach are told with far less work
    inverse = np.linalg.inv(cell)
    if ((inverse**2).sum(axis=0) * (cell**2).sum(axis=1)).max() > _SKEWED**-2:
        cell = np.asarray(minkowski_reduce(cell, atoms.pbc)[0], dtype=np.float64)
        inverse = np.linalg.inv(cell)
    return cell, np.asarray(inverse, dtype=np.float64)
