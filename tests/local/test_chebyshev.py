"""The Chebyshev LAED: by hand, against a naive twin, and against Fortran aenet."""

from __future__ import annotations

import itertools
import math

import ase
import ase.build
import numpy as np
import pytest
from numpy.polynomial import chebyshev as polynomials

from common import WEIGHTS
from gmd.local import Chebyshev

PAPER = Chebyshev(weights=WEIGHTS, radial_cutoff=6.0, n_radial=19, angular_cutoff=3.0, n_angular=5)


def cutoff_function(r: float, cutoff: float) -> float:
    return 0.5 * (1 + math.cos(math.pi * r / cutoff)) if r < cutoff else 0.0


def chebyshev_naive(atoms: ase.Atoms, family: Chebyshev) -> np.ndarray:
    """The definition in loops: images by counting cells, polynomials by their coefficients."""
    reach = max(family.radial_cutoff, family.angular_cutoff)
    cell = atoms.cell.complete().array
    heights = 1 / np.linalg.norm(np.linalg.inv(cell), axis=0)
    spread = np.ptp(atoms.get_scaled_positions(wrap=False), axis=0) if atoms.pbc.any() else 0
    cells = np.where(atoms.pbc, np.ceil(reach / heights + spread) + 1, 0).astype(int)
    shifts = [np.array(s) @ cell for s in itertools.product(*(range(-n, n + 1) for n in cells))]
    rows = []
    for i in range(len(atoms)):
        found = []
        for j in range(len(atoms)):
            for shift in shifts:
                vector = atoms.positions[j] + shift - atoms.positions[i]
                r = float(np.linalg.norm(vector))
                if (j != i or r > 1e-9) and r < reach:
                    found.append((r, vector / r, family.weights[atoms[j].symbol]))
        radial = np.zeros((2, family.n_radial))
        for r, _, w in found:
            fc = cutoff_function(r, family.radial_cutoff)
            for n in range(family.n_radial):
                value = fc * polynomials.chebval(2 * r / family.radial_cutoff - 1, np.eye(n + 1)[n])
                radial[:, n] += value, w * value
        angular = np.zeros((2, family.n_angular))
        for (r, u, w), (s, v, x) in itertools.combinations(found, 2):
            fc = cutoff_function(r, family.angular_cutoff) * cutoff_function(
                s, family.angular_cutoff
            )
            cosine = float(np.clip(u @ v, -1, 1))
            for n in range(family.n_angular if fc else 0):
                value = fc * math.cos(n * math.acos(cosine))
                angular[:, n] += value, w * x * value
        rows.append(np.concatenate([radial[0], angular[0], radial[1], angular[1]]))
    return np.array(rows)


def test_equals_fortran_aenet(reference_structures, reference_numbers) -> None:
    sites = PAPER.compute(reference_structures)
    for number, atoms in enumerate(reference_structures):
        expected = reference_numbers[f"laed48_{atoms.info['name']}"]
        np.testing.assert_allclose(
            sites.values[sites.structure == number], expected, rtol=0, atol=1e-10
        )


@pytest.mark.small_kernels
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("radial", "angular"),
    [((4.0, 7), (3.0, 5)), ((2.5, 1), (3.5, 9)), ((3.0, 0), (3.0, 3)), ((3.0, 4), (2.0, 0))],
)
def test_equals_naive_twin(random_crystal, seed, radial, angular) -> None:
    family = Chebyshev(
        weights={"Li": 0.3, "P": -2.0, "S": 1.5},
        radial_cutoff=radial[0],
        n_radial=radial[1],
        angular_cutoff=angular[0],
        n_angular=angular[1],
    )
    atoms = random_crystal(seed, n_atoms=4, edge=3.6)
    atoms.positions += 7.0  # not wrapped
    atoms.pbc = [True, seed % 2 == 0, True]
    np.testing.assert_allclose(
        family.compute([atoms]).values, chebyshev_naive(atoms, family), rtol=1e-11, atol=1e-11
    )


@pytest.mark.small_kernels
def test_dimer_by_hand() -> None:
    r = 2.0
    atoms = ase.Atoms("LiS", positions=[[0, 0, 0], [0, 0, r]])
    sites = PAPER.compute([atoms])
    # cos(π/3) = 1/2 and 2 r / R - 1 = -1/3 for r = 2 Å of 6 Å
    fc = 0.75
    angles = np.arccos(-1 / 3) * np.arange(19)
    expected = fc * np.cos(angles)
    np.testing.assert_allclose(sites.values[0, :19], expected, atol=1e-14)
    np.testing.assert_allclose(sites.values[0, 24:43], expected, atol=1e-14)  # S weighs +1
    np.testing.assert_allclose(sites.values[1, 24:43], -expected, atol=1e-14)  # Li weighs -1
    assert not sites.values[:, 19:24].any()  # one neighbour makes no angle


def test_fcc_has_twelve_neighbours() -> None:
    atoms = ase.build.bulk("Li", "fcc", a=4.0)
    nearest = 4.0 / math.sqrt(2)
    family = Chebyshev(
        weights=WEIGHTS, radial_cutoff=3.5, n_radial=1, angular_cutoff=3.5, n_angular=1
    )
    radial, angular, *_ = family.compute([atoms]).values[0]
    fc = cutoff_function(nearest, 3.5)
    assert radial == pytest.approx(12 * fc, rel=1e-13)
    assert angular == pytest.approx(66 * fc**2, rel=1e-13)  # pairs of twelve


def test_components_are_named_in_order() -> None:
    names = PAPER.component_names
    assert len(names) == PAPER.n_components == 48
    assert (names[0], names[19], names[24], names[43]) == ("rad_0", "ang_0", "rad_w_0", "ang_w_0")


def test_element_without_weight_is_named() -> None:
    structures = [ase.Atoms("Li"), ase.Atoms("Ge")]
    with pytest.raises(ValueError, match="structure 6 holds Ge, which has no weight"):
        PAPER.compute(structures, first_structure=5)


def test_atoms_on_one_place_are_named() -> None:
    with pytest.raises(ValueError, match="structure 0: atoms 0 and 1 are on the same place"):
        PAPER.compute([ase.Atoms("Li2", positions=np.zeros((2, 3)))])


def test_senseless_positions_are_named() -> None:
    """The neighbour search would take the interpreter with it."""
    with pytest.raises(ValueError, match="structure 3, atom 1: a coordinate beyond"):
        PAPER.compute([ase.Atoms("Li2", positions=[[0, 0, 0], [1e6, 0, 0]])], first_structure=3)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"radial_cutoff": 0.0}, "positive length"),
        ({"angular_cutoff": math.inf}, "positive length"),
        ({"n_radial": -1}, "numbers of coefficients"),
        ({"n_radial": 0, "n_angular": 0}, "at least one"),
        ({"weights": {"Li": math.nan}}, "must be finite"),
    ],
)
def test_impossible_settings_are_refused(settings, message) -> None:
    with pytest.raises(ValueError, match=message):
        Chebyshev(**{"weights": WEIGHTS, **settings})
