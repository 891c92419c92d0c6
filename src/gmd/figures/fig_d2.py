"""Figure D.2: mean imbalance to and from all others, for the whole and the limited set."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from gmd.figures.labels import freeze_layout
from gmd.figures.panels import mean_rim_panel
from gmd.figures.style import in_style, new_figure, title_panel, type_handles
from gmd.tables.frames import checked


@in_style
def draw(
    ranking: pd.DataFrame,
    limited_ranking: pd.DataFrame,
    *,
    caption: str,
    names: tuple[str, str] = ("whole set", "limited set"),
) -> Figure:
    """Draw figure D.2.

    Parameters
    ----------
    ranking, limited_ranking : DataFrame
        Ranking of the whole and of the limited set, as :func:`gmd.figures.fig_b2.draw` takes it.
    caption : str
        Names the data sets.
    names : tuple of str
        What the panels call the two sets.

    Returns
    -------
    Figure
        ⟨ΔR(Σ → others)⟩ for (a) the whole and (b) the limited set, ⟨ΔR(others → Σ)⟩ for (c) the
        whole and (d) the limited set, against complexity.

    Raises
    ------
    ValueError
        For frames without the columns.

    References
    ----------
    Gharakhanyan et al. 2023, figure D.2.
    """
    rankings = (checked(ranking, "ranking"), checked(limited_ranking, "ranking", name="limited"))
    figure = new_figure(6.8, caption)
    axes = figure.subplots(2, 2)
    labellers = []
    quantities = {
        "mean_rim_to_others": "inferring the others from Σ",
        "mean_rim_from_others": "inferring Σ from the others",
    }
    for row, (quantity, title) in enumerate(quantities.items()):
        for column, ranks in enumerate(rankings):
            ax = axes[row, column]
            labellers.append(mean_rim_panel(ax, ranks, quantity))
            title_panel(ax, "abcd"[2 * row + column], f"{title}, {names[column]}")
    everything = [label for ranks in rankings for label in ranks["sigma"]]
    figure.legend(handles=type_handles(everything), loc="outside lower center", ncols=9)
    freeze_layout(figure)
    for label in labellers:
        label()
    return figure
