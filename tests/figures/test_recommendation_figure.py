"""What the figure behind a recommendation shows, from a whole one to next to nothing."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from gmd.figures import recommendation as figure_of
from gmd.figures import save
from gmd.recommendation import recommend

CAPTION = "toy, whole set, N = 24"
TRIALS = [
    (12, 0, "225", "110", 1),
    (12, 0, "224", None, None),
    (12, 0, "both", None, None),
    (12, 1, "225", "110", 1),
    (12, 1, "224", "222", 8),
    (12, 1, "both", "222", 8),
]


@pytest.fixture(scope="module")
def document(small_run) -> dict[str, Any]:
    """A recommendation of a small space; contributions are made to fit the imbalances."""
    pairs = small_run.imbalance.set_index(["sigma_1", "sigma_2"])["rim"]
    shape = np.linspace(0.5, 1.5, 24)
    contributions = pd.DataFrame(
        {
            f"{one}>{other}": rim * shape
            for (one, other), rim in pairs.items()
            if {one, other} & {"225", "224"}
        }
    )
    subsets = pd.DataFrame(TRIALS, columns=["size", "repeat", "reference", "sigma", "complexity"])
    found = recommend(
        small_run.imbalance,
        small_run.ranking,
        n_structures=24,
        contributions=contributions,
        subsets=subsets,
        lightgbm=small_run.lightgbm,
        linear=small_run.linear,
        resamples=40,
    )
    return {**found, "dataset": "toy, whole set", "energy_dataset": "whole set, made up"}


@pytest.fixture(scope="module")
def figure(document) -> Figure:
    return figure_of.draw(document, caption=CAPTION)


def scattered(ax) -> np.ndarray:
    scatters = [c for c in ax.collections if isinstance(c, PathCollection)]
    return np.vstack([np.asarray(c.get_offsets()) for c in scatters])


def test_panels_show_points_fronts_and_marks(document, figure) -> None:
    assert figure.get_suptitle() == CAPTION
    titles = [ax.get_title(loc="left") for ax in figure.axes]
    assert [title[6] for title in titles] == list("abcd")
    for ax, (reference, block) in zip(figure.axes, document["references"].items(), strict=False):
        points = scattered(ax)
        expected = [(p["complexity"], p["loss"]) for p in block["points"]]
        np.testing.assert_allclose(points, expected)
        assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
        names = {rf"$\Sigma_{{{label}}}$" for label in block["front"]}
        assert names <= {text.get_text() for text in ax.texts}
        assert reference in ax.get_ylabel()
        front = next(line for line in ax.lines if len(line.get_xdata()) == len(block["front"]))
        by_label = {p["sigma"]: p for p in block["points"]}
        np.testing.assert_allclose(
            front.get_ydata(), [by_label[label]["loss"] for label in block["front"]]
        )
        spans = [line.get_ydata() for line in ax.lines if len(line.get_ydata()) == 2]
        for label in block["front"]:
            assert any(np.allclose(span, by_label[label]["interval"]) for span in spans), label
        low, high = ax.get_ylim()
        assert low < 1 < max(p["loss"] for p in block["points"]) < high


def test_energies_are_in_mev_of_held_out_structures(document, figure) -> None:
    ax = figure.axes[2]
    assert ax.get_ylabel() == "test MAE (meV/atom)"
    assert "whole set, made up" in ax.get_title(loc="left")
    losses = [1000 * p["loss"] for p in document["energy"]["lightgbm"]["points"]]
    np.testing.assert_allclose(scattered(ax)[:, 1], losses)
    linear = {**document, "energy": {"linear": document["energy"]["linear"]}}
    ax = figure_of.draw(linear, caption=CAPTION).axes[2]
    assert ax.get_ylabel() == "training MAE (meV/atom)"


def test_stability_shows_every_complexity_that_was_chosen(document, figure) -> None:
    ax = figure.axes[3]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["12", "24,\nresampled"]
    of_subsets = {tuple(point) for point in scattered(ax) if point[0] < 0.5}
    offsets = figure_of._OFFSETS
    expected = {(offsets[0], 1), (offsets[1], 8), (offsets[2], 8)}
    full = document["references"]["225"]["complexity"]
    assert of_subsets == expected | {(offsets[2], full)}
    resampled = scattered(ax)[:, 0] > 0.5
    assert resampled.any()


def test_what_there_is_not_is_not_drawn(document, tmp_path) -> None:
    bare = copy.deepcopy(document)
    bare["energy"], bare["resamples"], bare["recommended"] = {}, 0, None
    for block in bare["references"].values():
        block["subsets"] = []
        block["knee"] = None
        for point in block["points"]:
            point["interval"] = None
    figure = figure_of.draw(bare, caption=CAPTION)
    assert len(figure.axes) == 2
    names = {text.get_text() for legend in figure.legends for text in legend.get_texts()}
    assert names == {"descriptor", "front", "chord", "knee"}
    assert all(path.stat().st_size > 0 for path in save(figure, tmp_path / "bare"))
    bare["energy"] = {"lightgbm": document["energy"]["lightgbm"]}
    assert len(figure_of.draw(bare, caption=CAPTION).axes) == 3


def test_equal_losses_are_drawn(document) -> None:
    """All structures alike: no loss anywhere, and the front is one point."""
    flat = copy.deepcopy(document)
    flat["energy"] = {}
    for block in flat["references"].values():
        block["front"] = block["front"][:1]
        for point in block["points"]:
            point |= {"loss": 1.0, "interval": [1.0, 1.0]}
    low, high = figure_of.draw(flat, caption=CAPTION).axes[0].get_ylim()
    assert low < 1 < high
