import pytest

from gmd.descriptors import Notation
from gmd.sweep import DEFAULT_SIGMAS, sweep_sigmas


def test_a_dozen_of_all_kinds() -> None:
    notation = Notation()
    assert sweep_sigmas(notation) == DEFAULT_SIGMAS
    assert len(DEFAULT_SIGMAS) == 12
    methods = {block.method for label in DEFAULT_SIGMAS for block in notation.blocks(label)}
    assert methods == {"i", "ii", "iii"}


@pytest.mark.parametrize(
    ("degrees", "sigmas", "expected"),
    [
        ((2, 2), None, ("100", "101", "010", "110", "225")),
        ((5, 5), ["232", "100"], ("232", "100", "555")),
        ((5, 5), ["555", "232", "555"], ("555", "232")),
        ((1, 1), "all", Notation(1, 1).labels),
    ],
)
def test_chosen_labels(degrees, sigmas, expected) -> None:
    assert sweep_sigmas(Notation(*degrees), sigmas) == expected


def test_labels_that_there_are_not() -> None:
    with pytest.raises(ValueError, match="'232' is not a descriptor with outer degrees up to 5 an"):
        sweep_sigmas(Notation(5, 2), ["100", "232"])
