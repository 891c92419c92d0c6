"""Figure D.3: the full descriptors against all others, for the whole and the limited set."""

from __future__ import annotations

from typing import Literal

import pandas as pd
from matplotlib.figure import Figure

from gmd.figures.labels import freeze_layout
from gmd.figures.panels import complexity_bar, complexity_norm, correlation_panel
from gmd.figures.style import in_style, new_figure, sigma_math, title_panel
from gmd.tables import reference_imbalances, reference_label


@in_style
def draw(
    imbalance: pd.DataFrame,
    ranking: pd.DataFrame,
    limited_imbalance: pd.DataFrame,
    limited_ranking: pd.DataFrame,
    *,
    caption: str,
    names: tuple[str, str] = ("whole set", "limited set"),
) -> Figure:
    r"""Draw figure D.3.

    Parameters
    ----------
    imbalance, ranking : DataFrame
        Imbalances and ranking of the whole set, as :func:`gmd.figures.fig_1.draw` takes them.
    limited_imbalance, limited_ranking : DataFrame
        The same of the limited set.
    caption : str
        Names the data sets.
    names : tuple of str
        What the panels call the two sets.

    Returns
    -------
    Figure
        ΔR(reference → Σ) against ΔR(Σ → reference) for the references (a, b)
        :math:`\Sigma_{555}` and (c, d) :math:`\Sigma_{554}`, for (a, c) the whole and (b, d) the
        limited set.

    Raises
    ------
    ValueError
        For frames without the columns or without these two descriptors.

    References
    ----------
    Gharakhanyan et al. 2023, figure D.3.
    """
    figure = new_figure(6.4, caption)
    axes = figure.subplots(2, 2)
    norm = complexity_norm(ranking["complexity"], limited_ranking["complexity"])
    panels = []
    ks: tuple[Literal[5, 4], ...] = (5, 4)
    for row, k in enumerate(ks):
        runs = ((imbalance, ranking), (limited_imbalance, limited_ranking))
        for column, (pairs, ranks) in enumerate(runs):
            reference = reference_label(pairs, k)
            references = reference_imbalances(pairs, ranks, reference)
            ax = axes[row, column]
            panels.append(correlation_panel(ax, references, reference, norm=norm))
            title_panel(ax, "abcd"[2 * row + column], f"{sigma_math(reference)}, {names[column]}")
    complexity_bar(figure, panels[0], list(axes.flat))
    freeze_layout(figure)
    for panel in panels:
        panel.label()
    return figure
