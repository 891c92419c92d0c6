r"""Figure B.1: the largest descriptor without method ii against all others."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from gmd.figures.reference import reference_figure
from gmd.figures.style import in_style
from gmd.tables import reference_label


@in_style
def draw(imbalance: pd.DataFrame, ranking: pd.DataFrame, *, caption: str) -> Figure:
    r"""Draw figure B.1, which is figure 1 for :math:`\Sigma_{554}`.

    Parameters
    ----------
    imbalance : DataFrame
        All ordered pairs: ``sigma_1``, ``sigma_2``, ``rim``, ``rim_reverse``, ``srim``.
    ranking : DataFrame
        One row per descriptor: ``sigma``, ``complexity`` and the mean imbalances.
    caption : str
        Names the data set.

    Returns
    -------
    Figure
        Two panels as :func:`gmd.figures.fig_1.draw` has them.

    Raises
    ------
    ValueError
        For frames without these columns or without the descriptor.

    References
    ----------
    Gharakhanyan et al. 2023, figure B.1.
    """
    reference = reference_label(imbalance, 4)
    return reference_figure(imbalance, ranking, reference=reference, caption=caption)
