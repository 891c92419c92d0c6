"""Imbalances against brute force, with ties and duplicates, and bit for bit in any order."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sklearn.neighbors import NearestNeighbors

from common import random_space
from gmd.descriptors import DescriptorSpace, informative_columns, normalized
from gmd.imbalance import (
    glielmo_imbalance,
    imbalance_table,
    information_imbalance,
    rank_descriptors,
)
from gmd.local import Sites


def squared_distances_naive(x: np.ndarray) -> np.ndarray:
    """Sums of squared differences, column after column."""
    n = len(x)
    distances = np.zeros((n, n))
    for column in x.T:
        distances += (column[:, None] - column[None, :]) ** 2
    return distances


def imbalance_naive(x: np.ndarray, y: np.ndarray, k: int = 1) -> float:
    """Rank information imbalance from x to y by its definition, one pair after the other."""
    in_x, in_y = squared_distances_naive(x), squared_distances_naive(y)
    n = len(x)
    means = []
    for i in range(n):
        others = [j for j in range(n) if j != i]
        limit = sorted(in_x[i, j] for j in others)[k - 1]
        rank = {j: 1 + sum(in_y[i, other] < in_y[i, j] for other in others) for j in others}
        closer = [rank[j] for j in others if in_x[i, j] < limit]
        tied = [rank[j] for j in others if in_x[i, j] == limit]
        means.append((sum(closer) + (k - len(closer)) * sum(tied) / len(tied)) / k)
    return sum(means) / n


grids = arrays.arrays(
    np.float64,
    st.tuples(st.integers(2, 12), st.integers(1, 5)),
    elements=st.integers(-2, 2).map(float),
)


@pytest.mark.small_kernels
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_equals_brute_force_with_ties_and_duplicates(data) -> None:
    """Points on a coarse grid tie and coincide all the time."""
    x = data.draw(grids)
    y = data.draw(arrays.arrays(np.float64, (len(x), 2), elements=st.integers(0, 3).map(float)))
    k = data.draw(st.integers(1, len(x) - 1))
    forward, backward = information_imbalance(x, y, n_neighbours=k)
    assert forward == pytest.approx(imbalance_naive(x, y, k), rel=1e-12)
    assert backward == pytest.approx(imbalance_naive(y, x, k), rel=1e-12)


@pytest.mark.parametrize("k", [1, 2, 5])
@pytest.mark.parametrize("levels", [2, 3, 5, 20])
def test_equals_brute_force_with_more_ties_than_there_is_room_for(levels, k) -> None:
    rng = np.random.default_rng(levels)
    for n in (17, 40, 65):
        x = rng.integers(0, levels, size=(n, 2)).astype(float)
        y = np.hstack([x, rng.integers(0, levels, size=(n, 1))])
        forward, backward = information_imbalance(x, y, n_neighbours=k)
        assert forward == pytest.approx(imbalance_naive(x, y, k), rel=1e-12)
        assert backward == pytest.approx(imbalance_naive(y, x, k), rel=1e-12)


def test_equals_brute_force_with_more_neighbours_than_there_is_room_for() -> None:
    """Thirty unrelated descriptors have hundreds of different neighbours."""
    rng = np.random.default_rng(3)
    matrices = {f"d{d}": rng.normal(size=(310, 1 + d % 4)) for d in range(30)}
    table = imbalance_table(matrices, normalization=None, n_neighbours=12)
    table = table.set_index(["sigma_1", "sigma_2"])
    for one, other in (("d0", "d1"), ("d29", "d3"), ("d6", "d16")):
        expected = imbalance_naive(matrices[one], matrices[other], 12)
        assert table.loc[(one, other), "rim"] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("n", [2, 3, 15, 16, 17, 63, 64, 65, 130])
def test_equals_brute_force_around_the_tile_size(n) -> None:
    rng = np.random.default_rng(n)
    x, y = rng.normal(size=(n, 7)), rng.normal(size=(n, 3))
    forward, backward = information_imbalance(x, y)
    assert forward == imbalance_naive(x, y)
    assert backward == imbalance_naive(y, x)


def test_all_neighbours_have_all_ranks() -> None:
    """Of all n - 1 neighbours the mean rank is n / 2, whatever the descriptors are."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(30, 2)), rng.normal(size=(30, 5))
    assert information_imbalance(x, y, n_neighbours=29) == pytest.approx((15.0, 15.0))


@pytest.mark.parametrize("k", [0, -1, 3])
def test_more_neighbours_than_there_are_is_an_error(k) -> None:
    with pytest.raises(
        ValueError, match=f"n_neighbours={k}: .*: 3 structures have 1 to 2 neighbours"
    ):
        information_imbalance(np.eye(3), np.eye(3), n_neighbours=k)


