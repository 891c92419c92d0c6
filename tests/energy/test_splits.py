"""Splits are disjoint, cover the data set and mean the same everywhere."""

import numpy as np
import pytest

from gmd.energy import split_train_test

SEED_0_OF_40 = [3, 11, 13, 20]


@pytest.mark.parametrize(
    ("n", "n_test"), [(10, 1), (14, 1), (15, 2), (24, 2), (25, 3), (297, 30), (3850, 385)]
)
@pytest.mark.parametrize("seed", [0, 4])
def test_parts_are_disjoint_and_cover(n, n_test, seed):
    train, test = split_train_test(n, seed=seed)
    assert test.size == n_test
    np.testing.assert_array_equal(np.sort(np.concatenate([train, test])), np.arange(n))
    assert (np.diff(train) > 0).all()
    assert (np.diff(test) > 0).all()


def test_a_seed_means_the_same_split_for_ever():
    assert split_train_test(40, seed=0)[1].tolist() == SEED_0_OF_40
    keys = np.random.PCG64(0).random_raw(40)
    assert set(SEED_0_OF_40) == set(sorted(range(40), key=lambda row: keys[row])[:4])


def test_seeds_differ_and_every_structure_is_tested_now_and_then():
    tested = [split_train_test(30, seed=seed)[1] for seed in range(200)]
    assert len({tuple(part) for part in tested}) > 150
    times = np.bincount(np.concatenate(tested), minlength=30)
    assert times.min() > 5
    assert times.max() < 45


def test_the_share_is_free():
    assert split_train_test(20, seed=1, test_fraction=0.25)[1].size == 5
    assert split_train_test(20, seed=1, test_fraction=0.001)[1].size == 1
    assert split_train_test(20, seed=1, test_fraction=0.999)[0].size == 1


@pytest.mark.parametrize(
    ("n", "options", "message"),
    [
        (9, {"seed": 0}, "9 structures are too few"),
        (20, {"seed": -1}, "seed=-1"),
        (20, {"seed": 0, "test_fraction": 0.0}, "above 0, below 1"),
        (20, {"seed": 0, "test_fraction": 1.0}, "above 0, below 1"),
    ],
)
def test_input_that_is_refused(n, options, message):
    with pytest.raises(ValueError, match=message):
        split_train_test(n, **options)
