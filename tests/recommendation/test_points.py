"""What is taken from the tables of a run."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from common import random_space
from gmd.imbalance import imbalance_contributions, rank_descriptors
from gmd.recommendation import (
    lightgbm_points,
    linear_points,
    loss_terms,
    reference_points,
)


@pytest.fixture(scope="module")
def tables() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    space = random_space(30, 4, degrees=(2, 2))
    imbalance, contributions = imbalance_contributions(space)
    complexities = {label: space.complexity(label) for label in space.labels}
    return imbalance, rank_descriptors(imbalance, complexities), contributions


@pytest.mark.parametrize("reference", ["225", "224"])
def test_losses_are_symmetric_imbalances_and_means_of_their_terms(tables, reference) -> None:
    imbalance, ranking, contributions = tables
    points = reference_points(imbalance, ranking, reference)
    assert points["sigma"].tolist() == ranking["sigma"].tolist()
    assert points["complexity"].tolist() == ranking["complexity"].tolist()
    table = imbalance.set_index(["sigma_1", "sigma_2"])
    for row in points.itertuples():
        if row.sigma == reference:
            assert (row.loss, row.rim_to_reference, row.rim_from_reference) == (1, 1, 1)
            continue
        assert row.rim_to_reference == table.loc[(row.sigma, reference), "rim"]
        assert row.rim_from_reference == table.loc[(reference, row.sigma), "rim"]
        assert row.loss == table.loc[(row.sigma, reference), "srim"]
    terms = loss_terms(contributions, points["sigma"].tolist(), reference)
    assert terms.shape == (30, len(points))
    np.testing.assert_allclose(terms.mean(axis=0), points["loss"], rtol=1e-12)


def test_missing_pairs_and_columns_are_named(tables) -> None:
    imbalance, ranking, contributions = tables
    with pytest.raises(ValueError, match="no pair of 225 and 110"):
        reference_points(imbalance.query("sigma_2 != '110'"), ranking, "225")
    with pytest.raises(ValueError, match="no column 110>225; make them with 225 among"):
        loss_terms(contributions.drop(columns="110>225"), ["010", "110"], "225")


def fits() -> pd.DataFrame:
    rows = [
        (sigma, complexity, number, seed, base * factor + 0.001 * seed, 1.0)
        for sigma, complexity, base in (("232", 12, 0.01), ("100", 1, 0.05), ("110", 1, 0.02))
        for number, factor in ((50, 1.2), (100, 1.0), (200, 1.1))
        for seed in (0, 1, 4)
    ]
    return pd.DataFrame(
        rows, columns=["sigma", "complexity", "n_estimators", "seed", "mae", "rmse"]
    )


def test_trees_at_their_best_number_of_estimators() -> None:
    frame = fits()
    frame.loc[(frame["sigma"] == "100") & (frame["n_estimators"] == 200), "mae"] = 0.04
    points, by_seed = lightgbm_points(frame.sample(frac=1, random_state=0))
    assert points["sigma"].tolist() == ["100", "110", "232"]
    assert points["n_estimators"].tolist() == [200, 100, 100]
    np.testing.assert_allclose(points["loss"], [0.04, 0.02 + 0.005 / 3, 0.01 + 0.005 / 3])
    np.testing.assert_allclose(by_seed[:, 2], [0.010, 0.011, 0.014])
    np.testing.assert_allclose(by_seed.mean(axis=0), points["loss"])


def test_fits_that_do_not_compare_are_refused() -> None:
    with pytest.raises(ValueError, match="no fits"):
        lightgbm_points(fits().head(0))
    with pytest.raises(ValueError, match="different seeds"):
        lightgbm_points(fits().iloc[1:].query("not (sigma == '232' and seed == 0)"))


def test_linear_models_that_interpolate_are_left_out() -> None:
    frame = pd.DataFrame(
        {
            "sigma": ["555", "232", "100"],
            "complexity": [75, 12, 1],
            "mae": [1e-15, 0.01, 0.02],
            "interpolating": [True, False, False],
        }
    )
    points = linear_points(frame)
    assert points["sigma"].tolist() == ["100", "232"]
    assert points["loss"].tolist() == [0.02, 0.01]
    assert linear_points(frame.head(1)).empty
