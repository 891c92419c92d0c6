"""Column-wise scaling over fifty decades."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from gmd.descriptors import ElementRows, normalized
from gmd.descriptors.normalization import NORMALIZATIONS, ColumnScaling, normalized_rows


@pytest.fixture
def values() -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.normal(size=(30, 9)) * 10.0 ** np.array([-150, -44, -12, -3, 0, 2, 10, 90, 150])


def test_zscore(values) -> None:
    scaled = normalized(values, "zscore")
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-14)
    np.testing.assert_allclose(scaled.std(axis=0), 1, rtol=1e-13)
    plain = values[:, 3:7]
    expected = (plain - plain.mean(axis=0)) / plain.std(axis=0)
    np.testing.assert_allclose(scaled[:, 3:7], expected, rtol=1e-11)


def test_minmax(values) -> None:
    scaled = normalized(values, "minmax")
    np.testing.assert_allclose(scaled.min(axis=0), 0, atol=1e-15)
    np.testing.assert_allclose(scaled.max(axis=0), 1, rtol=1e-14)


def test_maxabs(values) -> None:
    scaled = normalized(values, "maxabs")
    np.testing.assert_allclose(np.abs(scaled).max(axis=0), 1, rtol=1e-15)
    assert np.array_equal(np.sign(scaled), np.sign(values))


@pytest.mark.parametrize("name", [None, "none"])
def test_none_changes_nothing(values, name) -> None:
    assert np.array_equal(normalized(values, name), values)


@pytest.mark.parametrize("name", NORMALIZATIONS[:3])
@pytest.mark.parametrize("constant", [0.0, 0.1, -1e10, 1e-44])
def test_constant_columns_become_zero(values, name, constant) -> None:
    values[:, 4] = constant
    values[::2, 4] *= 1 + np.finfo(float).eps  # rounding is no information
    scaled = normalized(values, name)
    assert not scaled[:, 4].any()
    assert np.isfinite(scaled).all()


@pytest.mark.parametrize("name", NORMALIZATIONS)
def test_order_of_structures_does_not_change_a_bit(values, name) -> None:
    order = np.random.default_rng(1).permutation(len(values))
    assert np.array_equal(normalized(values[order], name), normalized(values, name)[order])


def test_unknown_name_is_refused(values) -> None:
    with pytest.raises(ValueError, match="choose one of zscore, minmax, maxabs, none"):
        normalized(values, "robust")


BAD = (np.nan, np.inf, -np.inf)


def _with(bad: float) -> np.ndarray:
    values = np.arange(24.0).reshape(8, 3)
    values[5, 1] = bad
    return values


@pytest.mark.parametrize("normalization", [*NORMALIZATIONS, None])
@pytest.mark.parametrize("bad", BAD)
def test_what_is_not_finite_is_named(bad, normalization):
    """A column with a NaN would otherwise pass for a constant one, and become zero."""
    for values in (_with(bad), sparse.csr_array(_with(bad))):
        with pytest.raises(ValueError, match="1 value is not finite, in row 5 and column 1;"):
            normalized(values, normalization)
    with pytest.raises(ValueError, match="in row 5 and column 1;"):
        ColumnScaling.of(_with(bad), normalization)
    scaling = ColumnScaling.of(_with(0.0), normalization)
    with pytest.raises(ValueError, match="in row 5 and column 1;"):
        scaling.apply(_with(bad))


def test_many_values_that_are_not_finite_are_counted():
    values = np.zeros((9, 2))
    values[1:, 0] = np.nan
    with pytest.raises(ValueError, match=r"8 values are not .* rows 1, 2, 3, 4, 5 and 3 more and"):
        normalized(values, "zscore")


@pytest.mark.parametrize("bad", BAD)
def test_rows_of_elements_name_the_structure(bad):
    dense = np.ones((4, 2, 3))
    dense[2, 1, 0] = 7.0
    rows = ElementRows.from_dense(dense)
    values = rows.values.copy()
    values[(rows.structure == 2) & (rows.element == 1), 0] = bad
    with pytest.raises(ValueError, match="in row 2 and column 0;"):
        normalized_rows(replace(rows, values=values), "zscore")
