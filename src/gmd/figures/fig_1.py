r"""Figure 1: the full descriptor against all others."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from gmd.figures.reference import reference_figure
from gmd.figures.style import in_style
from gmd.tables import reference_label


@in_style
def draw(imbalance: pd.DataFrame, ranking: pd.DataFrame, *, caption: str) -> Figure:
    r"""Draw figure 1: what :math:`\Sigma_{555}` and the others know of each other.

    Parameters
    ----------
    imbalance : DataFrame
        All ordered pairs: ``sigma_1``, ``sigma_2``, ``rim``, ``rim_reverse``, ``srim``.
    ranking : DataFrame
        One row per descriptor: ``sigma``, ``complexity`` and the mean imbalances.
    caption : str
        Names the data set, such as "lps, whole set, N = 450, GFN1-xTB".

    Returns
    -------
    Figure
        (a) ΔR(Σ_555 → Σ) on x against ΔR(Σ → Σ_555) on y, coloured by complexity; (b) the
        smallest symmetric imbalance to Σ_555 among the descriptors of each complexity.

    Raises
    ------
    ValueError
        For frames without these columns or without the full descriptor.

    References
    ----------
    Gharakhanyan et al. 2023, figure 1.
    """
    reference = reference_label(imbalance, 5)
    return reference_figure(imbalance, ranking, reference=reference, caption=caption)
