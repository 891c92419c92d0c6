"""The whole recommendation, from spaces of known kind, and what is said of it."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

import numpy as np
import pytest

from common import ELEMENTS, WEIGHTS, random_space
from gmd.descriptors import DescriptorSpace, informative_columns
from gmd.imbalance import imbalance_contributions, rank_descriptors
from gmd.local import Sites
from gmd.recommendation import (
    check_document,
    count_distinct,
    page,
    recommend,
    sentences,
    subsampled_choices,
    subset_sizes,
    verdict,
)
from tables.random_run import lightgbm_frame, linear_frame

ABOUT = {
    "dataset": "toy, whole set",
    "laed": {"name": "paper", "settings": {"family": "chebyshev"}},
    "normalization": "zscore",
    "n_neighbours": 1,
    "energy_dataset": "limited set, made up",
    "provenance": {"version": "0.1.0", "settings": {}, "inputs": {"a": "0" * 64}},
}


def tables_of(space: DescriptorSpace) -> dict[str, Any]:
    """All that a recommendation is made from, energies excepted."""
    imbalance, contributions = imbalance_contributions(space)
    sizes = subset_sizes(space.n_structures, [0.5, 0.25], 2000)
    return {
        "imbalance": imbalance,
        "ranking": rank_descriptors(
            imbalance,
            {s: space.complexity(s) for s in space.labels},
            informative_columns(space),
        ),
        "contributions": contributions,
        "subsets": subsampled_choices(space, sizes=sizes, repeats=3, seed=0),
        "n_structures": space.n_structures,
        "n_distinct": count_distinct(space),
    }


def checked(**tables: Any) -> dict[str, Any]:
    """The document, as it is after writing and reading."""
    document = {**ABOUT, **recommend(**tables)}
    check_document(document)
    return json.loads(json.dumps(document, allow_nan=False))


@pytest.fixture(scope="module")
def tables() -> dict[str, Any]:
    made = tables_of(random_space(90, 11, degrees=(3, 2)))
    made["lightgbm"] = lightgbm_frame(made["ranking"])
    made["linear"] = linear_frame(made["ranking"])
    return made


@pytest.fixture(scope="module")
def document(tables) -> dict[str, Any]:
    return checked(**tables, resamples=200)


def test_references_are_the_two_highest(document) -> None:
    assert list(document["references"]) == ["325", "324"]
    for label, block in document["references"].items():
        by_label = {point["sigma"]: point for point in block["points"]}
        assert len(by_label) == len(block["points"]) == 31
        assert by_label[label]["loss"] == 1.0
        assert block["complexity"] == by_label[label]["complexity"]
        front = [by_label[sigma] for sigma in block["front"]]
        assert [p["sigma"] for p in block["points"] if p["on_front"]] == sorted(
            block["front"], key=[p["sigma"] for p in block["points"]].index
        )
        assert all(np.diff([p["complexity"] for p in front]) > 0)
        assert all(np.diff([p["loss"] for p in front]) < 0)
        if block["knee"] is not None:
            knee = by_label[block["knee"]]
            assert knee["distance"] == max(p["distance"] for p in front)


def test_intervals_hold_their_means_and_frequencies_add_up(document) -> None:
    assert document["resamples"] == 200
    for block in document["references"].values():
        for point in block["points"]:
            low, high = point["interval"]
            assert low <= point["loss"] <= high
            assert point["knee_frequency"] <= point["front_frequency"]
        total = sum(point["knee_frequency"] for point in block["points"])
        assert 0 < total <= 1 + 1e-9
    chosen = document["recommended"]
    assert chosen["frequency"] + sum(o["frequency"] for o in chosen["others"]) == pytest.approx(1)


def test_subsets_are_counted_by_size(document, tables) -> None:
    for name, trials, choice in [
        *((r, b["subsets"], b["knee"]) for r, b in document["references"].items()),
        ("both", document["recommended"]["subsets"], document["recommended"]["sigma"]),
    ]:
        rows = tables["subsets"].query(f"reference == '{name}'")
        assert [trial["size"] for trial in trials] == [45, 22]
        for trial in trials:
            sigmas = rows.loc[rows["size"] == trial["size"], "sigma"]
            if name == "both":
                sigmas = sigmas.fillna("325")
            assert trial["repeats"] == 3 == trial["none"] + sum(trial["counts"].values())
            assert trial["none"] == sigmas.isna().sum()
            same = trial["none"] if choice is None else (sigmas == choice).sum()
            assert trial["same"] == same


def test_energies_are_beside_and_have_no_say(document, tables) -> None:
    trees, linear = document["energy"]["lightgbm"], document["energy"]["linear"]
    assert (trees["error"], trees["n_seeds"], linear["error"]) == ("held out", 3, "training")
    assert all(point["n_estimators"] == 200 for point in trees["points"])
    for point in trees["points"]:
        assert point["interval"][0] < point["loss"] < point["interval"][1]
    assert all(point["interval"] is None for point in linear["points"])
    assert 0 < len(linear["points"]) < len(trees["points"])
    without = {key: value for key, value in tables.items() if key not in ("lightgbm", "linear")}
    alone = checked(**without, resamples=200)
    assert alone["energy"] == {}
    for key in ("sigma", "losses", "frequency", "others"):
        assert alone["recommended"][key] == document["recommended"][key]


def test_no_error_is_less_than_none(tables) -> None:
    """Two seeds that differ by a factor of ten: Student's interval alone would begin below 0."""
    fits = tables["lightgbm"].query("seed < 2")
    fits = fits.assign(mae=fits["mae"] * (1 + 9 * fits["seed"]))
    made = checked(**{**tables, "lightgbm": fits}, resamples=10)
    assert all(p["interval"][0] == 0 for p in made["energy"]["lightgbm"]["points"])


