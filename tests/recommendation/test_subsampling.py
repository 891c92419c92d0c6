"""Choices from random subsets, each as if the subset were a data set of its own."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from common import random_space
from gmd.descriptors import DescriptorSpace
from gmd.imbalance import imbalance_table
from gmd.recommendation import (
    choices,
    compromise,
    count_distinct,
    knee,
    subsampled_choices,
    subset_sizes,
)


@pytest.mark.parametrize(
    ("n", "fractions", "largest", "sizes"),
    [
        (6050, [0.1, 0.5, 0.25], 2000, (2000, 1512, 605)),
        (9000, [0.5, 0.25, 0.1], 2000, (2000, 900)),  # 4500 and 2250 come to the same
        (423, [0.5, 0.25, 0.1], 2000, (211, 105, 42)),
        (100, [0.5, 0.25, 0.1], 2000, (50, 25)),
        (39, [0.5], 2000, ()),
        (2, [0.5, 0.25, 0.1], 2000, ()),
        (100, [], 2000, ()),
    ],
)
def test_sizes(n, fractions, largest, sizes) -> None:
    assert subset_sizes(n, fractions, largest) == sizes


def test_each_subset_is_a_data_set_of_its_own() -> None:
    space = random_space(60, 2, degrees=(2, 1))
    done: list[int] = []
    frame = subsampled_choices(
        space, sizes=(30, 20), repeats=2, seed=5, normalization="minmax", progress=done.append
    )
    assert sum(done) == 4
    assert frame["reference"].tolist() == ["215", "214", "both"] * 4
    complexity = [space.complexity(label) for label in space.labels]
    for (size, repeat), rows in frame.groupby(["size", "repeat"]):
        drawn = np.random.default_rng([5, size, repeat]).choice(60, size, replace=False)
        assert len(set(drawn)) == size
        part = DescriptorSpace.from_values(
            space.layout, space.structures[drawn], space.values[drawn]
        )
        srim = imbalance_table(part, normalization="minmax").set_index(["sigma_1", "sigma_2"])
        losses = [
            [1.0 if one == ref else srim.loc[(ref, one), "srim"] for one in space.labels]
            for ref in ("215", "214")
        ]
        expected = [*(knee(complexity, loss) for loss in losses), compromise(complexity, losses)]
        for sigma, cost, point in zip(rows["sigma"], rows["complexity"], expected, strict=True):
            if point is None:
                assert pd.isna(sigma)
                assert pd.isna(cost)
            else:
                assert (sigma, cost) == (space.labels[point], complexity[point])


def test_draws_depend_on_nothing_but_seed_size_and_repeat() -> None:
    space = random_space(60, 2, degrees=(1, 1))
    many = subsampled_choices(space, sizes=(30, 25), repeats=3, seed=0)
    few = subsampled_choices(space, sizes=(25,), repeats=2, seed=0)
    assert few.equals(many.query("size == 25 and repeat < 2").reset_index(drop=True))


def test_subsets_without_enough_neighbours_are_left_out() -> None:
    space = random_space(60, 2, degrees=(1, 1))
    frame = subsampled_choices(space, sizes=(30, 20), repeats=1, seed=0, n_neighbours=20)
    assert set(frame["size"]) == {30}
    none = subsampled_choices(space, sizes=(), repeats=10, seed=0)
    assert none.empty
    assert none.dtypes.equals(frame.dtypes)


def test_no_knee_is_none() -> None:
    assert choices([1, 75], {"555": [9.0, 1.0], "554": [1.0, 1.0]}) == {
        "555": None,
        "554": 0,
        "both": None,
    }


def test_equal_structures_count_once() -> None:
    space = random_space(10, 0, degrees=(1, 1))
    assert count_distinct(space) == 10
    values = space.values.copy()
    values[7] = values[3]
    values[8] = -values[3] * 0.0
    values[9] = 0.0
    assert count_distinct(DescriptorSpace.from_values(space.layout, space.structures, values)) == 8
