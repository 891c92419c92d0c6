"""What the comparison of LAED settings by length shows."""

from itertools import pairwise

import numpy as np
import pytest

from figures.made_sweep import assert_words_stay_on_the_page, errors_frame, sweep_frame
from gmd.figures import lengths
from gmd.sweep import DEFAULT_SIGMAS

SETTINGS = ("chebyshev", "soap_nu_muhat", "soap_nu_mu", "acsf_weighted")
FITTED = ["100", "232", "555"]


def titles(figure):
    return [ax.get_title(loc="left") for ax in figure.axes]


def test_points_are_means_over_the_other_settings():
    frame = sweep_frame(SETTINGS, DEFAULT_SIGMAS)
    figure = lengths.draw(frame, caption="lps, N = 9")
    assert len(figure.axes) == 2
    for ax, quantity in zip(figure.axes, ("rim", "rim_reverse"), strict=True):
        assert len(ax.containers) == len(SETTINGS)
        for name, points in zip(SETTINGS, ax.containers, strict=True):
            rows = frame.loc[frame["laed_1"] == name].groupby("sigma")
            expected = np.column_stack([rows["n_columns_1"].first(), rows[quantity].mean()])
            found = points.lines[0].get_xydata()
            order = np.lexsort(found.T)
            np.testing.assert_allclose(found[order], expected[np.lexsort(expected.T)])
        assert ax.get_xlabel() == "length (columns of the descriptor)"
        assert ax.get_xscale() == ax.get_yscale() == "log"
    first, second = figure.axes
    assert first.get_ylim() == second.get_ylim()
    assert "here → there" in first.get_ylabel()
    assert "there → here" in second.get_ylabel()
    assert figure.get_suptitle() == "lps, N = 9"
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == list(SETTINGS)


def test_lines_follow_the_least_that_a_length_reaches():
    frame = sweep_frame(SETTINGS, DEFAULT_SIGMAS)
    first, second = lengths.draw(frame, caption="").axes
    assert not [line for line in second.lines if line.get_drawstyle() != "default"]
    steps = [line for line in first.lines if line.get_drawstyle() == "steps-post"]
    assert len(steps) == len(SETTINGS)
    named = {text.get_text() for text in first.texts}
    for name, line in zip(SETTINGS, steps, strict=True):
        rows = frame.loc[frame["laed_1"] == name].groupby("sigma")
        points = list(zip(rows["n_columns_1"].first(), rows["rim"].mean(), strict=True))
        xs, ys = line.get_data()
        assert xs.tolist() == sorted({x for x, _ in points})
        for x, y in zip(xs, ys, strict=True):
            assert y == pytest.approx(min(other for width, other in points if width <= x))
        best = rows["rim"].mean().idxmin()
        assert rf"$\Sigma_{{{best}}}$" in named


def test_errors_of_both_models():
    errors = errors_frame(SETTINGS, FITTED)
    frame = sweep_frame(SETTINGS, DEFAULT_SIGMAS)
    figure = lengths.draw(frame, errors, caption="", energies="limited set")
    trees, linear = figure.axes[2:]
    assert (trees.get_ylabel(), linear.get_ylabel()) == (
        "test MAE (meV/atom)",
        "training MAE (meV/atom)",
    )
    for model, ax in (("lightgbm", trees), ("linear", linear)):
        for name, points in zip(SETTINGS, ax.containers, strict=True):
            rows = errors.loc[
                (errors["laed"] == name) & (errors["model"] == model) & ~errors["interpolating"]
            ]
            found = points.lines[0].get_xydata()
            np.testing.assert_allclose(
                found, rows[["n_columns", "mae_mev"]].sort_values("n_columns")
            )
            # the spread over the seeds
            assert len(points.lines[2]) == (model == "lightgbm")
    assert titles(figure)[2] == r"$\bf{(c)}$ boosted trees, limited set"
    assert titles(figure)[3] == (r"$\bf{(d)}$ linear model, limited set, 4 interpolating left out")


def test_one_model_has_the_width_of_the_page():
    frame = sweep_frame(SETTINGS, DEFAULT_SIGMAS)
    figure = lengths.draw(frame, errors_frame(SETTINGS, FITTED, ["linear"]), caption="")
    assert len(figure.axes) == 3
    assert "linear model" in titles(figure)[2]


def test_where_every_fit_interpolates_nothing_is_drawn():
    frame = sweep_frame(SETTINGS, DEFAULT_SIGMAS)
    errors = errors_frame(SETTINGS, ["555"], ["linear"])
    figure = lengths.draw(frame, errors, caption="")
    assert not figure.axes[2].containers
    assert "4 interpolating left out" in titles(figure)[2]


@pytest.mark.parametrize("n", [2, 12])
def test_few_and_many_settings_stay_on_the_page(n):
    laeds = [f"setting_no_{one}" for one in range(n)]
    figure = lengths.draw(
        sweep_frame(laeds, DEFAULT_SIGMAS), errors_frame(laeds, FITTED), caption="lps"
    )
    figure.draw_without_rendering()
    page = figure.bbox
    assert_words_stay_on_the_page(figure)
    for ax in figure.axes:
        boxes = sorted(
            (text.get_window_extent() for text in ax.get_xticklabels() if text.get_text()),
            key=lambda box: box.x0,
        )
        assert all(left.x1 < right.x0 for left, right in pairwise(boxes))
        # names would hide the points of many settings
        assert bool(ax.texts) == (n == 2 and ax is not figure.axes[1])
    (legend,) = figure.legends
    box = legend.get_window_extent()
    assert page.x0 <= box.x0 < box.x1 <= page.x1
    looks = {(line.get_color(), line.get_marker()) for line in legend.get_lines()}
    assert len(looks) == n


def test_other_frames_are_refused():
    frame = sweep_frame(SETTINGS, ["100", "555"])
    with pytest.raises(ValueError, match="sweep: no column n_columns_1;"):
        lengths.draw(frame.drop(columns="n_columns_1"), caption="")
    with pytest.raises(ValueError, match="errors: no rows"):
        lengths.draw(frame, errors_frame(SETTINGS, FITTED).head(0), caption="")
