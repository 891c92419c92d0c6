"""Identical descriptors: the smallest is recommended, and what loses nothing is named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from gmd.descriptors import DescriptorSpace, informative_columns
from gmd.imbalance import imbalance_table, rank_descriptors
from gmd.local import Sites
from gmd.recommendation import check_document, choices, page, recommend, subsampled_choices

ABOUT = {
    "dataset": "toy, whole set",
    "laed": {"name": "paper", "settings": {"family": "chebyshev"}},
    "normalization": "zscore",
    "n_neighbours": 1,
    "energy_dataset": None,
    "provenance": {"version": "0.1.0", "settings": {}, "inputs": {"a": "0" * 64}},
}


def random_space(
    elements: tuple[str, ...], degrees: tuple[int, int], n: int = 30
) -> DescriptorSpace:
    """Three atoms of each element in every structure."""
    rng = np.random.default_rng(8)
    n_atoms = 3 * len(elements)
    sites = Sites(
        rng.normal(size=(n * n_atoms, 2)),
        np.repeat(np.arange(n), n_atoms),
        np.tile(elements, 3 * n),
    )
    return DescriptorSpace.from_sites(
        sites,
        weights={"Ti": 1.0, "O": -0.7},
        elements=elements,
        max_outer=degrees[0],
        max_inner=degrees[1],
    )


def tables_of(space: DescriptorSpace) -> tuple[pd.DataFrame, pd.DataFrame]:
    imbalance = imbalance_table(space)
    complexities = {label: space.complexity(label) for label in space.labels}
    return imbalance, rank_descriptors(imbalance, complexities, informative_columns(space))


def document_of(imbalance: pd.DataFrame, ranking: pd.DataFrame, n: int, **more: Any) -> dict:
    found = {**ABOUT, **recommend(imbalance, ranking, n_structures=n, **more)}
    check_document(found)
    return found


@pytest.fixture(scope="module")
def two_elements() -> tuple[pd.DataFrame, pd.DataFrame]:
    return tables_of(random_space(("Ti", "O"), (3, 2)))


def test_the_smallest_of_identical_descriptors_is_recommended(two_elements) -> None:
    imbalance, ranking = two_elements
    # as if ties, broken by rounding, made the larger of two identical descriptors look better
    better = imbalance.copy()
    for one, other in (("sigma_1", "sigma_2"), ("sigma_2", "sigma_1")):
        here = better[one].isin(["325", "324"])
        for label in ranking["sigma"]:
            loss = {"310": 1.1, "210": 3.0, "324": 1.0, "325": 1.0}.get(label, 10.0)
            rows = here & (better[other] == label)
            better.loc[rows, ["rim", "rim_reverse", "srim"]] = loss
    plain = document_of(better, ranking[list(ranking)[:5]], 30)
    assert plain["recommended"]["sigma"] == "310"
    found = document_of(better, ranking, 30)
    assert found["recommended"]["sigma"] == "210"
    assert found["recommended"]["identical"] == ["210", "310"]
    assert found["recommended"]["effective_complexity"] == 2
    for block in found["references"].values():
        assert "210" in block["front"]
        larger = next(point for point in block["points"] if point["sigma"] == "310")
        assert larger["loss"] == 1.1
        assert (larger["on_front"], larger["distance"]) == (False, None)
        assert (larger["identical_to"], larger["effective_complexity"]) == ("210", 2)


def test_keeping_everything_is_the_smallest_that_is_everything() -> None:
    # one element: 010 and 020 are all that there is, and a front of two has no knee
    imbalance, ranking = tables_of(random_space(("Ti",), (2, 2)))
    found = document_of(imbalance, ranking, 30)
    chosen = found["recommended"]
    assert (chosen["sigma"], chosen["complexity"], chosen["compressed"]) == ("020", 2, False)
    assert {"120", "224", "225"} < set(chosen["identical"])
    assert found["columns"]["lossless"]["same_distances"] == {
        "sigma": "020",
        "complexity": 2,
        "effective_complexity": 2.0,
    }
    assert (
        "keep everything, which is Σ_020 with 2 columns per LAED component: it gives the same "
        "distances as Σ_225 with"
    ) in page(found)
    assert "The smallest descriptor with the same distances as Σ_225 is Σ_020" in page(found)


def test_columns_are_told(two_elements) -> None:
    found = document_of(*two_elements, 30)
    columns = found["columns"]
    # 12 blocks of method iii, 3 of method i, each weighted and not; 2 of method ii per element
    assert columns["n_columns"] == 2 * (2 * 6 + 2 * 3 + 2 * 2)
    assert columns["n_constant"] == 2 * 2 * 2 == columns["n_columns"] - columns["n_varying"]
    assert columns["effective_complexity"] == 18
    assert ["210", "310"] in columns["identical"]
    full = {"sigma": "325", "complexity": 22, "effective_complexity": 18.0}
    assert columns["lossless"]["same_distances"] == full
    text = page(found)
    assert "Of the 44 columns of Σ_325, 8 are constant over these structures" in text
    assert "per LAED component 18 of 22 columns vary." in text
    assert "No smaller descriptor gives the same distances as Σ_325." in text


def test_the_same_neighbours_are_less_than_the_same_distances() -> None:
    # each structure is twice as far out as the one before: variances order them as means do
    n = 24
    sites = Sites(
        np.outer(2.0 ** np.arange(n), [1.0, 1.5]).reshape(-1, 1),
        np.repeat(np.arange(n), 2),
        np.full(2 * n, "Ti"),
    )
    space = DescriptorSpace.from_sites(
        sites, weights={"Ti": 1.0}, elements=("Ti",), max_outer=2, max_inner=2
    )
    tables = tables_of(space)
    found = document_of(*tables, n)
    lossless = found["columns"]["lossless"]
    assert lossless["same_distances"]["sigma"] == "020"
    assert lossless["same_neighbours"]["sigma"] == "010"
    text = page(found)
    assert "finds the same nearest neighbour of every structure is Σ_010 (1 column per" in text
    assert "measured on these structures, and may not be true of others" in text
    # an imbalance over several neighbours is not 1 where nothing is lost
    several = document_of(*tables, n, n_neighbours=2)
    assert several["columns"]["lossless"]["same_neighbours"] is None
    assert "was not examined" in page(several)


def test_a_ranking_that_does_not_tell_is_taken_as_it_is(two_elements) -> None:
    imbalance, ranking = two_elements
    plain = ranking[list(ranking)[:5]]
    found = document_of(imbalance, plain, 30)
    assert found["columns"] is None
    assert found["recommended"]["effective_complexity"] is None
    assert found["recommended"]["identical"] == [found["recommended"]["sigma"]]
    assert "What loses nothing" not in page(found)


def test_choices_are_made_among_candidates() -> None:
    complexity = [1, 2, 3, 8]
    losses = {"a": [9.0, 2.0, 1.5, 1.0], "b": [9.0, 2.0, 1.6, 1.0]}
    assert choices(complexity, losses) == {"a": 1, "b": 1, "both": 1}
    assert choices(complexity, losses, [0, 2, 3]) == {"a": 2, "b": 2, "both": 2}
    assert choices(complexity, losses, [0, 3]) == {"a": None, "b": None, "both": None}


def test_subsets_choose_among_the_smallest() -> None:
    space = random_space(("Ti", "O"), (3, 2), n=40)
    smallest = {informative_columns(space).smallest(label) for label in space.labels}
    assert len(smallest) < len(space.labels)
    rows = subsampled_choices(space, sizes=(30, 20), repeats=4, seed=1)
    chosen = set(rows["sigma"].dropna())
    assert chosen
    assert chosen <= smallest
