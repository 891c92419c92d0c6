import pandas as pd
import pytest

from gmd.tables import minimum_srim, reference_imbalances, reference_label, seed_means
from tables.random_run import imbalance_frame, ranking_frame

IMBALANCE = pd.DataFrame(
    [
        ("110", "115", 4.0, 2.0),
        ("115", "110", 2.0, 4.0),
        ("111", "115", 3.0, 2.0),
        ("115", "111", 2.0, 3.0),
        ("112", "115", 1.5, 1.0),
        ("115", "112", 1.0, 1.5),
        ("110", "111", 9.0, 9.0),
        ("111", "110", 9.0, 9.0),
    ],
    columns=["sigma_1", "sigma_2", "rim", "rim_reverse"],
).assign(srim=lambda frame: (frame["rim"] + frame["rim_reverse"]) / 2)

RANKING = pd.DataFrame({"sigma": ["110", "111", "112", "115"], "complexity": [1, 1, 2, 7]}).assign(
    mean_rim_to_others=1.0, mean_rim_from_others=1.0, mean_srim=1.0
)


def test_directions():
    references = reference_imbalances(IMBALANCE, RANKING, reference_label(IMBALANCE))
    assert references.to_numpy().tolist() == [
        ["110", 1, 2.0, 4.0, 3.0],
        ["111", 1, 2.0, 3.0, 2.5],
        ["112", 2, 1.0, 1.5, 1.25],
    ]
    assert references.columns.to_list()[2:4] == ["rim_from_reference", "rim_to_reference"]


def test_minimum_of_each_complexity():
    references = reference_imbalances(IMBALANCE, RANKING, "115")
    assert minimum_srim(references)["sigma"].to_list() == ["111", "112"]


def test_missing_reference_and_missing_rows():
    with pytest.raises(ValueError, match="ends in 4"):
        reference_label(IMBALANCE, 4)
    with pytest.raises(ValueError, match="no pair starts from 555"):
        reference_imbalances(IMBALANCE, RANKING, "555")
    with pytest.raises(ValueError, match="no row for 112"):
        reference_imbalances(IMBALANCE, RANKING.query("sigma != '112'"), "115")


def test_every_descriptor_but_the_reference():
    imbalance = imbalance_frame()
    references = reference_imbalances(imbalance, ranking_frame(imbalance), "554")
    assert len(references) == 96
    assert "554" not in set(references["sigma"])


def test_seed_means():
    fits = pd.DataFrame(
        {
            "sigma": "100",
            "complexity": 1,
            "n_estimators": [10, 10, 20],
            "seed": [0, 1, 0],
            "mae": [1.0, 3.0, 5.0],
            "rmse": [2.0, 2.0, 6.0],
        }
    )
    means = seed_means(fits).set_index("n_estimators")
    assert means.loc[10, ["n_seeds", "mae", "mae_std", "rmse", "rmse_std"]].to_list() == [
        2, 2.0, 1.0, 2.0, 0.0,
    ]  # fmt: skip
    assert means.loc[20, ["n_seeds", "mae", "mae_std"]].to_list() == [1, 5.0, 0.0]
