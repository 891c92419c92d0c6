"""LAED settings side by side: what each tells about the others, and errors of energies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator
from numpy.typing import NDArray

from gmd.figures.panels import rank_ticks
from gmd.figures.style import (
    COMPLEXITY_COLOURS,
    GREY,
    LABEL_SIZE,
    in_style,
    look,
    new_figure,
    series_line,
    sigma_math,
    title_panel,
)
from gmd.sweep import ERROR_COLUMNS, SWEEP_COLUMNS
from gmd.tables import construction, full_label

MOST_ROWS = 30
"""Descriptors in panel b; of more, the first and the last half by their median, as in table B.1."""

MOST_LINES = 8
"""Descriptors in the panels of errors; of more, a choice spread over the complexities."""

_WIDE = 20.0
MODELS = {
    "lightgbm": ("boosted trees", "test MAE (meV/atom)"),
    "linear": ("linear model", "training MAE (meV/atom)"),
}


@in_style
def draw(
    sweep: pd.DataFrame,
    errors: pd.DataFrame | None = None,
    *,
    caption: str,
    energies: str = "",
) -> Figure:
    r"""Draw the comparison of LAED settings.

    Parameters
    ----------
    sweep : DataFrame
        Result of :func:`gmd.sweep.settings_imbalance`.
    errors : DataFrame, optional
        Result of :func:`gmd.sweep.setting_errors`.
    caption : str
        Names the data set.
    energies : str
        What the fits are of, where that is not the data set of the caption: said above panel c.

    Returns
    -------
    Figure
        (a) :math:`\Delta R` of the full descriptor from the setting of the row to that of the
        column; (b) the same for every compared descriptor, a dot for each ordered pair of
        settings and a large one at the median; then, where there are fits, the error of energies
        against the setting, for boosted trees with ± one standard deviation over the seeds, and
        for linear models where they do not interpolate.

    Raises
    ------
    ValueError
        For frames without these columns or without the full descriptor.
    """
    check_columns(sweep, SWEEP_COLUMNS, "sweep")
    full = full_label(sweep["sigma"].unique())
    if full is None:
        raise ValueError("sweep: the descriptor that holds everything is missing; compare it too")
    names = list(dict.fromkeys(sweep["laed_1"]))
    models = [] if errors is None else fitted_models(errors)
    medians = sweep.groupby("sigma")["rim"].median()
    shown = _both_ends(medians.sort_values(kind="stable").index.tolist())
    top = max(2.6, 1.2 + 0.17 * max(len(shown), len(names) + 3))
    figure = new_figure(top + (2.7 if models else 0.0), caption)
    panels = figure.subplot_mosaic(
        [["a", "b"], [models[0], models[-1]]] if models else [["a", "b"]],
        height_ratios=[top, 2.7] if models else None,
    )
    _matrix_panel(panels["a"], sweep.loc[sweep["sigma"] == full], names)
    title_panel(panels["a"], "a", rf"$\Delta R$ at {sigma_math(full)}, row → column")
    _dots_panel(panels["b"], sweep, medians, shown)
    of = f", {len(shown)} of {len(medians)}" if len(shown) < len(medians) else ""
    title_panel(panels["b"], "b", f"one descriptor, any two settings{of}")
    if errors is not None and models:
        lines = spread_over_complexity(errors)
        of_what = f", {energies}" if energies else ""
        for letter, model in zip("cd", models, strict=False):
            _errors_panel(panels[model], errors.loc[errors["model"] == model], names, lines)
            title_panel(panels[model], letter, f"{MODELS[model][0]}{of_what}")
        figure.legend(
            handles=[series_line(number, sigma_math(label)) for number, label in enumerate(lines)],
            loc="outside lower center",
            ncols=MOST_LINES,
        )
    return figure


def spread_over_complexity(errors: pd.DataFrame) -> list[str]:
    """At most :data:`MOST_LINES` of the fitted descriptors, from the least complex to the most."""
    ordered = errors.drop_duplicates("sigma").sort_values(["complexity", "sigma"])["sigma"].tolist()
    if len(ordered) <= MOST_LINES:
        return ordered
    chosen = np.linspace(0, len(ordered) - 1, MOST_LINES).round().astype(int)
    return [ordered[number] for number in chosen]


def _matrix_panel(ax: Axes, pairs: pd.DataFrame, names: Sequence[str]) -> None:
    n = len(names)
    values = np.full((n, n), np.nan)
    place = {name: number for number, name in enumerate(names)}
    rows, columns = (pairs[key].map(place).to_numpy() for key in ("laed_1", "laed_2"))
    values[rows, columns] = pairs["rim"].to_numpy()
    high = max(float(np.nanmax(values)), 1.5)
    ax.imshow(values, cmap=f"{COMPLEXITY_COLOURS}_r", norm=LogNorm(1.0, high))
    ax.set_anchor("N")
    ax.spines[:].set_visible(False)
    ax.set_xticks(range(n), names, rotation=45, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(n), list(names))
    ax.tick_params(length=0)
    ax.set_xlabel("to the setting")
    ax.set_ylabel("from the setting")
    size = min(7.0, 60.0 / n)
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        value = float(values[row, column])
        dark = np.log(max(value, 1.0)) / np.log(high) > 0.45
        ax.text(
            column,
            row,
            f"{value:.2f}" if value < 10 else f"{value:.0f}",
            ha="center",
            va="center",
            fontsize=size,
            color="white" if dark else "black",
        )


def _dots_panel(
    ax: Axes, sweep: pd.DataFrame, medians: pd.Series[float], shown: Sequence[str]
) -> None:
    by_sigma = {label: part["rim"].to_numpy() for label, part in sweep.groupby("sigma")}
    for row, label in enumerate(shown):
        values = by_sigma[label]
        one = look(construction(label))
        ax.scatter(
            values,
            np.full(values.size, row),
            s=9,
            color=one.colour,
            alpha=0.35,
            linewidths=0,
            zorder=2,
        )
        ax.scatter(
            [medians[label]],
            [row],
            s=2.2 * one.size,
            marker=one.marker,
            color=one.colour,
            edgecolors="white",
            linewidths=0.5,
            zorder=3,
        )
    ax.set_yticks(range(len(shown)), [sigma_math(label) for label in shown])
    ax.set_ylim(len(shown) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", color="#dddddd", linewidth=0.5)
    high = max(float(sweep["rim"].max()), 1.5)
    ax.set_xscale("log")
    ax.set_xlim(0.93, high * 1.12)
    ax.axvline(1.0, color=GREY, linewidth=0.6, linestyle=(0, (1, 2)), zorder=1)
    rank_ticks(ax.xaxis, high)
    ax.set_xlabel(r"rank information imbalance $\Delta R$ between settings")


def _errors_panel(
    ax: Axes, errors: pd.DataFrame, names: Sequence[str], lines: Sequence[str]
) -> None:
    place = {name: number for number, name in enumerate(names)}
    hidden = int(errors.loc[errors["sigma"].isin(list(lines)), "interpolating"].astype(bool).sum())
    drawn: list[NDArray[np.float64]] = []
    for number, label in enumerate(lines):
        rows = errors.loc[(errors["sigma"] == label) & ~errors["interpolating"].astype(bool)]
        rows = rows.assign(place=rows["laed"].map(place)).sort_values("place")
        if rows.empty:
            continue
        shift = 0.4 * ((number + 0.5) / len(lines) - 0.5)
        line = series_line(number, sigma_math(label))
        ax.errorbar(
            rows["place"] + shift,
            rows["mae_mev"],
            yerr=rows["mae_std_mev"] if (rows["mae_std_mev"] > 0).any() else None,
            color=line.get_color(),
            marker=line.get_marker(),
            markersize=3.5,
            markeredgewidth=0,
            linewidth=0.5,
            elinewidth=0.6,
            zorder=3,
        )
        drawn.append(rows["mae_mev"].to_numpy(dtype=np.float64))
    ax.set_xticks(range(len(names)), list(names), rotation=45, ha="right", rotation_mode="anchor")
    ax.set_xlim(-0.6, len(names) - 0.4)
    if drawn:
        values = np.concatenate(drawn)
        if values.min() > 0 and values.max() > _WIDE * values.min():
            ax.set_yscale("log")
            rank_ticks(ax.yaxis, float(values.max()))
        else:
            ax.set_ylim(bottom=0)
            ax.yaxis.set_major_locator(MaxNLocator(6))
    ax.xaxis.set_minor_locator(NullLocator())
    if hidden:
        ax.set_xlabel(
            f"{hidden} interpolating fits not shown", loc="right", fontsize=LABEL_SIZE, color=GREY
        )
    ax.set_ylabel(MODELS[str(errors["model"].iloc[0])][1])


def fitted_models(errors: pd.DataFrame) -> list[str]:
    check_columns(errors, ERROR_COLUMNS, "errors")
    return [model for model in MODELS if (errors["model"] == model).any()]


def _both_ends(ordered: list[str]) -> list[str]:
    half = MOST_ROWS // 2
    return ordered if len(ordered) <= MOST_ROWS else [*ordered[:half], *ordered[-half:]]


def check_columns(frame: pd.DataFrame, columns: Sequence[str], name: str) -> None:
    missing = [column for column in columns if column not in frame]
    if missing or frame.empty:
        what = f"no column {', '.join(missing)}" if missing else "no rows"
        raise ValueError(f"{name}: {what}; expected {', '.join(columns)}")
