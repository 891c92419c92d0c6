"""The panels that several of the paper's figures are put together from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from numpy.typing import NDArray

from gmd.figures.labels import place_labels
from gmd.figures.style import COMPLEXITY_COLOURS, GREY, look, sigma_math
from gmd.tables import construction, minimum_srim

Labeller = Callable[[], None]
"""Writes a panel's names; to be called once the layout is frozen."""


@dataclass(frozen=True)
class ColouredPanel:
    """A panel with points coloured by complexity.

    Attributes
    ----------
    points : PathCollection
        The points, for a colour bar.
    label : callable
        Writes the names.
    """

    points: PathCollection
    label: Labeller


def xy(frame: pd.DataFrame, x: str, y: str) -> NDArray[np.float64]:
    """Two columns of a frame as points of shape (n, 2)."""
    return frame.loc[:, [x, y]].to_numpy(dtype=np.float64)


def complexity_norm(*complexities: pd.Series[int]) -> LogNorm:
    """Colour scale over all given complexities; logarithmic, as most are small."""
    low = min(float(values.min()) for values in complexities)
    high = max(float(values.max()) for values in complexities)
    return LogNorm(low, max(high, 2 * low))


def correlation_panel(
    ax: Axes, references: pd.DataFrame, reference: str, *, norm: LogNorm
) -> ColouredPanel:
    """ΔR(reference → Σ) against ΔR(Σ → reference), coloured by complexity (figure 1a).

    Parameters
    ----------
    ax : Axes
        Where to draw.
    references : DataFrame
        Result of :func:`gmd.tables.reference_imbalances`.
    reference : str
        The descriptor compared with.
    norm : LogNorm
        Colour scale.

    Returns
    -------
    ColouredPanel
        Points and names. Named are the extremes: the three largest values of either direction,
        the three smallest symmetric ones, and the largest of method ii and of the descriptors
        stacked over methods.
    """
    here = sigma_math(reference)
    points = ax.scatter(
        references["rim_from_reference"],
        references["rim_to_reference"],
        c=references["complexity"],
        cmap=COMPLEXITY_COLOURS,
        norm=norm,
        s=17,
        linewidths=0.35,
        edgecolors="black",
        zorder=3,
    )
    values = xy(references, "rim_from_reference", "rim_to_reference")
    high = float(values.max()) * 1.15
    low = min(1.0, float(values.min())) * 0.93
    ax.set(
        xscale="log", yscale="log", xlim=(low, high), ylim=(low, high), aspect="equal", anchor="N"
    )
    ax.plot([low, high], [low, high], color=GREY, linewidth=0.7, linestyle=(0, (4, 3)), zorder=1)
    for axis in (ax.xaxis, ax.yaxis):
        rank_ticks(axis, high)
    ax.set_xlabel(rf"rank information imbalance $\Delta R$({here} → $\Sigma$)")
    ax.set_ylabel(rf"rank information imbalance $\Delta R$($\Sigma$ → {here})")
    named = _extremes(references)

    def label() -> None:
        place_labels(
            ax,
            xy(named, "rim_from_reference", "rim_to_reference"),
            [sigma_math(one) for one in named["sigma"]],
            obstacles=values,
        )

    return ColouredPanel(points, label)


def complexity_axis(ax: Axes, highest: float) -> None:
    """Set up a logarithmic axis of complexities: half of the descriptors have less than 9."""
    ax.set_xscale("log")
    ax.set_xlim(0.83, highest * 1.35)
    rank_ticks(ax.xaxis, 100.0)
    ax.set_xlabel("complexity (columns per LAED component)")


def complexity_bar(figure: Figure, panel: ColouredPanel, axes: Axes | Sequence[Axes]) -> None:
    """Add the colour bar of complexities beside one or several axes."""
    bar = figure.colorbar(panel.points, ax=axes, shrink=0.85, pad=0.02, aspect=30, panchor=False)
    bar.set_label("complexity")
    rank_ticks(bar.ax.yaxis, 100.0)
    bar.ax.minorticks_off()
    bar.outline.set_visible(False)


def _extremes(references: pd.DataFrame) -> pd.DataFrame:
    methods = references["sigma"].map(lambda one: construction(one).method)
    degree = references["sigma"].map(lambda one: construction(one).inner)
    ends = [
        references.nlargest(3, "rim_to_reference"),
        references.nlargest(3, "rim_from_reference"),
        references.nsmallest(3, "srim"),
        references.loc[(methods == "ii") & (degree == degree[methods == "ii"].max())],
        references.loc[methods == "full"],
    ]
    named: pd.DataFrame = pd.concat(ends).drop_duplicates("sigma")
    return named


def rank_ticks(axis: object, high: float) -> None:
    """Ticks of a logarithmic axis of mean ranks, written as plain numbers."""
    steps = (1.0, 2.0, 5.0) if high < 200 else (1.0,)
    axis.set_major_locator(LogLocator(10, steps))  # type: ignore[attr-defined]
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))  # type: ignore[attr-defined]
    axis.set_minor_formatter(NullFormatter())  # type: ignore[attr-defined]