def test_one_seed_has_no_interval(tables) -> None:
    made = checked(**{**tables, "lightgbm": tables["lightgbm"].query("seed == 1")}, resamples=10)
    points = made["energy"]["lightgbm"]["points"]
    assert all(p["interval"] is p["knee_frequency"] is None for p in points)


@pytest.mark.parametrize("lacking", ["contributions", "resamples"])
def test_without_resampling_there_are_no_intervals(tables, lacking) -> None:
    change = {"contributions": None} if lacking == "contributions" else {"resamples": 0}
    made = checked(**{**tables, **change})
    assert made["resamples"] == 0
    for block in made["references"].values():
        assert all(p["interval"] is p["front_frequency"] is None for p in block["points"])
    assert made["recommended"]["frequency"] is None
    assert "bootstrap" not in page(made)
    assert "random subsets" in page(made)


def full_stops(text: str) -> int:
    return len(re.findall(r"\.(?=\s|$)", text))


def same_in_subsets(chosen: dict[str, Any]) -> float:
    same, repeats = (sum(s[key] for s in chosen["subsets"]) for key in ("same", "repeats"))
    return same / repeats


@pytest.mark.parametrize(
    ("shares", "word"),
    [([1.0], "firm"), ([0.7, 0.9], "firm"), ([0.7, 0.5], "fair"), ([0.99, 0.0], "weak")],
)
def test_verdict(shares, word) -> None:
    assert verdict(shares) == word


def test_three_sentences(document) -> None:
    which, cost, certain = sentences(document)
    assert all(full_stops(sentence) == 1 for sentence in (which, cost, certain))
    chosen = document["recommended"]
    assert f"Σ_{chosen['sigma']}" in which
    assert "toy, whole set (N = 90)" in which
    assert f"{chosen['frequency'] * 100:.0f} % of 200 bootstrap resamples" in certain
    assert "of 6 random subsets of 22 to 45 structures" in certain
    explained = page(document).split("\n", 3)[3]
    assert f'gmd.GlobalDescriptor("{chosen["sigma"]}")' in explained
    assert certain.startswith(
        f"The choice is {verdict([chosen['frequency'], same_in_subsets(chosen)])}:"
    )
    if chosen["compressed"]:
        loss = chosen["losses"]["325"]
        assert f"{loss['loss']:.3g} ({loss['interval'][0]:.3g} to" in cost
        assert "limited set, made up" in cost


