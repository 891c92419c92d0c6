"""What descriptors under several LAED settings tell, and how well they predict, by their length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter
from numpy.typing import NDArray

from gmd.figures.labels import freeze_layout, place_labels
from gmd.figures.panels import rank_ticks, xy
from gmd.figures.style import (
    GREY,
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

_WIDE, _NARROW = 20.0, 50.0
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
        much about them; (b) the mean in the other direction, small where they tell what it knows;
        then, where there are fits, errors of energies, for boosted trees with ± one standard
        deviation over the seeds, and for linear models where they do not interpolate. Lines follow
        the least that descriptors up to each length reach under a setting.

    Raises
    ------
    ValueError
        For frames without these columns.
    """
    check_columns(sweep, SWEEP_COLUMNS, "sweep")
    names = list(dict.fromkeys(sweep["laed_1"]))
    models = [] if errors is None else fitted_models(errors)
    figure = new_figure(5.7 if models else 3.2, caption)
    rows = [list(_RIM), *([[models[0], models[-1]]] if models else [])]
    panels = figure.subplot_mosaic(rows)  # type: ignore[arg-type]
    means = sweep.groupby(["laed_1", "sigma"], as_index=False).agg(
        n_columns=("n_columns_1", "first"), rim=("rim", "mean"), rim_reverse=("rim_reverse", "mean")
    )
    means = means.rename(columns={"laed_1": "laed"})
    limits = _log_limits(pd.concat([means[quantity] for quantity in _RIM]))
    labellers = []
    for quantity, words in _RIM.items():
        ax = panels[quantity]
        frame = means.rename(columns={quantity: "y"})
        labellers.append(_panel(ax, frame, names, front=quantity == "rim"))
        _log_axis(ax, *limits)
        ax.axhline(1.0, color=GREY, linewidth=0.6, linestyle=(0, (1, 2)), zorder=1)
        ax.set_ylabel(words)
    title_panel(panels["rim"], "a", "to the same under the other settings")
    title_panel(panels["rim_reverse"], "b", "from the same under the other settings")
    for letter, model in zip("cd", models, strict=False):
        assert errors is not None, "models are those of the errors"
        fits = errors.loc[errors["model"] == model].rename(columns={"mae_mev": "y"})
        hidden = fits["interpolating"].astype(bool)
        labellers.append(_errors_panel(panels[model], fits.loc[~hidden], names))
        left_out = f"{hidden.sum()} interpolating left out" if hidden.any() else ""
        said = [MODELS[model][0], energies, left_out]
        title_panel(panels[model], letter, ", ".join(filter(None, said)))
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
    label = _panel(ax, fits, names, spread="mae_std_mev")
    values = fits["y"]
    if len(values) and values.min() > 0 and values.max() > _WIDE * values.min():
        _log_axis(ax, *_log_limits(values))
    else:
        ax.set_ylim(bottom=0)
        ax.yaxis.set_major_locator(MaxNLocator(6))
    return label


def _panel(
    ax: Axes,
    frame: pd.DataFrame,
    names: Sequence[str],
    *,
    front: bool = True,
    spread: str | None = None,
) -> Callable[[], None]:
    """A point for every descriptor and setting, and a line of each setting along the least."""
    least = []
    obstacles = [xy(frame, "n_columns", "y")]
    for number, name in enumerate(names):
        rows = frame.loc[frame["laed"] == name].sort_values(["n_columns", "y"])
        if rows.empty:
            continue
        line = series_line(number, name)
        bars = rows[spread] if spread and (rows[spread] > 0).any() else None
        drawn = ax.errorbar(
            rows["n_columns"],
            rows["y"],
            yerr=bars,
            color=line.get_color(),
            marker=line.get_marker(),
            markersize=3.5,
            markeredgewidth=0,
            linestyle="none",
            elinewidth=0.5,
            alpha=0.85,
            zorder=3,
        )
        for bar in drawn.lines[2]:
            bar.set_alpha(0.4)  # many Σ of one length lie above each other
        if front:
            first = rows.drop_duplicates("n_columns")
            steps = xy(first.assign(y=first["y"].cummin()), "n_columns", "y")
            ax.step(*steps.T, where="post", color=line.get_color(), linewidth=0.9)
            obstacles.append(_along(steps))
            least.append(rows.nsmallest(1, "y"))
    ax.set_xscale("log")
    lengths = frame["n_columns"]
    narrow = len(frame) > 0 and lengths.max() < _NARROW * lengths.min()
    ax.xaxis.set_major_locator(LogLocator(10, (1.0, 2.0, 5.0) if narrow else (1.0,)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}".replace(",", " ")))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xlabel("length (columns of the descriptor)")

    def label() -> None:
        if least and len(names) <= MOST_NAMED:
            named = pd.concat(least)
            place_labels(
                ax,
                xy(named, "n_columns", "y"),
                [sigma_math(one) for one in named["sigma"]],
                obstacles=np.concatenate(obstacles),
            )

    return label


def _along(steps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points on the level parts of a line of steps, so that names keep off it."""
    parts = [
        np.column_stack([np.geomspace(start[0], end[0], 8), np.full(8, start[1])])
        for start, end in pairwise(steps)
    ]
    return np.concatenate([*parts, steps])


def _log_limits(values: pd.Series[float]) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    room = max(high / low, 1.5) ** 0.08
    return low / room**1.6, high * room  # names of the least find room below


def _log_axis(ax: Axes, low: float, high: float) -> None:
    ax.set_yscale("log")
    ax.set_ylim(low, high)
    rank_ticks(ax.yaxis, high)
