"""Which columns of the full descriptor vary, and which smaller descriptors lose nothing of it."""

from __future__ import annotations

from typing import Any

import pandas as pd


def columns_and_lossless(
    ranking: pd.DataFrame, points: pd.DataFrame, full: str, *, n_neighbours: int
) -> dict[str, Any] | None:
    """What a recommendation says of the columns.

    A descriptor loses nothing in either of two senses. It *gives the same distances* as the full
    one, up to a common factor, if it is identical to it
    (:class:`gmd.descriptors.InformativeColumns`): then any structures that are described by the
    same columns have the same neighbours. It *finds the same neighbours* if its imbalances to and
    from the full one are exactly 1: that is weaker, and was measured on these structures alone.

    Parameters
    ----------
    ranking : DataFrame
        As :func:`gmd.imbalance.rank_descriptors` makes it.
    points : DataFrame
        As of :func:`gmd.recommendation.reference_points`, against the full descriptor.
    full : str
        Label of the full descriptor.
    n_neighbours : int
        How many nearest neighbours the imbalances count.

    Returns
    -------
    dict or None
        ``columns`` of ``recommendation.schema.json``; None where the ranking does not tell which
        descriptors are identical. Smallest means the fewest varying columns, then the fewest
        columns, then the first in the order of the ranking. ``same_neighbours`` is None for more
        than one neighbour, with which an imbalance has no exact value where nothing is lost.
    """
    if "identical_to" not in ranking:
        return None
    by_size = ranking.sort_values(["n_varying", "n_columns"], kind="stable")
    rows: dict[str, Any] = {row["sigma"]: row for row in by_size.to_dict("records")}

    def named(sigma: str) -> dict[str, Any]:
        return {key: rows[sigma][key] for key in ("sigma", "complexity", "effective_complexity")}

    classes: dict[str, list[str]] = {}
    for sigma, row in rows.items():
        classes.setdefault(row["identical_to"], []).append(sigma)
    neighbours = None
    if n_neighbours == 1:
        both = (points[["rim_to_reference", "rim_from_reference"]] == 1.0).all(axis=1)
        # where distances are the same, only rounding can make an imbalance differ from 1
        same = {*points.loc[both, "sigma"], *classes[rows[full]["identical_to"]]}
        neighbours = named(next(sigma for sigma in rows if sigma in same))
    whole = rows[full]
    return {
        "n_columns": whole["n_columns"],
        "n_varying": whole["n_varying"],
        "n_constant": whole["n_columns"] - whole["n_varying"],
        "effective_complexity": whole["effective_complexity"],
        "identical": [members for members in classes.values() if len(members) > 1],
        "lossless": {
            "same_distances": named(whole["identical_to"]),
            "same_neighbours": neighbours,
        },
    }
