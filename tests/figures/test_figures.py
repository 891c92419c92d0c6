"""What is drawn: points, labels, units, names; not how it looks."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection

from gmd.figures import fig_1, fig_a1, fig_b1, fig_b2, fig_c1, fig_d1, fig_d2, fig_d3, fig_e1
from gmd.tables import minimum_srim, reference_imbalances

CAPTION = "lps, whole set, N = 24, random"


def points(ax):
    """Points of all scatters, shape (n, 2)."""
    scatters = [c for c in ax.collections if isinstance(c, PathCollection)]
    return np.vstack([np.asarray(c.get_offsets()) for c in scatters])


def texts(ax):
    return {text.get_text() for text in ax.texts}


def legend_texts(figure):
    legends = [*figure.legends, *(ax.get_legend() for ax in figure.axes)]
    return {t.get_text() for legend in legends if legend for t in legend.get_texts()}


def by_rows(array):
    return np.array(sorted(map(tuple, np.asarray(array, dtype=float))))


@pytest.mark.parametrize(("module", "reference"), [(fig_1, "555"), (fig_b1, "554")])
def test_reference_figures(run, module, reference):
    figure = module.draw(run.imbalance, run.ranking, caption=CAPTION)
    left, right = figure.axes[:2]
    others = reference_imbalances(run.imbalance, run.ranking, reference)
    # x is from the reference to the others, y from the others to the reference
    np.testing.assert_allclose(
        by_rows(points(left)), by_rows(others[["rim_from_reference", "rim_to_reference"]])
    )
    assert left.get_xlabel().index(reference) < left.get_xlabel().index("→")
    assert left.get_ylabel().index(reference) > left.get_ylabel().index("→")
    minima = minimum_srim(others)
    np.testing.assert_allclose(by_rows(points(right)), by_rows(minima[["complexity", "srim"]]))
    assert texts(right) == {rf"$\Sigma_{{{label}}}$" for label in minima["sigma"]}
    assert "complexity" in right.get_xlabel()
    low, high = right.get_ylim()
    assert right.get_yscale() == "log"
    assert 0.7 < low < 1 < minima["srim"].max() < high
    ticks = right.yaxis.get_majorticklocs()
    shown = [f"{tick:g}" for tick in ticks if low <= tick <= high]
    assert shown[:2] == ["1", "2"]
    labels = right.yaxis.get_major_formatter().format_ticks(ticks)
    assert set(shown) <= set(labels)
    assert all(text.get_path_effects() for ax in (left, right) for text in ax.texts)
    assert figure.get_suptitle() == CAPTION
    assert [ax.get_title(loc="left")[:12] for ax in (left, right)] == [
        r"$\bf{(a)}$ " + left.get_title(loc="left")[11:12],
        r"$\bf{(b)}$ b",
    ]


def test_fig_b2(run):
    figure = fig_b2.draw(run.ranking, caption=CAPTION)
    for ax, quantity in zip(
        figure.axes, ("mean_rim_to_others", "mean_rim_from_others"), strict=True
    ):
        np.testing.assert_allclose(
            by_rows(points(ax)), by_rows(run.ranking[["complexity", quantity]])
        )
        best = run.ranking.loc[run.ranking[quantity].idxmin(), "sigma"]
        assert rf"$\Sigma_{{{best}}}$" in texts(ax)
    # nine types: three weightings of methods i and iii, method ii and the two stacks
    assert len(legend_texts(figure)) == 9


def test_fig_c1_means_in_mev(run):
    figure = fig_c1.draw(run.lightgbm, caption=CAPTION)
    assert len(figure.axes) == 4
    mae, rmse = figure.axes[:2]
    assert (mae.get_ylabel(), rmse.get_ylabel()) == (
        "test MAE (meV/atom)",
        "test RMSE (meV/atom)",
    )
    assert ["50" in ax.get_title(loc="left") for ax in figure.axes] == [True, True, False, False]
    drawn = np.sort(
        np.concatenate([bars.lines[0].get_ydata(orig=False) for bars in mae.containers])
    )
    means = run.lightgbm.query("n_estimators == 50").groupby("sigma")["mae"].mean() * 1000
    np.testing.assert_allclose(drawn, np.sort(means))


def test_fig_c1_jitter_is_small_and_seeded(run):
    def abscissas(seed):
        figure = fig_c1.draw(run.lightgbm, caption=CAPTION, seed=seed)
        return np.concatenate(
            [bars.lines[0].get_xdata(orig=False) for bars in figure.axes[0].containers]
        )

    first, again, other = abscissas(0), abscissas(0), abscissas(1)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    complexities = run.ranking["complexity"].unique()
    shift = np.abs(first[:, None] / complexities - 1).min(axis=1)
    assert 0 < shift.max() <= fig_c1.JITTER


def test_fig_e1_hollow_where_the_fit_interpolates(run):
    figure = fig_e1.draw(run.linear, caption=CAPTION)
    ax = figure.axes[0]
    hollow = sum(
        len(c.get_offsets())
        for c in ax.collections
        if isinstance(c, PathCollection) and len(c.get_facecolors()) == 0
    )
    assert hollow == run.linear["interpolating"].sum() > 0
    assert len(points(ax)) == len(run.linear)
    assert any("interpolating" in text for text in legend_texts(figure))
    assert "meV/atom" in ax.get_ylabel()
    assert "interpolating: rank ≥ structures" in legend_texts(figure)
    # rounding errors are drawn on a line, at most one decade below the others
    lowest = 1000 * run.linear.loc[~run.linear["interpolating"], "mae"].min()
    assert lowest / 10 <= points(ax)[:, 1].min() < lowest


@pytest.mark.parametrize("lowest", [1.0, 1.1, 2.0, 4.9, 5.1, 9.9])
def test_fig_e1_floor_is_near_the_smallest_error(run, lowest):
    fitted = ~run.linear["interpolating"]
    scale = lowest / (1000 * run.linear.loc[fitted, "mae"].min())
    linear = run.linear.assign(mae=(run.linear["mae"] * scale).where(fitted, 1e-15))
    floor = points(fig_e1.draw(linear, caption=CAPTION).axes[0])[:, 1].min()
    assert lowest / 10 <= floor * (1 + 1e-9)
    assert floor < lowest / 3


def test_fig_e1_without_interpolation(run):
    figure = fig_e1.draw(run.linear.query("not interpolating"), caption=CAPTION, relevant=["100"])
    assert not any("interpolating" in text for text in legend_texts(figure))
    assert texts(figure.axes[0]) == {r"$\Sigma_{100}$"}


@pytest.mark.parametrize("module", [fig_d1, fig_d3])
def test_fig_d1_and_d3_panels(run, small_run, module):
    figure = module.draw(
        run.imbalance, run.ranking, small_run.imbalance, small_run.ranking, caption=CAPTION,
        names=("first", "second"),
    )  # fmt: skip
    titles = [ax.get_title(loc="left") for ax in figure.axes[:4]]
    wanted = [("a", "555", "first"), ("b", "225", "second"), ("c", "554", "first"),
              ("d", "224", "second")]  # fmt: skip
    for title, words in zip(titles, wanted, strict=True):
        assert all(word in title for word in words)
    if module is fig_d3:
        assert [len(points(ax)) for ax in figure.axes[:4]] == [96, 21, 96, 21]


def test_fig_d2_panels(run, small_run):
    figure = fig_d2.draw(run.ranking, small_run.ranking, caption=CAPTION)
    expected = [
        (ranking, quantity)
        for quantity in ("mean_rim_to_others", "mean_rim_from_others")
        for ranking in (run.ranking, small_run.ranking)
    ]
    for ax, (ranking, quantity) in zip(figure.axes, expected, strict=True):
        np.testing.assert_allclose(by_rows(points(ax)), by_rows(ranking[["complexity", quantity]]))


@pytest.fixture
def columns():
    blocks = ["220"] * 4 + ["221"] * 4 + ["200"] * 2 + ["201"] * 2 + ["020"] * 6
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "column": [f"c{n}" for n in range(18)],
            "block": blocks,
            "mean": rng.normal(size=18) * 10.0 ** np.linspace(-44, 10, 18),
            "std": 10.0 ** np.linspace(-44, 10, 18),
        }
    )


def test_fig_a1(columns):
    columns.loc[3, "mean"] = 0.0
    figure = fig_a1.draw(columns, caption=CAPTION)
    top, bottom = figure.axes
    magnitudes = np.concatenate([line.get_ydata() for line in top.lines[:2]])
    drawn = np.sort(magnitudes[np.isfinite(magnitudes)])
    np.testing.assert_allclose(drawn, np.sort(columns["mean"].abs())[1:])
    assert "1 exactly 0, not shown" in texts(top)
    names = {rf"$\Sigma_{{{block}}}$" for block in columns["block"]}
    assert names <= texts(top)
    assert names <= texts(bottom)
    assert r"\Sigma_{225}" in bottom.get_xlabel()
    boundaries = [line.get_xdata()[0] for line in bottom.lines[1:]]
    assert boundaries == [3.5, 7.5, 9.5, 11.5]


def test_fig_a1_without_any_spread(columns):
    figure = fig_a1.draw(columns.assign(mean=0.0, std=0.0), caption=CAPTION)
    assert "18 exactly 0, not shown" in texts(figure.axes[1])


def test_every_figure_of_a_small_space(small_run):
    s = small_run
    fig_1.draw(s.imbalance, s.ranking, caption=CAPTION)
    fig_b2.draw(s.ranking, caption=CAPTION)
    fig_c1.draw(s.lightgbm.query("sigma in ['100', '222'] and n_estimators == 50"), caption="")
    fig_e1.draw(s.linear.head(1), caption="")


def test_missing_reference_is_said(run):
    part = run.imbalance.query("sigma_1 != '555' and sigma_2 != '555'")
    with pytest.raises(ValueError, match="no descriptor whose label ends in 5"):
        fig_1.draw(part, run.ranking, caption=CAPTION)


def test_empty_frames_are_said(run):
    with pytest.raises(ValueError, match="no fits to draw"):
        fig_c1.draw(run.lightgbm.head(0), caption="")
    with pytest.raises(ValueError, match="no fits to draw"):
        fig_e1.draw(run.linear.head(0), caption="")
    with pytest.raises(ValueError, match="no column interpolating"):
        fig_e1.draw(run.linear.drop(columns="interpolating"), caption="")
