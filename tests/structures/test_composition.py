"""Compositions, and exact mixtures of end members."""

from __future__ import annotations

import ase
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gmd.structures import composition_counts, formula_counts, on_composition_line

LINE = ["Li2S", "P2S5"]

COMPOSITIONS = {
    "Li7PS6": True,
    "Li3PS4": True,
    "Li7P3S11": True,
    "LiPS3": True,
    "Li2S": True,
    "P2S5": True,
    "P4S10": True,
    "Li48P16S64": True,
    "Li4P2S6": False,  # P is four-valent
    "Li3PS3": False,
    "Li8S5": False,
    "Li7P3S12": False,
    "P4S9": False,
    "Li": False,
    "P": False,
    "S": False,
    "S8": False,
    "Li2O": False,
    "Li3PS3O": False,
}


def atoms_of(*counts: int) -> ase.Atoms:
    return ase.Atoms("Li" * counts[0] + "P" * counts[1] + "S" * counts[2])


@pytest.mark.parametrize(("formula", "expected"), COMPOSITIONS.items())
def test_thiophosphates(formula, expected) -> None:
    assert on_composition_line([ase.Atoms(formula)], LINE).tolist() == [expected]


def test_every_structure_gets_its_own_answer() -> None:
    structures = [ase.Atoms(formula) for formula in [*COMPOSITIONS, *reversed(COMPOSITIONS)]]
    expected = [*COMPOSITIONS.values(), *reversed(COMPOSITIONS.values())]
    assert on_composition_line(structures, LINE).tolist() == expected


def test_no_structures_and_no_atoms() -> None:
    none = on_composition_line([], LINE)
    assert none.shape == (0,)
    assert none.dtype == bool
    assert on_composition_line([ase.Atoms()], LINE).tolist() == [False]


@pytest.mark.parametrize(
    ("end_members", "formula", "expected"),
    [
        (["Li3PS4"], "Li9P3S12", True),
        (["Li3PS4"], "Li7PS6", False),
        (["Li2S", "P2S5", "S"], "Li4P2S7", True),
        (["Li2S", "P2S5", "S"], "Li4P2S6", False),  # would need S taken away
        (["Li2S", "Li3PS4"], "Li7PS6", True),
        (["Li2S", "Li3PS4"], "LiPS3", False),  # on the line, but beyond an end member
        (["Li2S", "Li4S2", "P2S5"], "Li3PS4", True),  # one end member twice
        (["Li2S", "Li3PS4", "P2S5"], "Li7P3S11", True),  # three on one line
        (["Li", "P", "S"], "Li4P2S6", True),
        (["(Li2S)3P2S5"], "Li3PS4", True),
    ],
)
def test_any_end_members(end_members, formula, expected) -> None:
    assert on_composition_line([ase.Atoms(formula)], end_members).tolist() == [expected]


AMOUNTS = st.integers(0, 400)


@settings(max_examples=60, deadline=None)
@given(lithium_sulfide=AMOUNTS, phosphorus_sulfide=AMOUNTS, element=st.integers(0, 2))
def test_mixtures_are_on_and_one_atom_more_is_off(
    lithium_sulfide, phosphorus_sulfide, element
) -> None:
    mixture = np.array(
        [2 * lithium_sulfide, 2 * phosphorus_sulfide, lithium_sulfide + 5 * phosphorus_sulfide]
    )
    beside = mixture + np.eye(3, dtype=int)[element]
    expected = [bool(mixture.any()), False]
    assert on_composition_line([atoms_of(*mixture), atoms_of(*beside)], LINE).tolist() == expected


@settings(max_examples=60, deadline=None)
@given(counts=st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60)))
def test_line_is_charge_balance(counts) -> None:
    """Li+, P5+ and S2- balance on the line, and nowhere else."""
    lithium, phosphorus, sulfur = counts
    balanced = lithium + 5 * phosphorus == 2 * sulfur and sulfur > 0
    assert on_composition_line([atoms_of(*counts)], LINE).tolist() == [balanced]


def test_counts_follow_the_order_of_elements() -> None:
    structures = [ase.Atoms("Li7PS6"), ase.Atoms("P2S5"), ase.Atoms("SLiS")]
    counts = composition_counts(structures, ["S", "Li", "P"])
    assert counts.dtype == np.float64
    assert counts.tolist() == [[6, 7, 1], [5, 0, 2], [2, 1, 0]]
    assert formula_counts("Li7PS6", ["S", "Li", "P", "O"]).tolist() == [6, 7, 1, 0]


@pytest.mark.parametrize(
    ("work", "message"),
    [
        (lambda: on_composition_line([ase.Atoms("Li")], []), "at least one end member"),
        (lambda: on_composition_line([ase.Atoms("Li")], ["Li2S", "p2s5"]), "'p2s5' is not a chem"),
        (lambda: on_composition_line([ase.Atoms("Li")], [""]), "'' is not a chemical formula"),
        (lambda: formula_counts("Li2S.5", ["Li", "S"]), "'Li2S.5' is not a chemical formula"),
        (lambda: formula_counts("Li0", ["Li"]), "'Li0' is not a chemical formula"),
        (lambda: formula_counts("Xx2S", ["Xx", "S"]), "'Xx2S' is not a chemical formula"),
        (
            lambda: formula_counts("Li2SO4", ["Li", "S"]),
            "the formula Li2SO4 holds O, not among the elements Li, S",
        ),
        (
            lambda: composition_counts([ase.Atoms("Li"), ase.Atoms("LiO")], ["Li", "S"]),
            "structure 1 holds O, which is not among the elements Li, S; add it",
        ),
    ],
)
def test_contradictions_are_named(work, message) -> None:
    with pytest.raises(ValueError, match=message):
        work()
