r"""What all figures have in common: fonts, sizes, colours, markers and the names of quantities."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, NamedTuple, ParamSpec

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from gmd.tables import Construction, construction

P = ParamSpec("P")

WIDTH = 7.0
"""Width of a figure in inches: the text width of a journal page."""

COMPLEXITY_COLOURS = "viridis"
GREY = "#555555"
LABEL_SIZE = 6.5

# the palette of Okabe and Ito, which readers with any colour vision can tell apart
BLUE, ORANGE, _PURPLE, _GREEN, _BLACK = "#0072B2", "#E69F00", "#CC79A7", "#009E73", "#000000"
_SERIES_COLOURS = (_BLACK, ORANGE, "#56B4E9", _GREEN, BLUE, "#D55E00", _PURPLE, "#999999")
_SERIES_MARKERS = "osD^vP*X"  # which tell series apart in print too
_WEIGHTING_COLOURS = {0: BLUE, 1: ORANGE, 2: _PURPLE}

_SETTINGS: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "mathtext.fontset": "dejavusans",
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "lines.linewidth": 1.0,
    "figure.dpi": 200,
    "svg.hashsalt": "gmd",
}


class Look(NamedTuple):
    """Marker and colour of a type of descriptor, with its entry in a legend."""

    name: str
    marker: str
    colour: str
    size: float


def look(made: Construction) -> Look:
    """How a descriptor is drawn: the marker tells the method, the colour the weighting."""
    if made.method == "full":
        name = sigma_math(made.label)
        return Look(name, "*" if made.k == 5 else "P", _BLACK, 42 if made.k == 5 else 26)
    if made.method == "ii":
        return Look(r"$\Sigma_{0j0}$ (ii)", "s", _GREEN, 15)
    if made.method == "i":
        return Look(rf"$\Sigma_{{i0{made.k}}}$ (i)", "^", _WEIGHTING_COLOURS[made.k], 18)
    return Look(rf"$\Sigma_{{ij{made.k}}}$ (iii)", "o", _WEIGHTING_COLOURS[made.k], 15)


def series_line(number: int, label: str, **changes: Any) -> Line2D:
    """Line and marker of one of several series, and its entry in a legend.

    Parameters
    ----------
    number : int
        Which of the series; colours repeat after eight of them, with other markers.
    label : str
        Its name.
    **changes
        Other properties of the line.
    """
    n = len(_SERIES_COLOURS)
    properties: dict[str, Any] = {
        "color": _SERIES_COLOURS[number % n],
        "marker": _SERIES_MARKERS[(number + number // n) % n],
        "markersize": 4,
        "markeredgewidth": 0,
        "linewidth": 0.5,
        "label": label,
    }
    return Line2D([], [], **{**properties, **changes})


def sigma_math(label: str) -> str:
    """Return the label as the paper sets it, a Greek letter with three indices."""
    return rf"$\Sigma_{{{label}}}$"


@contextmanager
def styled() -> Iterator[None]:
    """Apply the common style, and nothing of the reader's own settings."""
    with mpl.rc_context():
        mpl.rcdefaults()
        for name, value in _SETTINGS.items():
            mpl.rcParams[name] = value  # type: ignore[index]
        yield


def in_style(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Run a drawing function in the common style."""

    @wraps(draw)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with styled():
            return draw(*args, **kwargs)

    return wrapper


def new_figure(height: float, caption: str) -> Figure:
    """Make an empty page-wide figure with its data set named at the top.

    Parameters
    ----------
    height : float
        Height in inches.
    caption : str
        The data set, such as "lps, whole set, N = 450, GFN1-xTB".

    Returns
    -------
    Figure
        Figure with constrained layout and no axes.
    """
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.06, h_pad=0.05, wspace=0.03, hspace=0.04)  # type: ignore[union-attr,call-arg]
    figure.suptitle(caption, x=0.008, ha="left", fontsize=7, color=GREY)
    return figure


def title_panel(ax: Axes, letter: str, text: str = "") -> None:
    """Put a panel's letter and title above its left corner."""
    ax.set_title(rf"$\bf{{({letter})}}$ {text}".rstrip(), loc="left")


def type_handles(labels: Iterator[str] | list[str]) -> list[Line2D]:
    """Legend entries of the types that occur among `labels`, in a fixed order."""
    constructions = sorted(
        (construction(label) for label in labels), key=lambda c: (c.order_key[0], c.k)
    )
    looks = dict.fromkeys(look(made) for made in constructions)
    return [
        Line2D(
            [],
            [],
            linestyle="none",
            marker=one.marker,
            color=one.colour,
            markeredgecolor="white",
            markeredgewidth=0.3,
            markersize=one.size**0.5 + 1,
            label=one.name,
        )
        for one in looks
    ]
