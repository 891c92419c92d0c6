r"""The figure behind a recommendation: what each descriptor costs, what it loses, how certain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, NullLocator

from gmd.figures.labels import freeze_layout, place_labels
from gmd.figures.panels import Labeller, complexity_axis, rank_ticks
from gmd.figures.style import BLUE, GREY, ORANGE, in_style, new_figure, sigma_math, title_panel

MILLI = 1000.0
"""meV per eV."""

Points = Sequence[Mapping[str, Any]]

_PALE = "#BBBBBB"
_OFFSETS = (-0.22, 0.0, 0.22)
_LARGEST_BUBBLE = 130.0


@in_style
def draw(document: Mapping[str, Any], *, caption: str) -> Figure:
    """Draw the figure.

    Parameters
    ----------
    document : mapping
        As ``recommendation.json`` holds it.
    caption : str
        Names the data set.

    Returns
    -------
    Figure
        (a), (b) Complexity against the symmetric imbalance to either reference, with fronts,
        their intervals, chords and knees; then the same for energies in meV/atom, where there are
        fits; last, the complexities that were chosen from random subsets and in resamples of the
        whole set, by bubbles whose area is the share of trials.
    """
    blocks = document["references"]
    energy = document["energy"].get("lightgbm") or document["energy"].get("linear")
    tried = _trials(document)
    chosen = document["recommended"]
    sigma = None if chosen is None else chosen["sigma"]
    rows = 1 if energy is None and not tried else 2
    figure = new_figure(0.95 + 2.65 * rows, caption)
    grid = figure.add_gridspec(rows, 2)
    labellers = []
    for column, (reference, block) in enumerate(blocks.items()):
        ax = figure.add_subplot(grid[0, column])
        labellers.append(_front_panel(ax, block, sigma, reference=reference))
        title_panel(ax, "ab"[column], f"loss against {sigma_math(reference)}")
        ax.set_ylabel(
            "symmetric rank information\n"
            rf"imbalance $\Delta\bar{{R}}$({sigma_math(reference)}, $\Sigma$)"
        )
    letters = iter("cd")
    if energy is not None:
        ax = figure.add_subplot(grid[1, 0] if tried else grid[1, :])
        labellers.append(_front_panel(ax, energy, sigma, scale=MILLI))
        title_panel(ax, next(letters), f"energies ({document['energy_dataset']})")
        ax.set_ylabel(f"{'test' if energy['error'] == 'held out' else 'training'} MAE (meV/atom)")
    if tried:
        ax = figure.add_subplot(grid[1, :] if energy is None else grid[1, 1])
        _trials_panel(ax, tried, list(blocks), sigma is not None)
        title_panel(ax, next(letters), "stability of the choice")
    intervals = any(
        point["interval"] is not None
        for block in [*blocks.values(), *([energy] if energy else [])]
        for point in block["points"]
    )
    figure.legend(handles=_handles(sigma, intervals), loc="outside lower center", ncols=6)
    freeze_layout(figure)
    for label in labellers:
        label()
    return figure


def _front_panel(
    ax: Axes,
    block: Mapping[str, Any],
    recommended: str | None,
    *,
    reference: str | None = None,
    scale: float = 1.0,
) -> Labeller:
    """Points, front, chord and knee of one kind of loss.

    Losses are drawn on a logarithmic axis, or on a linear one without a chord where some are zero,
    as errors of equal energies are.
    """
    points: Points = block["points"]
    by_label = {point["sigma"]: point for point in points}
    front = [by_label[label] for label in block["front"]]
    x, y = _xy(points, scale)
    least = float(y.min())
    logarithmic = least > 0
    ax.scatter(x, y, s=9, color=_PALE, linewidths=0, zorder=2)
    front_x, front_y = _xy(front, scale)
    lines = [_along(front_x, front_y, logarithmic)]
    if len(front) > 1 and logarithmic:
        ax.plot(front_x[[0, -1]], front_y[[0, -1]], zorder=1, **_CHORD)
        lines.append(_along(front_x[[0, -1]], front_y[[0, -1]], logarithmic))
    ax.plot(front_x, front_y, color=BLUE, linewidth=0.9, marker="o", markersize=3.2, zorder=3)
    for point in front:
        if point["interval"] is not None:
            low, high = (scale * end for end in point["interval"])
            # the interval of a mean over few seeds may include zero
            low = max(low, least / 3)
            ax.plot([point["complexity"]] * 2, [low, high], color=BLUE, linewidth=0.8, zorder=3)
            between = np.geomspace(low, high, 15) if logarithmic else np.linspace(low, high, 15)
            lines.append(np.column_stack([[point["complexity"]] * 15, between]))
    drawn = np.concatenate([y, *(line[:, 1] for line in lines)])
    lowest, highest = float(drawn.min()), float(drawn.max())
    for sigma, look in ((block["knee"], _KNEE), (recommended, _RECOMMENDED)):
        if sigma in by_label:
            ax.plot(*_xy([by_label[sigma]], scale), zorder=4, **look)
    complexity_axis(ax, float(x.max()))
    if logarithmic:
        ax.set_yscale("log")
        room = max(highest / lowest, 1.1) ** 0.08
        ax.set_ylim(lowest / room, highest * room)
        rank_ticks(ax.yaxis, highest)
        if highest / lowest < 4:
            # a decade's 1, 2 and 5 may all be out of sight
            _close_ticks(ax, lowest / room, highest * room)
    else:
        room = 0.08 * (highest or 1.0)
        ax.set_ylim(-room, (highest or 1.0) + room)
    named = [point for point in front if point["sigma"] != reference]
    if reference in by_label:
        named.append(by_label[reference])
    if recommended in by_label and by_label[recommended] not in named:
        named.append(by_label[recommended])

    def label() -> None:
        place_labels(
            ax,
            np.column_stack(_xy(named, scale)),
            [sigma_math(point["sigma"]) for point in named],
            obstacles=np.vstack([np.column_stack([x, y]), *lines]),
        )

    return label


def _trials_panel(
    ax: Axes, tried: Sequence[tuple[str, list[dict[int, float]]]], references: list[str], both: bool
) -> None:
    """Shares of trials by the complexity of what they chose."""
    names = [f"knee to {sigma_math(label)}" for label in references] + ["recommended"]
    colours = (BLUE, ORANGE, "black")
    highest = 1
    for place, (_, series) in enumerate(tried):
        for offset, colour, shares in zip(_OFFSETS, colours, series, strict=True):
            for complexity, share in shares.items():
                ax.scatter(
                    place + offset,
                    complexity,
                    s=_LARGEST_BUBBLE * share,
                    color=colour,
                    alpha=0.75,
                    linewidths=0,
                    zorder=3,
                )
                highest = max(highest, complexity)
    ax.set_yscale("log")
    ax.set_ylim(0.75, highest * 2.6)
    rank_ticks(ax.yaxis, 100.0)
    ax.set_xlim(-0.6, len(tried) - 0.4)
    ax.set_xticks(range(len(tried)), [name for name, _ in tried])
    ax.set_ylabel("complexity of the choice")
    ax.set_xlabel("structures")
    handles = [
        Line2D([], [], linestyle="none", marker="o", color=colour, markersize=5, label=name)
        for name, colour in list(zip(names, colours, strict=True))[: 3 if both else 2]
    ]
    ax.legend(handles=handles, loc="upper center", ncols=3, columnspacing=1.0, handletextpad=0.2)


def _trials(document: Mapping[str, Any]) -> list[tuple[str, list[dict[int, float]]]]:
    """Name of each kind of trial, and the shares of complexities for every choice."""
    blocks = document["references"]
    chosen = document["recommended"]
    all_points = next(iter(blocks.values()))["points"]
    complexity = {point["sigma"]: point["complexity"] for point in all_points}
    kinds: list[tuple[str, list[dict[int, float]]]] = []
    summaries = [block["subsets"] for block in blocks.values()]
    summaries.append([] if chosen is None else chosen["subsets"])
    sizes = sorted({trial["size"] for trials in summaries for trial in trials})
    for size in sizes:
        series = []
        for trials in summaries:
            shares: dict[int, float] = {}
            for trial in trials:
                if trial["size"] == size:
                    for label, count in trial["counts"].items():
                        _add(shares, complexity[label], count / trial["repeats"])
            series.append(shares)
        kinds.append((f"{size}", series))
    if document["resamples"] > 0:
        series = []
        for block in blocks.values():
            shares = {}
            for point in block["points"]:
                _add(shares, point["complexity"], point["knee_frequency"])
            series.append(shares)
        shares = {}
        if chosen is not None:
            for one in [chosen, *chosen["others"]]:
                _add(shares, complexity[one["sigma"]], one["frequency"])
        kinds.append((f"{document['n_structures']},\nresampled", [*series, shares]))
    return kinds


def _add(shares: dict[int, float], complexity: int, share: float) -> None:
    if share > 0:
        shares[complexity] = shares.get(complexity, 0.0) + share


def _xy(points: Points, scale: float) -> tuple[Any, Any]:
    x = np.array([point["complexity"] for point in points], dtype=np.float64)
    y = np.array([point["loss"] for point in points], dtype=np.float64)
    return x, scale * y


def _along(x: Any, y: Any, logarithmic: bool) -> Any:
    """Points on a line between points, for names to keep off; complexities are logarithmic."""
    steps = np.geomspace(x[0], x[-1], 50)
    heights = np.interp(np.log(steps), np.log(x), np.log(y) if logarithmic else y)
    return np.column_stack([steps, np.exp(heights) if logarithmic else heights])


def _close_ticks(ax: Axes, low: float, high: float) -> None:
    """Some ticks at plain numbers on a logarithmic axis of less than a decade."""
    step = 10.0 ** np.floor(np.log10(high - low))
    for part in (step, step / 2, step / 5):
        ticks = np.arange(np.ceil(low / part), np.floor(high / part) + 1) * part
        if len(ticks) >= 3:
            break
    ax.yaxis.set_major_locator(FixedLocator(ticks[:: -(-len(ticks) // 6)].tolist()))
    ax.yaxis.set_minor_locator(NullLocator())


_CHORD: dict[str, Any] = {"color": GREY, "linewidth": 0.6, "linestyle": (0, (4, 3))}
_KNEE: dict[str, Any] = {
    "linestyle": "none",
    "marker": "o",
    "markersize": 8,
    "markerfacecolor": "none",
    "markeredgecolor": ORANGE,
    "markeredgewidth": 1.4,
}
_RECOMMENDED: dict[str, Any] = {
    "linestyle": "none",
    "marker": "D",
    "markersize": 4.2,
    "markerfacecolor": "black",
    "markeredgecolor": "white",
    "markeredgewidth": 0.4,
}


def _handles(recommended: str | None, intervals: bool) -> list[Line2D]:
    front = "front, 95 % intervals" if intervals else "front"
    handles = [
        Line2D([], [], linestyle="none", marker="o", markersize=3, color=_PALE, label="descriptor"),
        Line2D([], [], color=BLUE, marker="o", markersize=3, label=front),
        Line2D([], [], label="chord", **_CHORD),
        Line2D([], [], label="knee", **_KNEE),
    ]
    if recommended is not None:
        name = f"recommended: {sigma_math(recommended)}"
        handles.append(Line2D([], [], label=name, **_RECOMMENDED))
    return handles
