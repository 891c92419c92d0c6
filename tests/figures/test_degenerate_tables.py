"""Figures of next to nothing: zero and equal errors, no excess imbalance, a single descriptor."""

from __future__ import annotations

import copy
import warnings
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from figures.made_sweep import errors_frame, sweep_frame
from gmd.figures import (
    fig_1,
    fig_b1,
    fig_b2,
    fig_c1,
    fig_d1,
    fig_d2,
    fig_d3,
    fig_e1,
    lengths,
    recommendation,
    sweep,
)
from gmd.recommendation import page, recommend

LABELS = ("100", "225", "224")


@pytest.fixture(autouse=True)
def _no_warnings():
    """A library's warning, of a range without extent for instance, would be a sign of trouble."""
    with warnings.catch_warnings(), mpl.rc_context():
        warnings.simplefilter("error")
        yield


def drawn(figure: Figure) -> Figure:
    figure.draw_without_rendering()
    return figure


def points_of(ax: Any) -> np.ndarray:
    scatters = [c for c in ax.collections if isinstance(c, PathCollection)]
    return np.vstack([np.asarray(c.get_offsets()) for c in scatters])


def trees(maes: list[float], labels: tuple[str, ...] = LABELS) -> pd.DataFrame:
    rows = [
        (sigma, 1 + 5 * place, 10, seed, mae, mae)
        for place, (sigma, mae) in enumerate(zip(labels, maes, strict=True))
        for seed in (0, 1)
    ]
    columns = ["sigma", "complexity", "n_estimators", "seed", "mae", "rmse"]
    return pd.DataFrame(rows, columns=columns)


def linear(maes: list[float], labels: tuple[str, ...] = LABELS) -> pd.DataFrame:
    complexity = [1 + 5 * place for place in range(len(labels))]
    return pd.DataFrame(
        {"sigma": labels, "complexity": complexity, "mae": maes, "interpolating": False}
    )


ERRORS = {
    "zero": [0.0, 0.0, 0.0],
    "equal": [0.02, 0.02, 0.02],
    "one zero": [0.02, 0.0, 0.01],
    "rounding": [3e-17, 0.0, 1e-17],
}


@pytest.mark.parametrize("maes", ERRORS.values(), ids=ERRORS)
def test_errors_of_energies(maes) -> None:
    figure = drawn(fig_c1.draw(trees(maes), caption="c"))
    low, high = figure.axes[0].get_ylim()
    assert all(low < 1000 * mae < high for mae in maes)
    drawn(fig_e1.draw(linear(maes), caption="c"))


@pytest.mark.parametrize("mae", [0.0, 0.02])
def test_a_single_fit(mae) -> None:
    drawn(fig_c1.draw(trees([mae], LABELS[:1]), caption="c"))
    drawn(fig_e1.draw(linear([mae], LABELS[:1]), caption="c"))


def without_excess(run: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables of structures that are all alike: every imbalance is 1."""
    imbalance = run.imbalance.assign(rim=1.0, rim_reverse=1.0, srim=1.0)
    means = ("mean_rim_to_others", "mean_rim_from_others", "mean_srim")
    return imbalance, run.ranking.assign(**dict.fromkeys(means, 1.0))


def test_no_excess_imbalance(small_run) -> None:
    imbalance, ranking = without_excess(small_run)
    limited = {"limited_imbalance": imbalance, "limited_ranking": ranking}
    drawn(fig_1.draw(imbalance, ranking, caption="c"))
    drawn(fig_b1.draw(imbalance, ranking, caption="c"))
    drawn(fig_b2.draw(ranking, caption="c"))
    drawn(fig_d1.draw(imbalance, ranking, **limited, caption="c"))
    drawn(fig_d2.draw(ranking, limited_ranking=ranking, caption="c"))
    drawn(fig_d3.draw(imbalance, ranking, **limited, caption="c"))


@pytest.mark.parametrize("mae", [0.0, 20.0])
@pytest.mark.parametrize("draw", [sweep.draw, lengths.draw])
def test_equal_settings(draw, mae) -> None:
    pairs = sweep_frame(("a", "b"), ("555",)).assign(rim=1.0, rim_reverse=1.0, srim=1.0)
    errors = errors_frame(("a", "b"), ("555",)).assign(
        mae_mev=mae, mae_std_mev=0.0, interpolating=False
    )
    drawn(draw(pairs, errors, caption="c"))


@pytest.fixture(scope="module")
def document(small_run) -> dict[str, Any]:
    found = recommend(small_run.imbalance, small_run.ranking, n_structures=24)
    return {**found, "dataset": "toy", "energy_dataset": "made up"}


def with_errors(small_run: Any, mae: float | None) -> dict[str, Any]:
    """A recommendation with energies, whose errors are all one value if that is given."""
    frames = {"lightgbm": small_run.lightgbm, "linear": small_run.linear}
    if mae is not None:
        frames = {name: frame.assign(mae=mae) for name, frame in frames.items()}
    found = recommend(
        small_run.imbalance, small_run.ranking, n_structures=24, resamples=10, **frames
    )
    return {**found, "dataset": "toy", "energy_dataset": "made up"}


@pytest.mark.parametrize("model", ["lightgbm", "linear"])
def test_recommendation_with_energies_that_are_all_equal(small_run, model) -> None:
    document = with_errors(small_run, 0.0)
    assert [one for one in document["remarks"] if "all energies are equal" in one]
    assert document["remarks"][0] in page(document)
    document["energy"] = {model: document["energy"][model]}
    ax = drawn(recommendation.draw(document, caption="c")).axes[2]
    points = points_of(ax)
    assert len(points) == len(document["energy"][model]["points"])
    assert (points[:, 1] == 0).all()
    low, high = ax.get_ylim()
    assert low < 0 < high


def test_recommendation_with_an_error_of_zero_among_others(small_run) -> None:
    document = with_errors(small_run, None)
    assert document["remarks"] == []
    block = copy.deepcopy(document["energy"]["linear"])
    last = block["front"][-1]
    for point in block["points"]:
        if point["sigma"] == last:
            point["loss"] = 0.0
    document["energy"] = {"linear": block}
    ax = drawn(recommendation.draw(document, caption="c")).axes[2]
    assert ax.get_yscale() == "linear"
    assert points_of(ax)[:, 1].min() == 0
    low, high = ax.get_ylim()
    assert low < 0 < 1000 * max(point["loss"] for point in block["points"]) < high


def test_recommendation_of_one_point(document) -> None:
    one = copy.deepcopy(document)
    for block in one["references"].values():
        block["points"] = [p for p in block["points"] if p["sigma"] == block["front"][0]]
        block["front"] = block["front"][:1]
    drawn(recommendation.draw(one, caption="c"))
