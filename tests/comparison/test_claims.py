"""Every claim, with its own parameters, in a run that bears it out and in one that does not."""

from __future__ import annotations

import pandas as pd
import pytest

from comparison.made_runs import FULL, LABELS, complexity, imbalance_with, ranking_with, run_with
from gmd.comparison import CLAIMS, curves, evaluate_claims, orderings, pairings
from gmd.comparison.pairings import PAIR_PROPERTIES
from gmd.tables import construction

ORDER = {label: place for place, label in enumerate(LABELS)}


def at_end(p):
    wanted = [FULL.get(label, label) for label in p["labels"]]
    sign = -1 if p["end"] == "best" else 1

    def there(label):
        return 500 + (sign * 200 if label in wanted else ORDER[label])

    def elsewhere(label):
        return 500 - (sign * 200 if label in wanted else ORDER[label])

    return tuple(run_with(dict.fromkeys(p["quantities"], f)) for f in (there, elsewhere))


def in_order(p):
    wanted = [FULL.get(label, label) for label in p["labels"]]

    def ordered(label):
        return wanted.index(label) if label in wanted else 500 + ORDER[label]

    def last_two_swapped(label):
        *others, last_but_one, last = wanted
        swapped = [*others, last, last_but_one]
        return swapped.index(label) if label in wanted else 500 + ORDER[label]

    return tuple(run_with(dict.fromkeys(p["quantities"], f)) for f in (ordered, last_two_swapped))


def weighting(p):
    def prevails(label):
        return (1 if construction(label).k == 2 else 2) + 0.001 * ORDER[label]

    def lags(label):
        return (2 if construction(label).k == 2 else 1) + 0.001 * ORDER[label]

    return tuple(run_with(dict.fromkeys(p["quantities"], f)) for f in (prevails, lags))


def similar_order(p):
    def rising(label):
        return 2.0 + ORDER[label]

    def falling(label):
        return 200.0 - ORDER[label]

    alike = {name: rising for pair in p["pairs"] for name in pair}
    # the last pair alone is against
    return run_with(alike), run_with({**alike, p["pairs"][-1][1]: falling})


def as_good_as(p):
    one = FULL.get(p["label"], p["label"])
    tolerance = p["tolerance"]
    return tuple(
        run_with({p["quantity"]: lambda label, f=factor: 10 * f if label == one else 10})
        for factor in (1 + 0.9 * tolerance, 1 + 1.1 * tolerance)
    )


def simpler_suffices(p):
    def flat(label):
        return 10.0

    def only_full(label):
        return 10.0 if label == "555" else 10.0 * (1.01 + p["tolerance"])

    return run_with({p["quantity"]: flat}), run_with({p["quantity"]: only_full})


def near_one(p):
    def is_member(label):
        return construction(label).method == p["method"] and int(label[1]) > p["above_inner"]

    def near(label):
        return 2.0 if is_member(label) else 4.0

    def far(label):
        return 3.0

    return run_with({p["near"]: near, p["far"]: far}), run_with({p["near"]: far, p["far"]: near})


def same_magnitude(p):
    return tuple(run_with({p["quantity"]: lambda _, e=error: e}) for error in (20.0, 500.0))


def extreme_pairs(p):
    has = PAIR_PROPERTIES[p["having"]]
    return pair_runs(p, lambda one, other: has(construction(one), construction(other)))


def extreme_pairs_degree(p):
    return pair_runs(
        p, lambda *pair: all(max(int(label[n]) for n in (0, 1)) >= p["degree"] for label in pair)
    )


def pair_runs(p, has):
    low = p["which"] == "most_similar"
    return tuple(
        {"imbalance": imbalance_with(lambda a, b, s=side: 2 if has(a, b) == s else 9)}
        for side in (low, not low)
    )


def all_pairs(p):
    good, bad = {
        "asymmetric": (lambda a, b: 2 if a < b else 3, lambda a, b: 2),
        "distinct": (lambda a, b: 1 if a < b else 1.01, lambda a, b: 1 if "555" in (a, b) else 2),
        "not_below_1": (lambda a, b: 1, lambda a, b: 0.9 if (a, b) == ("100", "101") else 2),
    }[p["having"]]
    return {"imbalance": imbalance_with(good)}, {"imbalance": imbalance_with(bad)}


def converges(p):
    digit = 0 if p["degree"] == "outer" else 1

    def degree(*labels):
        return min(int(label[digit]) for label in labels)

    if p["quantity"] == "srim":
        shrinking = imbalance_with(lambda a, b: 1 + 0.5 ** degree(a, b))
        growing = imbalance_with(lambda a, b: 1 + 0.1 * degree(a, b))
        return {"imbalance": shrinking}, {"imbalance": growing}
    return (
        run_with({p["quantity"]: lambda label: 10 + 40 * 0.5 ** degree(label)}),
        run_with({p["quantity"]: lambda label: 100 - 10 * degree(label)}),
    )


