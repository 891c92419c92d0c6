"""How much each descriptor knows about all the others."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from gmd.descriptors import InformativeColumns


def rank_descriptors(
    imbalance: pd.DataFrame,
    complexities: Mapping[str, int],
    informative: InformativeColumns | None = None,
) -> pd.DataFrame:
    r"""Mean imbalances of every descriptor (Gharakhanyan et al. 2023, tables B.1 to B.3).

    Parameters
    ----------
    imbalance : pandas.DataFrame
        As of :func:`gmd.imbalance.imbalance_table`.
    complexities : mapping of str to int
        Complexity of every descriptor.
    informative : InformativeColumns, optional
        Which columns vary over the same structures, under the same normalisation.

    Returns
    -------
    pandas.DataFrame
        ``sigma``, ``complexity``, ``mean_rim_to_others`` :math:`\langle\Delta R(\Sigma \to
        \mathrm{others})\rangle`, ``mean_rim_from_others`` and ``mean_srim``, in the order of the
        complexities' labels. With `informative` also ``effective_complexity`` (varying columns per
        LAED component), ``n_columns``, ``n_varying`` and ``identical_to``, the smallest descriptor
        that gives the same distances, which may be the descriptor itself.

    Raises
    ------
    ValueError
        Where the table lacks a pair.
    """
    n = len(complexities)
    by_source = imbalance.groupby("sigma_1")
    sizes = by_source.size().reindex(list(complexities), fill_value=0)
    if len(imbalance) != n * (n - 1) or (sizes != n - 1).any():
        raise ValueError(
            f"the imbalance table has {len(imbalance)} rows; all ordered pairs of {n} descriptors "
            f"are {n * (n - 1)}"
        )
    means = by_source[["rim", "rim_reverse", "srim"]].mean().loc[list(complexities)]
    ranking = pd.DataFrame(
        {
            "sigma": list(complexities),
            "complexity": list(complexities.values()),
            "mean_rim_to_others": means["rim"].to_numpy(),
            "mean_rim_from_others": means["rim_reverse"].to_numpy(),
            "mean_srim": means["srim"].to_numpy(),
        }
    )
    if informative is None:
        return ranking
    labels = ranking["sigma"]
    return ranking.assign(
        effective_complexity=[informative.effective_complexity(label) for label in labels],
        n_columns=[informative.n_columns(label) for label in labels],
        n_varying=[informative.n_varying(label) for label in labels],
        identical_to=[informative.smallest(label) for label in labels],
    )
