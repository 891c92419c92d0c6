"""How near a run's tables are to the published ones."""

from __future__ import annotations

import math

import pandas as pd

from gmd.comparison.published_tables import published_means, published_table
from gmd.tables import table_b1, table_b2, table_b3, table_b4, table_b5, unordered_pairs
from gmd.tables.frames import checked
from gmd.tables.rankings import ROWS_AT_EACH_END

AGREEMENT_COLUMNS = (
    "table",
    "quantity",
    "compared",
    "spearman",
    "median_ratio",
    "common_best",
    "of_best",
    "common_worst",
    "of_worst",
)

_MEAN_TABLES = {
    "b1": ("mean_srim", table_b1),
    "b2": ("mean_rim_to_others", table_b2),
    "b3": ("mean_rim_from_others", table_b3),
}


def compare_with_published(ranking: pd.DataFrame, imbalance: pd.DataFrame) -> pd.DataFrame:
    """Compare a run with the published tables B.1 to B.5.

    Parameters
    ----------
    ranking : DataFrame
        One row per descriptor: ``sigma``, ``complexity``, ``mean_rim_to_others``,
        ``mean_rim_from_others``, ``mean_srim``.
    imbalance : DataFrame
        Ordered pairs: ``sigma_1``, ``sigma_2``, ``rim``, ``rim_reverse``, ``srim``.

    Returns
    -------
    DataFrame of shape (5, 9)
        One row per table: ``table``; ``quantity`` compared; ``compared``, the number of published
        descriptors (of 56) or pairs that the run has as well; ``spearman``, the rank correlation
        over these, not a number for fewer than three; ``median_ratio`` run/published over these;
        ``common_best`` of ``of_best`` published rows at the low end that are at the run's low end
        too; ``common_worst`` of ``of_worst`` for the high end. B.4 has no high end and B.5 no low
        end, which is -1 of 0.

    Raises
    ------
    ValueError
        For frames without these columns.

    Notes
    -----
    A mean rank grows with the number of structures, so ratios far from 1 are no disagreement by
    themselves unless the data set is the paper's.
    """
    rows = list(compare_means(ranking).itertuples(index=False, name=None))
    pairs = _by_pair(unordered_pairs(imbalance))
    for name, ours_there in (("b4", table_b4(imbalance)), ("b5", table_b5(imbalance))):
        listed = _by_pair(published_table(name))
        common = len({*listed.index} & {*_by_pair(ours_there).index})
        ends = (common, len(listed), -1, 0) if name == "b4" else (-1, 0, common, len(listed))
        rows.append((name, "srim", *_agreement(_joined(pairs, listed)), *ends))
    return pd.DataFrame(rows, columns=list(AGREEMENT_COLUMNS))


def compare_means(ranking: pd.DataFrame) -> pd.DataFrame:
    """The rows of :func:`compare_with_published` for tables B.1 to B.3, which need no pairs.

    Parameters
    ----------
    ranking : DataFrame
        As there.

    Returns
    -------
    DataFrame of shape (3, 9)

    Raises
    ------
    ValueError
        For a frame without its columns.
    """
    ranking = checked(ranking, "ranking")
    rows = []
    published = published_means().set_index("sigma")
    for name, (quantity, build) in _MEAN_TABLES.items():
        both = _joined(ranking.set_index("sigma")[quantity], published[quantity])
        theirs = published_table(name)["sigma"].tolist()
        ours = build(ranking)["sigma"].tolist()
        best, worst = theirs[:ROWS_AT_EACH_END], theirs[ROWS_AT_EACH_END:]
        rows.append(
            (
                name,
                quantity,
                *_agreement(both),
                len({*best} & {*ours[:ROWS_AT_EACH_END]}),
                len(best),
                len({*worst} & {*ours[-ROWS_AT_EACH_END:]}),
                len(worst),
            )
        )
    return pd.DataFrame(rows, columns=list(AGREEMENT_COLUMNS))


def _by_pair(pairs: pd.DataFrame) -> pd.Series[float]:
    return pairs.set_index(["sigma_1", "sigma_2"])["srim"]


def _joined(run: pd.Series[float], published: pd.Series[float]) -> pd.DataFrame:
    both = pd.concat([run.rename("run"), published.rename("published")], axis=1, join="inner")
    return both.dropna()


def _agreement(both: pd.DataFrame) -> tuple[int, float, float]:
    if both.empty:
        return 0, math.nan, math.nan
    ratio = float((both["run"] / both["published"]).median())
    return len(both), spearman(both["run"], both["published"]), ratio


def spearman(first: pd.Series[float], second: pd.Series[float]) -> float:
    """Spearman's rank correlation; not a number for fewer than three values or constant ones."""
    if len(first) < 3 or first.nunique() < 2 or second.nunique() < 2:
        return math.nan
    return float(first.rank().corr(second.rank()))
