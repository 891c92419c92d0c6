"""Weights of elements by rule."""

from __future__ import annotations

import pytest

from gmd.structures import WEIGHT_RULES, element_weights


@pytest.mark.parametrize(
    ("elements", "weights"),
    [
        (["Li", "P", "S"], [-1, 0, 1]),
        (["S", "Li", "P"], [-1, 0, 1]),
        (["Ni", "Al"], [-1, 1]),
        (["Mo", "Nb", "Ta", "W"], [-2, -1, 1, 2]),
        (["Li", "Mo", "Ni", "Ti", "O"], [-2, -1, 0, 1, 2]),
        (["Cu"], [1]),
    ],
)
def test_rule_of_aenet(elements, weights) -> None:
    """The paper's weights, and the rule for even and odd numbers of elements."""
    assert list(element_weights(elements, "aenet").items()) == list(
        zip(elements, weights, strict=True)
    )


@pytest.mark.parametrize(
    ("element", "number", "group", "period"),
    [
        ("H", 1, 1, 1),
        ("He", 2, 18, 1),
        ("Li", 3, 1, 2),
        ("Be", 4, 2, 2),
        ("B", 5, 13, 2),
        ("Ne", 10, 18, 2),
        ("S", 16, 16, 3),
        ("Ar", 18, 18, 3),
        ("Ca", 20, 2, 4),
        ("Sc", 21, 3, 4),
        ("Zn", 30, 12, 4),
        ("Br", 35, 17, 4),
        ("Xe", 54, 18, 5),
        ("La", 57, 3, 6),
        ("Eu", 63, 3, 6),
        ("Lu", 71, 3, 6),
        ("Hf", 72, 4, 6),
        ("W", 74, 6, 6),
        ("Rn", 86, 18, 6),
        ("U", 92, 3, 7),
        ("Rf", 104, 4, 7),
        ("Og", 118, 18, 7),
    ],
)
def test_places_in_the_periodic_table(element, number, group, period) -> None:
    for rule, expected in (("atomic_number", number), ("group", group), ("period", period)):
        assert element_weights([element], rule) == {element: expected}


@pytest.mark.parametrize(
    ("elements", "rule", "message"),
    [
        (["Li"], "mass", "no rule 'mass'; choose among aenet, atomic_number, group, period"),
        (["Li", "Xx"], "aenet", "'Xx' is not an element"),
        (["X"], "atomic_number", "'X' is not an element"),
        (["Li", "Li"], "aenet", "Li is given twice"),
        (["O", "Li", "S"], "group", "gives O and S the same weight, 16; choose another"),
        (["P", "S"], "period", "gives P and S the same weight, 3"),
    ],
)
def test_contradictions_are_named(elements, rule, message) -> None:
    with pytest.raises(ValueError, match=message):
        element_weights(elements, rule)


def test_every_rule_tells_a_metal_from_a_gas() -> None:
    for rule in WEIGHT_RULES:
        weights = element_weights(["H", "W"], rule)
        assert weights["H"] != weights["W"]
