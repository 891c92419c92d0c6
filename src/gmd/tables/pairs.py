"""Tables B.4 and B.5: the most similar and the most dissimilar pairs of descriptors."""

from __future__ import annotations

import pandas as pd

from gmd.tables.construction import construction
from gmd.tables.frames import IMBALANCE_COLUMNS, checked

ROWS = 30


def unordered_pairs(imbalance: pd.DataFrame) -> pd.DataFrame:
    """Every pair of descriptors once, the way round in which the paper lists it.

    Parameters
    ----------
    imbalance : DataFrame
        Columns ``sigma_1``, ``sigma_2``, ``rim`` ΔR(1 → 2), ``rim_reverse`` ΔR(2 → 1) and
        ``srim``, with each pair one way round or both.

    Returns
    -------
    DataFrame
        The same columns, ascending in ``srim``; method iii is listed before method i before
        method ii, the smaller label first within a method. Equal values are ordered by label.

    Raises
    ------
    ValueError
        For a frame without these columns, a descriptor paired with itself, or labels that are
        not three digits.
    """
    pairs = checked(imbalance, "imbalance").loc[:, list(IMBALANCE_COLUMNS)]
    itself = pairs["sigma_1"] == pairs["sigma_2"]
    if itself.any():
        raise ValueError(
            f"imbalance: {pairs.loc[itself, 'sigma_1'].iloc[0]} is paired with itself; "
            "a table of pairs holds two different descriptors in each row"
        )
    labels = sorted(
        {*pairs["sigma_1"], *pairs["sigma_2"]}, key=lambda label: construction(label).order_key
    )
    place = {label: position for position, label in enumerate(labels)}
    backwards = (pairs["sigma_1"].map(place) > pairs["sigma_2"].map(place)).to_numpy()
    turned = pairs.loc[backwards].rename(
        columns={
            "sigma_1": "sigma_2",
            "sigma_2": "sigma_1",
            "rim": "rim_reverse",
            "rim_reverse": "rim",
        }
    )
    return (
        pd.concat([pairs.loc[~backwards], turned.loc[:, list(IMBALANCE_COLUMNS)]])
        .drop_duplicates(["sigma_1", "sigma_2"])
        .sort_values(["srim", "sigma_1", "sigma_2"], ignore_index=True)
    )


def table_b4(imbalance: pd.DataFrame, ranking: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the 30 pairs of smallest symmetric imbalance.

    Parameters
    ----------
    imbalance : DataFrame
        As for :func:`unordered_pairs`.
    ranking : DataFrame, optional
        As :func:`gmd.imbalance.rank_descriptors` makes it, with the column ``identical_to``.

    Returns
    -------
    DataFrame of shape (30, 5) or (30, 6)
        Columns ``sigma_1``, ``sigma_2``, ``rim``, ``rim_reverse``, ``srim``, ascending in
        ``srim``; all pairs where there are fewer. With `ranking` also ``identical``: whether the
        two give the same distances by construction, which says nothing about the structures.

    Raises
    ------
    ValueError
        As :func:`unordered_pairs`, or for a descriptor that is missing from `ranking`.

    References
    ----------
    Gharakhanyan et al. 2023, table B.4.
    """
    return _marked(unordered_pairs(imbalance).head(ROWS), ranking)


def table_b5(imbalance: pd.DataFrame, ranking: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the 30 pairs of largest symmetric imbalance, the largest in the last row.

    Parameters, result and errors are those of :func:`table_b4`; the source is table B.5.
    """
    return _marked(unordered_pairs(imbalance).tail(ROWS).reset_index(drop=True), ranking)


def _marked(pairs: pd.DataFrame, ranking: pd.DataFrame | None) -> pd.DataFrame:
    """Pairs with a mark on those that are identical, where that is known."""
    if ranking is None or "identical_to" not in ranking:
        return pairs
    smallest = checked(ranking, "ranking").set_index("sigma")["identical_to"]
    missing = sorted({*pairs["sigma_1"], *pairs["sigma_2"]} - {*smallest.index})
    if missing:
        raise ValueError(
            f"ranking: no row for {', '.join(missing)}, which the imbalances have; "
            "take both frames from the same run"
        )
    one, other = (pairs[column].map(smallest) for column in ("sigma_1", "sigma_2"))
    return pairs.assign(identical=one == other)
