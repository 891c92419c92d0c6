"""Claims about pairs of descriptors, and about how they converge with the moments."""

from __future__ import annotations

from collections.abc import Callable
from statistics import fmean

import pandas as pd

from gmd.comparison.mechanism import (
    Frames,
    Mechanism,
    Outcome,
    UndecidableError,
    choice,
    count,
    share,
)
from gmd.comparison.quantities import QUANTITY, quantity
from gmd.tables import Construction, construction, unordered_pairs


def _same_kind(first: Construction, second: Construction) -> bool:
    return first.same_kind_key == second.same_kind_key


def _neighbouring(first: Construction, second: Construction) -> bool:
    steps = abs(first.outer - second.outer) + abs(first.inner - second.inner)
    return _same_kind(first, second) and steps == 1


PAIR_PROPERTIES: dict[str, Callable[[Construction, Construction], bool]] = {
    "same_method": lambda first, second: first.method == second.method,
    "different_method": lambda first, second: first.method != second.method,
    "same_method_and_weighting": _same_kind,
    "neighbouring": _neighbouring,
}

IMBALANCE_PROPERTIES: dict[str, Callable[[pd.DataFrame], pd.Series[bool]]] = {
    "asymmetric": lambda pairs: pairs["rim"] != pairs["rim_reverse"],
    "distinct": lambda pairs: pairs["srim"] > 1,
    "not_below_1": lambda pairs: pairs[["rim", "rim_reverse"]].min(axis=1) >= 1,
}


def _extreme_pairs(frames: Frames, *, which: str, pairs: int, having: str, share: float) -> Outcome:
    chosen = _chosen(frames, which, pairs)
    has = PAIR_PROPERTIES[having]
    found = sum(
        has(construction(first), construction(second))
        for first, second in zip(chosen["sigma_1"], chosen["sigma_2"], strict=True)
    )
    return Outcome(
        found >= share * len(chosen),
        f"{found} of the {len(chosen)} {_words(which)} pairs are {_words(having)}",
    )


def _extreme_pairs_degree(
    frames: Frames, *, which: str, pairs: int, degree: int, share: float
) -> Outcome:
    everything = unordered_pairs(frames["imbalance"])
    made = {
        label: construction(label) for label in {*everything["sigma_1"], *everything["sigma_2"]}
    }
    highest = max(max(one.outer, one.inner) for one in made.values())
    if highest < degree:
        raise UndecidableError(f"the highest moment degree here is {highest}, not {degree}")
    chosen = _chosen(frames, which, pairs)
    high = [label for label, one in made.items() if max(one.outer, one.inner) >= degree]
    found, expected = (
        pairs["sigma_1"].isin(high) & pairs["sigma_2"].isin(high) for pairs in (chosen, everything)
    )
    return Outcome(
        bool(found.mean() >= share),
        f"{int(found.sum())} of the {len(chosen)} {_words(which)} pairs have a degree of {degree} "
        f"or more in both descriptors, as do {expected.mean():.0%} of all pairs",
    )


def _all_pairs(frames: Frames, *, having: str, share: float) -> Outcome:
    pairs = unordered_pairs(frames["imbalance"])
    if pairs.empty:
        raise UndecidableError("the frame 'imbalance' has no rows")
    has = IMBALANCE_PROPERTIES[having](pairs)
    smallest = float(pairs[["rim", "rim_reverse"]].to_numpy().min())
    return Outcome(
        bool(has.mean() >= share),
        f"{int(has.sum())} of {len(pairs)} pairs are {_words(having)}; "
        f"the smallest imbalance is {smallest:.4f}",
    )


def _converges(frames: Frames, *, quantity_name: str, degree: str, shrink: float) -> Outcome:
    steps = (
        _imbalance_steps(frames, degree)
        if quantity_name == "srim"
        else _value_steps(frames, quantity_name, degree)
    )
    if len(steps) < 2:
        raise UndecidableError(f"{len(steps)} step(s) in the {degree} degree; two are needed")
    words = ", ".join(f"{at}→{at + 1}: {step:.3g}" for at, step in steps.items())
    first, *_, last = steps.values()
    sizes = [abs(step) for step in steps.values()]
    what = (
        f"symmetric imbalance between neighbours, less 1, by {degree} degree"
        if quantity_name == "srim"
        else f"fall of {quantity_name} from one {degree} degree to the next"
    )
    return Outcome(
        # an error must fall at first; later steps may go either way if they are small
        first > 0 and abs(last) <= shrink * first and max(sizes) == first,
        f"mean {what}: {words}",
    )


