import numpy as np
import pandas as pd
import pytest

from common import ELEMENTS
from gmd.descriptors import Layout, Notation
from gmd.sweep import ERROR_COLUMNS, setting_errors

LAYOUTS = {
    name: Layout(Notation(), ELEMENTS, tuple(f"x_{n}" for n in range(d)))
    for name, d in (("paper", 4), ("short", 3))
}


def trees(shift=0.0):
    rows = [
        ("232", 12, 50, 0, 0.030),
        ("232", 12, 50, 1, 0.010),
        ("232", 12, 100, 0, 0.017),
        ("232", 12, 100, 1, 0.019),
        ("100", 1, 50, 0, 0.050),
        ("100", 1, 50, 1, 0.060),
        ("100", 1, 100, 0, 0.070),
        ("100", 1, 100, 1, 0.080),
    ]
    frame = pd.DataFrame(rows, columns=["sigma", "complexity", "n_estimators", "seed", "mae"])
    return frame.assign(mae=frame["mae"] + shift, rmse=1.0)


def linear():
    return pd.DataFrame(
        {
            "sigma": ["555", "100"],
            "complexity": [75, 1],
            "mae": [1e-14, 0.04],
            "rank": [30, 5],
            "interpolating": [True, False],
        }
    )


def test_best_number_of_trees_is_taken_over_the_seeds_together() -> None:
    found = setting_errors({"paper": trees(), "short": trees(0.001)}, {}, LAYOUTS)
    assert tuple(found) == ERROR_COLUMNS
    assert found["laed"].tolist() == ["paper", "paper", "short", "short"]
    assert found["sigma"].tolist() == ["100", "232"] * 2
    # one seed alone would have chosen 50 trees for Σ_232
    assert found["n_estimators"].tolist() == [50, 100] * 2
    np.testing.assert_allclose(found["mae_mev"], [55.0, 18.0, 56.0, 19.0])
    np.testing.assert_allclose(found["mae_std_mev"], [5.0, 1.0] * 2)
    assert (found["n_seeds"] == 2).all()
    # 1 and 12 columns per component
    assert found["n_columns"].tolist() == [4, 48, 3, 36]
    assert not found["interpolating"].any()


def test_linear_fits_follow_the_trees() -> None:
    found = setting_errors({"paper": trees()}, {"paper": linear()}, LAYOUTS)
    assert found["model"].tolist() == ["lightgbm"] * 2 + ["linear"] * 2
    fits = found.loc[found["model"] == "linear"].set_index("sigma")
    np.testing.assert_allclose(fits.loc[["100", "555"], "mae_mev"], [40.0, 1e-11])
    assert fits["interpolating"].to_dict() == {"100": False, "555": True}
    assert (fits[["n_estimators", "n_seeds", "mae_std_mev"]] == 0).all(axis=None)
    only = setting_errors({}, {"paper": linear()}, LAYOUTS)
    assert only["model"].unique().tolist() == ["linear"]


def test_no_fits_and_other_frames_are_refused() -> None:
    with pytest.raises(ValueError, match="no fits of energies; give those"):
        setting_errors({}, {}, LAYOUTS)
    with pytest.raises(ValueError, match="linear: no column interpolating"):
        setting_errors({}, {"paper": linear().drop(columns="interpolating")}, LAYOUTS)
    with pytest.raises(ValueError, match=r"no layout of the LAED setting\(s\) long; give all"):
        setting_errors({"paper": trees()}, {"long": linear()}, LAYOUTS)
