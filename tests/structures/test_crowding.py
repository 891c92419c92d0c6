"""The expected number of neighbours, against the true one."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import ase
import numpy as np
import pytest
from ase.build import bulk, molecule

from gmd.local.neighbours import find_neighbours
from gmd.structures.crowding import expected_pairs


@pytest.fixture
def estimate(monkeypatch) -> Callable[[ase.Atoms, float], float]:
    """The estimate as if every number were beyond the limit: only then are extents looked at."""

    def estimated(atoms: ase.Atoms, cutoff: float) -> float:
        with monkeypatch.context() as patch:
            patch.setattr("gmd.structures.crowding.LARGEST_NUMBER_OF_PAIRS", 1)
            return expected_pairs(atoms, cutoff)

    return estimated


@pytest.mark.parametrize("pbc", list(itertools.product([True, False], repeat=3)))
@pytest.mark.parametrize("cutoff", [4.0, 7.0, 15.0])
def test_estimate_is_near_the_truth(estimate, pbc, cutoff) -> None:
    """Not below seven tenths, and at most four times as much: a sphere reaches less than a box."""
    atoms = bulk("Cu", cubic=True).repeat((2, 3, 4))
    atoms.rotate(30, "x", rotate_cell=True)
    atoms.pbc = pbc
    found = find_neighbours([atoms], cutoff).other.size
    assert 0.7 < estimate(atoms, cutoff) / found < 4


def test_long_chain(estimate) -> None:
    chain = ase.Atoms("Li100", positions=np.arange(100)[:, None] * [0, 3.0, 0])
    found = find_neighbours([chain], 10.0).other.size
    assert 0.7 < estimate(chain, 10.0) / found < 4


def test_below_the_limit_an_upper_bound_will_do() -> None:
    slab = bulk("Cu", cubic=True).repeat((2, 2, 20))
    slab.pbc = [True, True, False]
    assert expected_pairs(slab, 5.0) > 4 * find_neighbours([slab], 5.0).other.size


def test_molecules_have_no_more_than_all_pairs() -> None:
    assert expected_pairs(molecule("CH3CH2OH"), 1e6) == 81
