import pandas as pd
import pytest

from gmd.tables import read_table, table_b1, table_b5, table_csv, write_table
from tables.random_run import imbalance_frame, ranking_frame


def test_three_decimals_and_leading_zeros():
    table = pd.DataFrame({"sigma": ["050"], "mean_srim": [3.63149]})
    assert table_csv(table) == "sigma,mean_srim\n050,3.631\n"


def test_round_trip_and_nothing_left_behind(tmp_path):
    imbalance = imbalance_frame()
    for name, table in (("b1", table_b1(ranking_frame(imbalance))), ("b5", table_b5(imbalance))):
        path = tmp_path / "tables" / f"table_{name}.csv"
        write_table(table, path)
        pd.testing.assert_frame_equal(read_table(path), table.round(3), atol=1e-12)
    assert sorted(p.name for p in (tmp_path / "tables").iterdir()) == [
        "table_b1.csv",
        "table_b5.csv",
    ]


def test_marks_are_read_as_they_were(tmp_path):
    imbalance = imbalance_frame()
    ranking = ranking_frame(imbalance).assign(identical_to="010", effective_complexity=0.5)
    write_table(table_b5(imbalance, ranking), tmp_path / "table_b5.csv")
    assert read_table(tmp_path / "table_b5.csv")["identical"].to_list() == [True] * 30


def test_file_without_labels_is_refused(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="not a table"):
        read_table(path)
    path.write_text("sigma,b\n50,2\n")
    with pytest.raises(ValueError, match="'50' is not a descriptor label"):
        read_table(path)
