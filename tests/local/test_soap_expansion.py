"""The density expansion of SOAP: by hand, against a naive twin, and the ranks of its slices."""

from __future__ import annotations

import ase
import numpy as np
import pytest

from local.naive_soap import expansion, full_slices, neighbours_of, slices_of
from local.soap_cases import assert_close, cluster, few_structures, small_crystal, soap


@pytest.mark.parametrize("central_weight", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("basis", ["equispaced", "gto"])
def test_equals_naive_twin(basis, central_weight) -> None:
    structures = few_structures()
    family = soap(radial_basis=basis, central_weight=central_weight)
    expected = np.concatenate([expansion(atoms, family) for atoms in structures])
    assert_close(family.expansion(structures), expected, 1e-12)


@pytest.mark.parametrize(
    ("settings", "tolerance"),
    [
        ({"n_max": 1, "l_max": 0}, 1e-13),
        ({"n_max": 2, "l_max": 6, "atom_sigma": 0.3}, 1e-12),
        ({"n_max": 6, "l_max": 2, "cutoff": 6.0, "cutoff_transition_width": 1.5}, 1e-11),
        ({"n_max": 4, "cutoff": 2.5, "cutoff_transition_width": 2.5}, 1e-12),
        ({"n_max": 4, "atom_sigma": 1.0, "cutoff_transition_width": 0.05}, 1e-11),
    ],
)
@pytest.mark.parametrize("basis", ["equispaced", "gto"])
def test_equals_naive_twin_for_other_settings(basis, settings, tolerance) -> None:
    structures = [cluster(2, 5), small_crystal("PS")]
    family = soap(radial_basis=basis, **settings)
    expected = np.concatenate([expansion(atoms, family) for atoms in structures])
    assert_close(family.expansion(structures), expected, tolerance)


@pytest.mark.parametrize("basis", ["equispaced", "gto"])
@pytest.mark.parametrize(
    "settings",
    [{}, {"atom_sigma": 0.15, "n_max": 5}, {"atom_sigma": 1.2, "n_max": 2, "l_max": 8}],
)
def test_equals_naive_twin_at_any_distance(basis, settings) -> None:
    """From next to nothing to the cutoff, in random directions."""
    family = soap(radial_basis=basis, **settings)
    distances = np.concatenate([[1e-6, 1e-3, 0.03], np.linspace(0.1, 3.4999, 40)])
    vectors = np.random.default_rng(0).normal(size=(distances.size, 3))
    vectors *= (distances / np.linalg.norm(vectors, axis=1))[:, None]
    dimers = [ase.Atoms("LiS", positions=[np.zeros(3), vector]) for vector in vectors]
    expected = np.array([expansion(atoms, family)[0] for atoms in dimers])
    assert_close(family.expansion(dimers)[::2], expected, 1e-12)


@pytest.mark.parametrize("pbc", [(True, False, True), (False, False, True), (False,) * 3])
def test_equals_naive_twin_in_any_periodicity(pbc) -> None:
    atoms = small_crystal("PS")
    # not wrapped
    atoms.positions += np.array([[7.0, -9.0, 2.0], [1.0, 1.0, -4.0]])
    atoms.pbc = pbc
    assert_close(soap().expansion([atoms]), expansion(atoms, soap()), 1e-12)


def test_one_function_of_a_dimer_by_hand() -> None:
    """With N = 1 and L = 0: √(4π) √∫r² exp(-2αr²)dr (exp(-α d²) f(d) or the central weight)."""
    sigma, distance = 0.6, 1.7
    family = soap(n_max=1, l_max=0, atom_sigma=sigma, central_weight=0.25, cutoff=2.0)
    dimer = ase.Atoms("LiS", positions=[[0, 0, 0], [0, distance, 0]])
    alpha = 1 / (2 * sigma**2)
    norm = np.sqrt(4 * np.pi * np.sqrt(np.pi / (2 * alpha)) / (8 * alpha))
    # 0.2 Å into the transition of 0.5 Å
    fading = 0.5 * (1 + np.cos(0.4 * np.pi))
    expected = norm * np.array([0.25, 0, np.exp(-alpha * distance**2) * fading])
    found = family.expansion([dimer])[:, :, 0, 0]
    np.testing.assert_allclose(found, [expected, expected[::-1]], rtol=1e-13, atol=1e-14)


def test_neighbour_along_z_has_coefficients_of_m_0_alone() -> None:
    along_z = ase.Atoms("LiS", positions=[[0, 0, 0], [0, 0, 1.5]])
    c = soap().expansion([along_z])[0, 2]
    for degree in range(4):
        of_degree = c[:, degree**2 : (degree + 1) ** 2]
        assert of_degree[:, degree].all()
        assert not np.delete(of_degree, degree, axis=1).any()


def test_nothing_beyond_the_cutoff_and_next_to_nothing_before() -> None:
    family = soap(central_weight=0.0, cutoff=3.0)

    def largest(distance: float) -> float:
        dimer = ase.Atoms("LiS", positions=[[0, 0, 0], [distance, 0, 0]])
        return float(np.abs(family.expansion([dimer])[0]).max())

    assert largest(3.0) == largest(3.001) == 0
    # the cosine touches zero at the cutoff: 1000 times closer is 10^6 times less
    assert largest(2.99999) == pytest.approx(1e-6 * largest(2.99), rel=0.05)


def test_elements_are_told_apart_and_the_sum_is_blind_to_them() -> None:
    atoms = cluster(3, 7)
    one = atoms.copy()
    one.symbols[:] = "P"
    told_apart = soap().expansion([atoms])
    assert_close(told_apart.sum(axis=1), soap().expansion([one]).sum(axis=1), 1e-14)
    assert not soap().expansion([one])[:, [0, 2]].any()


@pytest.mark.parametrize("central_weight", [0.0, 1.0])
@pytest.mark.parametrize("n_atoms", [2, 3, 4, 9])
def test_rank_of_slices(n_atoms, central_weight) -> None:
    """At most 2l + 1, and no more than there are neighbours (section II B)."""
    family = soap(n_max=4, l_max=4, cutoff=5.0, central_weight=central_weight)
    atoms = cluster(n_atoms, n_atoms)
    for centre, c in enumerate(family.expansion([atoms])):
        n_neighbours = len(neighbours_of(atoms, centre, family.cutoff))
        for degree, p in enumerate(full_slices(slices_of(c))):
            n_sources = n_neighbours + (central_weight > 0 and degree == 0)
            rank = np.linalg.matrix_rank(p, tol=1e-13 * np.abs(p).max(), hermitian=True)
            assert 0 < rank <= min(2 * degree + 1, n_sources)
            if n_atoms < 4:
                assert rank == min(2 * degree + 1, n_sources)
