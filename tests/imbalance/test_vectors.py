"""Vector instructions against the Python functions that they stand for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pytest

from gmd.imbalance import _vectors as vectors
from gmd.imbalance._vectors import LANES, ROWS, WIDTH

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """The instructions that compiled code takes for a function."""
    return numba.njit(lambda *arguments: function(*arguments))


@pytest.fixture
def planes() -> np.ndarray:
    """Small whole numbers, so that distances tie with limits, and some that are not there."""
    rng = np.random.default_rng(0)
    found = rng.integers(0, 5, size=(7, ROWS, LANES)).astype(float)
    found[rng.random(found.shape) < 0.1] = np.nan
    found[3] = np.nan
    found[4] = 0.0
    return found


@pytest.mark.parametrize(("first", "last"), [(0, 5), (2, 3), (4, 4)])
def test_block_distances(first, last) -> None:
    rng = np.random.default_rng(first)
    tiles, rows = rng.normal(size=(3, 5, LANES)), rng.normal(size=(2 * ROWS, 5))
    tiles[1, 2, 3] = np.nan
    expected, found = np.zeros((2, 4, ROWS, LANES))
    vectors.block_distances(tiles, 1, rows, 3, first, last, expected, 2)
    compiled(vectors.block_distances)(tiles, 1, rows, 3, first, last, found, 2)
    np.testing.assert_allclose(found, expected, rtol=1e-15)


@pytest.mark.parametrize("n_vectors", [1, 2, 5])
def test_add_row_distances(n_vectors) -> None:
    rng = np.random.default_rng(n_vectors)
    values = rng.normal(size=(4, 3, n_vectors * WIDTH))
    expected, found = np.ones((2, 3))
    vectors.add_row_distances(values, 1, 3, expected)
    compiled(vectors.add_row_distances)(values, 1, 3, found)
    np.testing.assert_allclose(found, expected, rtol=1e-14)
    np.testing.assert_allclose(found, 1 + ((values[1] - values[3]) ** 2).sum(axis=1), rtol=1e-14)


def test_add_steps(planes) -> None:
    steps = np.array([[0, 1, -1], [-1, 2, 5], [-1, 5, -1], [-1, 4, 0], [6, 6, 1]])
    expected, found = planes.copy(), planes.copy()
    vectors.add_steps(steps, expected)
    compiled(vectors.add_steps)(steps, found)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("name", ["pairs_below", "pairs_up_to"])
def test_pairs(planes, name) -> None:
    function = getattr(vectors, name)
    limits = np.array([[0.0, 1.0, 2.0, 3.0], [np.inf, -1.0, 4.0, 2.5]])
    for plane in range(len(planes)):
        for s in range(len(limits)):
            found = compiled(function)(planes, plane, limits, s)
            # the last lane of the last row is the sign
            assert found % 2 ** (ROWS * LANES) == function(planes, plane, limits, s)


def test_lowest_bit() -> None:
    lowest_bit = compiled(vectors.lowest_bit)
    for place in range(ROWS * LANES):
        bits = np.int64(-1) << np.int64(place)
        assert lowest_bit(bits) == vectors.lowest_bit(int(bits)) == place


def test_add_closer(planes) -> None:
    limits = np.sort(np.random.default_rng(1).integers(0, 5, 3 * WIDTH).astype(float))[::-1].copy()
    add_closer = compiled(vectors.add_closer)
    expected, found = np.full((2, limits.size), 7.0)
    for plane in range(len(planes)):
        for row in range(ROWS):
            for first in (0, WIDTH, 2 * WIDTH):
                arguments = planes, plane, row, limits
                least = add_closer(*arguments, found, first)
                assert least == vectors.add_closer(*arguments, expected, first)
    np.testing.assert_array_equal(found, expected)
