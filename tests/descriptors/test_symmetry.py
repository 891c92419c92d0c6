"""Sites that symmetry makes equal: rounding must not pass for information."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import ase
import numpy as np
import pytest
from ase.build import bulk

from gmd.descriptors import DescriptorSpace
from gmd.imbalance import imbalance_table
from gmd.local import Chebyshev, Sites


def perovskites() -> list[ase.Atoms]:
    rng = np.random.default_rng(0)
    places = [[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]
    return [
        ase.Atoms(
            f"{a}{b}O3", scaled_positions=places, cell=np.eye(3) * rng.uniform(3.7, 4.4), pbc=True
        )
        for a, b in itertools.product(("Ca", "Sr", "Ba"), ("Ti", "Zr", "Nb"))
    ]


def metals() -> list[ase.Atoms]:
    edges = {"fcc": 3.6, "bcc": 2.9, "hcp": 2.6, "sc": 2.4}
    return [
        bulk("Cu", kind, a=edge * strain) * (1, 1, 2)
        for kind, edge in edges.items()
        for strain in (0.96, 1.0, 1.03)
    ]


def moved(atoms: ase.Atoms, rng: np.random.Generator) -> ase.Atoms:
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    other = atoms.copy()
    other.set_cell(atoms.cell.array @ turn.T)
    other.positions = atoms.positions @ turn.T + rng.uniform(-3, 3, 3)
    return other


def space_of(structures: list[ase.Atoms]) -> DescriptorSpace:
    elements = sorted({symbol for atoms in structures for symbol in atoms.symbols})
    weights = {element: n + 1.0 for n, element in enumerate(elements)}
    laed = Chebyshev(weights=weights, radial_cutoff=5.0, n_radial=4, n_angular=2)
    return DescriptorSpace.from_sites(laed.compute(structures), weights=weights, elements=elements)


@pytest.mark.parametrize("make", [perovskites, metals])
def test_rigid_motions_change_no_neighbour(make: Callable[[], list[ase.Atoms]]) -> None:
    structures = make()
    rng = np.random.default_rng(1)
    here, there = space_of(structures), space_of([moved(atoms, rng) for atoms in structures])
    for space in (here, there):
        spread = space.values.std(axis=0)
        assert not ((spread > 0) & (spread < 1e-20)).any()
    columns = ["rim", "rim_reverse"]
    np.testing.assert_array_equal(imbalance_table(here)[columns], imbalance_table(there)[columns])


def test_equal_sites_have_moments_of_zero() -> None:
    values = 3.0 + 1e-14 * np.array([[0.0], [1.0], [-1.0], [2.0]])
    sites = Sites(values, [0] * 4, ["Cu"] * 4)
    space = DescriptorSpace.from_sites(sites, weights={"Cu": 1.0}, elements=["Cu"])
    mean, *higher = space.matrix("050")[0]
    assert mean == pytest.approx(3.0)
    assert higher == [0.0] * 4


def test_symmetric_sites_have_odd_moments_of_zero() -> None:
    values = 0.1 + np.array([[0.3], [-0.3], [0.7], [-0.7]])
    sites = Sites(values, [0] * 4, ["Cu"] * 4)
    space = DescriptorSpace.from_sites(sites, weights={"Cu": 1.0}, elements=["Cu"])
    _, second, third, fourth, fifth = space.matrix("050")[0]
    assert (third, fifth) == (0.0, 0.0)
    assert second == pytest.approx(0.29)
    assert fourth == pytest.approx((0.3**4 + 0.7**4) / 2)


def test_small_differences_are_kept() -> None:
    values = 3.0 + 1e-8 * np.array([[0.0], [1.0], [3.0]])
    sites = Sites(values, [0] * 3, ["Cu"] * 3)
    space = DescriptorSpace.from_sites(sites, weights={"Cu": 1.0}, elements=["Cu"])
    higher = space.matrix("050")[0][1:]
    assert (higher != 0).all()
