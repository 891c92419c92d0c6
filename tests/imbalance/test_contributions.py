"""What each structure contributes to an imbalance, against its definition and against the sums."""

from __future__ import annotations

import numba
import numpy as np
import pandas as pd
import pytest

from common import random_space
from gmd.descriptors import DescriptorSpace, normalized
from gmd.imbalance import imbalance_contributions, imbalance_table


def contributions_naive(x: np.ndarray, y: np.ndarray, k: int = 1) -> list[float]:
    """Mean rank in y of every structure's nearest neighbours in x, one pair after the other."""
    in_x, in_y = (((z[:, None] - z[None]) ** 2).sum(axis=-1) for z in (x, y))
    found = []
    for i in range(len(x)):
        others = [j for j in range(len(x)) if j != i]
        limit = sorted(in_x[i, j] for j in others)[k - 1]
        rank = {j: 1 + sum(in_y[i, other] < in_y[i, j] for other in others) for j in others}
        closer = [rank[j] for j in others if in_x[i, j] < limit]
        tied = [rank[j] for j in others if in_x[i, j] == limit]
        found.append((sum(closer) + (k - len(closer)) * sum(tied) / len(tied)) / k)
    return found


def grids(n: int, levels: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Coarse coordinates, exact in any order of summation, which tie all the time."""
    rng = np.random.default_rng(seed)
    return {
        name: rng.integers(0, levels, size=(n, width)).astype(float)
        for name, width in (("a", 1), ("b", 2), ("c", 4))
    }


@pytest.mark.small_kernels
@pytest.mark.parametrize(("n", "levels", "k"), [(2, 3, 1), (13, 2, 1), (18, 9, 3), (21, 100, 2)])
def test_equals_brute_force(n, levels, k) -> None:
    matrices = grids(n, levels, seed=n)
    _, contributions = imbalance_contributions(
        matrices, references=["c", "a"], normalization=None, n_neighbours=min(k, n - 1)
    )
    assert contributions["structure"].tolist() == list(range(n))
    assert set(contributions) == {"structure", "a>c", "c>a", "b>c", "c>b", "b>a", "a>b"}
    for name in contributions.columns[1:]:
        one, other = name.split(">")
        expected = contributions_naive(matrices[one], matrices[other], min(k, n - 1))
        np.testing.assert_allclose(contributions[name], expected, rtol=1e-12, err_msg=name)


@pytest.mark.parametrize("threads", [1, 2])
def test_table_is_the_same_to_the_last_bit(threads) -> None:
    """Runs of rows, ties without room and duplicates among them."""
    space = random_space(150, 3, degrees=(3, 2))
    values = space.values.copy()
    values[100:140] = values[7]
    space = DescriptorSpace.from_values(space.layout, space.structures + 5, values)
    before = numba.get_num_threads()
    numba.set_num_threads(min(threads, before))
    try:
        table, contributions = imbalance_contributions(space, n_neighbours=2)
    finally:
        numba.set_num_threads(before)
    assert table.equals(imbalance_table(space, n_neighbours=2))
    assert contributions["structure"].tolist() == list(range(5, 155))
    others = len(space.labels) - 1
    assert len(contributions.columns) == 1 + 4 * others - 2
    rim = table.set_index(["sigma_1", "sigma_2"])["rim"]
    for name in contributions.columns[1:]:
        mean = contributions[name].mean()
        assert mean == pytest.approx(rim[tuple(name.split(">"))], rel=1e-12), name


def test_references_of_a_space_are_its_two_highest() -> None:
    space = random_space(9, 1, degrees=(2, 1))
    _, contributions = imbalance_contributions(space)
    scaled = normalized(space.values, "zscore")
    x, y = (scaled[:, space.layout.columns(label)] for label in ("110", "214"))
    np.testing.assert_allclose(contributions["110>214"], contributions_naive(x, y))
    np.testing.assert_allclose(contributions["214>110"], contributions_naive(y, x))
    assert {"010>215", "215>010", "214>215", "215>214"} <= set(contributions)
    assert not [name for name in contributions if name in ("010>110", "215>215")]


def test_contributions_keep_to_the_order_of_the_structures() -> None:
    space = random_space(70, 8, degrees=(1, 1))
    order = np.random.default_rng(0).permutation(70)
    shuffled = DescriptorSpace.from_values(
        space.layout, space.structures[order], space.values[order]
    )
    _, one = imbalance_contributions(space)
    _, other = imbalance_contributions(shuffled)
    pd.testing.assert_frame_equal(one.iloc[order].reset_index(drop=True), other, check_exact=True)


def test_progress_counts_every_structure() -> None:
    done: list[int] = []
    imbalance_contributions(random_space(70, 5, degrees=(1, 1)), progress=done.append)
    assert sum(done) == 70


def test_unknown_and_missing_references_are_named() -> None:
    matrices = grids(5, 3)
    with pytest.raises(ValueError, match="d, e: not among the descriptors compared; choose"):
        imbalance_contributions(matrices, references=["a", "d", "e"])
    with pytest.raises(ValueError, match="references: name some"):
        imbalance_contributions(matrices)


def test_an_unknown_device_is_refused() -> None:
    with pytest.raises(ValueError, match="device='tpu' is unknown"):
        imbalance_contributions(grids(5, 3), references=["a"], device="tpu")
