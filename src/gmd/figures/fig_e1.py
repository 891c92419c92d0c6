"""Figure E.1: training error of the linear model against complexity."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator

from gmd.figures.labels import freeze_layout, place_labels
from gmd.figures.panels import complexity_axis, draw_types, xy
from gmd.figures.style import GREY, in_style, new_figure, sigma_math, type_handles
from gmd.tables import construction
from gmd.tables.frames import checked

MILLI = 1000.0
"""meV per eV."""

_WIDE = 50.0


@in_style
def draw(linear: pd.DataFrame, *, caption: str, relevant: Collection[str] | None = None) -> Figure:
    """Draw figure E.1.

    Parameters
    ----------
    linear : DataFrame
        One row per descriptor: ``sigma``, ``complexity``, ``mae`` (eV/atom) and ``interpolating``,
        true where the rank of the model's columns reaches the number of structures, so that it
        can fit any energies.
    caption : str
        Names the data set.
    relevant : collection of str, optional
        Labels to name. Without it these are the best of each complexity, the two averages Σ_100
        and Σ_101, the highest degree of method ii and the stacks over methods.

    Returns
    -------
    Figure
        MAE in meV/atom against complexity, logarithmic where it spans more than a factor of 50;
        interpolating fits are hollow, and those without any error to speak of are drawn on a
        dotted line.

    Raises
    ------
    ValueError
        For a frame without these columns or without rows.

    References
    ----------
    Gharakhanyan et al. 2023, figure E.1.
    """
    linear = checked(linear, "linear")
    if linear.empty:
        raise ValueError("linear: no fits to draw")
    errors = linear.assign(mae=linear["mae"] * MILLI)
    interpolating = errors["interpolating"].astype(bool)
    wide = bool(errors["mae"].max() > _WIDE * errors["mae"].min())
    # a linear axis has room for errors of any smallness
    floor = _floor(errors.loc[~interpolating, "mae"]) if wide else 0.0
    below = errors["mae"] < floor
    errors["mae"] = errors["mae"].clip(lower=floor)
    figure = new_figure(4.2, caption)
    ax = figure.subplots()
    draw_types(ax, errors, "complexity", "mae", hollow=interpolating)
    if wide:
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(LogLocator(10, numticks=9))
    else:
        ax.set_ylim(bottom=0)
    ax.margins(y=0.08)
    complexity_axis(ax, float(errors["complexity"].max()))
    ax.set_ylabel("MAE of the linear model on its training set (meV/atom)")
    handles = type_handles(errors["sigma"].tolist())
    if interpolating.any():
        handles.append(_hollow("interpolating: rank ≥ structures"))
    if below.any():
        ax.axhline(floor, color=GREY, linewidth=0.6, linestyle=(0, (1, 2)), zorder=1)
        handles.append(Line2D([], [], color=GREY, linewidth=0.6, linestyle=(0, (1, 2)),
                              label=f"at or below {floor:g} meV/atom"))  # fmt: skip
    figure.legend(handles=handles, loc="outside lower center", ncols=5)
    freeze_layout(figure)
    named = errors.loc[
        errors["sigma"].isin(list(_relevant(errors) if relevant is None else relevant))
    ]
    place_labels(
        ax,
        xy(named, "complexity", "mae"),
        [sigma_math(one) for one in named["sigma"]],
        obstacles=xy(errors, "complexity", "mae"),
    )
    return figure


def _floor(fitted: pd.Series[float]) -> float:
    """Round number at most a decade below the errors of fits that do not interpolate, in meV/atom.

    An interpolating fit leaves rounding errors, many decades smaller and without meaning; drawn
    to scale they would squeeze all others into a line.
    """
    positive = fitted[fitted > 0]
    lowest = float(positive.min()) if len(positive) else 1.0
    decade = 10.0 ** np.floor(np.log10(lowest / 10))
    return float(min(step * decade for step in (1, 2, 5, 10) if step * decade >= lowest / 10))


def _hollow(name: str) -> Line2D:
    return Line2D(
        [], [], linestyle="none", marker="o", markerfacecolor="none", color=GREY, label=name
    )


def _relevant(errors: pd.DataFrame) -> set[str]:
    best = errors.sort_values(["complexity", "mae", "sigma"]).drop_duplicates("complexity")
    methods = {label: construction(label) for label in errors["sigma"]}
    inner = max((made.inner for made in methods.values() if made.method == "ii"), default=0)
    return {
        *best["sigma"],
        *({"100", "101"} & set(methods)),
        *(label for label, made in methods.items() if made.method == "full"),
        *(label for label, made in methods.items() if made.method == "ii" and made.inner == inner),
    }
