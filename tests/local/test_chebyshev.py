"""The Chebyshev LAED: by hand, against a naive twin, and against Fortran aenet."""

from __future__ import annotations

import itertools
import math
import os
import subprocess
import sys

import ase
import ase.build
import numpy as np
import pytest
from numpy.polynomial import chebyshev as polynomials

from common import ELEMENTS, WEIGHTS
from gmd.local import Chebyshev
from gmd.local._angular_moments import moment_coefficients
from gmd.local.neighbours import find_neighbours

PAPER = Chebyshev(weights=WEIGHTS, radial_cutoff=6.0, n_radial=19, angular_cutoff=3.0, n_angular=5)


def cutoff_function(r: float, cutoff: float) -> float:
    return 0.5 * (1 + math.cos(math.pi * r / cutoff)) if r < cutoff else 0.0


def chebyshev_naive(atoms: ase.Atoms, family: Chebyshev, *, only: int | None = None) -> np.ndarray:
    """The definition in loops: images by counting cells, polynomials by their coefficients.

    With `only`, the rows of that many atoms.
    """
    reach = max(family.radial_cutoff, family.angular_cutoff)
    cell = atoms.cell.complete().array
    heights = 1 / np.linalg.norm(np.linalg.inv(cell), axis=0)
    spread = np.ptp(atoms.get_scaled_positions(wrap=False), axis=0) if atoms.pbc.any() else 0
    cells = np.where(atoms.pbc, np.ceil(reach / heights + spread) + 1, 0).astype(int)
    shifts = [np.array(s) @ cell for s in itertools.product(*(range(-n, n + 1) for n in cells))]
    rows = []
    for i in range(len(atoms) if only is None else only):
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


def assert_equal_to_rounding(values: np.ndarray, expected: np.ndarray, family: Chebyshev) -> None:
    """To 1e-13 of the largest sums that weights and polynomials of size 1 can give."""
    heaviest = max(map(abs, family.weights.values()))
    half = family.n_radial + family.n_angular
    allowed = np.zeros((len(expected), 2, half))
    for start, stop, weight in (
        (0, family.n_radial, heaviest),
        (family.n_radial, half, heaviest**2),
    ):
        if stop > start:
            allowed[:, 0, start:stop] = 1e-13 * expected[:, start : start + 1]
            allowed[:, 1, start:stop] = max(1.0, weight) * allowed[:, 0, start:stop]
    excess = np.abs(values - expected) - allowed.reshape(expected.shape) - 1e-300
    assert (excess <= 0).all(), f"component {np.argmax(excess.max(axis=0))}: {excess.max():.3g}"


@pytest.mark.small_kernels
@pytest.mark.parametrize(
    "pbc", [(True,) * 3, (True, False, True), (False, False, True), (False,) * 3]
)
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    ("radial", "angular"),
    [((4.0, 7), (3.0, 5)), ((2.5, 1), (3.5, 9)), ((3.0, 0), (3.0, 3)), ((3.0, 4), (2.0, 0))],
)
def test_equals_naive_twin(random_crystal, seed, pbc, radial, angular) -> None:
    family = Chebyshev(
        weights={"Li": 0.3, "P": -2.0, "S": 1.5},
        radial_cutoff=radial[0],
        n_radial=radial[1],
        angular_cutoff=angular[0],
        n_angular=angular[1],
    )
    atoms = random_crystal(seed, n_atoms=4, edge=3.6)
    atoms.positions += 7.0  # not wrapped
    atoms.pbc = pbc
    assert_equal_to_rounding(family.compute([atoms]).values, chebyshev_naive(atoms, family), family)


@pytest.mark.parametrize("n_angular", range(13))
@pytest.mark.parametrize("edge", [2.2, 3.0, 4.5])
def test_equals_naive_twin_for_any_number_of_angular_coefficients(
    random_crystal, n_angular, edge
) -> None:
    """In skewed cells below half the cutoff; from 7 to 70 close neighbours."""
    atoms = random_crystal(n_angular, n_atoms=2, edge=edge)
    # moved by cells, atom by atom
    atoms.positions += np.array([[3, 0, -2], [0, -1, 0]]) @ atoms.cell.array
    family = Chebyshev(
        weights=WEIGHTS, radial_cutoff=4.6, n_radial=3, angular_cutoff=4.5, n_angular=n_angular
    )
    assert_equal_to_rounding(family.compute([atoms]).values, chebyshev_naive(atoms, family), family)


def star(rng: np.random.Generator, distances: np.ndarray, elements: list[str]) -> ase.Atoms:
    """A lithium atom with neighbours in random directions."""
    directions = rng.normal(size=(len(distances), 3))
    directions *= (distances / np.linalg.norm(directions, axis=1))[:, None]
    return ase.Atoms(["Li", *elements], positions=np.vstack([np.zeros(3), directions]))


@pytest.mark.parametrize(
    "n_angular", [pytest.param(n, marks=pytest.mark.small_kernels) for n in (1, 5)] + [12, 33]
)
def test_both_sides_of_the_crossover(n_angular) -> None:
    family = Chebyshev(
        weights=WEIGHTS, radial_cutoff=2.0, n_radial=2, angular_cutoff=5.0, n_angular=n_angular
    )
    fewest = min(moment_coefficients(n_angular).fewest, 60)
    rng = np.random.default_rng(n_angular)
    for n_close in (1, 2, 3, fewest - 1, fewest, fewest + 1, 2 * fewest):
        atoms = star(rng, rng.uniform(1.5, 5.1, n_close), rng.choice(ELEMENTS, n_close).tolist())
        expected = chebyshev_naive(atoms, family, only=1)
        assert_equal_to_rounding(family.compute([atoms]).values[:1], expected, family)