def test_a_full_descriptor_that_nothing_replaces_is_kept(tables) -> None:
    """Losses that follow a power of the complexity leave nothing to choose."""
    complexity = tables["ranking"].set_index("sigma")["complexity"]
    imbalance = tables["imbalance"].copy()
    one, other = (complexity.loc[imbalance[f"sigma_{k}"]].to_numpy() for k in (1, 2))
    for column in ("rim", "rim_reverse", "srim"):
        imbalance[column] = (np.maximum(one, other) / np.minimum(one, other)) ** 0.5
    made = checked(**{**tables, "imbalance": imbalance}, resamples=20)
    assert [block["knee"] for block in made["references"].values()] == [None, None]
    assert made["recommended"]["sigma"] == "325"
    assert not made["recommended"]["compressed"]
    which, cost, _ = sentences(made)
    assert "keep Σ_325" in which
    assert "no knee towards Σ_325, no knee towards Σ_324" in cost


def equal_structures(n: int) -> DescriptorSpace:
    rows = np.random.default_rng(0).normal(size=(3, 2))
    sites = Sites(np.tile(rows, (n, 1)), np.repeat(np.arange(n), 3), np.tile(ELEMENTS, n))
    return DescriptorSpace.from_sites(
        sites, weights=WEIGHTS, elements=ELEMENTS, max_outer=2, max_inner=2
    )


@pytest.mark.parametrize(
    ("space", "words"),
    [
        (random_space(2, 0, degrees=(2, 2)), "Of 2 structures 2 are distinct, and at least 20"),
        (equal_structures(2), "Of 2 structures 1 is distinct"),
        (equal_structures(45), "Of 45 structures 1 is distinct"),
    ],
    ids=["two", "two alike", "all alike"],
)
def test_too_few_structures_to_tell(space, words) -> None:
    made = checked(**tables_of(space))
    assert made["recommended"] is None
    assert made["reason"].startswith(f"too few structures to tell: {space.n_structures}, ")
    assert made["resamples"] == 0
    which, cost, certain = sentences(made)
    assert "no descriptor can be recommended" in which
    assert words in cost
    assert "Σ_225" in certain


@pytest.mark.parametrize("weight", [1.0, 0.0])
def test_one_element_is_no_exception(weight) -> None:
    """Many descriptors are the same there, and with weight 0 half of them are constant."""
    rng = np.random.default_rng(4)
    counts = rng.integers(2, 6, 45)
    sites = Sites(
        rng.normal(size=(counts.sum(), 3)),
        np.repeat(np.arange(45), counts),
        np.full(counts.sum(), "Si"),
    )
    space = DescriptorSpace.from_sites(
        sites, weights={"Si": weight}, elements=("Si",), max_outer=3, max_inner=3
    )
    made = checked(**tables_of(space), resamples=50)
    assert made["recommended"] is not None
    assert len(sentences(made)) == 3


def test_duplicates_are_said() -> None:
    space = random_space(60, 3, degrees=(2, 2))
    values = space.values.copy()
    values[50:] = values[:10]
    made = checked(
        **tables_of(DescriptorSpace.from_values(space.layout, space.structures, values)),
        resamples=9,
    )
    assert (made["n_structures"], made["n_distinct"]) == (60, 50)
    assert any("10 of 60 structures are exact duplicates" in note for note in made["notes"])
    assert "10 are exact duplicates" in sentences(made)[2]


def test_tables_of_another_run_are_refused(tables) -> None:
    with pytest.raises(ValueError, match=r"contributions are of 90 structures, .* of 91"):
        recommend(**{**tables, "n_structures": 91})


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (("resamples",), -1, r"recommendation\.json, resamples: -1 is less than"),
        (("references", "325", "knee"), "3-5", r"references\.325\.knee"),
        (("recommended", "frequency"), 1.5, "recommended: .* is not valid"),
        (("surplus",), 1, "the document: Additional properties are not allowed"),
    ],
)
def test_what_the_schema_does_not_allow_is_refused(document, place, value, message) -> None:
    wrong = copy.deepcopy(document)
    *way, last = place
    here = wrong
    for key in way:
        here = here[key]
    here[last] = value
    with pytest.raises(ValueError, match=message):
        check_document(wrong)


def test_fits_of_few_descriptors_are_enough(tables) -> None:
    few = tables["lightgbm"].query("sigma in ['100', '325']")
    made = checked(**{**tables, "lightgbm": few, "linear": tables["linear"].tail(1)}, resamples=5)
    assert len(made["energy"]["lightgbm"]["points"]) == 2
    errors = made["recommended"]["energy"]["lightgbm"]
    assert errors["full"] is not None
    assert (errors["recommended"] is None) == (made["recommended"]["sigma"] not in ("100", "325"))
