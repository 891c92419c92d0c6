"""Neighbour lists: against all images, and the way they are shared out."""

from __future__ import annotations

import itertools

import ase
import numba
import numpy as np
import pytest

from gmd.local import neighbours as neighbours_module
from gmd.local.neighbours import Neighbours, find_neighbours, visit_neighbours


def neighbours_naive(atoms: ase.Atoms, cutoff: float) -> list[list[tuple[int, float]]]:
    """Index and distance of every atom's neighbours, by counting cells."""
    cell = atoms.cell.complete().array
    heights = 1 / np.linalg.norm(np.linalg.inv(cell), axis=0)
    spread = np.ptp(atoms.positions @ np.linalg.inv(cell), axis=0)
    cells = np.where(atoms.pbc, np.ceil(cutoff / heights + spread) + 1, 0).astype(int)
    shifts = [np.array(s) @ cell for s in itertools.product(*(range(-n, n + 1) for n in cells))]
    rows = []
    for i in range(len(atoms)):
        row = []
        for j, shift in itertools.product(range(len(atoms)), shifts):
            if i == j and not shift.any():
                continue
            r = float(np.linalg.norm(atoms.positions[j] + shift - atoms.positions[i]))
            if r < cutoff:
                row.append((j, r))
        rows.append(sorted(row))
    return rows


def of_atom(neighbours: Neighbours, atom: int) -> slice:
    return slice(neighbours.first[atom], neighbours.first[atom + 1])


@pytest.mark.small_kernels
@pytest.mark.parametrize("pbc", list(itertools.product([True, False], repeat=3)))
@pytest.mark.parametrize("edge", [1.5, 4.0])
def test_equals_naive_twin(random_crystal, pbc, edge) -> None:
    rng = np.random.default_rng(int(10 * edge) + sum(pbc))
    atoms = random_crystal(sum(pbc), n_atoms=1 if edge < 2 else 3, edge=edge)
    atoms.positions += rng.integers(-3, 4, (len(atoms), 3)) @ atoms.cell.array
    atoms.pbc = pbc
    found = find_neighbours([atoms], 3.5)
    for a, expected in enumerate(neighbours_naive(atoms, 3.5)):
        mine = of_atom(found, a)
        row = sorted(zip(found.other[mine].tolist(), found.distance[mine].tolist(), strict=True))
        assert [j for j, _ in row] == [j for j, _ in expected]
        for j in range(len(atoms)):
            np.testing.assert_allclose(
                [r for k, r in row if k == j], [r for k, r in expected if k == j], rtol=1e-12
            )
    np.testing.assert_allclose(np.linalg.norm(found.vector, axis=1), found.distance, rtol=1e-14)


@pytest.mark.small_kernels
def test_both_directions_of_a_pair_have_the_same_bits(random_crystal) -> None:
    found = find_neighbours([random_crystal(0)], 5.0)
    centre = np.repeat(np.arange(found.first.size - 1), np.diff(found.first))
    forth = {(i, j, *v) for i, j, v in zip(centre, found.other, found.vector.tolist(), strict=True)}
    back = {
        (j, i, *v) for i, j, v in zip(centre, found.other, (-found.vector).tolist(), strict=True)
    }
    assert forth == back
    assert len(forth) == found.other.size


@pytest.mark.parametrize("per_split", [10, 2000])
def test_threads_do_not_change_a_bit(random_crystal, monkeypatch, per_split) -> None:
    monkeypatch.setattr(neighbours_module, "_ATOMS_PER_SPLIT", per_split)
    structures = [random_crystal(seed).repeat((2, 1, 1 + seed)) for seed in range(8)]
    structures.insert(2, random_crystal(8).repeat(6))
    whole = []
    before = numba.get_num_threads()
    try:
        for threads in {1, numba.config.NUMBA_NUM_THREADS}:
            numba.set_num_threads(threads)
            whole.append(find_neighbours(structures, 5.0))
    finally:
        numba.set_num_threads(before)
    for array, other in zip(whole[0], whole[-1], strict=True):
        assert np.array_equal(array, other)
    start = 0
    for atoms in structures:
        alone = find_neighbours([atoms], 5.0)
        pairs = slice(whole[0].first[start], whole[0].first[start + len(atoms)])
        assert np.array_equal(alone.other + start, whole[0].other[pairs])
        assert np.array_equal(alone.vector, whole[0].vector[pairs])
        start += len(atoms)


@pytest.mark.parametrize("per_split", [1, 2000])
def test_every_atom_is_visited_once(random_crystal, monkeypatch, per_split) -> None:
    monkeypatch.setattr(neighbours_module, "_ATOMS_PER_SPLIT", per_split)
    structures = [random_crystal(seed, n_atoms=1 + seed) for seed in range(5)]
    structures.append(random_crystal(0).repeat(7))
    visited = [np.zeros(len(atoms), dtype=int) for atoms in structures]

    def work(place: int, neighbours: Neighbours, begin: int, end: int) -> None:
        assert neighbours.first.size == len(structures[place]) + 1
        visited[place][begin:end] += 1

    visit_neighbours(structures, 3.0, work)
    assert all((counts == 1).all() for counts in visited)


def test_no_structures_and_no_neighbours() -> None:
    assert [array.shape for array in find_neighbours([], 3.0)] == [(1,), (0,), (0,), (0, 3)]
    lone = find_neighbours([ase.Atoms("Li"), ase.Atoms("S")], 3.0)
    assert lone.first.tolist() == [0, 0, 0]


def test_the_first_bad_structure_is_named(random_crystal) -> None:
    good = random_crystal(0).repeat(3)
    bad = good.copy()
    bad.positions[5] = bad.positions[2]
    with pytest.raises(ValueError, match="structure 104: atoms 2 and 5 are on the same place"):
        find_neighbours([good] * 4 + [bad, good, bad], 3.0, first_structure=100)


def test_an_error_of_the_work_is_raised(random_crystal) -> None:
    def work(place: int, neighbours: Neighbours, begin: int, end: int) -> None:
        raise RuntimeError(f"place {place}")

    with pytest.raises(RuntimeError, match="place 0"):
        visit_neighbours([random_crystal(0).repeat(4)] * 6, 3.0, work)
