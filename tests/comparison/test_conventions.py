"""Combinations of conventions beside the published means."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import kendalltau, spearmanr

from common import ELEMENTS, WEIGHTS
from gmd.comparison import (
    COMBINATIONS,
    Conventions,
    agreement_of_conventions,
    compare_conventions,
    compare_with_published,
    conventions_markdown,
    published_means,
    rankings_by_conventions,
)
from gmd.comparison.conventions import CONVENTION_COLUMNS
from gmd.descriptors import DescriptorSpace
from gmd.imbalance import imbalance_table, rank_descriptors
from gmd.local import Sites
from tables.random_run import imbalance_frame

MEANS = {
    "srim": "mean_srim",
    "to_others": "mean_rim_to_others",
    "from_others": "mean_rim_from_others",
}
OURS, THEIRS, OTHER = COMBINATIONS[0], COMBINATIONS[5], COMBINATIONS[10]


def ranking(noise=0.0, seed=0):
    """The published means with some noise."""
    frame = published_means().assign(complexity=1)
    values = frame[list(MEANS.values())]
    frame[list(MEANS.values())] = values + noise * np.random.default_rng(seed).normal(
        size=values.shape
    )
    return frame


def sites(seed=0, n=14, lacking=True):
    rng = np.random.default_rng(seed)
    element = np.concatenate(
        [
            ["Li", "S", *([] if lacking and one % 3 == 0 else ["P"]), *rng.choice(["Li", "S"], 3)]
            for one in range(n)
        ]
    )
    sizes = [5 if lacking and one % 3 == 0 else 6 for one in range(n)]
    return Sites(rng.normal(size=(sum(sizes), 2)), np.repeat(np.arange(n), sizes), element)


def test_sixteen_combinations():
    assert len(set(COMBINATIONS)) == 16
    assert {c.absent_elements for c in COMBINATIONS} == {"zero", "exclude"}
    assert {c.normalization for c in COMBINATIONS} == {"zscore", "minmax", "maxabs", "none"}
    assert {c.method_ii for c in COMBINATIONS} == {"moments", "repeated"}


def test_rankings_are_those_of_the_spaces():
    chunk = sites()
    settings = {"weights": WEIGHTS, "elements": ELEMENTS, "max_outer": 2, "max_inner": 3}
    done = []
    found = dict(rankings_by_conventions(lambda: [chunk], **settings, progress=done.append))
    assert tuple(found) == COMBINATIONS
    assert sum(done) == 16 * 14
    for one in (COMBINATIONS[0], COMBINATIONS[6], COMBINATIONS[13]):
        space = DescriptorSpace.from_sites(
            chunk, **settings, absent_elements=one.absent_elements, method_ii=one.method_ii
        )
        expected = rank_descriptors(
            imbalance_table(space, normalization=one.normalization),
            {label: space.complexity(label) for label in space.labels},
        )
        pd.testing.assert_frame_equal(found[one], expected)
    one, other = (
        Conventions("zero", "zscore", "moments"),
        Conventions("exclude", "zscore", "moments"),
    )
    assert not found[one].equals(found[other])


def test_conventions_that_change_nothing_share_a_rank():
    # no element is absent, and there is no third moment to repeat
    chunk = sites(lacking=False)
    settings = {"weights": WEIGHTS, "elements": ELEMENTS, "max_outer": 3, "max_inner": 2}
    found = compare_conventions(lambda: [chunk], **settings)
    assert tuple(found) == CONVENTION_COLUMNS
    assert len(found) == 16
    assert (found.groupby("normalization")["rank"].nunique() == 1).all()
    assert (found["rank"] == 1).sum() >= 4
    assert not found.loc[found["rank"] == 1, "told_apart"].any()


def test_the_papers_own_conventions_are_found():
    rankings = {
        one: ranking(0.0 if one == THEIRS else 1.0, seed) for seed, one in enumerate(COMBINATIONS)
    }
    found = agreement_of_conventions(rankings)
    best = found.iloc[0]
    assert tuple(best[list(Conventions._fields)]) == THEIRS
    assert best["rank"] == 1
    assert best["score"] == pytest.approx(1.0)
    assert best["compared"] == 56
    assert best["reproduced"] == 168
    assert not best["told_apart"]
    assert found["told_apart"].iloc[1:].all()
    assert (found["reproduced"].iloc[1:] < 10).all()
    assert found["score"].is_monotonic_decreasing
    assert found["rank"].tolist() == list(range(1, 17))


def test_numbers_are_those_of_scipy_and_of_the_comparison():
    run = ranking(0.8)
    row = agreement_of_conventions({OURS: run}).iloc[0]
    published = published_means()
    expected = compare_with_published(run, imbalance_frame(2, 2)).set_index("quantity")
    for name, quantity in MEANS.items():
        one, other = run[quantity], published[quantity]
        assert row[f"spearman_{name}"] == pytest.approx(spearmanr(one, other).statistic)
        assert row[f"kendall_{name}"] == pytest.approx(kendalltau(one, other).statistic)
        for column in ("median_ratio", "common_best", "common_worst"):
            assert row[f"{column}_{name}"] == expected.loc[quantity, column]
    spearman = [row[f"spearman_{name}"] for name in MEANS]
    assert row["score"] == pytest.approx(np.mean(spearman))


def told_apart_naively(best, other):
    published = published_means()
    for quantity in MEANS.values():
        for left_out in [None, *range(56)]:
            rows = [row for row in range(56) if row != left_out]
            one, two = (
                spearmanr(run[quantity].iloc[rows], published[quantity].iloc[rows]).statistic
                for run in (best, other)
            )
            if one <= two:
                return False
    return True


def test_told_apart_as_defined():
    noises = (0.12, 0.13, 0.8, 3.0)  # two that are nearly level, and two that are behind
    rankings = {COMBINATIONS[n]: ranking(noise, n) for n, noise in enumerate(noises)}
    found = agreement_of_conventions(rankings).set_index(list(Conventions._fields))
    best = rankings[Conventions(*found.index[0])]
    expected = [told_apart_naively(best, rankings[Conventions(*one)]) for one in found.index]
    assert found["told_apart"].tolist() == expected
    assert any(expected)
    assert not all(expected[1:])


def test_ahead_in_one_table_is_not_told_apart():
    ours, theirs = ranking(0.3, 1), ranking(3.0, 2)
    apart = agreement_of_conventions({OURS: ours, THEIRS: theirs}).set_index("normalization")
    assert apart.loc[THEIRS.normalization, "told_apart"]
    theirs["mean_rim_to_others"] = published_means()["mean_rim_to_others"]
    level = agreement_of_conventions({OURS: ours, THEIRS: theirs}).set_index("normalization")
    assert level.loc[OURS.normalization, "rank"] == 1
    assert not level.loc[THEIRS.normalization, "told_apart"]


def test_no_order_has_no_correlation():
    flat = ranking()
    flat[list(MEANS.values())] = 2.0
    row = agreement_of_conventions({OURS: flat}).iloc[0]
    assert row["score"] == 0.0
    assert "| – |" in conventions_markdown(
        agreement_of_conventions({OURS: flat}), dataset="x", is_papers_data=False
    )


@pytest.mark.parametrize(
    ("rankings", "complaint"),
    [
        ({}, "no rankings: give one"),
        ({OURS: ranking(), THEIRS: ranking().head(40)}, "different descriptors; give one run"),
        ({OURS: ranking().head(3)}, "3 of the published descriptors are in the rankings"),
    ],
)
def test_rankings_that_cannot_be_compared_are_refused(rankings, complaint):
    with pytest.raises(ValueError, match=complaint):
        agreement_of_conventions(rankings)


@pytest.fixture(scope="module")
def agreement():
    return agreement_of_conventions(
        {one: ranking(0.12 + 0.01 * n, n) for n, one in enumerate(COMBINATIONS)}
    )


def test_page_has_the_best_first(agreement):
    page = conventions_markdown(
        agreement.sample(frac=1, random_state=0), dataset="mine, whole set", is_papers_data=False
    )
    assert "Data: mine, whole set." in page
    assert "These are not the paper's own data" in page
    lines = [line for line in page.splitlines() if line.startswith("| ")]
    assert [line.split(" | ")[0] for line in lines[1:]] == [f"| {n}" for n in range(1, 17)]
    best = agreement.iloc[0]
    name = ", ".join(f"`{best[axis]}`" for axis in Conventions._fields)
    assert f"- Best: {name}, with a score of {best['score']:.3f}" in page
    assert f"| {best['score']:.3f} |" in lines[1]
    assert len({line.count(" | ") for line in lines}) == 1


def test_page_counts_pairs(agreement):
    page = conventions_markdown(agreement, dataset="x", is_papers_data=True)
    assert "These are the paper's own data" in page
    best = agreement.iloc[0]
    scores = agreement.set_index(list(Conventions._fields))["score"].unstack("method_ii")
    other = "repeated" if best["method_ii"] == "moments" else "moments"
    ahead = int((scores[best["method_ii"]] > scores[other]).sum())
    assert f"has a higher score than `{other}` in {ahead} of 8 pairs" in page


def test_page_says_what_is_not_told_apart(agreement):
    near = agreement.loc[~agreement["told_apart"]].iloc[1:]
    page = conventions_markdown(agreement, dataset="x", is_papers_data=False)
    (line,) = [line for line in page.splitlines() if line.startswith("- Not told apart")]
    assert line.count(";") == len(near) - 1
    apart = agreement.assign(told_apart=agreement["rank"] > 1)
    page = conventions_markdown(apart, dataset="x", is_papers_data=False)
    assert "- All others are told apart from the best." in page


def test_other_frames_are_refused(agreement):
    with pytest.raises(ValueError, match="no column score; pass the result of compare_conv"):
        conventions_markdown(agreement.drop(columns="score"), dataset="", is_papers_data=False)
    with pytest.raises(ValueError, match="no rows; pass the result"):
        conventions_markdown(agreement.head(0), dataset="", is_papers_data=False)
