"""Checks of the frames that tables, figures and comparisons start from."""

from __future__ import annotations

from typing import Any

import pandas as pd

from gmd.tables.construction import construction

IMBALANCE_COLUMNS = ("sigma_1", "sigma_2", "rim", "rim_reverse", "srim")
RANKING_COLUMNS = (
    "sigma",
    "complexity",
    "mean_rim_to_others",
    "mean_rim_from_others",
    "mean_srim",
)
LIGHTGBM_COLUMNS = ("sigma", "complexity", "n_estimators", "seed", "mae", "rmse")
LINEAR_COLUMNS = ("sigma", "complexity", "mae", "interpolating")
COLUMN_STATISTICS_COLUMNS = ("column", "block", "mean", "std")

LABEL_COLUMNS = ("sigma", "sigma_1", "sigma_2")

CONTRACT = {
    "imbalance": IMBALANCE_COLUMNS,
    "ranking": RANKING_COLUMNS,
    "lightgbm": LIGHTGBM_COLUMNS,
    "linear": LINEAR_COLUMNS,
    "columns": COLUMN_STATISTICS_COLUMNS,
}


def checked(frame: pd.DataFrame, kind: str, *, name: str | None = None) -> pd.DataFrame:
    """Return a frame after checking that it has the columns and labels of its kind.

    Parameters
    ----------
    frame : DataFrame
        The frame.
    kind : {"imbalance", "ranking", "lightgbm", "linear", "columns"}
        What it should be.
    name : str, optional
        What to call it in an error; `kind` if not given.

    Returns
    -------
    DataFrame
        The same frame with its rows numbered from 0.

    Raises
    ------
    ValueError
        For a missing column, or for labels that are not strings of three digits.
    """
    name = name or kind
    missing = [column for column in CONTRACT[kind] if column not in frame.columns]
    if missing:
        raise ValueError(
            f"{name}: no column {', '.join(missing)}; expected {', '.join(CONTRACT[kind])}, "
            f"found {', '.join(map(str, frame.columns))}"
        )
    for column in LABEL_COLUMNS:
        if column in CONTRACT[kind]:
            check_labels(frame[column], f"{name}, column {column}")
    return frame.reset_index(drop=True)


def check_labels(labels: pd.Series[Any], place: str) -> None:
    """Refuse anything but descriptor labels.

    Parameters
    ----------
    labels : Series
        The labels.
    place : str
        Where they are, for the error.

    Raises
    ------
    ValueError
        For a value that is not a string of three digits that the notation knows.
    """
    for label in labels.unique():
        try:
            construction(label)
        except ValueError as error:
            raise ValueError(f"{place}: {error}") from None