def test_thousands_of_neighbours() -> None:
    """The angular sums by matrices of cosines."""
    cell = np.array([[1.1, 0, 0], [0.3, 1.2, 0], [-0.2, 0.4, 1.3]])
    places = np.random.default_rng(2).uniform(size=(4, 3))
    atoms = ase.Atoms("LiSSP", scaled_positions=places, cell=cell, pbc=True)
    family = Chebyshev(
        weights={"Li": -1.0, "P": 0.5, "S": 1.0},
        radial_cutoff=2.0,
        n_radial=1,
        angular_cutoff=5.0,
        n_angular=7,
    )
    first, other, distance, vector = find_neighbours([atoms], 5.0)
    assert np.diff(first).min() > 1000
    values = family.compute([atoms]).values[:, 1:8]
    weighted = family.compute([atoms]).values[:, 9:]
    w = np.array([family.weights[symbol] for symbol in atoms.symbols])[other]
    for a in range(4):
        mine = slice(first[a], first[a + 1])
        direction = vector[mine] / distance[mine, None]
        fc = 0.5 * (1 + np.cos(np.pi * distance[mine] / 5.0))
        products = np.triu(np.outer(fc, fc), 1)
        weights = np.outer(w[mine], w[mine])
        cosines = np.clip(direction @ direction.T, -1, 1)
        for n in range(7):
            terms = products * polynomials.chebval(cosines, np.eye(7)[n])
            scale = 1e-13 * products.sum()
            assert values[a, n] == pytest.approx(terms.sum(), rel=0, abs=scale)
            assert weighted[a, n] == pytest.approx((weights * terms).sum(), rel=0, abs=scale)


def test_one_near_neighbour_among_many_far_ones() -> None:
    """The sums over pairs vanish beside the near neighbour's square and must not drown in it."""
    family = Chebyshev(
        weights=WEIGHTS, radial_cutoff=4.0, n_radial=0, angular_cutoff=4.0, n_angular=3
    )
    rng = np.random.default_rng(0)
    atoms = star(rng, np.array([1.0] + [3.9999] * 40), ["S"] * 41)
    distance = find_neighbours([atoms], 4.0).distance[:41]
    fc = np.sin(np.pi / 2 * (4.0 - distance) / 4.0) ** 2
    row = family.compute([atoms]).values[0]
    assert row[0] == pytest.approx(np.triu(np.outer(fc, fc), 1).sum(), rel=1e-13, abs=0)
    assert row[3] == pytest.approx(row[0], rel=1e-13, abs=0)


def test_weights_of_zero_leave_exact_zeros() -> None:
    """Rounding in their place would pass for information once columns are scaled."""
    family = Chebyshev(weights={"Li": 0.0, "S": 1.0, "P": 0.0}, angular_cutoff=4.0)
    rng = np.random.default_rng(0)
    atoms = star(rng, rng.uniform(1.5, 3.9, 60), ["S"] + ["P"] * 59)
    row = family.compute([atoms]).values[0]
    assert row[19:24].all()
    assert not row[43:].any()


IN_A_PROCESS = """
import hashlib, ase, numba, numpy as np
from gmd.local import Chebyshev

rng = np.random.default_rng(0)
def crystal(n_atoms):
    cell = n_atoms ** (1 / 3) * (2.6 * np.eye(3) + 0.6 * rng.uniform(size=(3, 3)))
    places = rng.uniform(size=(n_atoms, 3))
    elements = rng.choice(["Li", "P", "S"], n_atoms)
    return ase.Atoms(elements, scaled_positions=places, cell=cell, pbc=True)

structures = [crystal(n) for n in (300, 1, 2500, 7, *range(40, 140))]
family = Chebyshev(weights={"Li": -1, "P": 0, "S": 1}, angular_cutoff=4.5)
print(numba.get_num_threads(), hashlib.sha256(family.compute(structures).values).hexdigest())
"""


def test_any_number_of_threads_gives_the_same_bits() -> None:
    digests = set()
    for threads in ("1", "2", "4"):
        environment = {**os.environ, "NUMBA_NUM_THREADS": threads}
        command = [sys.executable, "-c", IN_A_PROCESS]
        printed = subprocess.check_output(command, env=environment, text=True)
        used, digest = printed.split()
        assert used == threads
        digests.add(digest)
    assert len(digests) == 1


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
        ({"radial_cutoff": 0.0}, "give a finite number in Å, above 0"),
        ({"angular_cutoff": math.inf}, "give a finite number in Å, above 0"),
        ({"n_radial": -1}, "n_radial=-1: give a whole number"),
        ({"n_radial": 0, "n_angular": 0}, "at least one"),
        ({"weights": {"Li": math.nan}}, "the weight of Li=.*give a finite number"),
    ],
)
def test_impossible_settings_are_refused(settings, message) -> None:
    with pytest.raises(ValueError, match=message):
        Chebyshev(**{"weights": WEIGHTS, **settings})
