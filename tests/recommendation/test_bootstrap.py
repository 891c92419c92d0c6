"""Resampled means against a loop, and intervals against what statistics says of them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from gmd.recommendation import (
    bootstrap,
    percentile_intervals,
    resampled_means,
    student_intervals,
)


def resampled_means_naive(terms: np.ndarray, resamples: int, seed: int) -> np.ndarray:
    """One sample after the other, row after row."""
    rng = np.random.default_rng(seed)
    means = []
    for _ in range(resamples):
        total = np.zeros(terms.shape[1])
        for row in rng.integers(0, len(terms), len(terms)):
            total = total + terms[row]
        means.append(total / len(terms))
    return np.array(means)


def test_equals_a_loop() -> None:
    """Whole and half numbers, as ranks are, hence to the last bit."""
    terms = np.random.default_rng(0).integers(2, 40, size=(17, 5)) / 2
    expected = resampled_means_naive(terms, 30, 7)
    np.testing.assert_array_equal(resampled_means(terms, resamples=30, seed=7), expected)


def test_chunks_and_other_columns_change_nothing(monkeypatch) -> None:
    terms = np.random.default_rng(1).integers(2, 40, size=(50, 4)) / 2
    whole = resampled_means(terms, resamples=25, seed=3)
    monkeypatch.setattr(bootstrap, "_NUMBERS_AT_ONCE", 170)
    np.testing.assert_array_equal(resampled_means(terms, resamples=25, seed=3), whole)
    np.testing.assert_array_equal(resampled_means(terms[:, 2:], resamples=25, seed=3), whole[:, 2:])
    assert not np.array_equal(resampled_means(terms, resamples=25, seed=4), whole)


def test_intervals_are_as_wide_as_the_standard_error_says() -> None:
    terms = np.random.default_rng(2).normal(10.0, 3.0, size=(900, 1))
    low, high = percentile_intervals(resampled_means(terms, resamples=4000, seed=0))[0]
    error = terms.std() / 30
    assert low == pytest.approx(terms.mean() - 1.96 * error, abs=0.1 * error)
    assert high == pytest.approx(terms.mean() + 1.96 * error, abs=0.1 * error)


def test_intervals_over_seeds_are_students() -> None:
    values = np.random.default_rng(3).normal(size=(5, 3))
    expected = stats.t.interval(0.95, 4, values.mean(axis=0), stats.sem(values, axis=0))
    np.testing.assert_allclose(student_intervals(values), np.transpose(expected))


def test_too_little_is_refused() -> None:
    with pytest.raises(ValueError, match="no rows"):
        resampled_means(np.empty((0, 2)), resamples=3, seed=0)
    with pytest.raises(ValueError, match=r"1 seed\(s\)"):
        student_intervals(np.ones((1, 2)))
