"""Figure D.1: the best descriptor of each complexity, for the whole and the limited set."""

from __future__ import annotations

from typing import Literal

import pandas as pd
from matplotlib.figure import Figure

from gmd.figures.labels import freeze_layout
from gmd.figures.panels import minimum_panel
from gmd.figures.style import in_style, new_figure, sigma_math, title_panel, type_handles
from gmd.tables import minimum_srim, reference_imbalances, reference_label


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
    r"""Draw figure D.1.

    Parameters
    ----------
    imbalance, ranking : DataFrame
        Imbalances and ranking of the whole set, as :func:`gmd.figures.fig_1.draw` takes them.
    limited_imbalance, limited_ranking : DataFrame
        The same of the limited set, the structures exactly on the composition line.
    caption : str
        Names the data sets.
    names : tuple of str
        What the panels call the two sets.

    Returns
    -------
    Figure
        Smallest symmetric imbalance per complexity to (a, b) :math:`\Sigma_{555}` and (c, d)
        :math:`\Sigma_{554}` for (a, c) the whole and (b, d) the limited set.

    Raises
    ------
    ValueError
        For frames without the columns or without these two descriptors.

    References
    ----------
    Gharakhanyan et al. 2023, figure D.1.
    """
    figure = new_figure(6.6, caption)
    axes = figure.subplots(2, 2)
    labellers, winners = [], []
    ks: tuple[Literal[5, 4], ...] = (5, 4)
    for row, k in enumerate(ks):
        runs = ((imbalance, ranking), (limited_imbalance, limited_ranking))
        for column, (pairs, ranks) in enumerate(runs):
            reference = reference_label(pairs, k)
            references = reference_imbalances(pairs, ranks, reference)
            ax = axes[row, column]
            labellers.append(minimum_panel(ax, references, reference))
            title_panel(ax, "abcd"[2 * row + column], f"{sigma_math(reference)}, {names[column]}")
            winners += minimum_srim(references)["sigma"].tolist()
    figure.legend(handles=type_handles(winners), loc="outside lower center", ncols=9)
    freeze_layout(figure)
    for label in labellers:
        label()
    return figure
