"""How well the power spectrum is recovered, by the width of the random matrices."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator

from gmd.compression import RECOVERY_COLUMNS
from gmd.figures.style import BLUE, GREY, ORANGE, in_style, new_figure, title_panel

TITLES = {"WTP": r"$W^T P_l$", "QTPQ": r"$Q^T P_l Q$"}

EPSILON = float(np.finfo(np.float64).eps)
_WIDTH = 0.32
_MANY_POINTS = 1000


@in_style
def draw(errors: pd.DataFrame, *, caption: str, seed: int = 0) -> Figure:
    """Draw errors of recovery against the number of additional columns.

    Parameters
    ----------
    errors : DataFrame
        Result of :func:`gmd.compression.recovery_errors`.
    caption : str
        Names the environments and the settings.
    seed : int
        Of the horizontal jitter.

    Returns
    -------
    Figure
        A panel for each compression: a dot for every matrix and environment, a bar at the median
        and one at the error that one in a hundred exceeds. The dotted line is the distance
        between floating-point numbers at 1. Errors of zero stand at a hundredth of it.

    Raises
    ------
    ValueError
        For a frame without these columns or without rows.
    """
    missing = [name for name in RECOVERY_COLUMNS if name not in errors]
    if missing or errors.empty:
        raise ValueError(f"errors: no {', '.join(missing) or 'rows'}; see gmd.compression")
    names = [name for name in TITLES if name in set(errors["compression"])]
    figure = new_figure(3.1, caption)
    axes = figure.subplots(1, len(names), sharey=True, squeeze=False)[0]
    for letter, ax, name in zip("ab", axes, names, strict=False):
        _panel(ax, errors.loc[errors["compression"] == name], np.random.default_rng(seed))
        title_panel(ax, letter, TITLES[name])
    axes[0].set_ylabel("relative error of the\nrecovered power spectrum")
    figure.legend(
        handles=[
            Line2D([], [], linestyle="none", marker="o", markersize=2.5, color=BLUE,
                   label="one matrix, one environment"),
            Line2D([], [], color="black", linewidth=1.6, label="median"),
            Line2D([], [], color=ORANGE, linewidth=1.6, label="exceeded by one in a hundred"),
            Line2D([], [], color=GREY, linewidth=0.7, linestyle=(0, (1, 2)),
                   label="spacing of floating-point numbers at 1"),
        ],
        loc="outside lower center",
        ncols=4,
    )  # fmt: skip
    return figure


def _panel(ax: Axes, errors: pd.DataFrame, rng: np.random.Generator) -> None:
    numbers = sorted(errors["extra_columns"].unique())
    for place, number in enumerate(numbers):
        values = errors.loc[errors["extra_columns"] == number, "error"].to_numpy(dtype=float)
        values = np.maximum(values, EPSILON / 100)
        ax.plot(
            place + rng.uniform(-_WIDTH, _WIDTH, len(values)), values, linestyle="none",
            marker="o", markersize=1.6, markeredgewidth=0, color=BLUE, alpha=0.35,
            rasterized=len(values) > _MANY_POINTS,
        )  # fmt: skip
        for value, colour in (
            (float(np.median(values)), "black"),
            (float(np.quantile(values, 0.99)), ORANGE),
        ):
            ax.plot(
                [place - _WIDTH - 0.06, place + _WIDTH + 0.06], [value, value], color=colour,
                linewidth=1.6, zorder=4, solid_capstyle="butt",
            )  # fmt: skip
    ax.axhline(EPSILON, color=GREY, linewidth=0.7, linestyle=(0, (1, 2)), zorder=1)
    ax.set_yscale("log")
    ax.yaxis.set_major_locator(LogLocator(10, numticks=9))
    ax.yaxis.set_minor_locator(LogLocator(10, numticks=40))
    ax.tick_params(axis="y", which="minor", length=0)
    ax.grid(axis="y", color="#E5E5E5", linewidth=0.5)
    ax.set_xticks(range(len(numbers)), [str(number) for number in numbers])
    ax.set_xlabel(r"random columns beyond $2l + 1$")
