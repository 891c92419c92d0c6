"""Figures, the paper's by its numbers: one module each, with ``draw`` that returns a Figure."""

from gmd.figures import (
    conditioning,
    fig_1,
    fig_a1,
    fig_b1,
    fig_b2,
    fig_c1,
    fig_d1,
    fig_d2,
    fig_d3,
    fig_e1,
    lengths,
    recommendation,
    slices,
    sweep,
    triangles,
)
from gmd.figures.captions import constant_columns
from gmd.figures.saving import save

__all__ = [
    "conditioning",
    "constant_columns",
    "fig_1",
    "fig_a1",
    "fig_b1",
    "fig_b2",
    "fig_c1",
    "fig_d1",
    "fig_d2",
    "fig_d3",
    "fig_e1",
    "lengths",
    "recommendation",
    "save",
    "slices",
    "sweep",
    "triangles",
]