def _imbalance_steps(frames: Frames, degree: str) -> dict[int, float]:
    """How far two descriptors of method iii are apart that differ by one degree, less 1."""
    pairs = unordered_pairs(frames["imbalance"])
    steps: dict[int, list[float]] = {}
    for first, second, srim in pairs[["sigma_1", "sigma_2", "srim"]].itertuples(index=False):
        one, other = construction(first), construction(second)
        if one.method != "iii" or not _neighbouring(one, other):
            continue
        changed = "outer" if one.outer != other.outer else "inner"
        if changed == degree:
            at = min(getattr(one, degree), getattr(other, degree))
            steps.setdefault(at, []).append(float(srim) - 1)
    return {at: fmean(steps[at]) for at in sorted(steps)}


def _value_steps(frames: Frames, name: str, degree: str) -> dict[int, float]:
    """How much a quantity falls, on average over method iii, from one degree to the next."""
    values = quantity(frames, name)
    steps: dict[int, list[float]] = {}
    for first in values.index:
        one = construction(first)
        if one.method != "iii":
            continue
        raised = (one.outer + 1, one.inner) if degree == "outer" else (one.outer, one.inner + 1)
        second = f"{raised[0]}{raised[1]}{one.k}"
        if second in values.index:
            at = one.outer if degree == "outer" else one.inner
            steps.setdefault(at, []).append(float(values[first] - values[second]))
    return {at: fmean(steps[at]) for at in sorted(steps)}


def _chosen(frames: Frames, which: str, number: int) -> pd.DataFrame:
    pairs = unordered_pairs(frames["imbalance"])
    if len(pairs) < 2 * number:
        raise UndecidableError(
            f"{len(pairs)} pairs; the {number} {_words(which)} of so few would say little"
        )
    return pairs.head(number) if which == "most_similar" else pairs.tail(number)


def _words(name: str) -> str:
    spoken = {
        "same_method": "of the same method",
        "different_method": "of different methods",
        "same_method_and_weighting": "of the same method and weighting",
        "neighbouring": "neighbours in one moment degree",
        "not_below_1": "at or above 1 both ways",
    }
    return spoken.get(name, name.replace("_", " "))


def _named(frames: Frames, *, quantity: str, degree: str, shrink: float) -> Outcome:
    return _converges(frames, quantity_name=quantity, degree=degree, shrink=shrink)


_WHICH = choice("which end of the order by symmetric imbalance", "most_similar", "most_dissimilar")
_PAIRS = count("number of pairs at that end")

EXTREME_PAIRS = Mechanism(
    _extreme_pairs,
    {
        "which": _WHICH,
        "pairs": _PAIRS,
        "having": choice("what the two have in common", *PAIR_PROPERTIES),
        "share": share("part of these pairs that must have it"),
    },
)
EXTREME_PAIRS_DEGREE = Mechanism(
    _extreme_pairs_degree,
    {
        "which": _WHICH,
        "pairs": _PAIRS,
        "degree": count("moment degree that counts as high"),
        "share": share("part of these pairs in which both must reach it"),
    },
)
ALL_PAIRS = Mechanism(
    _all_pairs,
    {
        "having": choice("what the imbalances of a pair should be", *IMBALANCE_PROPERTIES),
        "share": share("part of all pairs of which it must be true"),
    },
)
CONVERGES = Mechanism(
    _named,
    {
        "quantity": {
            "anyOf": [{"const": "srim"}, QUANTITY],
            "description": "srim for the imbalance between neighbours, or a quantity",
        },
        "degree": choice("which moments are added", "outer", "inner"),
        "shrink": share("largest ratio of the last step to the first, which must be the largest"),
    },
)
