"""Subsets by composition, elements, name, size and step."""

from __future__ import annotations

from typing import Any

import ase
import pytest

from gmd.structures import select_structures

FORMULAS = ["Li2S", "P2S5", "Li3PS4", "Li7PS6", "Li3P", "S8", "Li4P2S6"]
STRUCTURES = [
    ase.Atoms(formula, info={"name": f"{'melt' if row % 2 else 'crystal'}-{row}"})
    for row, formula in enumerate(FORMULAS)
]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, FORMULAS),
        ({"end_members": ["Li2S", "P2S5"]}, ["Li2S", "P2S5", "Li3PS4", "Li7PS6"]),
        ({"elements": ["Li", "S"]}, ["Li2S", "S8"]),
        ({"elements": ["Li", "S", "Na"]}, ["Li2S", "S8"]),
        ({"names": "melt-*"}, ["P2S5", "Li7PS6", "S8"]),
        ({"max_atoms": 7}, ["Li2S", "P2S5", "Li3P"]),
        ({"every": 3}, ["Li2S", "Li7PS6", "Li4P2S6"]),
        ({"names": "melt-*", "every": 2}, ["P2S5", "S8"]),
        ({"names": "melt-*", "elements": ["Li", "P", "S"], "max_atoms": 8}, ["P2S5", "S8"]),
        ({"names": "glass"}, []),
    ],
)
def test_all_conditions_are_met(conditions: dict[str, Any], expected: list[str]) -> None:
    chosen = select_structures(STRUCTURES, **conditions)
    assert [name for name, taken in zip(FORMULAS, chosen, strict=True) if taken] == expected


def test_nothing_of_nothing() -> None:
    assert select_structures([], every=2).shape == (0,)


def test_a_step_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="every=0: give a whole number, at least 1"):
        select_structures(STRUCTURES, every=0)
