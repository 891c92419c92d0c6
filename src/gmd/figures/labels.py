"""Names beside points, kept apart from each other and from the points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from gmd.figures.style import GREY, LABEL_SIZE

Array = NDArray[np.float64]

# places of a name around its point: from the point to the name's nearest side, in points
_DISTANCES = np.array([3.5, 5.5, 8.0, 11.0, 15.0, 20.0, 26.0, 33.0, 42.0, 55.0])
_ANGLES = np.deg2rad(np.arange(90.0, 450.0, 15.0))

# from here on a line ties the name to its point
_LEADER_FROM = 6.5

# what a place costs, in units of a name covering one point
_ON_NAME, _ON_POINT, _OUTSIDE = 9, 2, 15
_LINE_ON_NAME, _LINE_ON_POINT, _LINE_ON_NAMED, _LINES_CROSS = 4, 0.5, 2.5, 5
_NEARER_TO_ANOTHER, _PER_DISTANCE, _LINE_AT_ALL = 1.5, 0.14, 0.2

_SWEEPS = 6
_AIR = 0.8
_POINT_RADIUS = 2.0


class _Places(NamedTuple):
    """Candidate places of one name."""

    boxes: Array
    ends: Array
    led: NDArray[np.bool_]
    cost: Array


def freeze_layout(figure: Figure) -> None:
    """Lay the figure out now and for good, so that distances on the page are known."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")


def place_labels(
    ax: Axes,
    points: Array,
    texts: Sequence[str],
    *,
    obstacles: Array | None = None,
    fontsize: float = LABEL_SIZE,
) -> None:
    """Write names beside points, each where it covers the least.

    The layout must be frozen (:func:`freeze_layout`) and the axis limits final. A name that had
    to move away is tied to its point by a line.

    Parameters
    ----------
    ax : Axes
        Axes to write into.
    points : ndarray of shape (n, 2)
        Points in data coordinates, the most important first.
    texts : sequence of str
        A name for each.
    obstacles : ndarray of shape (m, 2), optional
        Points to keep clear of, in data coordinates; `points` if not given.
    fontsize : float
        Size in points.
    """
    if len(points) == 0:
        return
    figure = ax.get_figure(root=True)
    assert figure is not None, "the axes are part of a figure"
    scale = 72.0 / figure.dpi
    anchors = np.asarray(ax.transData.transform(points), dtype=np.float64) * scale
    clear = anchors
    if obstacles is not None:
        clear = np.asarray(ax.transData.transform(obstacles), dtype=np.float64) * scale
    window = ax.get_window_extent()
    frame = np.array([window.x0, window.y0, window.x1, window.y1]) * scale
    sizes = _text_sizes(ax, figure, texts, fontsize) * scale
    centres, led = arrange(anchors, sizes, clear, frame)
    for point, text, offset, line in zip(points, texts, centres - anchors, led, strict=True):
        ax.annotate(
            text,
            xy=(float(point[0]), float(point[1])),
            xytext=(float(offset[0]), float(offset[1])),
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=fontsize,
            annotation_clip=False,
            zorder=5,
            # keeps lines of the panel from running through the name
            path_effects=[withStroke(linewidth=1.6, foreground="white")],
            arrowprops=(
                {"arrowstyle": "-", "color": GREY, "linewidth": 0.4, "shrinkA": 0.5, "shrinkB": 1.8}
                if line
                else None
            ),
        )


def arrange(
    anchors: Array, sizes: Array, obstacles: Array, frame: Array
) -> tuple[Array, NDArray[np.bool_]]:
    """Choose a place for the middle of each name.

    Every name in turn takes the cheapest of a ring of places around its point, given all others,
    until none moves or the turns are up: near the point, inside the frame, off the points, the
    names and the lines, and clearly nearer to its own point than to any other. The best of
    several orders of taking turns is kept.

    Parameters
    ----------
    anchors : ndarray of shape (n, 2)
        Points to name, in points (1/72 inch).
    sizes : ndarray of shape (n, 2)
        Width and height of each name, in points.
    obstacles : ndarray of shape (m, 2)
        Points to keep clear of, in points.
    frame : ndarray of shape (4,)
        Left, bottom, right and top of the axes, in points.

    Returns
    -------
    centres : ndarray of shape (n, 2)
        Middle of each name.
    led : ndarray of shape (n,), bool
        Whether a line should tie the name to its point.
    """
    places = [
        _places(anchor, size, obstacles, anchors, frame)
        for anchor, size in zip(anchors, sizes, strict=True)
    ]
    numbers = np.arange(len(anchors))
    orders = (numbers, numbers[::-1], anchors[:, 0].argsort(kind="stable"))

    @cache
    def conflict(name: int, other: int, chosen: int) -> Array:
        return _conflict(anchors[name], places[name], anchors[other], places[other], chosen)

    trials = [_take_turns(places, conflict, order) for order in orders]
    chosen = min(trials, key=lambda trial: trial[0])[1]
    centres = [
        (here.boxes[place, :2] + here.boxes[place, 2:]) / 2
        for here, place in zip(places, chosen, strict=True)
    ]
    led = [here.led[place] for here, place in zip(places, chosen, strict=True)]
    return np.array(centres), np.array(led, dtype=bool)


