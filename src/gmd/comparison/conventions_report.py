"""The agreement of sixteen combinations of conventions as a page to read."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from gmd.comparison.conventions import CONVENTION_COLUMNS, QUANTITIES

AXES = ("absent_elements", "normalization", "method_ii")
_TABLES = {"srim": "B.1", "to_others": "B.2", "from_others": "B.3"}


def conventions_markdown(agreement: pd.DataFrame, *, dataset: str, is_papers_data: bool) -> str:
    """Write the comparison of conventions as Markdown.

    Parameters
    ----------
    agreement : DataFrame
        Result of :func:`gmd.comparison.compare_conventions`.
    dataset : str
        What the run's data are, such as "lps, whole set".
    is_papers_data : bool
        Whether these are the paper's own 6055 structures.

    Returns
    -------
    str
        The page: whose data these are, what the numbers say, and the table, the best first.

    Raises
    ------
    ValueError
        For a frame that is not such a result.
    """
    missing = [column for column in CONVENTION_COLUMNS if column not in agreement]
    if missing or agreement.empty:
        what = f"no column {', '.join(missing)}" if missing else "no rows"
        raise ValueError(f"conventions: {what}; pass the result of compare_conventions")
    agreement = agreement.sort_values("rank", kind="stable", ignore_index=True)
    compared = int(agreement["compared"].iloc[0])
    lines = ["# Conventions of the published tables", "", f"Data: {dataset}.", ""]
    lines += [
        "**These are the paper's own data.** The combination that the authors used must reproduce "
        "the printed numbers, not only their order."
        if is_papers_data
        else "**These are not the paper's own data.** Agreement of an order of descriptors is a "
        "hint at the conventions behind it, no proof: another data set may order descriptors "
        "differently under the very conventions of the paper, and the ratios depend on the number "
        "of structures.",
        "",
        f"The score is the mean of Spearman's correlations with the published means of tables B.1, "
        f"B.2 and B.3, over the {compared} descriptors that they print; equal scores share a rank. "
        "A combination is told apart from the best if the best is ahead of it in all three "
        "correlations, with all of these descriptors and with any one of them left out.",
        "",
        *_sentences(agreement),
        "",
    ]
    return "\n".join([*lines, *_table(agreement)]) + "\n"


def _sentences(agreement: pd.DataFrame) -> Iterator[str]:
    best, worst = agreement.iloc[0], agreement.iloc[-1]
    first = agreement.loc[agreement["rank"] == 1]
    yield (
        f"- Best: {' and '.join(map(_name, _rows(first)))}, with a score of {best['score']:.3f}; "
        f"the last, {_name(worst)}, has {worst['score']:.3f}."
    )
    near = agreement.loc[~agreement["told_apart"].astype(bool) & (agreement["rank"] > 1)]
    yield (
        "- All others are told apart from the best."
        if near.empty
        else "- Not told apart from the best, for one table at least does not put them behind: "
        f"{'; '.join(map(_name, _rows(near)))}."
    )
    for axis in AXES:
        yield f"- {_axis_sentence(agreement, axis)}"
    most = agreement.iloc[int(agreement["reproduced"].to_numpy().argmax())]
    printed = len(QUANTITIES) * int(best["compared"])
    yield (
        f"- Of the {printed} printed means, {_name(most)} reproduces most to the last digit: "
        f"{int(most['reproduced'])}."
        if most["reproduced"]
        else f"- None of the {printed} printed means is reproduced to the last digit by any."
    )


def _axis_sentence(agreement: pd.DataFrame, axis: str) -> str:
    """How the best's choice of one convention compares with the others, all else being equal."""
    best = agreement.iloc[0]
    alike = [name for name in AXES if name != axis]
    scores = agreement.pivot(index=alike, columns=axis, values="score")
    parts = []
    for other in scores.columns.drop(best[axis]):
        difference = (scores[best[axis]] - scores[other]).dropna()
        here = difference[tuple(best[name] for name in alike)]
        parts.append(
            f"`{other}` in {int((difference > 0).sum())} of {len(difference)} pairs, "
            f"by {here:.3f} next to the best"
        )
    if not parts:
        return f"`{axis}`: nothing but `{best[axis]}` was tried."
    return (
        f"`{axis}`: between combinations that are alike in the other two, `{best[axis]}` has a "
        f"higher score than {'; than '.join(parts)}."
    )


def _table(agreement: pd.DataFrame) -> Iterator[str]:
    tables = list(_TABLES.values())
    heading = [
        "rank",
        *(f"`{axis}`" for axis in AXES),
        "score",
        *(f"Spearman {table}" for table in tables),
        *(f"Kendall {table}" for table in tables),
        *(f"ratio {table}" for table in tables),
        "low ends",
        "high ends",
        "told apart",
    ]
    yield f"| {' | '.join(heading)} |"
    yield "|--:|---|---|---|" + "--:|" * (len(heading) - 5) + "---|"
    for row in _rows(agreement):
        ends = [
            f"{sum(int(row[f'common_{end}_{name}']) for name in QUANTITIES)} of 45"
            for end in ("best", "worst")
        ]
        cells = [
            str(row["rank"]),
            *(str(row[axis]) for axis in AXES),
            _number(row["score"]),
            *(_number(row[f"spearman_{name}"]) for name in _TABLES),
            *(_number(row[f"kendall_{name}"]) for name in _TABLES),
            *(_number(row[f"median_ratio_{name}"]) for name in _TABLES),
            *ends,
            "best" if row["rank"] == 1 else "yes" if row["told_apart"] else "no",
        ]
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield (
        "Ratio: median of run/published. Low and high ends: how many of the 15 first and the 15 "
        "last descriptors of each table are at the same end here, of the three tables together."
    )


def _rows(frame: pd.DataFrame) -> list[pd.Series]:
    return [row for _, row in frame.iterrows()]


def _name(row: pd.Series) -> str:
    return ", ".join(f"`{row[axis]}`" for axis in AXES)


def _number(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.3f}"