def test_constant_columns_and_descriptors() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(25, 3)), rng.normal(size=(25, 2))
    x[:, 1] = y[:, 1] = 7.7
    matrices = {"x": x, "y": y, "constant": np.full((25, 4), 0.1)}
    table = imbalance_table(matrices).set_index(["sigma_1", "sigma_2"])["rim"]
    assert table["x", "y"] == imbalance_naive(x[:, [0, 2]] / x[:, [0, 2]].std(axis=0), y[:, :1])
    assert table["constant", "x"] == 12.5
    assert table["x", "constant"] == 1.0


def test_one_descriptor_has_nothing_to_be_compared_with() -> None:
    with pytest.raises(ValueError, match="1 descriptor"):
        imbalance_table({"x": np.eye(3)})


def test_equals_scikit_learn() -> None:
    """Nearest neighbours and ranks from a library that knows nothing of this one."""
    rng = np.random.default_rng(7)
    x = rng.normal(size=(90, 4))
    y = x @ rng.normal(size=(4, 4)) + 0.3 * rng.normal(size=(90, 4))
    search = NearestNeighbors(n_neighbors=90, algorithm="brute", metric="euclidean")
    order_x = search.fit(x).kneighbors(x, return_distance=False)
    order_y = search.fit(y).kneighbors(y, return_distance=False)
    ranks = [int(np.flatnonzero(order_y[i] == order_x[i, 1])[0]) for i in range(90)]
    assert information_imbalance(x, y)[0] == pytest.approx(np.mean(ranks), rel=1e-12)


def test_space_equals_brute_force_of_every_pair() -> None:
    space = random_space(25, 1)
    table = imbalance_table(space).set_index(["sigma_1", "sigma_2"])
    assert len(table) == 9312
    scaled = normalized(space.values, "zscore")
    some = ("010", "050", "100", "101", "232", "441", "552", "554", "555")
    for one in some:
        for other in some:
            if one != other:
                x, y = (scaled[:, space.layout.columns(label)] for label in (one, other))
                expected = imbalance_naive(x, y)
                row = table.loc[(one, other)]
                assert row["rim"] == pytest.approx(expected, rel=1e-12), (one, other)
                assert row["srim"] == (row["rim"] + row["rim_reverse"]) / 2
                assert row["rim_reverse"] == table.loc[(other, one), "rim"]


@pytest.mark.parametrize("normalization", ["zscore", "minmax", "maxabs", "none"])
def test_nested_blocks_equal_separate_matrices(normalization) -> None:
    space = random_space(20, 2, degrees=(2, 2))
    matrices = {label: space.matrix(label) for label in space.labels}
    nested = imbalance_table(space, normalization=normalization)
    separate = imbalance_table(matrices, normalization=normalization)
    assert nested.equals(separate)


def test_odd_moments_of_two_elements_add_nothing() -> None:
    """Two rows have no third moment, and rounding must not pass for one."""
    rng = np.random.default_rng(5)
    elements = np.array(["Al", "Ni"] * 60)
    sites = Sites(rng.normal(size=(120, 4)) ** 3, np.repeat(np.arange(30), 4), elements)
    space = DescriptorSpace.from_sites(
        sites, weights={"Al": 1, "Ni": -1}, elements=("Al", "Ni"), max_outer=3, max_inner=2
    )
    table = imbalance_table(space).set_index(["sigma_1", "sigma_2"])
    for one, other in (("210", "310"), ("222", "322")):
        assert table.loc[(one, other), "srim"] == 1.0


def test_scale_does_not_matter() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(30, 3)), rng.normal(size=(30, 2))
    expected = information_imbalance(x, y)
    for scale in (1e-165, 1e-300, 1e200):
        assert information_imbalance(x * scale, y) == expected


def test_order_of_structures_does_not_change_a_bit() -> None:
    space = random_space(70, 3, degrees=(2, 2))
    values = space.values.copy()
    values[5] = values[40] = values[41]  # duplicates tie
    order = np.random.default_rng(0).permutation(70)
    tables = [
        imbalance_table(DescriptorSpace.from_values(space.layout, space.structures, rows))
        for rows in (values, values[order])
    ]
    assert tables[0].equals(tables[1])


TABLE_BY_THREADS = """
import hashlib, sys
import numba, numpy as np
from gmd.imbalance import imbalance_table

rng = np.random.default_rng(4)
matrices = {f"d{d}": rng.normal(size=(230, 1 + d)) for d in range(6)}
matrices["grid"] = rng.integers(0, 3, size=(230, 2)).astype(float)
for threads in map(int, sys.argv[1:]):
    numba.set_num_threads(threads)
    print(hashlib.sha256(imbalance_table(matrices)["rim"].to_numpy().tobytes()).hexdigest())
"""


def test_threads_do_not_change_a_bit() -> None:
    result = subprocess.run(
        [sys.executable, "-c", TABLE_BY_THREADS, "1", "2", "4"],
        env=os.environ | {"NUMBA_NUM_THREADS": "4"},
        capture_output=True,
        text=True,
        check=True,
    )
    digests = result.stdout.split()
    assert len(digests) == 3
    assert len(set(digests)) == 1


