"""What a figure's caption says of the columns behind its complexities."""

from __future__ import annotations

import pandas as pd

from gmd.tables import full_label


def constant_columns(ranking: pd.DataFrame) -> str:
    r"""Clause for a caption where complexity counts columns that are constant.

    Parameters
    ----------
    ranking : DataFrame
        As :func:`gmd.imbalance.rank_descriptors` makes it.

    Returns
    -------
    str
        Such as ", 960 of 3360 columns constant", those of the full descriptor; empty where all
        columns vary, or where it is not known how many do.
    """
    full = full_label(ranking["sigma"])
    if full is None or "n_varying" not in ranking:
        return ""
    total, varying = ranking.loc[ranking["sigma"] == full, ["n_columns", "n_varying"]].iloc[0]
    return f", {total - varying} of {total} columns constant" if varying < total else ""
