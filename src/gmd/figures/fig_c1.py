"""Figure C.1: test errors of the boosted trees against complexity."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gmd.figures.labels import freeze_layout, place_labels
from gmd.figures.panels import Labeller, complexity_axis, xy
from gmd.figures.style import in_style, look, new_figure, sigma_math, title_panel, type_handles
from gmd.tables import construction, seed_means

MILLI = 1000.0
"""meV per eV."""

AVERAGES = ("100", "101")
"""The plain averages over all atoms, unweighted and weighted, which the paper finds worst."""

JITTER = 0.06
"""Largest horizontal shift, as a part of the complexity."""


@in_style
def draw(lightgbm: pd.DataFrame, *, caption: str, seed: int = 0) -> Figure:
    """Draw figure C.1.

    Parameters
    ----------
    lightgbm : DataFrame
        One row per fit: ``sigma``, ``complexity``, ``n_estimators``, ``seed``, ``mae``, ``rmse``
        (eV/atom).
    caption : str
        Names the data set.
    seed : int
        Seed of the horizontal jitter that keeps descriptors of one complexity apart; a descriptor
        has the same shift in all panels.

    Returns
    -------
    Figure
        Mean over the seeds of the test set's (a) MAE and (b) RMSE in meV/atom, one row of panels
        for each number of estimators. Bars are ± one standard deviation over the seeds.

    Raises
    ------
    ValueError
        For a frame without these columns or without rows.

    References
    ----------
    Gharakhanyan et al. 2023, figure C.1.
    """
    errors = seed_means(lightgbm)
    if errors.empty:
        raise ValueError("lightgbm: no fits to draw")
    labels = sorted(errors["sigma"].unique())
    shifts = np.random.default_rng(seed).uniform(-JITTER, JITTER, len(labels))
    shift = errors["sigma"].map(dict(zip(labels, shifts, strict=True))).astype(float)
    errors["x"] = errors["complexity"] * (1 + shift)
    for error in ("mae", "mae_std", "rmse", "rmse_std"):
        errors[error] *= MILLI
    numbers = sorted(errors["n_estimators"].unique())
    figure = new_figure(0.9 + 1.95 * len(numbers), caption)
    axes = figure.subplots(len(numbers), 2, squeeze=False, sharex=True, sharey="col")
    labellers = []
    for row, number in enumerate(numbers):
        here = errors.loc[errors["n_estimators"] == number].reset_index(drop=True)
        for column, metric in enumerate(("mae", "rmse")):
            ax: Axes = axes[row, column]
            labellers.append(_panel(ax, here, metric))
            title = f"{number} estimators"
            if row == 0:
                title_panel(ax, "ab"[column], title)
            else:
                ax.set_title(title, loc="left")
            ax.set_ylabel(f"test {metric.upper()} (meV/atom)")
    for ax in axes[-1]:
        complexity_axis(ax, float(errors["complexity"].max()))
    for column, metric in enumerate(("mae", "rmse")):
        spread = errors[f"{metric}_std"]
        low, high = (errors[metric] - spread).min(), (errors[metric] + spread).max()
        room = 0.1 * max(high - low, 1e-3)
        axes[0, column].set_ylim(low - 1.5 * room, high + room)
    figure.legend(handles=type_handles(labels), loc="outside lower center", ncols=9)
    freeze_layout(figure)
    for label in labellers:
        label()
    return figure


def _panel(ax: Axes, errors: pd.DataFrame, metric: str) -> Labeller:
    looks = errors["sigma"].map(lambda one: look(construction(one)))
    for one in dict.fromkeys(looks):
        rows = errors.loc[looks == one]
        ax.errorbar(
            rows["x"],
            rows[metric],
            yerr=rows[f"{metric}_std"],
            linestyle="none",
            marker=one.marker,
            markersize=one.size**0.5,
            markeredgecolor="white",
            markeredgewidth=0.25,
            color=one.colour,
            elinewidth=0.4,
            zorder=3,
        )
    made = errors["sigma"].map(construction)
    named = pd.concat(
        [
            errors.nlargest(3, metric),
            errors.nsmallest(3, metric),
            errors.loc[made.map(lambda one: one.method == "full" or one.label in AVERAGES)],
        ]
    ).drop_duplicates("sigma")

    def label() -> None:
        place_labels(
            ax,
            xy(named, "x", metric),
            [sigma_math(one) for one in named["sigma"]],
            obstacles=xy(errors, "x", metric),
        )

    return label
