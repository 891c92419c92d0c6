import pandas as pd
import pytest

from gmd.comparison import published_means, published_table
from gmd.tables import table_b1, table_b2, table_b3
from tables.random_run import imbalance_frame, ranking_frame

TABLES = {
    "b1": (table_b1, "mean_srim"),
    "b2": (table_b2, "mean_rim_to_others"),
    "b3": (table_b3, "mean_rim_from_others"),
}


@pytest.fixture
def ranking():
    return ranking_frame(imbalance_frame())


@pytest.mark.parametrize("name", TABLES)
def test_fifteen_of_each_end_ascending(ranking, name):
    build, quantity = TABLES[name]
    table = build(ranking.sample(frac=1, random_state=1))
    values = ranking[quantity].sort_values().to_list()
    assert table[quantity].to_list() == values[:15] + values[-15:]
    assert table.columns.to_list() == published_table(name).columns.to_list()


@pytest.mark.parametrize("name", TABLES)
def test_published_rows_come_out_in_published_order(name):
    # the 56 published rows hold both ends of each table, so they give the table back
    build, _ = TABLES[name]
    table = build(published_means().assign(complexity=1))
    pd.testing.assert_frame_equal(table, published_table(name))


@pytest.mark.parametrize("name", TABLES)
def test_both_complexities_are_at_the_end_where_they_are_known(ranking, name):
    build, _ = TABLES[name]
    known = ranking.assign(effective_complexity=ranking["complexity"] * 0.75)
    table = build(known)
    assert table.columns.to_list()[-2:] == ["complexity", "effective_complexity"]
    pd.testing.assert_frame_equal(table.iloc[:, :-2], build(ranking))
    assert (table["effective_complexity"] == 0.75 * table["complexity"]).all()
    expected = ranking.set_index("sigma")["complexity"].loc[table["sigma"]]
    assert table["complexity"].to_list() == expected.to_list()


def test_up_to_thirty_rows_are_all_there_once(ranking):
    few = ranking.head(22)
    assert sorted(table_b1(few)["sigma"]) == sorted(few["sigma"])


def test_equal_values_are_ordered_by_label():
    ranking = pd.DataFrame(
        {
            "sigma": ["110", "101", "100"],
            "complexity": 1,
            "mean_rim_to_others": 2.0,
            "mean_rim_from_others": 2.0,
            "mean_srim": 2.0,
        }
    )
    assert table_b2(ranking)["sigma"].to_list() == ["100", "101", "110"]


def test_missing_column_is_named(ranking):
    with pytest.raises(ValueError, match="no column mean_srim"):
        table_b1(ranking.drop(columns="mean_srim"))


def test_labels_read_as_numbers_are_refused(ranking):
    with pytest.raises(ValueError, match="leading zeros"):
        table_b1(ranking.assign(sigma=ranking["sigma"].astype(int)))