def flat_beyond(p):
    def flat(label):
        return 5.0 if complexity(label) < 10 else 1.2

    def falling(label):
        return 100.0 - complexity(label)

    name = f"srim_{p['reference']}"
    return run_with({name: flat}), run_with({name: falling})


def minor_loss(p):
    def low(label):
        return 1.1 if complexity(label) > p["complexity_above"] else 5.0

    def high(label):
        return 5.0

    names = [f"rim_to_{p['reference']}", f"rim_from_{p['reference']}"]
    return run_with(dict.fromkeys(names, low)), run_with({names[0]: high, names[1]: low})


def columns_with(std, max_outer=5, max_inner=5):
    """Statistics of ten columns each of method iii, i and ii, unweighted, with a mean of 1."""
    rows = [
        (f"{outer and max_outer}{inner and max_inner}0", outer, inner)
        for outer in range(max_outer + 1)
        for inner in range(max_inner + 1)
        if outer or inner
        for _ in range(10)
    ]
    frame = pd.DataFrame(rows, columns=["block", "outer", "inner"])
    frame["column"] = [f"c{n}" for n in range(len(frame))]
    return frame.assign(
        mean=1.0, std=[float(std(o, i)) for o, i in zip(frame.outer, frame.inner, strict=True)]
    )


def scales_differ(p):
    apart = columns_with(
        lambda outer, inner: 10 ** (1.01 * p["decades"] * (outer * inner - 1) / 24)
    )
    alike = columns_with(
        lambda outer, inner: 10 ** (0.99 * p["decades"] * (outer * inner - 1) / 24)
    )
    return {"columns": apart}, {"columns": alike}


def averages_vary(p):
    varied, alike = (
        columns_with(lambda outer, inner, f=f: f * p["at_least"] if inner == 0 else 1 / f)
        for f in (1.01, 0.99)
    )
    return {"columns": varied}, {"columns": alike}


MAKERS = {
    id(orderings.AT_END): at_end,
    id(orderings.IN_ORDER): in_order,
    id(orderings.SHARE_OF_WEIGHTING): weighting,
    id(orderings.BOTH_WEIGHTINGS_BETTER): weighting,
    id(orderings.SIMILAR_ORDER): similar_order,
    id(orderings.AS_GOOD_AS): as_good_as,
    id(orderings.SIMPLER_SUFFICES): simpler_suffices,
    id(orderings.NEAR_ONE_NOT_THE_OTHER): near_one,
    id(orderings.SAME_MAGNITUDE): same_magnitude,
    id(pairings.EXTREME_PAIRS): extreme_pairs,
    id(pairings.EXTREME_PAIRS_DEGREE): extreme_pairs_degree,
    id(pairings.ALL_PAIRS): all_pairs,
    id(pairings.CONVERGES): converges,
    id(curves.FLAT_BEYOND): flat_beyond,
    id(curves.MINOR_LOSS): minor_loss,
    id(curves.SCALES_DIFFER): scales_differ,
    id(curves.AVERAGES_VARY): averages_vary,
}

SET = {"energy-errors-competitive": {"reference": 0.01}}
"""Parameters without which a claim is never decidable."""


@pytest.mark.parametrize("name", CLAIMS)
def test_claim_is_confirmed_and_refuted(name):
    claim = CLAIMS[name]
    item = {"id": name, **SET.get(name, {})}
    bearing_out, against = MAKERS[id(claim.mechanism)]({**claim.parameters, **SET.get(name, {})})
    yes = evaluate_claims([item], bearing_out).iloc[0]
    no = evaluate_claims([item], against).iloc[0]
    assert (yes.verdict, no.verdict) == ("confirmed", "refuted"), (yes.measured, no.measured)
    assert yes.measured != no.measured


@pytest.mark.parametrize("name", CLAIMS)
def test_claim_is_undecidable_without_frames(name):
    row = evaluate_claims([name], {}).iloc[0]
    assert row.verdict == "undecidable"
    assert "no frame" in row.measured


def test_reason_names_a_missing_label():
    ranking = ranking_with().query("sigma != '332'")
    row = evaluate_claims(["332-knows-most"], {"ranking": ranking}).iloc[0]
    assert (row.verdict, row.measured) == (
        "undecidable",
        "Σ_332 is not among the 96 descriptors here",
    )


def test_some_energies_only():
    frames = run_with({"lightgbm_mae": lambda label: 10.0, "lightgbm_rmse": lambda label: 10.0})
    few = frames["lightgbm"]["sigma"].isin(["100", "332", "555"])
    verdicts = evaluate_claims(None, {"lightgbm": frames["lightgbm"].loc[few]}).set_index("id")
    assert verdicts.loc["averages-worst-for-energies", "verdict"] == "undecidable"
    assert verdicts.loc["332-equals-full-by-mae", "verdict"] == "confirmed"
    assert verdicts.loc["energies-converge-outer", "verdict"] == "undecidable"
    assert verdicts.loc["full-best-for-energies", "measured"].startswith("only 3 descriptors")


