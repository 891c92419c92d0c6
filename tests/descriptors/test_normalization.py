"""Column-wise scaling over fifty decades."""

from __future__ import annotations

import numpy as np
import pytest

from gmd.descriptors import normalized
from gmd.descriptors.normalization import NORMALIZATIONS


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
