"""Components in the places of their matrices."""

from dataclasses import replace

import numpy as np
import pytest

from gmd.compression import stored_entries
from gmd.local import Soap
from gmd.local.soap import l_slices

SOAP = Soap(species=("Li", "P", "S"), cutoff=4.0, n_max=2, l_max=2, atom_sigma=0.5)
SIZE = 6


@pytest.fixture(scope="module")
def crystal(random_crystal):
    return random_crystal(6)


@pytest.fixture(scope="module")
def exact(crystal):
    return [one[0] for one in l_slices(SOAP.expansion([crystal]))]


def entries(crystal, compression, **settings):
    soap = replace(SOAP, compression=compression, **settings)
    row = soap.compute([crystal]).values[0]
    matrices = stored_entries(soap, row)
    assert sum(np.isfinite(one).sum() for one in matrices) == soap.n_components
    return soap, matrices


def assert_stored(found, expected, stored) -> None:
    np.testing.assert_array_equal(np.isfinite(found), stored)
    np.testing.assert_allclose(found[stored], expected[stored], atol=1e-12 * np.abs(expected).max())


def test_power_spectrum_is_the_upper_triangle(crystal, exact) -> None:
    _, matrices = entries(crystal, "nu=2")
    upper = np.triu(np.ones((SIZE, SIZE), dtype=bool))
    weights = np.where(np.eye(SIZE, dtype=bool), 1.0, np.sqrt(2.0))
    for found, expected in zip(matrices, exact, strict=True):
        assert_stored(found, expected * weights, upper)


@pytest.mark.parametrize("extra", [0, 2])
def test_random_combinations_are_the_first_rows(crystal, exact, extra) -> None:
    soap, matrices = entries(crystal, "WTP", extra_columns=extra)
    for degree, (found, expected) in enumerate(zip(matrices, exact, strict=True)):
        n_rows = min(2 * degree + 1 + extra, SIZE)
        rows = np.zeros((SIZE, SIZE))
        rows[:n_rows] = soap.mixing(degree).T @ expected
        assert_stored(found, rows, np.arange(SIZE)[:, None] < n_rows + np.zeros(SIZE))


def test_rotated_matrix_keeps_its_upper_first_rows(crystal, exact) -> None:
    soap, matrices = entries(crystal, "QTPQ")
    row, column = np.indices((SIZE, SIZE))
    for degree, (found, expected) in enumerate(zip(matrices, exact, strict=True)):
        q = soap.mixing(degree)
        assert_stored(found, q.T @ expected @ q, (row < 2 * degree + 1) & (row <= column))


def test_others_have_no_such_matrices() -> None:
    soap = replace(SOAP, compression="mu=2")
    with pytest.raises(ValueError, match="'mu=2' is no selection"):
        stored_entries(soap, np.zeros(soap.n_components))


def test_rows_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match=r"63 components is needed, not \(62,\)"):
        stored_entries(SOAP, np.zeros(62))