def test_duplicates_are_nearest_and_tie() -> None:
    x = np.array([[0.0], [0.0], [0.0], [5.0]])
    y = np.array([[0.0], [1.0], [2.0], [7.0]])
    # 0: neighbours 1, 2 rank 1, 2; 1: 0, 2 tie at 1; 2: 0, 1 rank 2, 1; 3: all three, 3, 2, 1
    assert information_imbalance(x, y)[0] == pytest.approx((1.5 + 1 + 1.5 + 2) / 4)


def test_all_equal_structures_know_nothing_of_others() -> None:
    rng = np.random.default_rng(0)
    x, y = np.zeros((40, 2)), rng.normal(size=(40, 3))
    assert information_imbalance(x, y) == (20.0, 1.0)


def test_identical_spaces_have_the_lower_limit() -> None:
    x = np.random.default_rng(0).normal(size=(30, 3))
    assert information_imbalance(x, 2 * x) == (1.0, 1.0)


def test_glielmo_scale() -> None:
    assert glielmo_imbalance([1.0, 50.5], 100).tolist() == [0.02, 1.01]


def test_progress_counts_every_structure() -> None:
    done: list[int] = []
    imbalance_table(random_space(70, 5, degrees=(1, 1)), progress=done.append)
    assert sum(done) == 70


def test_ranking_is_the_mean_over_all_others() -> None:
    space = random_space(15, 6, degrees=(2, 2))
    table = imbalance_table(space)
    complexities = {label: space.complexity(label) for label in space.labels}
    ranking = rank_descriptors(table, complexities).set_index("sigma")
    assert list(ranking.index) == list(space.labels)
    for label in space.labels:
        to_others = table.loc[table["sigma_1"] == label, "rim"]
        from_others = table.loc[table["sigma_2"] == label, "rim"]
        assert len(to_others) == len(space.labels) - 1
        row = ranking.loc[label]
        assert row["mean_rim_to_others"] == pytest.approx(to_others.mean())
        assert row["mean_rim_from_others"] == pytest.approx(from_others.mean())
        assert row["mean_srim"] == pytest.approx((to_others.mean() + from_others.mean()) / 2)
    with pytest.raises(ValueError, match="all ordered pairs"):
        rank_descriptors(table.iloc[1:], complexities)


def test_ranking_tells_what_the_columns_are() -> None:
    rng = np.random.default_rng(4)
    sites = Sites(rng.normal(size=(60, 2)), np.repeat(np.arange(15), 4), np.tile(["O", "Ti"], 30))
    space = DescriptorSpace.from_sites(
        sites, weights={"O": -1.0, "Ti": 0.5}, elements=("O", "Ti"), max_outer=3, max_inner=1
    )
    table = imbalance_table(space)
    complexities = {label: space.complexity(label) for label in space.labels}
    plain = rank_descriptors(table, complexities)
    ranking = rank_descriptors(table, complexities, informative_columns(space))
    assert ranking[list(plain)].equals(plain)
    assert list(ranking)[len(list(plain)) :] == [
        "effective_complexity",
        "n_columns",
        "n_varying",
        "identical_to",
    ]
    by_label = ranking.set_index("sigma")
    # the third outer moments of two rows are zero
    assert by_label.loc["310", "effective_complexity"] == 2
    assert by_label.loc["310", ["n_columns", "n_varying"]].tolist() == [6, 4]
    assert by_label.loc["310", "identical_to"] == "210" == by_label.loc["210", "identical_to"]
    assert by_label.loc["300", "identical_to"] == "300"


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (np.zeros((1, 2)), np.zeros((1, 2)), "at least two"),
        (np.zeros((3, 2)), np.zeros((4, 2)), "numbers of structures differ: x 3, y 4"),
        (np.zeros(3), np.zeros((3, 1)), "x has shape \\(3,\\)"),
        (np.full((3, 1), np.nan), np.zeros((3, 1)), "x, structure 0, column 0: value is not"),
        (np.zeros((3, 0)), np.zeros((3, 1)), "x has no columns"),
    ],
)
def test_contradictions_are_named(x, y, message) -> None:
    with pytest.raises(ValueError, match=message):
        information_imbalance(x, y)
    with pytest.raises(ValueError, match=message):
        imbalance_table({"x": x, "y": y})


def test_values_whose_squares_overflow_are_refused() -> None:
    space = random_space(3, 0, degrees=(1, 1))
    huge = DescriptorSpace.from_values(space.layout, space.structures, space.values * 1e200)
    with pytest.raises(ValueError, match="overflow in squared distances"):
        imbalance_table(huge, normalization="none")
    assert imbalance_table(huge).equals(imbalance_table(space))
