"""Which entries of its matrices a compressed power spectrum stores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from gmd.figures.style import COMPLEXITY_COLOURS, in_style, new_figure

Array = NDArray[np.float64]

DETERMINED = "#D2D2D2"
"""Colour of entries that follow from the others."""


@in_style
def draw(matrices: Mapping[str, Sequence[Array]], *, caption: str) -> Figure:
    """Draw the matrices of one atom, with what is stored in colour.

    Parameters
    ----------
    matrices : mapping of str to sequence of ndarray of shape (N S, N S)
        By the name of the compression, in LaTeX, the matrices of l = 0, 1, … with NaN where
        nothing is stored, as :func:`gmd.compression.stored_entries` gives them.
    caption : str
        Names the atom.

    Returns
    -------
    Figure
        A panel for each matrix, compressions side by side, with the number of stored entries of
        each matrix and, below, of all. Colours are values in units of the largest of a panel, on
        a scale of square roots, from dark below zero to light above.

    Raises
    ------
    ValueError
        Where compressions have different numbers of matrices.
    """
    numbers = {len(slices) for slices in matrices.values()}
    if len(numbers) != 1:
        raise ValueError(f"compressions have {sorted(numbers)} matrices, not the same number")
    (n_degrees,) = numbers
    figure = new_figure(1.05 + 6.0 / (n_degrees * len(matrices)), caption)
    # a narrow column without panels keeps compressions apart
    ratios = ([1.0] * n_degrees + [0.22]) * len(matrices)
    grid = figure.add_gridspec(1, len(ratios) - 1, width_ratios=ratios[:-1])
    for number, (name, slices) in enumerate(matrices.items()):
        first = number * (n_degrees + 1)
        for degree, matrix in enumerate(slices):
            ax = figure.add_subplot(grid[0, first + degree])
            _panel(ax, matrix)
            ax.set_title(f"$l = {degree}$", pad=3)
            ax.set_xlabel(str(_stored(matrix)), labelpad=2)
            if degree == n_degrees // 2:
                total = sum(_stored(one) for one in slices)
                ax.annotate(
                    f"${name}$", (0.5, 1.0), (0, 15), xycoords="axes fraction",
                    textcoords="offset points", ha="center", va="bottom", fontsize=10,
                )  # fmt: skip
                ax.annotate(
                    f"length {total}", (0.5, 0.0), (0, -15), xycoords="axes fraction",
                    textcoords="offset points", ha="center", va="top", fontsize=9,
                )  # fmt: skip
    return figure


def _stored(matrix: Array) -> int:
    return int(np.isfinite(matrix).sum())


def _panel(ax: Axes, matrix: Array) -> None:
    size = len(matrix)
    largest = np.nanmax(np.abs(matrix))
    scaled = matrix / largest if largest > 0 else matrix
    ax.set_facecolor(DETERMINED)
    ax.imshow(np.sign(scaled) * np.abs(scaled) ** 0.5, cmap=COMPLEXITY_COLOURS, vmin=-1, vmax=1)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    for line in np.arange(size + 1) - 0.5:
        ax.plot([line, line], [-0.5, size - 0.5], color="white", linewidth=0.6)
        ax.plot([-0.5, size - 0.5], [line, line], color="white", linewidth=0.6)
    ax.add_patch(
        Rectangle((-0.5, -0.5), size, size, fill=False, edgecolor="black", linewidth=0.7, zorder=5)
    )
    ax.set_xlim(-0.6, size - 0.4)
    ax.set_ylim(size - 0.4, -0.6)
