r"""Tables B.1, B.2 and B.3: the descriptors that know most and least about the others."""

from __future__ import annotations

import pandas as pd

from gmd.tables.frames import checked

RANKING_TABLE_COLUMNS = ("sigma", "mean_rim_to_others", "mean_rim_from_others", "mean_srim")
COMPLEXITY_COLUMNS = ("complexity", "effective_complexity")
ROWS_AT_EACH_END = 15


def table_b1(ranking: pd.DataFrame) -> pd.DataFrame:
    r"""First and last rows by the mean symmetric imbalance ⟨ΔR̄⟩.

    Parameters
    ----------
    ranking : DataFrame
        One row per descriptor with columns ``sigma``, ``mean_rim_to_others`` ⟨ΔR(Σ → others)⟩,
        ``mean_rim_from_others`` ⟨ΔR(others → Σ)⟩ and ``mean_srim`` (dimensionless mean ranks);
        ``complexity``, and perhaps ``effective_complexity`` as
        :func:`gmd.imbalance.rank_descriptors` adds it.

    Returns
    -------
    DataFrame of shape (30, 4) or (30, 6)
        The label and the means, then both complexities where the effective one is known. The 15
        smallest rows come before the 15 largest, ascending; every row once where there are not
        more than 30. Equal values are ordered by label.

    Raises
    ------
    ValueError
        For a frame without these columns, or labels that are not three digits.

    References
    ----------
    Gharakhanyan et al. 2023, table B.1.
    """
    return _both_ends(ranking, "mean_srim")


def table_b2(ranking: pd.DataFrame) -> pd.DataFrame:
    """First and last rows by what a descriptor tells about the others, ⟨ΔR(Σ → others)⟩.

    Parameters, result and errors are those of :func:`table_b1`; the source is table B.2.
    """
    return _both_ends(ranking, "mean_rim_to_others")


def table_b3(ranking: pd.DataFrame) -> pd.DataFrame:
    """First and last rows by what the others tell about a descriptor, ⟨ΔR(others → Σ)⟩.

    Parameters, result and errors are those of :func:`table_b1`; the source is table B.3, which
    heads its first column Σ_2 and prints the two directions the other way round.
    """
    return _both_ends(ranking, "mean_rim_from_others")


def _both_ends(ranking: pd.DataFrame, quantity: str) -> pd.DataFrame:
    ranking = checked(ranking, "ranking")
    table = ranking.sort_values([quantity, "sigma"], ignore_index=True)
    chosen = list(RANKING_TABLE_COLUMNS)
    if "effective_complexity" in table:
        chosen += COMPLEXITY_COLUMNS
    table = table.loc[:, chosen]
    if len(table) > 2 * ROWS_AT_EACH_END:
        table = pd.concat(
            [table.head(ROWS_AT_EACH_END), table.tail(ROWS_AT_EACH_END)], ignore_index=True
        )
    return table