def test_parameter_changes_the_verdict():
    frames = {"ranking": ranking_with(mean_rim_to_others=lambda label: ORDER[label])}
    third = LABELS[2]
    items = [{"id": "332-knows-most", "labels": [third], "within": within} for within in (2, 3)]
    verdicts = evaluate_claims(items, frames)
    assert verdicts["verdict"].to_list() == ["refuted", "confirmed"]
    assert verdicts["parameters"].str.contains(f'"labels": ["{third}"]', regex=False).all()


def verdict(name, frames):
    row = evaluate_claims([name], frames).iloc[0]
    return row.verdict, row.measured


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (["555", "332"], "confirmed"),
        (["332", "555"], "refuted"),
        (["442", "332", "555"], "refuted"),
        (["555", "442", "332"], "refuted"),
    ],
)
def test_second_is_neither_first_nor_behind_another(order, expected):
    errors = {label: 1.0 + place for place, label in enumerate(order)}
    frames = run_with({"lightgbm_rmse": lambda label: errors.get(label, 9.0)})
    assert verdict("332-second-for-energies", frames)[0] == expected


def test_central_moments_near_0_are_no_variation():
    alike = columns_with(lambda outer, inner: 0.001)
    alike.loc[(alike["outer"] > 1) | (alike["inner"] > 0), "mean"] = 1e-9
    assert verdict("environments-vary", {"columns": alike})[0] == "refuted"
    weighted = alike.assign(block=alike["block"].str[:2] + "1")
    assert verdict("environments-vary", {"columns": weighted}) == (
        "undecidable",
        "no plain average over all atoms varies",
    )


def test_one_noisy_column_is_no_difference_in_scale():
    columns = columns_with(lambda outer, inner: 1.0)
    both = columns.index[(columns["outer"] == 5) & (columns["inner"] == 5)]
    columns.loc[both[0], "std"] = 1e-12
    assert verdict("scales-imbalanced", {"columns": columns})[0] == "refuted"


def test_scales_without_higher_moments():
    columns = columns_with(lambda outer, inner: 10.0**inner, 1, 1)
    assert verdict("scales-imbalanced", {"columns": columns}) == (
        "undecidable",
        "method iii has no higher moments here",
    )
    constant = columns_with(lambda outer, inner: 0.0)
    assert verdict("scales-imbalanced", {"columns": constant})[0] == "undecidable"
    without_orders = columns.drop(columns=["outer", "inner"])
    for name in ("scales-imbalanced", "environments-vary"):
        assert "does not tell the moment orders" in verdict(name, {"columns": without_orders})[1]


def test_geometry_is_compared_with_geometry_only():
    worse_than_weighted = {"0": 3.0, "1": 1.0, "2": 2.0}
    names = {"one-weighting-insufficient": "mean_rim_to_others",
             "one-weighting-loses-elements": "rim_to_050"}  # fmt: skip
    verdicts = [
        verdict(name, run_with({quantity: lambda label: worse_than_weighted.get(label[2], 2.0)}))[0]
        for name, quantity in names.items()
    ]
    assert verdicts == ["confirmed", "refuted"]


def test_both_of_a_pair_have_a_high_moment_and_the_base_rate_is_told():
    def one_is_low(first, second):
        low = [max(int(label[0]), int(label[1])) < 4 for label in (first, second)]
        return 2 if sum(low) == 1 else 9

    found, measured = verdict(
        "similar-pairs-high-moments", {"imbalance": imbalance_with(one_is_low)}
    )
    assert found == "refuted"
    assert measured == (
        "0 of the 30 most similar pairs have a degree of 4 or more in both descriptors, "
        "as do 36% of all pairs"
    )


def test_same_method_with_different_weightings():
    def weighting_differs(first, second):
        return 2 if first[:2] == second[:2] and first[0] != "0" and first[1] != "0" else 9

    frames = {"imbalance": imbalance_with(weighting_differs)}
    assert verdict("similar-pairs-same-method", frames)[0] == "confirmed"


def test_better_is_as_good():
    frames = run_with({"lightgbm_mae": lambda label: 5.0 if label == "332" else 10.0})
    assert verdict("332-equals-full-by-mae", frames)[0] == "confirmed"


def test_without_elements_before_full_is_not_the_order():
    means = {"554": 1.0, "555": 2.0}
    frames = {"ranking": ranking_with(mean_rim_to_others=lambda label: means.get(label, 3.0))}
    assert verdict("full-leads-by-information", frames)[0] == "refuted"
