"""What captions say of constant columns."""

from __future__ import annotations

import pandas as pd
import pytest

from gmd.figures import constant_columns


@pytest.mark.parametrize(
    ("n_varying", "clause"), [(2400, ", 960 of 3360 columns constant"), (3360, "")]
)
def test_constant_columns_of_the_full_descriptor_are_counted(n_varying, clause) -> None:
    ranking = pd.DataFrame(
        {"sigma": ["310", "555"], "n_columns": [144, 3360], "n_varying": [96, n_varying]}
    )
    assert constant_columns(ranking) == clause


def test_nothing_is_said_of_what_is_not_known() -> None:
    assert constant_columns(pd.DataFrame({"sigma": ["555"], "complexity": [75]})) == ""
    without_full = pd.DataFrame({"sigma": ["310"], "n_columns": [144], "n_varying": [96]})
    assert constant_columns(without_full) == ""
