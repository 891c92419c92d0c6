"""Neighbour lists: against all images, and the way they are shared out."""

from __future__ import annotations

import itertools

import ase
import numba
import numpy as np
import pytest
import vesin

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


def as_rows(i, j, distance, vector) -> np.ndarray:
    """One row per pair, sorted by its atoms, then by the vector to nine digits."""
    rounded = np.round(vector, 9) + 0.0
    order = np.lexsort((*rounded.T[::-1], j, i))
    return np.column_stack([i, j, distance, vector])[order]


@pytest.mark.parametrize("seed", range(8))
def test_equals_another_search(seed) -> None:
    """Cells of all shapes, from many images per atom to many atoms without any."""
    rng = np.random.default_rng(seed)
    for _ in range(40):
        n_atoms = int(rng.choice([1, 2, 5, 30, 150]))
        edges = n_atoms ** (1 / 3) * rng.uniform(1.0, 8.0, size=(3, 1))
        cell = edges * (np.eye(3) + rng.uniform(-0.6, 0.6, (3, 3)))
        if abs(np.linalg.det(cell)) < 0.05 * np.prod(np.linalg.norm(cell, axis=1)):
            continue
        places = rng.uniform(-1.5, 1.5, (n_atoms, 3))
        atoms = ase.Atoms(
            f"S{n_atoms}", scaled_positions=places, cell=cell, pbc=rng.random(3) < 0.6
        )
        cutoff = rng.uniform(1.0, 6.0)
        found = find_neighbours([atoms], cutoff)
        centre = np.repeat(np.arange(n_atoms), np.diff(found.first))
        search = vesin.NeighborList(cutoff=cutoff, full_list=True, n_threads=1)
        expected = search.compute(
            points=atoms.positions, box=cell, periodic=atoms.pbc, quantities="ijdD"
        )
        np.testing.assert_allclose(
            as_rows(centre, *found[1:]), as_rows(*expected), rtol=1e-13, atol=1e-13 * cutoff
        )


@pytest.mark.parametrize("pbc", [(True, True, True), (True, False, True)])
def test_a_skewed_cell_has_the_lattice_of_a_compact_one(random_crystal, pbc) -> None:
    compact = random_crystal(1)
    compact.pbc = pbc
    skewed = compact.copy()
    skewed.set_cell(np.array([[1, 0, 0], [0, 1, 0], [7, 0, 1]]) @ compact.cell.array)
    rows = []
    for atoms in (compact, skewed):
        found = find_neighbours([atoms], 5.0)
        centre = np.repeat(np.arange(len(atoms)), np.diff(found.first))
        rows.append(as_rows(centre, *found[1:]))
    np.testing.assert_allclose(*rows, rtol=1e-12, atol=1e-12)


@pytest.mark.small_kernels
def test_atoms_far_from_each_other_take_no_memory() -> None:
    atoms = ase.Atoms("S3", positions=[[0, 0, 0], [0, 0, 9e3], [-9e3, 8e3, 9e3 - 1.0]])
    assert find_neighbours([atoms], 2.0).other.size == 0
    atoms.positions[2] = [0, 1.0, 9e3]
    assert find_neighbours([atoms], 2.0).other.tolist() == [2, 1]


@pytest.mark.parametrize("per_block", [10, 1000])
def test_threads_do_not_change_a_bit(random_crystal, monkeypatch, per_block) -> None:
    monkeypatch.setattr(neighbours_module, "_ATOMS_PER_BLOCK", per_block)
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


@pytest.mark.parametrize("per_block", [3, 1000])
def test_every_atom_is_visited_once(random_crystal, monkeypatch, per_block) -> None:
    monkeypatch.setattr(neighbours_module, "_ATOMS_PER_BLOCK", per_block)
    structures = [random_crystal(seed, n_atoms=1 + seed) for seed in range(5)]
    structures.append(random_crystal(0).repeat(7))
    visited = [np.zeros(len(atoms), dtype=int) for atoms in structures]

    def work(place: int, begin: int, neighbours: Neighbours) -> None:
        assert neighbours.first.size <= per_block + 1
        visited[place][begin : begin + neighbours.first.size - 1] += 1

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
    def work(place: int, begin: int, neighbours: Neighbours) -> None:
        raise RuntimeError(f"place {place}")

    with pytest.raises(RuntimeError, match="place 0"):
        visit_neighbours([random_crystal(0).repeat(4)] * 6, 3.0, work)
