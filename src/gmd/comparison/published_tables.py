"""The numbers that the paper prints in its tables B.1 to B.5."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files

import pandas as pd

from gmd.tables import read_table

PUBLISHED_TABLES = ("b1", "b2", "b3", "b4", "b5")


def published_table(name: str) -> pd.DataFrame:
    """One of the paper's tables.

    Parameters
    ----------
    name : {"b1", "b2", "b3", "b4", "b5"}
        Which table.

    Returns
    -------
    DataFrame
        B.1 to B.3 (30 rows): ``sigma``, ``mean_rim_to_others``, ``mean_rim_from_others``,
        ``mean_srim``. B.4 (30 rows) and B.5 (18 legible rows of 30): ``sigma_1``, ``sigma_2``,
        ``rim``, ``rim_reverse``, ``srim``. Rows are in the printed order.

    Raises
    ------
    ValueError
        For an unknown name.

    References
    ----------
    Gharakhanyan et al. 2023, tables B.1 to B.5.
    """
    if name not in PUBLISHED_TABLES:
        raise ValueError(
            f"{name!r} is not a published table; choose one of {', '.join(PUBLISHED_TABLES)}"
        )
    return _read(name).copy()


def published_means() -> pd.DataFrame:
    """All descriptors of tables B.1 to B.3, each once.

    Returns
    -------
    DataFrame of shape (56, 4)
        ``sigma``, ``mean_rim_to_others``, ``mean_rim_from_others``, ``mean_srim``, by label.
    """
    rows = pd.concat([published_table(name) for name in ("b1", "b2", "b3")])
    return rows.drop_duplicates("sigma").sort_values("sigma", ignore_index=True)


@cache
def _read(name: str) -> pd.DataFrame:
    with as_file(files("gmd.comparison") / "published" / f"table_{name}.csv") as path:
        return read_table(path)
