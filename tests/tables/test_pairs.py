import pandas as pd
import pytest

from gmd.comparison import published_table
from gmd.tables import table_b4, table_b5, unordered_pairs
from tables.random_run import imbalance_frame, ranking_frame


def both_ways(rows):
    frame = pd.DataFrame(rows, columns=["sigma_1", "sigma_2", "rim", "rim_reverse"])
    turned = frame.rename(
        columns={
            "sigma_1": "sigma_2",
            "sigma_2": "sigma_1",
            "rim": "rim_reverse",
            "rim_reverse": "rim",
        }
    )
    frame = pd.concat([turned, frame], ignore_index=True)
    return frame.assign(srim=(frame["rim"] + frame["rim_reverse"]) / 2)


def test_each_pair_once_and_the_right_way_round():
    pairs = unordered_pairs(
        both_ways(
            [
                ("100", "551", 15.0, 3.0),
                ("050", "100", 3.0, 12.0),
                ("550", "450", 1.2, 1.1),
                ("050", "111", 3.5, 11.0),
            ]
        )
    )
    assert pairs[["sigma_1", "sigma_2", "rim", "rim_reverse"]].to_numpy().tolist() == [
        ["450", "550", 1.1, 1.2],
        ["111", "050", 11.0, 3.5],
        ["100", "050", 12.0, 3.0],
        ["551", "100", 3.0, 15.0],
    ]


@pytest.mark.parametrize(("name", "build"), [("b4", table_b4), ("b5", table_b5)])
def test_published_pairs_keep_their_order_and_orientation(name, build):
    published = published_table(name)
    mixed = both_ways(published[["sigma_1", "sigma_2", "rim", "rim_reverse"]].to_numpy().tolist())
    table = build(mixed.sample(frac=1, random_state=3))
    listed = published.set_index(["sigma_1", "sigma_2"])
    ours = table.set_index(["sigma_1", "sigma_2"])
    assert set(ours.index) == set(listed.index)
    pd.testing.assert_frame_equal(
        ours.loc[listed.index, ["rim", "rim_reverse"]], listed[["rim", "rim_reverse"]]
    )
    # the paper sorts by unrounded values, so its order is checked to its last digit only
    assert (ours["srim"].diff().dropna() >= 0).all()
    assert (listed["srim"].diff().dropna() >= 0).all()


def test_thirty_rows_at_either_end():
    imbalance = imbalance_frame()
    values = imbalance.loc[imbalance["sigma_1"] < imbalance["sigma_2"], "srim"].sort_values()
    assert table_b4(imbalance)["srim"].to_list() == values.head(30).to_list()
    assert table_b5(imbalance)["srim"].to_list() == values.tail(30).to_list()


def test_fewer_than_thirty_pairs_are_all_there():
    imbalance = imbalance_frame(1, 1)
    n_labels = imbalance["sigma_1"].nunique()
    n_pairs = n_labels * (n_labels - 1) // 2
    assert len(table_b4(imbalance)) == len(table_b5(imbalance)) == min(n_pairs, 30)


def test_pairs_that_are_identical_by_construction_are_marked():
    imbalance = both_ways(
        [("220", "320", 1.0, 1.0), ("100", "101", 1.0, 1.0), ("100", "220", 2.0, 3.0)]
    )
    smallest = {"100": "100", "101": "101", "220": "220", "320": "220"}
    ranking = ranking_frame(imbalance).assign(identical_to=smallest.values())
    for table in (table_b4(imbalance, ranking), table_b5(imbalance, ranking)):
        marks = table.set_index(["sigma_1", "sigma_2"])["identical"]
        # both have an imbalance of 1
        assert marks.to_dict() == {
            ("220", "320"): True,
            ("100", "101"): False,
            ("220", "100"): False,
        }
    plain = table_b4(imbalance)
    pd.testing.assert_frame_equal(table_b4(imbalance, ranking).drop(columns="identical"), plain)
    pd.testing.assert_frame_equal(table_b4(imbalance, ranking_frame(imbalance)), plain)
    with pytest.raises(ValueError, match="no row for 320, which the imbalances have"):
        table_b4(imbalance, ranking.query("sigma != '320'"))


def test_pair_with_itself_is_refused():
    with pytest.raises(ValueError, match="100 is paired with itself"):
        table_b4(both_ways([("100", "100", 1.0, 1.0)]))
