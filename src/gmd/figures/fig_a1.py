r"""Figure A.1: mean and standard deviation of every component of the full descriptor."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator
from numpy.typing import NDArray

from gmd.figures.style import GREY, in_style, new_figure, sigma_math, title_panel
from gmd.tables.frames import checked

_NEGATIVE, _POSITIVE = "#D55E00", "#0072B2"
_MANY_POINTS = 10_000


@in_style
def draw(columns: pd.DataFrame, *, caption: str) -> Figure:
    r"""Draw figure A.1.

    The values span tens of decades, so both axes are logarithmic: panel (a) has the magnitude of
    the mean with its sign as colour and marker. Zeros have no place on such an axis; their number
    is written into the panel.

    Parameters
    ----------
    columns : DataFrame of shape (n_columns, 4 or more)
        ``column``, ``block``, ``mean`` and ``std`` of each column of :math:`\Sigma_{555}` in its
        order, as :func:`gmd.tables.column_statistics` gives them.
    caption : str
        Names the data set.

    Returns
    -------
    Figure
        (a) mean and (b) standard deviation over the structures against the component's index,
        with the blocks (550, 551, 500, 501, 050) marked and named.

    Raises
    ------
    ValueError
        For a frame without these columns, or a negative standard deviation.

    References
    ----------
    Gharakhanyan et al. 2023, figure A.1.
    """
    columns = checked(columns, "columns")
    mean = columns["mean"].to_numpy(dtype=np.float64)
    std = columns["std"].to_numpy(dtype=np.float64)
    if (std < 0).any():
        raise ValueError("columns: a standard deviation is negative")
    figure = new_figure(4.9, caption)
    top, bottom = figure.subplots(2, 1, sharex=True)
    _points(top, np.where(mean > 0, mean, np.nan), _POSITIVE, "o", "mean > 0")
    _points(top, np.where(mean < 0, -mean, np.nan), _NEGATIVE, "v", "mean < 0")
    _points(bottom, np.where(std > 0, std, np.nan), "black", "o", "")
    top.legend(loc="lower right", ncols=2, markerscale=3, handletextpad=0.1)
    top.set_ylabel("|mean|")
    bottom.set_ylabel("standard deviation")
    full = _full_name(columns["block"])
    bottom.set_xlabel(f"component of {full}")
    title_panel(top, "a")
    title_panel(bottom, "b")
    for ax, values in ((top, mean), (bottom, std)):
        _logarithmic(ax, np.abs(values))
        _mark_blocks(ax, columns["block"], named=True)
        zeros = int((values == 0).sum())
        if zeros:
            ax.text(
                0.005, 0.02, f"{zeros} exactly 0, not shown", transform=ax.transAxes, color=GREY,
                fontsize=6.5, va="bottom",
            )  # fmt: skip
    bottom.set_xlim(-0.01 * len(columns), 1.01 * len(columns))
    return figure


def _full_name(blocks: pd.Series[str]) -> str:
    outer = max(int(block[0]) for block in blocks.unique())
    inner = max(int(block[1]) for block in blocks.unique())
    return sigma_math(f"{outer}{inner}5")


def _points(ax: Axes, values: NDArray[np.float64], colour: str, marker: str, name: str) -> None:
    ax.plot(
        np.arange(len(values)),
        values,
        linestyle="none",
        marker=marker,
        markersize=1.4,
        markeredgewidth=0,
        color=colour,
        label=name,
        # a vector mark for each of very many points makes files that no viewer likes
        rasterized=len(values) > _MANY_POINTS,
    )


def _logarithmic(ax: Axes, magnitudes: NDArray[np.float64]) -> None:
    positive = magnitudes[magnitudes > 0]
    low, high = (positive.min(), positive.max()) if positive.size else (0.1, 1.0)
    decades = max(np.log10(high) - np.log10(low), 1.0)
    ax.set_yscale("log")
    # room below for the count of zeros, above for the blocks' names
    ax.set_ylim(low / 10 ** (0.08 * decades), high * 10 ** (0.15 * decades))
    ax.yaxis.set_major_locator(LogLocator(10, numticks=9))
    ax.yaxis.set_minor_locator(LogLocator(10, numticks=9))
    ax.grid(axis="y", color="#E5E5E5", linewidth=0.5)


def _mark_blocks(ax: Axes, blocks: pd.Series[str], *, named: bool) -> None:
    values = blocks.to_numpy()
    starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]])
    ends = np.r_[starts[1:], len(values)]
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if number:
            ax.axvline(start - 0.5, color=GREY, linewidth=0.6, linestyle=(0, (4, 3)), zorder=1)
        if named:
            # names of narrow neighbours would touch on one line
            height = 0.99 if number % 2 == 0 or end - start > 0.05 * len(values) else 0.91
            ax.text(
                (start + end - 1) / 2, height, sigma_math(str(values[start])), ha="center",
                va="top", fontsize=7, transform=ax.get_xaxis_transform(),
            )  # fmt: skip
