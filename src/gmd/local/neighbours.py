"""Neighbours of all atoms of several structures, found on several threads.

The search itself is vesin's, one structure per thread at a time, so that the order of the pairs,
hence the rounding of every sum over them, never varies. It is asked for every pair once and both
directions are made here: its own full and sorted lists cost more than twice as much.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import ase
import numba
import numpy as np
import vesin
from numpy.typing import NDArray

from gmd.local._neighbour_kernels import group_by_atom
from gmd.parameters import length
from gmd.structures import StructureError, check_structure, crowding, place_of

_ATOMS_PER_TASK = 500  # at least: some ms of work, beside which handing it out costs nothing
_TASKS_PER_THREAD = 16  # at most: enough for threads to end together
_ATOMS_PER_SPLIT = 2000  # less of one structure is not worth sharing out


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


Work = Callable[[int, Neighbours, int, int], None]
"""What to do with a structure's place in the sequence, its neighbours, and its atoms from one
index to below another."""


def find_neighbours(
    structures: Sequence[ase.Atoms], cutoff: float, *, first_structure: int = 0
) -> Neighbours:
    """All neighbours closer than `cutoff`, every periodic image among them, by vesin.

    Memory grows with the number of pairs, 40 bytes each, twice over while the pieces are joined;
    :func:`visit_neighbours` holds those of a few structures at a time.

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
        For a structure that :func:`gmd.structures.check_structure` refuses, with more pairs than
        :data:`gmd.structures.crowding.LARGEST_NUMBER_OF_PAIRS`, as a rough estimate has it before
        memory is taken, or where two atoms sit on the same place, naming them.
    """
    found: list[Neighbours | None] = [None] * len(structures)

    def keep(place: int, neighbours: Neighbours, begin: int, end: int) -> None:
        if begin == 0:
            first, other, distance, vector = neighbours
            found[place] = Neighbours(first, other.copy(), distance.copy(), vector.copy())

    visit_neighbours(structures, cutoff, keep, first_structure=first_structure)
    pieces = [piece for piece in found if piece is not None]
    n_atoms, n_pairs = 0, 0
    firsts, others = [np.zeros(1, np.int64)], [np.empty(0, np.int64)]
    for piece in pieces:
        firsts.append(piece.first[1:] + n_pairs)
        others.append(piece.other + n_atoms)
        n_atoms += piece.first.size - 1
        n_pairs += piece.other.size
    return Neighbours(
        np.concatenate(firsts),
        np.concatenate(others),
        np.concatenate([np.empty(0), *(piece.distance for piece in pieces)]),
        np.concatenate([np.empty((0, 3)), *(piece.vector for piece in pieces)]),
    )


def visit_neighbours(
    structures: Sequence[ase.Atoms], cutoff: float, work: Work, *, first_structure: int = 0
) -> None:
    """Find the neighbours in every structure and do some work with them at once.

    Structures are shared out over ``numba.get_num_threads()`` threads, and so are the atoms of a
    structure that holds more than a thread's share of all. Memory grows with the pairs of the
    largest structure times the number of threads, not with the number of structures.

    Parameters
    ----------
    structures : sequence of ase.Atoms
        As in :func:`find_neighbours`.
    cutoff : float
        Å.
    work : callable
        Called as ``work(place, neighbours, begin, end)``, on any thread and in any order, for the
        atoms ``begin`` to ``end - 1`` of ``structures[place]``; each atom comes once. Atoms are
        numbered within their structure. The pairs' arrays are used again once the structure
        is done: copy what is kept. To gain from threads, `work` must release the interpreter.
    first_structure : int
        Number of the first structure, for messages.

    Raises
    ------
    ValueError
        As :func:`find_neighbours`.
    """
    n_threads = int(numba.get_num_threads())
    sizes = [len(atoms) for atoms in structures]
    split = max(_ATOMS_PER_SPLIT, sum(sizes) / n_threads)

    def visit(places: Sequence[int]) -> None:
        search = _Search(cutoff)
        for place in places:
            neighbours = search(structures[place], first_structure + place)
            work(place, neighbours, 0, sizes[place])

    if n_threads == 1 or sum(sizes) <= _ATOMS_PER_TASK:
        visit(range(len(structures)))
        return
    large = [place for place, size in enumerate(sizes) if size > split]
    small = [place for place, size in enumerate(sizes) if size <= split]
    with ThreadPoolExecutor(n_threads) as pool:
        n_atoms = sum(sizes) // (_TASKS_PER_THREAD * n_threads)
        for _ in pool.map(visit, _tasks(small, sizes, max(_ATOMS_PER_TASK, n_atoms))):
            pass
        search = _Search(cutoff)
        for place in large:
            neighbours = search(structures[place], first_structure + place)
            ends = np.linspace(0, sizes[place], 4 * n_threads + 1).astype(int).tolist()
            futures = [
                pool.submit(work, place, neighbours, begin, end)
                for begin, end in itertools.pairwise(ends)
            ]
            for future in futures:
                future.result()


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


class _Search:
    """Neighbours of one structure after another; every thread needs its own.

    The pairs of a structure last until the next one: fresh memory for each would cost more time
    than filling it.
    """

    def __init__(self, cutoff: float) -> None:
        self._cutoff = length("cutoff", cutoff)
        self._pairs = vesin.NeighborList(cutoff=self._cutoff, full_list=False, n_threads=1)
        self._room = _room_for(0)

    def __call__(self, atoms: ase.Atoms, number: int) -> Neighbours:
        # the search does not survive positions or cells that make no sense
        where = place_of(atoms, number)
        check_structure(atoms, where, minimum_distance=0)
        n_expected = crowding.expected_pairs(atoms, self._cutoff)
        if n_expected > crowding.LARGEST_NUMBER_OF_PAIRS:
            raise StructureError(
                f"{where}: {len(atoms)} atoms have about {n_expected:.1e} pairs of "
                f"neighbours within {self._cutoff:g} Å, more than the "
                f"{crowding.LARGEST_NUMBER_OF_PAIRS:.1e} that fit into 4 GiB; lower the cutoff, or "
                f"remove the structure"
            )
        # arrays without copies last until the next search
        pairs, distance, vector = self._pairs.compute(
            points=atoms.positions,
            box=_box(atoms),
            periodic=list(map(bool, atoms.pbc)),
            quantities="PdD",
            copy=False,
        )
        if distance.size and distance.min() == 0.0:
            i, j = sorted(pairs[np.argmin(distance)])
            raise ValueError(
                f"{where}: atoms {i} and {j} are on the same place; remove one of them"
            )
        n_pairs = 2 * distance.size
        if n_pairs > self._room.distance.size:
            self._room = _room_for(n_pairs + n_pairs // 4)
        neighbours = Neighbours(
            np.empty(len(atoms) + 1, dtype=np.int64),
            self._room.other[:n_pairs],
            self._room.distance[:n_pairs],
            self._room.vector[:n_pairs],
        )
        group_by_atom(pairs.view(np.int64), distance, vector, *neighbours)
        return neighbours


def _room_for(n_pairs: int) -> Neighbours:
    return Neighbours(
        np.empty(0, np.int64),
        np.empty(n_pairs, np.int64),
        np.empty(n_pairs),
        np.empty((n_pairs, 3)),
    )


def _box(atoms: ase.Atoms) -> NDArray[np.float64]:
    """The cell, with a unit vector in every direction that has none and is not periodic."""
    return np.asarray(atoms.cell.complete().array, dtype=np.float64)