def _take_turns(
    places: list[_Places], conflict: Callable[[int, int, int], Array], order: NDArray[np.int64]
) -> tuple[float, NDArray[np.int64]]:
    """Cost and chosen place of every name, when they choose in `order` again and again."""
    chosen = np.full(len(places), -1)
    total = 0.0
    for _ in range(_SWEEPS):
        before = chosen.copy()
        total = 0.0
        for name in order.tolist():
            cost = places[name].cost.copy()
            for other, place in enumerate(chosen.tolist()):
                if other != name and place >= 0:
                    cost += conflict(name, other, place)
            chosen[name] = int(cost.argmin())
            total += float(cost.min())
        if (chosen == before).all():
            break
    return total, chosen


def _text_sizes(ax: Axes, figure: Figure, texts: Sequence[str], fontsize: float) -> Array:
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    sizes = np.empty((len(texts), 2))
    for row, text in enumerate(texts):
        drawn = ax.text(0, 0, text, fontsize=fontsize)
        extent = drawn.get_window_extent(renderer)
        drawn.remove()
        sizes[row] = extent.width, extent.height
    return sizes


def _places(anchor: Array, size: Array, obstacles: Array, anchors: Array, frame: Array) -> _Places:
    directions = np.column_stack([np.cos(_ANGLES), np.sin(_ANGLES)])
    # to the side of the box along a direction, so that distance is to the side, not the middle
    with np.errstate(divide="ignore"):
        reach = (size / 2 / np.abs(directions)).min(axis=1)
    distances = np.repeat(_DISTANCES, len(directions))
    steps = distances + np.tile(reach, len(_DISTANCES))
    rays = np.tile(directions, (len(_DISTANCES), 1))
    centres = anchor + rays * steps[:, None]
    boxes = np.hstack([centres - size / 2 - _AIR, centres + size / 2 + _AIR])
    ends = anchor + rays * distances[:, None]
    led = distances >= _LEADER_FROM
    others = obstacles[np.hypot(*(obstacles - anchor).T) > 0.5]
    named = anchors[np.hypot(*(anchors - anchor).T) > 0.5]
    cost = _PER_DISTANCE * distances + _LINE_AT_ALL * led
    cost += _ON_POINT * _covers(boxes, others).sum(axis=1)
    beyond = np.maximum(frame[:2] - boxes[:, :2], boxes[:, 2:] - frame[2:])
    cost += _OUTSIDE * (beyond > 0).any(axis=1)
    for points, price in ((others, _LINE_ON_POINT), (named, _LINE_ON_NAMED)):
        passing = _distance_to_lines(anchor, ends, points) < _POINT_RADIUS
        cost += price * np.where(led, passing.sum(axis=1), 0)
    if len(others):
        own = _gap(boxes, anchor[None])[:, 0]
        nearest = _gap(boxes, others).min(axis=1)
        # a line says whose the name is, unless the name all but touches another point
        cost += _NEARER_TO_ANOTHER * np.where(led, nearest < 3.0, nearest < own + 1.5)
    return _Places(boxes, ends, led, cost)


def _conflict(anchor: Array, here: _Places, tied: Array, there: _Places, chosen: int) -> Array:
    """What the places of one name cost because of where another one is."""
    box, end, led = there.boxes[chosen], there.ends[chosen], there.led[chosen]
    apart = (here.boxes[:, :2] >= box[2:]) | (box[:2] >= here.boxes[:, 2:])
    cost = _ON_NAME * (~apart.any(axis=1)).astype(float)
    fractions = np.linspace(0, 1, 7)
    if led:
        line = tied + fractions[:, None] * (end - tied)
        cost += _LINE_ON_NAME * _covers(here.boxes, line).any(axis=1)
        cost += _LINES_CROSS * (here.led & _cross(anchor, here.ends, tied, end))
    lines = anchor + fractions[None, :, None] * (here.ends - anchor)[:, None, :]
    on_name = ((lines > box[:2]) & (lines < box[2:])).all(axis=-1).any(axis=-1)
    cost += _LINE_ON_NAME * (here.led & on_name)
    return np.asarray(cost)


def _covers(boxes: Array, points: Array) -> NDArray[np.bool_]:
    low, high = boxes[:, None, :2] - _POINT_RADIUS, boxes[:, None, 2:] + _POINT_RADIUS
    return np.asarray(((points[None] > low) & (points[None] < high)).all(axis=-1))


def _gap(boxes: Array, points: Array) -> Array:
    beyond = np.maximum(boxes[:, None, :2] - points[None], points[None] - boxes[:, None, 2:])
    return np.asarray(np.hypot(*np.maximum(beyond, 0).transpose(2, 0, 1)))


def _distance_to_lines(start: Array, ends: Array, points: Array) -> Array:
    """Distance of each of `points` from the line between `start` and each of `ends`."""
    along = ends - start
    relative = points - start
    fraction = np.clip(relative @ along.T / (along**2).sum(axis=1), 0, 1).T
    gap = relative[None] - fraction[..., None] * along[:, None]
    return np.asarray(np.hypot(gap[..., 0], gap[..., 1]))


def _cross(start: Array, ends: Array, other_start: Array, other_end: Array) -> NDArray[np.bool_]:
    """Whether the lines from `start` to each of `ends` cross the other line."""

    def side(a: Array, b: Array, c: Array) -> Array:
        ab, ac = b - a, c - a
        return np.asarray(ab[..., 0] * ac[..., 1] - ab[..., 1] * ac[..., 0])

    straddles = side(other_start, other_end, start) * side(other_start, other_end, ends) < 0
    straddled = side(start, ends, other_start) * side(start, ends, other_end) < 0
    return np.asarray(straddles & straddled)
