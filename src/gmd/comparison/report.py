"""The comparison with the paper as a page to read."""

from __future__ import annotations

import math

import pandas as pd

from gmd.comparison.documentation import table_cell
from gmd.comparison.evaluation import VERDICT_COLUMNS

_HEADINGS = {"confirmed": "Confirmed", "refuted": "Refuted", "undecidable": "Not decidable here"}


def claims_markdown(
    claims_frame: pd.DataFrame,
    published_frame: pd.DataFrame,
    *,
    dataset: str,
    is_papers_data: bool,
) -> str:
    """Write the comparison with the paper as Markdown.

    Parameters
    ----------
    claims_frame : DataFrame
        Result of :func:`gmd.comparison.evaluate_claims`.
    published_frame : DataFrame
        Result of :func:`gmd.comparison.compare_with_published`.
    dataset : str
        What the run's data are, such as "lps, whole set, N = 450, GFN1-xTB".
    is_papers_data : bool
        Whether these are the paper's own 6055 structures.

    Returns
    -------
    str
        The page; its first lines say whether the data are the paper's own.

    Raises
    ------
    ValueError
        For a frame that is not such a result.
    """
    missing = [column for column in VERDICT_COLUMNS if column not in claims_frame]
    if missing:
        raise ValueError(
            f"claims: no column {', '.join(missing)}; pass the result of evaluate_claims"
        )
    lines = ["# Comparison with Gharakhanyan et al. 2023", "", f"Data: {dataset}.", ""]
    lines += [
        "**These are the paper's own data.** Numbers and statements can be compared directly."
        if is_papers_data
        else "**These are not the paper's own data.** The paper's 6055 structures are not part of "
        "this run. A statement refuted here is not thereby wrong about the paper's structures, "
        "and numbers that depend on the data, the number of structures foremost, cannot be "
        "expected to agree.",
        "",
        "The paper gives no thresholds for words such as “minor” or “slightly”. The ones used here "
        "are listed with each claim and can be set in the configuration.",
        "",
    ]
    counts = claims_frame["verdict"].value_counts()
    lines += ["## Claims", ""]
    if claims_frame.empty:
        lines += ["No claims are configured.", ""]
    else:
        lines += [
            ", ".join(f"{int(counts.get(verdict, 0))} {verdict}" for verdict in _HEADINGS)
            + f", of {len(claims_frame)}.",
            "",
        ]
    for verdict, heading in _HEADINGS.items():
        rows = claims_frame.loc[claims_frame["verdict"] == verdict]
        if rows.empty:
            continue
        measured = "what is missing" if verdict == "undecidable" else "measured"
        lines += [
            f"### {heading}",
            "",
            f"| claim | in the paper | {measured} | decided by | parameters |",
            "|---|---|---|---|---|",
        ]
        for row in rows.itertuples(index=False):
            cells = (
                f"**{row.id}**: {row.claim}",
                row.source,
                row.measured,
                f"`{row.decided_by}`",
                f"`{row.parameters}`",
            )
            lines.append("| " + " | ".join(table_cell(str(cell)) for cell in cells) + " |")
        lines.append("")
    return "\n".join([*lines, *_published(published_frame)]) + "\n"


def _published(published: pd.DataFrame) -> list[str]:
    lines = [
        "## Published tables",
        "",
        "Tables B.1 to B.3 print the first and last 15 descriptors each, 56 in all; of the 30 "
        "pairs of B.5, 18 are legible in the copy that was transcribed. The ratio is "
        "run/published.",
        "",
        "| table | quantity | compared | Spearman | median ratio | same at the low end "
        "| same at the high end |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    for row in published.itertuples(index=False):
        lines.append(
            f"| {str(row.table).replace('b', 'B.')} | `{row.quantity}` | {row.compared} "
            f"| {_number(row.spearman)} | {_number(row.median_ratio)} "
            f"| {_overlap(row.common_best, row.of_best)} "
            f"| {_overlap(row.common_worst, row.of_worst)} |"
        )
    return lines


def _number(value: object) -> str:
    return "–" if math.isnan(float(str(value))) else f"{float(str(value)):.3f}"


def _overlap(common: object, of: object) -> str:
    return f"{common} of {of}" if int(str(of)) else "–"
