"""What may not change a compressed power spectrum: physics, threads, chunks, and chance."""

from __future__ import annotations

import ase
import numba
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from gmd.local import compute_in_chunks
from local.soap_cases import (
    COMPRESSIONS,
    assert_close,
    cluster,
    few_structures,
    small_crystal,
    soap,
)

MEMBERS = [
    *[pytest.param(compression, {}, id=compression) for compression in COMPRESSIONS],
    pytest.param("nu=2", {"embedding": "random", "radial_basis": "gto"}, id="embedded"),
    pytest.param("WTP", {"extra_columns": 2, "normalize": True, "seed": 8}, id="WTP-normalised"),
]


def moved(atoms: ase.Atoms, matrix: np.ndarray) -> ase.Atoms:
    other = atoms.copy()
    other.set_cell(atoms.cell @ matrix)
    other.positions = atoms.positions @ matrix
    return other


@pytest.mark.parametrize(("compression", "changes"), MEMBERS)
def test_physics(compression, changes) -> None:
    """Rotation, reflection, translation, permutation and supercell."""
    family = soap(compression, **changes)
    rng = np.random.default_rng(0)
    crystal = small_crystal("PS")
    crystal.append(ase.Atom("Li", np.array([0.6, 0.1, 0.3]) @ crystal.cell))
    for atoms in (cluster(0, 7), crystal):
        order = rng.permutation(len(atoms))
        turn = Rotation.random(random_state=4).as_matrix()
        mirror = np.eye(3) - 2 * np.outer(turn[0], turn[0])
        translated = atoms.copy()
        translated.positions += [1.7, -30.2, 11.1]
        wrapped = translated.copy()
        wrapped.wrap()
        several = [atoms, moved(atoms, turn), moved(atoms, mirror), translated, wrapped]
        sites = family.compute([*several, atoms[order]])
        blocks = sites.values.reshape(6, len(atoms), -1)
        for other in blocks[1:5]:
            assert_close(other, blocks[0], 1e-12)
        assert_close(blocks[5], blocks[0][order], 1e-12)
        if atoms.pbc.any():
            repeated = family.compute([atoms.repeat((2, 1, 3))]).values
            assert_close(repeated, np.tile(blocks[0], (6, 1)), 1e-12)


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_atoms_differ(compression) -> None:
    """So that the others do not agree because everything does."""
    values = soap(compression).compute([cluster(0, 7)]).values
    normalised = values / np.linalg.norm(values, axis=1)[:, None]
    assert (normalised @ normalised.T)[np.triu_indices(7, 1)].max() < 1 - 1e-7


@pytest.mark.parametrize(("compression", "changes"), MEMBERS)
def test_chunks_and_subsets_change_no_bit(compression, changes) -> None:
    family = soap(compression, **changes)
    structures = [*few_structures(), cluster(4, 5)]
    whole = family.compute(structures, first_structure=3)
    assert np.unique(whole.structure).tolist() == [3, 4, 5, 6, 7]
    chunks = list(compute_in_chunks(family, structures, atoms_at_once=6))
    assert len(chunks) > 2
    assert np.array_equal(np.concatenate([c.values for c in chunks]), whole.values)
    last = family.compute(structures[2:]).values
    assert np.array_equal(last, whole.values[-len(last) :])


@pytest.mark.parametrize("compression", ["nu=2", "nu=1,mu*=1", "WTP", "QTPQ"])
def test_threads_change_no_bit(compression) -> None:
    structures = [cluster(seed, 9) for seed in range(30)]
    structures[3:3] = [small_crystal().repeat((9, 6, 5))]
    family = soap(compression, n_max=2, l_max=2)
    before = numba.get_num_threads()
    results = []
    try:
        for threads in (1, min(2, numba.config.NUMBA_NUM_THREADS)):
            numba.set_num_threads(threads)
            sparse = family.compute_sparse(structures).values
            results.append((family.compute(structures).values, sparse.data, sparse.indices))
    finally:
        numba.set_num_threads(before)
    for one, two in zip(*results, strict=True):
        assert np.array_equal(one, two)
    # the structure that several threads share holds one kind of site of each element
    crystal = results[0][0][27 : 27 + 540]
    assert_close(crystal, np.tile(crystal[:2], (270, 1)), 1e-12)


@pytest.mark.parametrize("compression", ["WTP", "QTPQ"])
def test_chance_is_the_seed_and_nothing_else(compression) -> None:
    structures = few_structures()
    first, again, other = (soap(compression, seed=s).compute(structures).values for s in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.allclose(first, other, rtol=1e-3)
