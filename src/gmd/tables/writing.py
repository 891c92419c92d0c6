"""Tables as CSV files with the paper's three decimals."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from gmd.storage import written_whole
from gmd.tables.frames import LABEL_COLUMNS, check_labels


def table_csv(table: pd.DataFrame) -> str:
    """Text of a table: three decimals, labels with their leading zeros.

    Parameters
    ----------
    table : DataFrame
        One of the tables of this package.

    Returns
    -------
    str
        CSV with a heading line and ``\\n`` at line ends on every system.
    """
    return table.to_csv(index=False, float_format="%.3f", lineterminator="\n")


def write_table(table: pd.DataFrame, path: str | os.PathLike[str]) -> None:
    """Write a table as CSV, whole or not at all.

    Parameters
    ----------
    table : DataFrame
        One of the tables of this package.
    path : path-like
        The file; its folder is made if need be.
    """
    with written_whole(path) as partial:
        # bytes, so that no system puts its own line ends
        partial.write_bytes(table_csv(table).encode())


def read_table(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Read a table that :func:`write_table` wrote, labels as strings.

    Parameters
    ----------
    path : path-like
        The CSV file.

    Returns
    -------
    DataFrame
        Label columns of dtype str, ``identical`` bool, the others numbers.

    Raises
    ------
    ValueError
        If a label column holds anything but labels, or there is none.
    """
    table = pd.read_csv(Path(path), dtype=dict.fromkeys(LABEL_COLUMNS, str))
    if not set(LABEL_COLUMNS) & set(table.columns):
        raise ValueError(f"{path}: no column {' or '.join(LABEL_COLUMNS)}; not a table of Σ labels")
    for column in LABEL_COLUMNS:
        if column in table:
            check_labels(table[column], f"{path}, column {column}")
    return table
