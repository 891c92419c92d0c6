"""What each member of the generalised kernel compares: triangles with the atom at one vertex."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Polygon
from numpy.typing import NDArray

from gmd.compression import COMPRESSIONS, SIDES, Compression, Side, side_names
from gmd.figures.style import BLUE, GREY, LABEL_SIZE, in_style, new_figure

Array = NDArray[np.float64]

RED = "#CC3311"
AGNOSTIC = "#9A9A9A"

NEIGHBOURS: Array = np.array([[-0.62, 1.42], [1.38, 0.82]])
"""The two neighbours, in radii of the sphere: neither on it, and at different distances."""

_APART = 2.75
"""Between the centres of two triangles of one member, in radii of the sphere."""
_HALF_WIDTH = 2.75


class Vertex(NamedTuple):
    """A vertex as it is drawn.

    Attributes
    ----------
    place : ndarray of shape (2,)
        In radii of the sphere, from the atom.
    colour : str
        Blue or red for the element of the first or second neighbour, grey for any.
    projected : bool
        Whether it is drawn where the sphere is, and not where the neighbour is.
    """

    place: Array
    colour: str
    projected: bool


def triangles(first: Side, second: Side) -> list[tuple[Vertex, Vertex]]:
    """Triangles of two neighbours that a member of the kernel tells apart.

    Parameters
    ----------
    first, second : Side
        The channels of the member.

    Returns
    -------
    list of tuple of Vertex
        One; two where one channel alone is projected, since either neighbour may be the one that
        is moved onto the sphere.
    """
    orders = [(first, second)]
    if first.projected != second.projected:
        orders.append((second, first))
    return [
        tuple(
            _vertex(side, NEIGHBOURS[number], (BLUE, RED)[number])
            for number, side in enumerate(order)
        )  # type: ignore[misc]
        for order in orders
    ]


def _vertex(side: Side, place: Array, colour: str) -> Vertex:
    return Vertex(
        place / np.linalg.norm(place) if side.projected else place,
        colour if side.sensitive else AGNOSTIC,
        side.projected,
    )


def kernel_members() -> Mapping[tuple[str, str], Compression]:
    """The ten members by the names of their channels."""
    found = {}
    for one in COMPRESSIONS:
        if set(one.settings) == {"compression"}:
            with suppress(ValueError):
                found[side_names(one.settings["compression"])] = one
    return found


@in_style
def draw(*, caption: str = "") -> Figure:
    """Draw the members of the generalised kernel, all of which compare triangles.

    Parameters
    ----------
    caption : str
        Said above the figure.

    Returns
    -------
    Figure
        A panel for each of the ten, in the row of its first channel and the column of its second,
        with its length below; the legend is where the other half of the square would be.

    References
    ----------
    Darby, Kermode and Csányi 2021, figure 3.
    """
    names = list(SIDES)
    figure = new_figure(5.4, caption)
    figure.get_layout_engine().set(wspace=0.0, hspace=0.02)  # type: ignore[union-attr,call-arg]
    grid = figure.add_gridspec(len(names), len(names))
    for (left, right), member in kernel_members().items():
        ax = figure.add_subplot(grid[names.index(left), names.index(right)])
        _panel(ax, member, triangles(SIDES[left], SIDES[right]))
    _legend(figure.add_subplot(grid[2:, :2]))
    return figure


def _panel(ax: Axes, member: Compression, drawn: list[tuple[Vertex, Vertex]]) -> None:
    ax.set_aspect("equal")
    ax.set_axis_off()
    ax.set_xlim(-_HALF_WIDTH, _HALF_WIDTH)
    ax.set_ylim(-1.1, 1.6)
    ax.set_title(f"${member.label}$", fontsize=9, pad=4)
    places = [0.0] if len(drawn) == 1 else [-_APART / 2, _APART / 2]
    for place, triangle in zip(places, drawn, strict=True):
        # the atom is left of the middle of its triangle
        _triangle(ax, np.array([place - NEIGHBOURS[:, 0].sum() / 4, 0.0]), triangle)
    ax.text(
        0.5, -0.04, f"${member.length}$", transform=ax.transAxes, ha="center", va="top", fontsize=8
    )  # fmt: skip


def _triangle(ax: Axes, centre: Array, vertices: tuple[Vertex, Vertex]) -> None:
    corners = centre + np.array([[0.0, 0.0], *(vertex.place for vertex in vertices)])
    if any(vertex.projected for vertex in vertices):
        ax.add_patch(
            Circle(
                (float(centre[0]), float(centre[1])),
                1.0,
                fill=False,
                edgecolor=AGNOSTIC,
                linewidth=0.8,
                linestyle=(0, (3, 2)),
                zorder=1,
            )
        )
    ax.add_patch(
        Polygon(
            corners, closed=True, facecolor="#F0F0F0", edgecolor="black", linewidth=0.9, zorder=2
        )
    )
    ax.plot(*corners[0], marker="o", color="black", markersize=3.5, zorder=3)
    for vertex, corner in zip(vertices, corners[1:], strict=True):
        ax.plot(
            *corner, marker="o", color=vertex.colour, markersize=6.5, markeredgecolor="black",
            markeredgewidth=0.5, zorder=4, clip_on=False,
        )  # fmt: skip


def _legend(ax: Axes) -> None:
    ax.set_axis_off()

    def dot(colour: str, size: float, text: str) -> Line2D:
        return Line2D(
            [], [], linestyle="none", marker="o", color=colour, markersize=size, label=text,
            markeredgecolor="black", markeredgewidth=0.5,
        )  # fmt: skip

    ax.legend(
        handles=[
            dot("black", 3.5, "the atom whose neighbourhood it is"),
            dot(BLUE, 6.5, "a neighbour of one element"),
            dot(RED, 6.5, "a neighbour of another, or the same, element"),
            dot(AGNOSTIC, 6.5, "a neighbour of any element"),
            Line2D(
                [], [], color=AGNOSTIC, linewidth=0.8, linestyle=(0, (3, 2)),
                label="unit sphere, for what is projected onto it",
            ),
        ],
        loc="center left",
        title="N radial functions, S elements, degrees 0 to L",
        title_fontsize=LABEL_SIZE + 1,
        labelspacing=0.9,
        labelcolor=GREY,
    )  # fmt: skip
