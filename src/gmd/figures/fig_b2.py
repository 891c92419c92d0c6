"""Figure B.2: mean imbalance to and from all other descriptors against complexity."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from gmd.figures.labels import freeze_layout
from gmd.figures.panels import mean_rim_panel
from gmd.figures.style import in_style, new_figure, title_panel, type_handles
from gmd.tables.frames import checked


@in_style
def draw(ranking: pd.DataFrame, *, caption: str) -> Figure:
    """Draw figure B.2.

    Parameters
    ----------
    ranking : DataFrame
        One row per descriptor: ``sigma``, ``complexity``, ``mean_rim_to_others``,
        ``mean_rim_from_others``, ``mean_srim``.
    caption : str
        Names the data set.

    Returns
    -------
    Figure
        (a) ⟨ΔR(Σ → others)⟩ and (b) ⟨ΔR(others → Σ)⟩ against complexity, coloured by type.

    Raises
    ------
    ValueError
        For a frame without these columns.

    References
    ----------
    Gharakhanyan et al. 2023, figure B.2.
    """
    ranking = checked(ranking, "ranking")
    figure = new_figure(3.7, caption)
    left, right = figure.subplots(1, 2)
    label_left = mean_rim_panel(left, ranking, "mean_rim_to_others")
    title_panel(left, "a", "inferring the others from Σ")
    label_right = mean_rim_panel(right, ranking, "mean_rim_from_others")
    title_panel(right, "b", "inferring Σ from the others")
    handles = type_handles(ranking["sigma"].tolist())
    figure.legend(handles=handles, loc="outside lower center", ncols=5)
    freeze_layout(figure)
    label_left()
    label_right()
    return figure
