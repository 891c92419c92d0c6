"""Figures as files: the same bytes from the same figure, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from matplotlib.figure import Figure

from gmd.figures.style import styled
from gmd.storage import written_whole


def save(figure: Figure, stem: str | os.PathLike[str]) -> tuple[Path, Path]:
    """Write a figure as SVG and as PNG.

    Parameters
    ----------
    figure : Figure
        What one of the ``draw`` functions returned.
    stem : path-like
        Path without ending; ``.svg`` and ``.png`` are added. Its folder is made if need be.

    Returns
    -------
    tuple of Path
        The SVG file and the PNG file. Neither carries a date, and the identifiers inside the SVG
        depend on its contents only, so that equal figures give equal files.
    """
    stem = Path(stem)
    # Path.with_suffix would take what follows a dot in the stem for an ending
    svg, png = (stem.with_name(f"{stem.name}.{ending}") for ending in ("svg", "png"))
    with styled():
        with written_whole(svg) as partial:
            figure.savefig(partial, format="svg", metadata={"Date": None})
        with written_whole(png) as partial:
            figure.savefig(partial, format="png", metadata={"Software": None})
    return svg, png
