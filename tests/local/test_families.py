"""What physics asks of every family of LAEDs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import ase
import numba
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from common import ELEMENTS, WEIGHTS
from gmd.local import (
    Chebyshev,
    LocalFamily,
    Soap,
    SymmetryFunctions,
    compute_in_chunks,
    local_family,
)

SMALL_SOAP = {
    "species": ELEMENTS,
    "cutoff": 4.0,
    "n_max": 2,
    "l_max": 2,
    "atom_sigma": 0.5,
    "central_weight": 0.0,
}
FAMILIES = [
    pytest.param(Chebyshev(weights=WEIGHTS), id="chebyshev"),
    pytest.param(
        Chebyshev(weights={"Li": 1, "P": 2, "S": 3}, radial_cutoff=3.2, angular_cutoff=4.1),
        id="chebyshev-long-angular",
    ),
    pytest.param(
        Chebyshev(weights=WEIGHTS, radial_cutoff=3.0, angular_cutoff=6.5, n_angular=4),
        id="chebyshev-many-close",  # enough neighbours for sums by moments
    ),
    pytest.param(SymmetryFunctions(species=("Li", "P", "S"), cutoff=5.0), id="acsf"),
    pytest.param(
        SymmetryFunctions(species=("S", "P", "Li"), cutoff=4.0, compression="weighted"),
        id="acsf-weighted",
    ),
    # without the central atom, so that an atom alone has zeros like any other family's
    pytest.param(Soap(**SMALL_SOAP), id="soap"),
    pytest.param(Soap(**SMALL_SOAP, compression="nu=1,mu*=1", normalize=True), id="soap-nu-mu*"),
    pytest.param(Soap(**SMALL_SOAP, compression="WTP", radial_basis="gto"), id="soap-wtp"),
]
pytestmark = pytest.mark.parametrize("family", FAMILIES)


def laeds(family: LocalFamily, atoms: ase.Atoms) -> np.ndarray:
    return family.compute([atoms]).values


@pytest.fixture(params=[0, 1, 2])
def atoms(random_crystal, request) -> ase.Atoms:
    return random_crystal(request.param)


def test_shares_the_interface(family) -> None:
    assert isinstance(family, LocalFamily)
    assert len(family.component_names) == family.n_components == len(set(family.component_names))


def test_rotation(family, atoms) -> None:
    turn = Rotation.random(random_state=1).as_matrix()
    turned = atoms.copy()
    turned.set_cell(atoms.cell @ turn)
    turned.positions = atoms.positions @ turn
    np.testing.assert_allclose(laeds(family, turned), laeds(family, atoms), atol=1e-10)


def test_translation_and_wrapping(family, atoms) -> None:
    moved = atoms.copy()
    moved.positions += [1.7, -30.2, 11.1]
    np.testing.assert_allclose(laeds(family, moved), laeds(family, atoms), atol=1e-10)
    moved.wrap()
    np.testing.assert_allclose(laeds(family, moved), laeds(family, atoms), atol=1e-10)


def test_permutation(family, atoms) -> None:
    order = np.random.default_rng(0).permutation(len(atoms))
    np.testing.assert_allclose(laeds(family, atoms[order]), laeds(family, atoms)[order], atol=1e-10)


def test_supercell(family, atoms) -> None:
    repeated = laeds(family, atoms.repeat((2, 1, 3)))
    np.testing.assert_allclose(repeated, np.tile(laeds(family, atoms), (6, 1)), atol=1e-10)


def test_reflection(family, atoms) -> None:
    mirrored = atoms.copy()
    mirrored.set_cell(atoms.cell * [1, 1, -1])
    mirrored.positions = atoms.positions * [1, 1, -1]
    np.testing.assert_allclose(laeds(family, mirrored), laeds(family, atoms), atol=1e-10)


def test_molecule_equals_molecule_in_a_large_cell(family, atoms) -> None:
    molecule = ase.Atoms(atoms.symbols, atoms.positions)
    boxed = molecule.copy()
    boxed.set_cell(60 * np.eye(3))
    boxed.pbc = True
    np.testing.assert_allclose(laeds(family, boxed), laeds(family, molecule), atol=1e-10)


def test_one_atom_in_a_triclinic_cell_smaller_than_the_cutoff(family) -> None:
    cell = np.array([[2.4, 0, 0], [0.7, 2.2, 0], [-0.5, 0.9, 2.6]])
    one = ase.Atoms("S", cell=cell, pbc=True)
    eight = laeds(family, one.repeat(2))
    np.testing.assert_allclose(eight, np.tile(laeds(family, one), (8, 1)), atol=1e-10)


def test_lone_atom_is_zero(family) -> None:
    assert not laeds(family, ase.Atoms("Li")).any()


def test_subset_equals_slice(family, random_crystal) -> None:
    structures = [random_crystal(seed, n_atoms=3 + seed) for seed in range(6)]
    sites = family.compute(structures)
    for number, atoms in enumerate(structures):
        rows = sites.values[sites.structure == number]
        assert np.array_equal(rows, laeds(family, atoms))


def test_chunks_equal_one_piece(family, random_crystal) -> None:
    structures = [random_crystal(seed, n_atoms=3 + seed) for seed in range(6)]
    whole = family.compute(structures)
    chunks = list(compute_in_chunks(family, structures, atoms_at_once=9))
    assert len(chunks) > 2
    assert np.array_equal(np.concatenate([c.values for c in chunks]), whole.values)
    assert np.array_equal(np.concatenate([c.structure for c in chunks]), whole.structure)


def test_chunks_are_bounded_by_atoms_and_by_bytes(family, random_crystal) -> None:
    sizes = [3, 4, 5, 9, 2, 2, 2]
    structures = [random_crystal(seed, n_atoms=size) for seed, size in enumerate(sizes)]
    row = 8 * family.n_components

    def chunks(**bounds: int) -> list[list[int]]:
        found = compute_in_chunks(family, structures, **bounds)
        return [np.unique(sites.structure, return_counts=True)[1].tolist() for sites in found]

    # 9 atoms are too many, but a structure is not split
    assert chunks(bytes_at_once=7 * row) == [[3, 4], [5], [9], [2, 2, 2]]
    assert chunks(bytes_at_once=7 * row - 1) == [[3], [4], [5], [9], [2, 2, 2]]
    assert chunks(bytes_at_once=1) == [[size] for size in sizes]
    assert chunks(atoms_at_once=7) == [[3, 4], [5, 9], [2, 2, 2]]
    assert chunks(atoms_at_once=3) == [[3], [4], [5], [9], [2, 2], [2]]
    assert chunks() == [sizes]
    assert list(compute_in_chunks(family, [])) == []


def test_threads_do_not_change_a_bit(family, random_crystal) -> None:
    structures = [random_crystal(seed) for seed in range(5)]
    structures += [random_crystal(seed).repeat((3, 4, 2)) for seed in range(5)]
    structures.insert(3, random_crystal(9).repeat((7, 6, 7)))  # shared out atom by atom
    before = numba.get_num_threads()
    try:
        results = []
        for threads in {1, numba.config.NUMBA_NUM_THREADS}:
            numba.set_num_threads(threads)
            results.append(family.compute(structures).values)
    finally:
        numba.set_num_threads(before)
    assert all(np.array_equal(results[0], other) for other in results)


def test_calls_from_several_threads(family, random_crystal) -> None:
    structures = [random_crystal(seed).repeat(3) for seed in range(4)]
    expected = family.compute(structures).values
    with ThreadPoolExecutor(3) as pool:
        for sites in pool.map(family.compute, [structures] * 6):
            assert np.array_equal(sites.values, expected)


def test_unknown_family_is_refused(family) -> None:
    with pytest.raises(ValueError, match=r"mean chebyshev\?\); choose one of chebyshev, soap"):
        local_family({"family": "chebychev"})
    with pytest.raises(ValueError, match="radial_cutof"):
        local_family({"family": "chebyshev", "weights": {}, "radial_cutof": 3.0})
    with pytest.raises(ValueError, match=r"LAED family acsf: .*r_cut"):
        local_family({"family": "acsf", "species": ["Li"], "r_cut": 3.0})
