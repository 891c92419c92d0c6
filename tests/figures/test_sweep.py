"""What the comparison of LAED settings shows."""

from itertools import pairwise

import numpy as np
import pytest

from figures.made_sweep import assert_words_stay_on_the_page, errors_frame, sweep_frame
from gmd.descriptors import sigma_labels
from gmd.figures import sweep
from gmd.sweep import DEFAULT_SIGMAS

SETTINGS = ("paper", "short", "long", "wide_angles")
FITTED = ["100", "232", "555"]


def ticks(axis):
    return [text.get_text() for text in axis.get_ticklabels()]


def titles(figure):
    return [ax.get_title(loc="left") for ax in figure.axes]


def test_cells_are_from_the_row_to_the_column():
    frame = sweep_frame(SETTINGS, DEFAULT_SIGMAS)
    figure = sweep.draw(frame, caption="lps, N = 9")
    matrix = figure.axes[0]
    assert ticks(matrix.xaxis) == ticks(matrix.yaxis) == list(SETTINGS)
    (image,) = matrix.images
    values = image.get_array()
    rims = frame.loc[frame["sigma"] == "555"].set_index(["laed_1", "laed_2"])["rim"]
    written = {text.get_position(): text.get_text() for text in matrix.texts}
    assert len(written) == 12
    for row, one in enumerate(SETTINGS):
        for column, other in enumerate(SETTINGS):
            if one == other:
                assert values.mask[row, column] or np.isnan(values[row, column])
                assert (column, row) not in written
                continue
            rim = rims[one, other]
            assert values[row, column] == rim
            assert written[column, row] == (f"{rim:.2f}" if rim < 10 else f"{rim:.0f}")
    assert r"\Sigma_{555}" in titles(figure)[0]
    assert "from" in matrix.get_ylabel()
    assert "to" in matrix.get_xlabel()
    assert figure.get_suptitle() == "lps, N = 9"


def test_a_dot_for_every_pair_and_one_at_the_median():
    frame = sweep_frame(SETTINGS, DEFAULT_SIGMAS)
    figure = sweep.draw(frame, caption="")
    dots = figure.axes[1]
    medians = frame.groupby("sigma")["rim"].median().sort_values()
    # the least on top
    assert ticks(dots.yaxis) == [rf"$\Sigma_{{{label}}}$" for label in medians.index]
    assert dots.yaxis_inverted()
    for row, label in enumerate(medians.index):
        small, large = dots.collections[2 * row : 2 * row + 2]
        rims = frame.loc[frame["sigma"] == label, "rim"]
        np.testing.assert_array_equal(np.sort(small.get_offsets()[:, 0]), np.sort(rims))
        assert (small.get_offsets()[:, 1] == row).all()
        np.testing.assert_allclose(large.get_offsets(), [[medians[label], row]])
    assert dots.get_xscale() == "log"


def test_of_many_descriptors_both_ends_are_shown():
    frame = sweep_frame(SETTINGS[:2], sigma_labels())
    figure = sweep.draw(frame, caption="")
    medians = frame.groupby("sigma")["rim"].median().sort_values(kind="stable").index
    expected = [*medians[:15], *medians[-15:]]
    assert ticks(figure.axes[1].yaxis) == [rf"$\Sigma_{{{label}}}$" for label in expected]
    assert "30 of 97" in titles(figure)[1]


def test_errors_of_both_models():
    errors = errors_frame(SETTINGS, FITTED)
    figure = sweep.draw(
        sweep_frame(SETTINGS, DEFAULT_SIGMAS), errors, caption="", energies="limited set"
    )
    trees, linear = figure.axes[2:]
    assert (trees.get_ylabel(), linear.get_ylabel()) == (
        "test MAE (meV/atom)",
        "training MAE (meV/atom)",
    )
    assert ticks(trees.xaxis) == list(SETTINGS)
    assert len(trees.containers) == 3
    for label, bars in zip(FITTED, trees.containers, strict=True):
        rows = errors.loc[(errors["sigma"] == label) & (errors["model"] == "lightgbm")]
        np.testing.assert_allclose(bars.lines[0].get_ydata(orig=False), rows["mae_mev"])
        # each in its own place between two settings
        assert (np.round(bars.lines[0].get_xdata().astype(float)) == np.arange(4)).all()
    # Σ_555 interpolates, and is not drawn
    assert len(linear.containers) == 2
    assert titles(figure)[2] == r"$\bf{(c)}$ boosted trees, limited set"
    assert linear.get_xlabel() == "4 interpolating fits not shown"
    assert not trees.get_xlabel()
    (legend,) = figure.legends
    assert [t.get_text() for t in legend.get_texts()] == [rf"$\Sigma_{{{s}}}$" for s in FITTED]


def test_one_model_has_the_width_of_the_page():
    frame = sweep_frame(SETTINGS, DEFAULT_SIGMAS)
    figure = sweep.draw(frame, errors_frame(SETTINGS, FITTED, ["linear"]), caption="")
    assert len(figure.axes) == 3
    assert "linear model" in titles(figure)[2]


def test_many_fits_are_thinned_out():
    labels = sweep.spread_over_complexity(errors_frame(["paper"], sigma_labels()))
    assert len(labels) == sweep.MOST_LINES
    assert labels[-1] == "555"
    assert sweep.spread_over_complexity(errors_frame(["paper"], FITTED)) == FITTED


@pytest.mark.parametrize("n", [2, 12])
def test_names_of_few_and_many_settings_keep_apart(n):
    laeds = [f"setting_no_{one}" for one in range(n)]
    figure = sweep.draw(
        sweep_frame(laeds, DEFAULT_SIGMAS), errors_frame(laeds, FITTED), caption="lps"
    )
    figure.draw_without_rendering()
    assert_words_stay_on_the_page(figure)
    for ax in figure.axes[:2]:
        boxes = [text.get_window_extent() for text in ax.get_yticklabels()]
        boxes.sort(key=lambda box: box.y0)
        assert all(low.y1 <= high.y0 for low, high in pairwise(boxes))
    cells = figure.axes[0]
    width = cells.transData.transform([(1, 0)])[0, 0] - cells.transData.transform([(0, 0)])[0, 0]
    assert all(text.get_window_extent().width < width for text in cells.texts)


def test_other_frames_are_refused():
    frame = sweep_frame(SETTINGS, ["100", "555"])
    with pytest.raises(ValueError, match="sweep: no column rim;"):
        sweep.draw(frame.drop(columns="rim"), caption="")
    with pytest.raises(ValueError, match="the descriptor that holds everything is missing"):
        sweep.draw(frame.loc[frame["sigma"] == "100"], caption="")
    with pytest.raises(ValueError, match="errors: no rows"):
        sweep.draw(frame, errors_frame(SETTINGS, FITTED).head(0), caption="")
