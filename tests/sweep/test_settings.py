import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from common import ELEMENTS
from gmd.descriptors import Layout, Notation
from gmd.sweep import SETTING_COLUMNS, settings_table
from tables.random_run import imbalance_frame, ranking_frame

NOTATION = Notation(2, 2)
SETTINGS = {
    "paper": {"family": "chebyshev", "radial_cutoff": 6.0, "n_radial": 19},
    "short": {"family": "chebyshev", "radial_cutoff": 4.5, "n_radial": 19, "normalize": False},
    "tuned": {"family": "other", "kind": "gaussian", "etas": [0.5, 1.0]},
}


def layout(d):
    return Layout(NOTATION, ELEMENTS, tuple(f"x_{n}" for n in range(d)))


LAYOUTS = {"paper": layout(4), "short": layout(3), "tuned": layout(6)}


@pytest.fixture(scope="module")
def rankings():
    return {
        name: ranking_frame(imbalance_frame(2, 2, seed), 2, 2) for seed, name in enumerate(SETTINGS)
    }


@pytest.fixture(scope="module")
def pairs():
    rows = [
        (label, one, other)
        for label in ("100", "225")
        for one in SETTINGS
        for other in SETTINGS
        if one != other
    ]
    rims = dict(zip(rows, np.random.default_rng(0).uniform(1, 9, len(rows)), strict=True))
    frame = pd.DataFrame(rows, columns=["sigma", "laed_1", "laed_2"])
    frame = frame.assign(complexity=1, n_columns_1=1, n_columns_2=1)
    frame["rim"] = [rims[row] for row in rows]
    frame["rim_reverse"] = [rims[sigma, other, one] for sigma, one, other in rows]
    return frame.assign(srim=(frame["rim"] + frame["rim_reverse"]) / 2)


def test_one_row_for_every_setting(rankings, pairs):
    found = settings_table(SETTINGS, LAYOUTS, rankings, pairs)
    assert tuple(found) == (*SETTING_COLUMNS, *(f"spearman_{name}" for name in SETTINGS))
    assert found["laed"].tolist() == list(SETTINGS)
    assert found["n_components"].tolist() == [4, 3, 6]
    complexity = NOTATION.complexity("225", 3)
    assert found["complexity"].tolist() == [complexity] * 3
    assert found["n_columns"].tolist() == [4 * complexity, 3 * complexity, 6 * complexity]
    assert found["parameters"].tolist() == [
        "radial_cutoff 6, n_radial 19",
        "radial_cutoff 4.5, n_radial 19, normalize false",
        "kind gaussian, etas [0.5, 1.0]",
    ]
    by_name = found.set_index("laed")
    full = pairs.loc[(pairs["sigma"] == "225") & (pairs["laed_1"] == "paper")]
    assert by_name.loc["paper", "rim_to_settings"] == pytest.approx(full["rim"].mean())
    assert by_name.loc["paper", "rim_from_settings"] == pytest.approx(full["rim_reverse"].mean())


def test_leading_descriptors_and_correlations(rankings, pairs):
    found = settings_table(SETTINGS, LAYOUTS, rankings, pairs).set_index("laed")
    for name, ranking in rankings.items():
        ranking = ranking.set_index("sigma")
        row = found.loc[name]
        assert ranking["mean_srim"][row["best_sigma"]] == ranking["mean_srim"].min()
        assert row["best_mean_srim"] == ranking["mean_srim"].min()
        assert row["worst_mean_srim"] == ranking["mean_srim"][row["worst_sigma"]]
        assert row["worst_mean_srim"] == ranking["mean_srim"].max()
        knowing = ranking["mean_rim_to_others"]
        assert knowing[row["knows_most"]] == knowing.min()
        others = []
        for other in rankings:
            expected = spearmanr(
                ranking["mean_srim"], rankings[other].set_index("sigma")["mean_srim"]
            ).statistic
            assert row[f"spearman_{other}"] == pytest.approx(expected)
            others += [expected] if other != name else []
        assert row["mean_spearman"] == pytest.approx(np.mean(others))


def test_arguments_of_different_runs_are_refused(rankings, pairs):
    with pytest.raises(ValueError, match="layouts are of the LAED settings paper, short, not of"):
        settings_table(SETTINGS, {k: LAYOUTS[k] for k in ("paper", "short")}, rankings, pairs)
    with pytest.raises(ValueError, match="pairs are of the LAED settings short, tuned, not of"):
        settings_table(SETTINGS, LAYOUTS, rankings, pairs.loc[pairs["laed_1"] != "paper"])
    with pytest.raises(ValueError, match="the descriptor that holds everything is missing"):
        settings_table(SETTINGS, LAYOUTS, rankings, pairs.loc[pairs["sigma"] == "100"])
    with pytest.raises(ValueError, match="sweep: no column srim"):
        settings_table(SETTINGS, LAYOUTS, rankings, pairs.drop(columns="srim"))
    broken = {**rankings, "short": rankings["short"].drop(columns="mean_srim")}
    with pytest.raises(ValueError, match="ranking of short: no column mean_srim"):
        settings_table(SETTINGS, LAYOUTS, broken, pairs)
