"""Derivatives of the compressed power spectra, against differences of the descriptors."""

from __future__ import annotations

import ase
import numpy as np
import pytest

from local.soap_cases import COMPRESSIONS, assert_close, cluster, small_crystal, soap

NORMALISED = {"normalize": True, "radial_basis": "gto", "central_weight": 0.3}
MEMBERS = [
    *[pytest.param(c, {}, id=c) for c in COMPRESSIONS],
    *[pytest.param(c, NORMALISED, id=f"{c}-normalised") for c in COMPRESSIONS],
    *[
        pytest.param(c, {"embedding": "random", "normalize": n}, id=f"{c}-embedded-{n}")
        for c, n in (("nu=2", True), ("nu=1,mu=1", False), ("nu=1,nu_hat=1", False))
    ],
    pytest.param("WTP", {"extra_columns": 2, "n_max": 2, "radial_basis": "gto"}, id="WTP-gto"),
    pytest.param("nu_hat=2", {"embedding": "group_period"}, id="nu_hat=2-group-period"),
]
STEP = 5e-4  # Å
POINTS = ((-2, 1 / 12), (-1, -2 / 3), (1, 2 / 3), (2, -1 / 12))


def differences(family, changed: list[list[ase.Atoms]], centre: int) -> np.ndarray:
    """Derivatives by differences of fourth order; for each quantity a structure for each point."""
    values = family.compute([atoms for several in changed for atoms in several]).values
    rows = values.reshape(len(changed), len(POINTS), -1, values.shape[1])[:, :, centre]
    return np.einsum("p,qpd->qd", [weight for _, weight in POINTS], rows) / STEP


def with_atom_moved(atoms: ase.Atoms, atom: int, axis: int) -> list[ase.Atoms]:
    several = []
    for place, _ in POINTS:
        other = atoms.copy()
        other.positions[atom, axis] += place * STEP
        several.append(other)
    return several


def strained(atoms: ase.Atoms, a: int, b: int) -> list[ase.Atoms]:
    """Every vector's component a grown by a part of its component b."""
    several = []
    for place, _ in POINTS:
        strain = np.eye(3)
        strain[b, a] += place * STEP
        other = atoms.copy()
        other.set_cell(atoms.cell @ strain)
        other.positions = atoms.positions @ strain
        several.append(other)
    return several


@pytest.mark.parametrize(("compression", "changes"), MEMBERS)
@pytest.mark.parametrize(
    ("atoms", "centre"),
    [
        pytest.param(cluster(1, 5), 2, id="molecule"),
        pytest.param(cluster(2, 4, ("Li", "S")), 0, id="element-missing"),
        pytest.param(small_crystal(), 1, id="crystal", marks=pytest.mark.small_kernels),
    ],
)
def test_equal_differences(compression, changes, atoms, centre) -> None:
    family = soap(compression, **changes)
    derivatives = family.derivatives(atoms, centre)
    assert derivatives.centre == centre
    rows = derivatives.by_atom(len(atoms))
    changed = [with_atom_moved(atoms, j, axis) for j in range(len(atoms)) for axis in range(3)]
    expected = differences(family, changed, centre).reshape(rows.shape)
    assert_close(rows, expected, 1e-9)
    assert np.abs(rows.sum(axis=0)).max() <= 1e-12 * np.abs(rows).max()
    assert np.abs(rows).max() > 1e-3 * np.abs(family.compute([atoms]).values[centre]).max()


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_every_image_counts_where_it_is(compression) -> None:
    """A strain moves each image in proportion to its own vector."""
    family = soap(compression)
    atoms, centre = small_crystal("SP"), 0
    derivatives = family.derivatives(atoms, centre)
    axes = [(a, b) for a in range(3) for b in range(3)]
    expected = differences(family, [strained(atoms, a, b) for a, b in axes], centre)
    found = np.array(
        [derivatives.vector[:, b] @ derivatives.values[:, a] for a, b in axes],
    )
    assert_close(found, expected, 1e-8)


@pytest.mark.parametrize("basis", ["equispaced", "gto"])
def test_neighbours_on_axes(basis) -> None:
    """Where polar angles have no derivative, or the azimuth none, there is one all the same."""
    places = [[0, 0, 0], [0, 0, 1.4], [0, 0, -1.9], [1.6, 0, 0], [0, -1.7, 0], [1.5, 1.5, 1.5]]
    atoms = ase.Atoms("LiSPPSS", positions=places)
    family = soap("nu=1,mu=1", radial_basis=basis, l_max=6, n_max=2)
    rows = family.derivatives(atoms, 0).by_atom(6)
    changed = [with_atom_moved(atoms, j, axis) for j in range(6) for axis in range(3)]
    assert_close(rows, differences(family, changed, 0).reshape(rows.shape), 1e-9)


def test_neighbours_are_named_and_placed() -> None:
    atoms = cluster(3, 6)
    family = soap("nu=1,mu_hat=1", cutoff=2.2)
    derivatives = family.derivatives(atoms, 4)
    distances = atoms.get_distances(4, range(6))
    within = np.flatnonzero((distances < 2.2) & (np.arange(6) != 4))
    assert 0 < len(within) < 5
    assert sorted(derivatives.neighbour.tolist()) == within.tolist()
    for neighbour, vector in zip(derivatives.neighbour, derivatives.vector, strict=True):
        np.testing.assert_allclose(vector, atoms.positions[neighbour] - atoms.positions[4])
    assert derivatives.values.shape == (len(within), 3, family.n_components)


@pytest.mark.parametrize("compression", ["nu=2", "WTP", "QTPQ"])
@pytest.mark.parametrize("normalize", [False, True])
@pytest.mark.parametrize("central_weight", [0.0, 1.0])
def test_lone_atom_has_none(compression, normalize, central_weight) -> None:
    family = soap(compression, normalize=normalize, central_weight=central_weight)
    derivatives = family.derivatives(ase.Atoms("Li"), 0)
    assert derivatives.values.shape == (0, 3, family.n_components)
    assert not derivatives.by_atom(1).any()


@pytest.mark.parametrize("centre", [-1, 4])
def test_atom_that_is_not_there_is_refused(centre) -> None:
    with pytest.raises(ValueError, match=f"no atom {centre}; the structure has atoms 0 to 3"):
        soap().derivatives(cluster(0, 4), centre)
