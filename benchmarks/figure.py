"""The figure of growth: time and memory by the number of structures."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.report import Report, Row
from gmd.figures.style import in_style, new_figure, title_panel

LOOKS = {
    "gmd": ("gmd", "o", "#0072B2"),
    "floor: matrix products": ("floor: matrix products", "s", "#555555"),
    "DADApy": ("DADApy", "^", "#E69F00"),
}
"""Name, marker and colour of every part, of the palette of Okabe and Ito."""


def size_of(row: Row) -> int:
    """N of a row's group "N = ..."."""
    return int(row.group.partition("=")[2])


@in_style
def draw_growth(report: Report) -> Figure:
    """Draw time and peak memory against N, both axes logarithmic.

    Parameters
    ----------
    report : Report
        As of :func:`benchmarks.growth.run`.

    Returns
    -------
    Figure
    """
    figure = new_figure(3.0, f"Imbalances between 97 descriptors, {report.data}")
    left, right = figure.subplots(1, 2)
    dadapy = report.raw.get("dadapy", {})
    measured = set(dadapy.get("sizes", ()))
    for part, (name, marker, colour) in LOOKS.items():
        rows = [row for row in report.rows if row.part == part]
        if not rows:
            continue
        sizes = [size_of(row) for row in rows]
        left.plot(sizes, [row.seconds for row in rows], "-", color=colour, zorder=1)
        for kind, face in ((True, colour), (False, "white")):
            # DADApy's rows are all made of measured pieces; hollow where those were scaled in N
            chosen = [
                row
                for row in rows
                if (not row.estimated or size_of(row) in measured or not measured) == kind
            ]
            if not chosen:
                continue
            left.plot(
                [size_of(row) for row in chosen],
                [row.seconds for row in chosen],
                marker,
                color=colour,
                markerfacecolor=face,
                markersize=4.5,
                label=name if kind else f"{name}, scaled in N",
            )
        peaks = [(size_of(row), row.peak_mib) for row in rows if row.peak_mib is not None]
        label = name
        if part == "DADApy":
            found = report.raw.get("dadapy_peak_MiB", {})
            peaks = [(int(n), peak) for n, peak in found.items()]
            label = f"{name}, {len(dadapy.get('labels', ()))} descriptors"
        if peaks:
            right.plot(*zip(*peaks, strict=True), f"{marker}-", color=colour, ms=4.5, label=label)
    _finish(left, "time (s)")
    _finish(right, "peak memory (MiB)")
    title_panel(left, "a", "time")
    title_panel(right, "b", "peak memory of the process")
    return figure


def _finish(ax: Axes, quantity: str) -> None:
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("number of structures N")
    ax.set_ylabel(quantity)
    ax.grid(which="major", linewidth=0.3, color="#dddddd")
    ax.legend()
