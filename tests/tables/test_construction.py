import pytest

from gmd.descriptors.notation import sigma_labels
from gmd.tables import construction, full_label


@pytest.mark.parametrize(
    ("label", "method", "k"),
    [("050", "ii", 0), ("302", "i", 2), ("131", "iii", 1), ("554", "full", 4), ("225", "full", 5)],
)
def test_method_of_a_label(label, method, k):
    made = construction(label)
    assert (made.method, made.k) == (method, k)


def test_every_label_of_the_notation_is_understood():
    methods = [construction(label).method for label in sigma_labels()]
    assert {name: methods.count(name) for name in set(methods)} == {
        "ii": 5,
        "i": 15,
        "iii": 75,
        "full": 2,
    }


@pytest.mark.parametrize("wrong", [50, "50", "0500", "051", "003", "505", "١٢٠", None])
def test_what_is_no_label_is_refused(wrong):
    with pytest.raises(ValueError, match="three digits"):
        construction(wrong)


def test_full_label_comes_from_the_labels():
    assert full_label(sigma_labels(2, 3)) == "235"
    assert full_label(sigma_labels(2, 3), 4) == "234"
    assert full_label(["100", "050"]) is None


def test_labels_of_two_spaces_are_refused():
    with pytest.raises(ValueError, match="225 and 555 belong to different"):
        full_label(["225", "555"])
