"""The figure of growth: time and memory by the number of structures."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from benchmarks.imbalance import FLOOR, N_DESCRIPTORS
from benchmarks.measuring import MIB
from benchmarks.report import Report, Row
from gmd.figures.style import in_style, new_figure, title_panel

LOOKS = {
    "gmd": ("o", "#0072B2"),
    FLOOR: ("s", "#555555"),
    "DADApy": ("^", "#E69F00"),
}
"""Marker and colour of every part, of the palette of Okabe and Ito."""


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
    figure = new_figure(3.0, "All imbalances between 97 descriptors, 3600 columns, random sites")
    left, right = figure.subplots(1, 2)
    dadapy = report.raw.get("dadapy", {})
    for part, (marker, colour) in LOOKS.items():
        rows = [row for row in report.rows if row.part == part]
        if not rows:
            continue
        left.plot([size_of(row) for row in rows], [row.seconds for row in rows], color=colour)
        # DADApy's times are all made of measured pieces; hollow where those were scaled in N
        scaled = [row for row in rows if row.estimated and size_of(row) not in dadapy["sizes"]]
        _points(left, [row for row in rows if row not in scaled], marker, colour, colour, part)
        _points(left, scaled, marker, colour, "white", f"{part}, scaled in N")
        peaks = {size_of(row): row.peak_mib for row in rows if row.peak_mib is not None}
        if peaks:
            right.plot(*zip(*peaks.items(), strict=True), f"{marker}-", color=colour, label=part)
    if dadapy:
        _draw_dadapy_memory(right, report)
    _finish(left, "time (s)")
    _finish(right, "peak memory (MiB)")
    title_panel(left, "a", "time")
    title_panel(right, "b", "peak memory of the process")
    return figure


def _points(ax: Axes, rows: Sequence[Row], marker: str, colour: str, face: str, label: str) -> None:
    if rows:
        sizes, seconds = [size_of(row) for row in rows], [row.seconds for row in rows]
        ax.plot(sizes, seconds, marker, color=colour, markerfacecolor=face, label=label)


def _draw_dadapy_memory(ax: Axes, report: Report) -> None:
    """What was measured, of a few descriptors, and what the lists of all of them hold."""
    marker, colour = LOOKS["DADApy"]
    peaks = {int(n): peak for n, peak in report.raw["dadapy_peak_MiB"].items()}
    n_measured = len(report.raw["dadapy"]["labels"])
    label = f"DADApy, {n_measured} descriptors"
    ax.plot(*zip(*peaks.items(), strict=True), f"{marker}-", color=colour, label=label)
    sizes = sorted({size_of(row) for row in report.rows})
    lists = [N_DESCRIPTORS * 8 * n**2 / MIB for n in sizes]
    label = f"DADApy, lists of {N_DESCRIPTORS} (8 bytes × {N_DESCRIPTORS} N²)"
    ax.plot(sizes, lists, "--", color=colour, label=label)


def _finish(ax: Axes, quantity: str) -> None:
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}".replace(",", " "))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.set_xlabel("number of structures N")
    ax.set_ylabel(quantity)
    ax.grid(which="major", linewidth=0.3, color="#dddddd")
    for line in ax.lines:
        line.set_markersize(4.5)
    # above the points, where the legend hides none
    low, high = ax.get_ylim()
    ax.set_ylim(low, high * (high / low) ** 0.45)
    ax.legend(loc="upper left")
