import numpy as np
import pandas as pd
import pytest

from gmd.comparison import (
    compare_with_published,
    evaluate_claims,
    published_means,
    published_table,
)
from gmd.descriptors.notation import sigma_labels
from tables.random_run import imbalance_frame, ranking_frame

MEANS = ["mean_rim_to_others", "mean_rim_from_others", "mean_srim"]


@pytest.mark.parametrize(
    ("name", "rows"), [("b1", 30), ("b2", 30), ("b3", 30), ("b4", 30), ("b5", 18)]
)
def test_rows_and_labels(name, rows):
    table = published_table(name)
    assert len(table) == rows
    for column in {"sigma", "sigma_1", "sigma_2"} & set(table.columns):
        assert set(table[column]) <= set(sigma_labels())


@pytest.mark.parametrize("name", ["b1", "b2", "b3", "b4", "b5"])
def test_symmetric_value_is_the_mean_of_the_directions(name):
    table = published_table(name)
    there, back, both = table.columns[-3:]
    # all three are rounded to three decimals
    np.testing.assert_allclose(table[both], (table[there] + table[back]) / 2, atol=1.01e-3)


@pytest.mark.parametrize(("name", "by"), [("b1", MEANS[2]), ("b2", MEANS[0]), ("b3", MEANS[1])])
def test_mean_tables_are_sorted_by_their_quantity(name, by):
    assert published_table(name)[by].is_monotonic_increasing


def test_tables_agree_where_they_overlap():
    rows = pd.concat([published_table(name) for name in ("b1", "b2", "b3")])
    assert (rows.groupby("sigma")[MEANS].nunique() == 1).all(axis=None)
    means = published_means()
    assert len(means) == 56
    assert set(means["sigma"]) == set(rows["sigma"])


def test_unknown_table():
    with pytest.raises(ValueError, match="choose one of b1, b2"):
        published_table("b6")


def test_papers_own_numbers_bear_out_its_sentences():
    ranking = published_means().assign(complexity=1)
    verdicts = evaluate_claims(None, {"ranking": ranking}).set_index("id")["verdict"]
    confirmed = [
        "both-weightings-know-most",
        "both-weightings-best-overall",
        "both-weightings-best-inferred",
        "averages-worst-overall",
        "averages-know-least",
        "elements-hardest-to-infer",
        "332-knows-most",
    ]
    assert set(verdicts[confirmed]) == {"confirmed"}
    # Σ_555 is not among the 56, and Σ_554 is seventh in table B.2
    assert verdicts["full-leads-by-information"] == "undecidable"


@pytest.mark.parametrize(
    ("claim", "name", "pairs"),
    [
        ("similar-pairs-same-method", "b4", 30),
        ("similar-pairs-neighbours", "b4", 30),
        ("similar-pairs-high-moments", "b4", 30),
        ("dissimilar-pairs-different-methods", "b5", 18),
    ],
)
def test_papers_own_pairs_bear_out_its_sentences(claim, name, pairs):
    # as many pairs again at the other end of the order, so that there is something to choose from
    published = published_table(name)
    other = published_table("b5" if name == "b4" else "b4")
    imbalance = pd.concat([published, other, published_filler()], ignore_index=True)
    row = evaluate_claims([{"id": claim, "pairs": pairs}], {"imbalance": imbalance}).iloc[0]
    assert row.verdict == "confirmed", row.measured


def published_filler():
    pairs = [("110", f"{i}{j}2") for i in range(1, 6) for j in range(1, 6)]
    frame = pd.DataFrame(pairs, columns=["sigma_1", "sigma_2"])
    return frame.assign(rim=3.0, rim_reverse=3.0, srim=3.0)


def test_the_paper_agrees_with_itself():
    pairs = pd.concat([published_table("b4"), published_table("b5")], ignore_index=True)
    agreement = compare_with_published(published_means().assign(complexity=1), pairs)
    agreement = agreement.set_index("table")
    assert agreement["compared"].to_dict() == {"b1": 56, "b2": 56, "b3": 56, "b4": 30, "b5": 18}
    np.testing.assert_allclose(agreement["spearman"], 1.0)
    np.testing.assert_allclose(agreement["median_ratio"], 1.0)
    assert agreement.loc[["b1", "b2", "b3"], ["common_best", "common_worst"]].eq(15).all(axis=None)
    assert agreement.loc["b4", ["common_best", "of_best"]].to_list() == [30, 30]
    assert agreement.loc["b5", ["common_worst", "of_worst"]].to_list() == [18, 18]


def test_reversed_ranking_disagrees():
    means = published_means().assign(complexity=1)
    means[MEANS] = 10 - means[MEANS]
    agreement = compare_with_published(means, published_table("b4")).set_index("table")
    np.testing.assert_allclose(agreement.loc[["b1", "b2", "b3"], "spearman"], -1.0)
    assert agreement.loc[["b1", "b2", "b3"], ["common_best", "common_worst"]].eq(0).all(axis=None)
    assert agreement.loc["b5", "compared"] == 0
    assert np.isnan(agreement.loc["b5", "spearman"])


def test_smaller_space_is_compared_where_it_overlaps():
    imbalance = imbalance_frame(2, 2)
    agreement = compare_with_published(ranking_frame(imbalance, 2, 2), imbalance)
    assert (agreement["compared"].iloc[:3] == 14).all()
