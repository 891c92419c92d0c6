"""Subsets by composition, elements, name, size and step."""

from __future__ import annotations

from typing import Any

import ase
import numpy as np
import pytest

from gmd.structures import select_structures

FORMULAS = ["Li2S", "P2S5", "Li3PS4", "Li7PS6", "Li3P", "S8", "Li4P2S6"]
STRUCTURES = [
    ase.Atoms(formula, info={"name": f"{'melt' if row % 2 else 'crystal'}-{row}"})
    for row, formula in enumerate(FORMULAS)
]
for row, atoms in enumerate(STRUCTURES):
    atoms.info |= {"phase": "melt" if row % 2 else "crystal", "row": row}
STRUCTURES[0].info |= {"stable": True, "weight": 0.25}
STRUCTURES[1].info |= {"stable": True}
STRUCTURES[5].info |= {"stable": False, "weight": 0.1 + 0.2}


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
        ({"n_elements": {"at_least": 3}}, ["Li3PS4", "Li7PS6", "Li4P2S6"]),
        ({"n_elements": {"at_most": 1}}, ["S8"]),
        ({"n_elements": {"at_least": 2, "at_most": 2}}, ["Li2S", "P2S5", "Li3P"]),
        ({"n_atoms": {"at_least": 4, "at_most": 8}}, ["P2S5", "Li3PS4", "Li3P", "S8"]),
        ({"n_atoms": {"at_least": 12}}, ["Li7PS6", "Li4P2S6"]),
        ({"n_atoms": {"at_most": 8}, "max_atoms": 4}, ["Li2S", "Li3P"]),
        ({"info": {"phase": "crystal"}}, ["Li2S", "Li3PS4", "Li3P", "Li4P2S6"]),
        ({"info": {"phase": "m*"}}, ["P2S5", "Li7PS6", "S8"]),
        ({"info": {"phase": ["cryst?l", "melt"], "row": [0, 1]}}, ["Li2S", "P2S5"]),
        ({"info": {"row": 2}}, ["Li3PS4"]),
        ({"info": {"row": 2.0}}, ["Li3PS4"]),
        ({"info": {"row": [1, 5]}}, ["P2S5", "S8"]),
        ({"info": {"row": "[12]"}}, ["P2S5", "Li3PS4"]),  # a pattern of the numbers as text
        ({"info": {"stable": True}}, ["Li2S", "P2S5"]),
        ({"info": {"stable": False}}, ["S8"]),
        ({"info": {"stable": [True, False]}}, ["Li2S", "P2S5", "S8"]),
        ({"info": {"weight": 0.25}}, ["Li2S"]),
        ({"info": {"phase": "melt", "stable": True}}, ["P2S5"]),
        ({"info": {"phase": "melt"}, "n_elements": {"at_most": 2}, "every": 2}, ["P2S5"]),
    ],
)
def test_all_conditions_are_met(conditions: dict[str, Any], expected: list[str]) -> None:
    chosen = select_structures(STRUCTURES, **conditions)
    assert [name for name, taken in zip(FORMULAS, chosen, strict=True) if taken] == expected


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        (
            {"info": {"fase": "melt"}},
            "info: no structure has the key 'fase'; there are name, phase, row, stable, weight$",
        ),
        (
            {"info": {"phase": "ice*"}},
            r"info: no structure has phase = 'ice\*'; its values are 'crystal', 'glass-1', 'melt'$",
        ),
        ({"info": {"phase": ["melt", "ice"]}}, "info: no structure has phase = 'ice'; its values"),
        (
            {"info": {"row": 9}},
            "info: no structure has row = 9; its values are 0, 1, 2, 3, 4, 5, 6",
        ),
        ({"info": {"row": True}}, "info: no structure has row = True; its values are 0, 1"),
        ({"info": {"stable": 1}}, "info: no structure has stable = 1; its values are False, True"),
        ({"info": {"phase": "Melt"}}, "info: no structure has phase = 'Melt'"),
        ({"n_atoms": {"at_least": 5, "at_most": 4}}, "n_atoms: at_least=5 is above at_most=4"),
    ],
)
def test_what_no_structure_has_is_named_with_what_there_is(conditions, message) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        select_structures([*STRUCTURES, ase.Atoms("Li", info={"phase": "glass-1"})], **conditions)


def test_many_values_are_cut_short() -> None:
    structures = [ase.Atoms("Li", info={"k": f"v{k:02d}"}) for k in range(15)]
    with pytest.raises(ValueError, match=r"'v09' and 5 more$"):
        select_structures(structures, info={"k": "x"})


def test_numbers_of_numpy_are_numbers() -> None:
    structures = [ase.Atoms("Li", info={"k": k}) for k in (np.int64(3), np.float64(3), np.True_)]
    assert select_structures(structures, info={"k": 3}).tolist() == [True, True, False]
    assert select_structures(structures, info={"k": True}).tolist() == [False, False, True]
    assert select_structures([], info={"k": 3}).shape == (0,)


def test_nothing_of_nothing() -> None:
    assert select_structures([], every=2).shape == (0,)


def test_a_step_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="every=0: give a whole number, at least 1"):
        select_structures(STRUCTURES, every=0)
