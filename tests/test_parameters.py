"""Numbers that a caller chooses: what is no such number is refused by name, and never by numba."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import ase
import numpy as np
import pandas as pd
import pytest

from common import ELEMENTS, WEIGHTS, random_space
from gmd import GlobalDescriptor
from gmd.comparison import compare_conventions
from gmd.descriptors import DescriptorSpace, Notation
from gmd.energy import fit_boosted_trees, fit_linear, split_train_test
from gmd.imbalance import (
    imbalance_contributions,
    imbalance_table,
    information_imbalance,
)
from gmd.imbalance.cuda import mean_ranks_cuda
from gmd.imbalance.program import separate_program
from gmd.imbalance.ranks import mean_ranks, rank_contributions
from gmd.local import Chebyshev, Sites, Soap, SymmetryFunctions, compute_in_chunks
from gmd.local.neighbours import find_neighbours
from gmd.parameters import element_weights, finite_number, length, share, whole_number
from gmd.recommendation import subsampled_choices, subset_sizes
from gmd.recommendation.bootstrap import resampled_means
from gmd.structures import check_structure, select_structures
from gmd.sweep import settings_imbalance

N = 24
RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(N, 2)), RNG.normal(size=(N, 3))
SPACE = random_space(N, 3, degrees=(1, 1))
PROGRAM = separate_program({"x": 2, "y": 3})
BOTH = np.hstack([X, Y])
SITES = Sites(RNG.normal(size=(N, 2)), np.arange(N), np.resize(ELEMENTS, N))
DIMER = [ase.Atoms("Li2", positions=[[0, 0, 0], [0, 0, 2.5]])]

SOAP = {"species": ("Li",), "cutoff": 4.0, "n_max": 2, "l_max": 1, "atom_sigma": 0.5}

NOT_WHOLE = (1.5, 2.0, True, "1", None, float("nan"), np.float64(1), -1, np.bool_(True))
NOT_FINITE = (float("nan"), float("inf"), "1", None, True, 1j)
NOT_POSITIVE = (*NOT_FINITE, 0.0, -1.0)

NEIGHBOURS: dict[str, Callable[[Any], Any]] = {
    "information_imbalance": lambda k: information_imbalance(X, Y, n_neighbours=k),
    "imbalance_table": lambda k: imbalance_table({"x": X, "y": Y}, n_neighbours=k),
    "imbalance_table of a space": lambda k: imbalance_table(SPACE, n_neighbours=k),
    "imbalance_contributions": lambda k: imbalance_contributions(SPACE, n_neighbours=k),
    "mean_ranks": lambda k: mean_ranks(BOTH, PROGRAM, n_neighbours=k),
    "rank_contributions": lambda k: rank_contributions(BOTH, PROGRAM, ["x"], n_neighbours=k),
    "mean_ranks_cuda": lambda k: mean_ranks_cuda(BOTH, PROGRAM, n_neighbours=k),
    "settings_imbalance": lambda k: settings_imbalance(
        {"a": SPACE, "b": SPACE}, ["110"], n_neighbours=k
    ),
    "subsampled_choices": lambda k: subsampled_choices(
        SPACE, sizes=[20], repeats=1, seed=0, n_neighbours=k
    ),
    "compare_conventions": lambda k: compare_conventions(
        lambda: [SITES], weights=WEIGHTS, elements=ELEMENTS, max_outer=1, max_inner=1,
        n_neighbours=k,
    ),
}  # fmt: skip


@pytest.mark.parametrize("number", [*NOT_WHOLE, 0], ids=repr)
@pytest.mark.parametrize("function", NEIGHBOURS.values(), ids=NEIGHBOURS)
def test_numbers_of_neighbours(function, number) -> None:
    with pytest.raises(ValueError, match=f"n_neighbours={re.escape(repr(number))}: give a whole"):
        function(number)


@pytest.mark.parametrize(
    "function", [f for name, f in NEIGHBOURS.items() if name != "subsampled_choices"]
)
def test_more_neighbours_than_there_are(function) -> None:
    with pytest.raises(ValueError, match=f"n_neighbours={N}.*{N} structures have 1 to {N - 1}"):
        function(N)


def test_numpy_integers_count_as_well() -> None:
    plain = information_imbalance(X, Y, n_neighbours=2)
    assert information_imbalance(X, Y, n_neighbours=np.int32(2)) == plain
    laed = Chebyshev(weights={"Li": np.float32(0.5)}, n_radial=np.int64(3), radial_cutoff=4)
    assert laed == Chebyshev(weights={"Li": 0.5}, n_radial=3, radial_cutoff=4.0)
    assert [type(laed.n_radial), type(laed.radial_cutoff)] == [int, float]


WHOLE: dict[str, Callable[[Any], Any]] = {
    "max_outer": lambda n: Notation(n, 2),
    "max_inner": lambda n: Notation(2, n),
    "n_radial": lambda n: Chebyshev(weights=WEIGHTS, n_radial=n),
    "n_angular": lambda n: Chebyshev(weights=WEIGHTS, n_angular=n),
    "n_max": lambda n: Soap(**{**SOAP, "n_max": n}),
    "l_max": lambda n: Soap(**{**SOAP, "l_max": n}),
    "extra_columns": lambda n: Soap(**SOAP, compression="WTP", extra_columns=n),
    "n_channels": lambda n: Soap(**SOAP, embedding="random", n_channels=n),
    "u_max": lambda n: Soap(**SOAP, compression="optimal", u_max=n),
    "seed": lambda n: Soap(**SOAP, compression="WTP", seed=n),
    "seed ": lambda n: split_train_test(N, seed=n),
    "seed  ": lambda n: resampled_means(X, resamples=2, seed=n),
    "seed   ": lambda n: subsampled_choices(SPACE, sizes=[20], repeats=1, seed=n),
    "resamples": lambda n: resampled_means(X, resamples=n, seed=0),
    "repeats": lambda n: subsampled_choices(SPACE, sizes=[20], repeats=n, seed=0),
    "sizes": lambda n: subsampled_choices(SPACE, sizes=[n], repeats=1, seed=0),
    "largest": lambda n: subset_sizes(N, [0.5], n),
    "n_structures": lambda n: split_train_test(n, seed=0),
    "n_structures ": lambda n: subset_sizes(n, [0.5], 100),
    "n_estimators": lambda n: fit_boosted_trees(X, Y[:, 0], n_estimators=[n]),
    "seeds": lambda n: fit_boosted_trees(X, Y[:, 0], seeds=[n]),
    "num_leaves": lambda n: fit_boosted_trees(X, Y[:, 0], num_leaves=n),
    "min_data_in_leaf": lambda n: fit_boosted_trees(X, Y[:, 0], min_data_in_leaf=n),
    "max_bin": lambda n: fit_boosted_trees(X, Y[:, 0], max_bin=n),
    "num_threads": lambda n: fit_boosted_trees(X, Y[:, 0], num_threads=n),
    "every": lambda n: select_structures(DIMER, every=n),
    "atoms_at_once": lambda n: next(
        compute_in_chunks(Chebyshev(weights=WEIGHTS), DIMER, atoms_at_once=n)
    ),
    "max_outer ": lambda n: GlobalDescriptor("101", max_outer=n).fit(DIMER),
}


@pytest.mark.parametrize("number", NOT_WHOLE, ids=repr)
@pytest.mark.parametrize("name", WHOLE)
def test_whole_numbers(name, number) -> None:
    with pytest.raises(ValueError, match=f"{name.strip()}={re.escape(repr(number))}: give a whole"):
        WHOLE[name](number)


LENGTHS: dict[str, Callable[[Any], Any]] = {
    "radial_cutoff": lambda r: Chebyshev(weights=WEIGHTS, radial_cutoff=r),
    "angular_cutoff": lambda r: Chebyshev(weights=WEIGHTS, angular_cutoff=r),
    "cutoff": lambda r: Soap(**{**SOAP, "cutoff": r}),
    "cutoff ": lambda r: SymmetryFunctions(species=("Li",), cutoff=r),
    "cutoff  ": lambda r: find_neighbours(DIMER, r),
    "atom_sigma": lambda r: Soap(**{**SOAP, "atom_sigma": r}),
    "cutoff_transition_width": lambda r: Soap(**SOAP, cutoff_transition_width=r),
}


@pytest.mark.parametrize("number", NOT_POSITIVE, ids=repr)
@pytest.mark.parametrize("name", LENGTHS)
def test_lengths(name, number) -> None:
    with pytest.raises(ValueError, match=f"{name.strip()}={re.escape(repr(number))}: give a fini"):
        LENGTHS[name](number)


NUMBERS: dict[str, Callable[[Any], Any]] = {
    "central_weight": lambda x: Soap(**SOAP, central_weight=x),
    "minimum_distance": lambda x: check_structure(DIMER[0], "here", minimum_distance=x),
    "rcond": lambda x: fit_linear(X, Y[:, 0], rcond="none" if x is None else x),
    "test_fraction": lambda x: split_train_test(N, seed=0, test_fraction=x),
    "learning_rate": lambda x: fit_boosted_trees(X, Y[:, 0], learning_rate=x),
    "feature_fraction": lambda x: fit_boosted_trees(X, Y[:, 0], feature_fraction=x),
    "fractions": lambda x: subset_sizes(N, [x], 100),
    "the weight of Li": lambda x: Chebyshev(weights={"Li": x}),
    "the weight of Li ": lambda x: SymmetryFunctions(
        species=("Li",), cutoff=4.0, compression="weighted", weights={"Li": x}
    ),
    "the weight of Li  ": lambda x: DescriptorSpace.from_sites(
        SITES, weights={**WEIGHTS, "Li": x}, elements=ELEMENTS
    ),
}


@pytest.mark.parametrize("number", NOT_FINITE, ids=repr)
@pytest.mark.parametrize("name", NUMBERS)
def test_finite_numbers(name, number) -> None:
    with pytest.raises(ValueError, match=f"{name.strip()}=.*: give a finite number"):
        NUMBERS[name](number)


@pytest.mark.parametrize("weights", ["aenet", 3, None, ["Li"]], ids=repr)
def test_weights_are_a_mapping(weights) -> None:
    with pytest.raises(ValueError, match="give a mapping of elements to finite numbers"):
        Chebyshev(weights=weights)


def test_ranges_are_stated() -> None:
    with pytest.raises(ValueError, match=r"n=0: give a whole number from 1 to 9$"):
        whole_number("n", 0, at_least=1, at_most=9)
    with pytest.raises(ValueError, match=r"r=-1.0: give a finite number in Å, above 0$"):
        length("r", -1.0)
    with pytest.raises(ValueError, match=r"f=1: give a finite number, above 0, below 1$"):
        share("f", 1)
    assert share("f", 1, whole=True) == 1.0
    assert finite_number("x", np.float32(0.5), at_most=0.5) == 0.5
    assert element_weights(pd.Series({"Li": 1}).to_dict()) == {"Li": 1.0}


@pytest.mark.parametrize("compression", ["nu=2", "QTPQ", "WTP", "nu=1,mu*=1"])
def test_huge_expansions_are_refused_at_once(compression) -> None:
    with pytest.raises(ValueError, match="n_max=100000000: give a whole number from 1 to 200"):
        Soap(**{**SOAP, "n_max": 10**8}, compression=compression)
    with pytest.raises(ValueError, match="l_max"):
        Soap(**{**SOAP, "l_max": 10**8}, compression=compression)


def test_the_length_of_a_rotated_spectrum_needs_no_rotation() -> None:
    laed = Soap(**{**SOAP, "species": ("Li", "S"), "atom_sigma": 0.3}, compression="QTPQ")
    laed.__dict__.pop("_contraction", None)
    called = []
    object.__setattr__(laed, "mixing", called.append)
    assert laed.n_components > 0
    assert called == []


def test_a_narrow_atom_does_not_take_forever() -> None:
    with pytest.raises(ValueError, match="atom_sigma=1e-09 Å is too small"):
        Soap(**{**SOAP, "atom_sigma": 1e-9, "n_max": 1}, compression="nu=1,mu*=1")
