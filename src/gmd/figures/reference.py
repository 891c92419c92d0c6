"""The two-panel figure of how much one descriptor and all others know of each other."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from gmd.figures.labels import freeze_layout
from gmd.figures.panels import complexity_bar, complexity_norm, correlation_panel, minimum_panel
from gmd.figures.style import new_figure, sigma_math, title_panel, type_handles
from gmd.tables import minimum_srim, reference_imbalances


def reference_figure(
    imbalance: pd.DataFrame, ranking: pd.DataFrame, *, reference: str, caption: str
) -> Figure:
    """Correlation plot (a) and minimum symmetric imbalance per complexity (b) of `reference`.

    Parameters
    ----------
    imbalance : DataFrame
        All ordered pairs: ``sigma_1``, ``sigma_2``, ``rim``, ``rim_reverse``, ``srim``.
    ranking : DataFrame
        One row per descriptor: ``sigma``, ``complexity`` and the mean imbalances.
    reference : str
        The descriptor to compare the others with.
    caption : str
        Names the data set.

    Returns
    -------
    Figure
        Figure of two panels.

    Raises
    ------
    ValueError
        For frames without these columns or without `reference`.
    """
    references = reference_imbalances(imbalance, ranking, reference)
    figure = new_figure(3.55, caption)
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.05))
    correlation = correlation_panel(
        left, references, reference, norm=complexity_norm(references["complexity"])
    )
    title_panel(left, "a", f"{sigma_math(reference)} and all others")
    complexity_bar(figure, correlation, left)
    label_minima = minimum_panel(right, references, reference)
    title_panel(right, "b", "best of each complexity")
    right.legend(handles=type_handles(minimum_srim(references)["sigma"].tolist()), loc="best")
    freeze_layout(figure)
    correlation.label()
    label_minima()
    return figure
