"""The size of a space, known before it is made."""

from __future__ import annotations

import pytest

from common import ELEMENTS, random_space
from gmd.descriptors import Layout, Notation
from gmd.descriptors.size import SpaceSize, in_gigabytes
from gmd.local import Chebyshev, Soap
from gmd.structures.lps import N_LPS, load_lps


def size(n_components: int, n_structures: int = 2, **changes) -> SpaceSize:
    settings = {"notation": Notation(), "n_elements": 3, "n_structures": n_structures, **changes}
    return SpaceSize(n_components=n_components, **settings)


def test_columns_are_the_layouts() -> None:
    assert size(48).n_columns == 3600
    for degrees, elements in (((2, 3), ("Li",)), ((9, 9), ELEMENTS)):
        layout = Layout(Notation(*degrees), elements, ("a", "b"))
        found = size(2, notation=Notation(*degrees), n_elements=len(elements))
        assert found.n_columns == layout.n_columns


def test_bytes_hold_four_copies_of_the_numbers() -> None:
    space = random_space(300, 0)
    n_rows = space.by_element.element.size
    found = size(3, 300, n_element_rows=n_rows)
    numbers = space.shared.size + space.by_element.values.size
    assert found.n_bytes - 6500 * found.n_columns == 4 * 8 * numbers


def test_a_huge_spectrum_in_words() -> None:
    laed = Soap(species=ELEMENTS, cutoff=8.0, n_max=12, l_max=12, atom_sigma=0.5)
    assert laed.n_components == 8658
    found = size(laed.n_components, 423)
    assert found.n_columns == 649_350
    assert str(found) == (
        "8658 LAED components make 649350 columns of Σ_555, which for 423 structures take about "
        "11.8 GB of memory"
    )


def test_lengths_of_huge_expansions_are_known_without_making_them() -> None:
    laed = Chebyshev(weights={"Li": 1.0}, n_radial=10**8)
    assert laed.n_components == 2 * (10**8 + 5)
    assert size(laed.n_components).n_bytes > 10**13


@pytest.mark.parametrize(("n_bytes", "words"), [(4e9, "4 GB"), (10_765_123_456, "10.8 GB")])
def test_gigabytes(n_bytes, words) -> None:
    assert in_gigabytes(n_bytes) == words


def test_the_embedded_data_set_has_as_many_structures_as_it_is_said_to() -> None:
    assert len(load_lps()) == N_LPS
