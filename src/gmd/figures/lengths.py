"""What descriptors under several LAED settings tell, and how well they predict, by their length."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from gmd.figures.labels import freeze_layout, place_labels
from gmd.figures.panels import rank_ticks, xy
from gmd.figures.style import (
    GREY,
    LABEL_SIZE,
    in_style,
    new_figure,
    series_line,
    sigma_math,
    title_panel,
)
from gmd.figures.sweep import MODELS, check_columns, fitted_models
from gmd.sweep import SWEEP_COLUMNS

MOST_NAMED = 6
"""Settings whose best descriptors are named; more names would hide the points."""

_WIDE = 20.0
_RIM = {
    "rim": r"mean $\Delta R$($\Sigma$ here → there)",
    "rim_reverse": r"mean $\Delta R$($\Sigma$ there → here)",
}


@in_style
def draw(
    sweep: pd.DataFrame,
    errors: pd.DataFrame | None = None,
    *,
    caption: str,
    energies: str = "",
) -> Figure:
    r"""Draw the comparison of LAED settings by the lengths of their descriptors.

    Equal complexities mean other lengths under other settings: a column per LAED component is one
    of 48 here and one of 540 there. Storage, distances and fits go by the length.

    Parameters
    ----------
    sweep : DataFrame
        Result of :func:`gmd.sweep.settings_imbalance`.
    errors : DataFrame, optional
        Result of :func:`gmd.sweep.setting_errors`.
    caption : str
        Names the data set.
    energies : str
        What the fits are of, where that is not the data set of the caption: said above the panels.

    Returns
    -------
    Figure
        Against the number of columns of a descriptor under a setting: (a) the mean over the other
        settings of :math:`\Delta R` from it to the same descriptor there, small where it tells
        much about them; (b) the mean in the other direction, large where it knows what they do
        not; then, where there are fits, errors of energies. A line of each setting follows the
        least value that descriptors up to that length reach, in (b) the largest.

    Raises
    ------
    ValueError
        For frames without these columns.
    """
    check_columns(sweep, SWEEP_COLUMNS, "sweep")
    names = list(dict.fromkeys(sweep["laed_1"]))
    models = [] if errors is None else fitted_models(errors)
    figure = new_figure(5.7 if models else 3.2, caption)
    panels = figure.subplot_mosaic(
        [["rim", "rim_reverse"], *[[models[0], models[-1]]] * bool(models)]
    )
    means = sweep.groupby(["laed_1", "sigma"], as_index=False).agg(
        n_columns=("n_columns_1", "first"), rim=("rim", "mean"), rim_reverse=("rim_reverse", "mean")
    )
    means = means.rename(columns={"laed_1": "laed"})
    labellers = []
    for quantity, words in _RIM.items():
        ax = panels[quantity]
        frame = means.rename(columns={quantity: "y"})
        labellers.append(_panel(ax, frame, names, largest=quantity == "rim_reverse"))
        _log_ticks(ax, frame["y"])
        ax.axhline(1.0, color=GREY, linewidth=0.6, linestyle=(0, (1, 2)), zorder=1)
        ax.set_ylabel(words)
    title_panel(panels["rim"], "a", "to the same under the other settings")
    title_panel(panels["rim_reverse"], "b", "from the same under the other settings")
    of_what = f", {energies}" if energies else ""
    for letter, model in zip("cd", models, strict=False):
        assert errors is not None
        fits = errors.loc[errors["model"] == model].rename(columns={"mae_mev": "y"})
        labellers.append(_errors_panel(panels[model], fits, names))
        title_panel(panels[model], letter, f"{MODELS[model][0]}{of_what}")
        panels[model].set_ylabel(MODELS[model][1])
    figure.legend(
        handles=[series_line(number, name, linewidth=0.9) for number, name in enumerate(names)],
        loc="outside lower center",
        ncols=4,
    )
    freeze_layout(figure)
    for label in labellers:
        label()
    return figure


def _errors_panel(ax: Axes, fits: pd.DataFrame, names: Sequence[str]) -> Callable[[], None]:
    hidden = int(fits["interpolating"].astype(bool).sum())
    shown = fits.loc[~fits["interpolating"].astype(bool)]
    label = _panel(ax, shown, names)
    values = shown["y"]
    if len(values) and values.min() > 0 and values.max() > _WIDE * values.min():
        _log_ticks(ax, values)
    else:
        ax.set_ylim(bottom=0)
        ax.yaxis.set_major_locator(MaxNLocator(6))
    if hidden:
        ax.text(
            0.99,
            0.99,
            f"{hidden} interpolating fits not shown",
            transform=ax.transAxes,
            ha="right",
            va="top",
            fontsize=LABEL_SIZE,
            color=GREY,
        )
    return label


def _panel(
    ax: Axes, frame: pd.DataFrame, names: Sequence[str], *, largest: bool = False
) -> Callable[[], None]:
    """A point for every descriptor and setting, and a line of each setting along the best."""
    best = []
    for number, name in enumerate(names):
        rows = frame.loc[frame["laed"] == name].sort_values(["n_columns", "y"])
        if rows.empty:
            continue
        line = series_line(number, name)
        ax.scatter(
            rows["n_columns"],
            rows["y"],
            s=11,
            marker=line.get_marker(),
            color=line.get_color(),
            linewidths=0,
            alpha=0.8,
            zorder=3,
        )
        front = rows["y"].cummax() if largest else rows["y"].cummin()
        ax.step(rows["n_columns"], front, where="post", color=line.get_color(), linewidth=0.9)
        best.append(rows.loc[rows["y"].idxmax() if largest else rows["y"].idxmin()])
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(LogLocator(10))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}".replace(",", " ")))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xlabel("length (columns of the descriptor)")
    named = pd.DataFrame(best if len(names) <= MOST_NAMED else [])

    def label() -> None:
        if not named.empty:
            place_labels(
                ax,
                xy(named, "n_columns", "y"),
                [sigma_math(one) for one in named["sigma"]],
                obstacles=xy(frame, "n_columns", "y"),
            )

    return label


def _log_ticks(ax: Axes, values: pd.Series[float]) -> None:
    low, high = min(1.0, float(values.min())), float(values.max())
    room = max(high / low, 1.5) ** 0.06
    ax.set_yscale("log")
    ax.set_ylim(float(values.min()) / room, high * room)
    rank_ticks(ax.yaxis, high)
