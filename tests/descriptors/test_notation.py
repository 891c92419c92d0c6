"""The labels, their blocks and their complexities."""

from __future__ import annotations

import pytest

from gmd.descriptors import Block, Notation, complexity, sigma_labels


def test_the_97_labels() -> None:
    labels = sigma_labels()
    assert len(labels) == len(set(labels)) == 97
    assert {label for label in labels if label[0] == "0"} == {"010", "020", "030", "040", "050"}
    assert sum(label[2] in "01" and label[0] != "0" for label in labels) == 60
    assert sum(label[2] == "2" for label in labels) == 30
    assert {"554", "555"} <= set(labels)


def test_complexities_of_the_paper() -> None:
    assert len({complexity(label, 3) for label in sigma_labels()}) == 22
    assert complexity("555", 3) == 75
    assert complexity("554", 3) == 60
    assert complexity("232", 3) == 12
    assert complexity("050", 3) == 15
    assert complexity("100", 3) == complexity("101", 3) == complexity("110", 3) == 1


@pytest.mark.parametrize(("outer", "inner"), [(1, 1), (2, 3), (5, 5), (3, 1)])
def test_nesting(outer, inner) -> None:
    notation = Notation(outer, inner)
    blocks = {label: set(notation.blocks(label)) for label in notation.labels}
    for label in notation.labels:
        assert len(blocks[label]) == len(notation.blocks(label))
        assert blocks[label] <= blocks[notation.full]
        i, j, k = map(int, label)
        if k == 2:
            assert blocks[label] == blocks[f"{i}{j}0"] | blocks[f"{i}{j}1"]
        smaller = f"{i - 1}{j}{k}"
        if i > 1 and k <= 2:
            assert blocks[smaller] < blocks[label]
    assert blocks[notation.full] - blocks[notation.full_without_elements] == blocks[f"0{inner}0"]
    assert set(notation.basis) == blocks[notation.full]


def test_repeated_convention() -> None:
    notation = Notation(method_ii="repeated")
    orders = [block.inner for block in notation.blocks("050")]
    assert orders == [1, 5, 5, 5, 5]
    assert [block.inner for block in notation.blocks("020")] == [1, 2]
    assert notation.complexity("050", 3) == 15
    assert set(notation.basis) == set(Notation().basis)


def test_blocks_are_in_the_order_of_the_definition() -> None:
    assert Notation().blocks("220") == tuple(
        Block("iii", outer, inner, False) for outer in (1, 2) for inner in (1, 2)
    )


@pytest.mark.parametrize("label", ["000", "011", "012", "553", "650", "5555", "", "abc"])
def test_labels_that_do_not_exist(label) -> None:
    with pytest.raises(ValueError, match="is not a descriptor"):
        Notation()[label]


@pytest.mark.parametrize("degrees", [(0, 5), (5, 0), (10, 1)])
def test_degrees_are_digits(degrees) -> None:
    with pytest.raises(ValueError, match="give a whole number from 1 to 9"):
        Notation(*degrees)