def minimum_panel(ax: Axes, references: pd.DataFrame, reference: str) -> Labeller:
    """Smallest symmetric imbalance to `reference` among the descriptors of each complexity (1b).

    Parameters
    ----------
    ax : Axes
        Where to draw.
    references : DataFrame
        Result of :func:`gmd.tables.reference_imbalances`.
    reference : str
        The descriptor compared with.

    Returns
    -------
    callable
        Writes the name of the descriptor at each point.
    """
    minima = minimum_srim(references)
    ax.plot(minima["complexity"], minima["srim"], color=GREY, linewidth=0.8, zorder=2)
    draw_types(ax, minima, "complexity", "srim")
    complexity_axis(ax, float(minima["complexity"].max()))
    low, high = min(float(minima["srim"].min()), 1.0), float(minima["srim"].max())
    # names need some room, above and below the curve
    room = max(high / low, 1.1) ** 0.08
    ax.set_yscale("log")
    ax.set_ylim(low / room, high * room)
    rank_ticks(ax.yaxis, high)
    # nothing can be below 1, the imbalance of equivalent descriptors
    ax.axhline(1.0, color=GREY, linewidth=0.6, linestyle=(0, (1, 2)), zorder=1)
    here = sigma_math(reference)
    ax.set_ylabel(
        f"minimum symmetric rank\n" rf"information imbalance $\Delta\bar{{R}}$({here}, $\Sigma$)"
    )

    def label() -> None:
        place_labels(
            ax,
            xy(minima, "complexity", "srim"),
            [sigma_math(one) for one in minima["sigma"]],
            obstacles=np.exp(_along(np.log(xy(minima, "complexity", "srim")))),
        )

    return label


def _along(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points on the line through `points`, so that names keep off the line too."""
    steps = np.linspace(0, 1, 6, endpoint=False)
    between = points[:-1, None, :] + steps[None, :, None] * np.diff(points, axis=0)[:, None, :]
    return np.vstack([between.reshape(-1, 2), points[-1:]])


def draw_types(
    ax: Axes, frame: pd.DataFrame, x: str, y: str, *, hollow: pd.Series[bool] | None = None
) -> None:
    """Scatter a frame's rows with the marker and colour of their type.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    frame : DataFrame
        With ``sigma`` and the columns `x` and `y`.
    x, y : str
        Columns to draw.
    hollow : Series of bool, optional
        Rows, by index, to draw as outlines.
    """
    looks = frame["sigma"].map(lambda one: look(construction(one)))
    empty = pd.Series(False, index=frame.index) if hollow is None else hollow
    # the many first, so that they do not cover the few
    for one in looks.value_counts(sort=True).index:
        for outlined in (False, True):
            rows = frame.loc[(looks == one) & (empty == outlined)]
            if rows.empty:
                continue
            ax.scatter(
                rows[x],
                rows[y],
                s=one.size,
                marker=one.marker,
                facecolors="none" if outlined else one.colour,
                edgecolors=one.colour if outlined else "white",
                linewidths=0.8 if outlined else 0.3,
                zorder=3,
            )


def mean_rim_panel(ax: Axes, ranking: pd.DataFrame, quantity: str) -> Labeller:
    """Mean imbalance to or from the others against complexity, by type (figure B.2).

    Parameters
    ----------
    ax : Axes
        Where to draw.
    ranking : DataFrame
        One row per descriptor.
    quantity : {"mean_rim_to_others", "mean_rim_from_others"}
        What to draw.

    Returns
    -------
    callable
        Writes the names of the best five and the worst five.
    """
    draw_types(ax, ranking, "complexity", quantity)
    complexity_axis(ax, float(ranking["complexity"].max()))
    low, high = float(ranking[quantity].min()), float(ranking[quantity].max())
    room = 0.09 * max(high - low, 0.05)
    ax.set_ylim(low - room, high + room)
    ax.set_ylabel(
        "mean rank information imbalance\n" r"$\langle\Delta R$($\Sigma$ → others)$\rangle$"
        if quantity == "mean_rim_to_others"
        else "mean rank information imbalance\n" r"$\langle\Delta R$(others → $\Sigma$)$\rangle$"
    )
    full = ranking["sigma"].map(lambda one: construction(one).method == "full")
    named = pd.concat(
        [
            ranking.nlargest(5, quantity),
            ranking.nsmallest(5, quantity),
            ranking.loc[full.astype(bool)],
        ]
    ).drop_duplicates("sigma")

    def label() -> None:
        place_labels(
            ax,
            xy(named, "complexity", quantity),
            [sigma_math(one) for one in named["sigma"]],
            obstacles=xy(ranking, "complexity", quantity),
        )

    return label
