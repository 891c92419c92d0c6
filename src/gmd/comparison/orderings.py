"""Claims about the order of the descriptors in some quantity."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from gmd.comparison.agreement import spearman
from gmd.comparison.mechanism import (
    LABEL,
    Frames,
    Mechanism,
    Outcome,
    UndecidableError,
    choice,
    count,
    label,
    positive,
    share,
)
from gmd.comparison.quantities import QUANTITY, complexities, quantity, resolve, written
from gmd.tables import construction

MINIMUM_DESCRIPTORS = 10
"""An order of fewer descriptors, as when only some have energies, decides nothing."""

MINIMUM_TRIPLES = 3
"""As many Σ_ij2 must be comparable with their parts."""

_QUANTITIES = {
    "type": "array",
    "items": QUANTITY,
    "minItems": 1,
    "description": "quantities in all of which it must hold",
}


def _order(frames: Frames, name: str) -> pd.Series[float]:
    values = quantity(frames, name)
    if len(values) < MINIMUM_DESCRIPTORS:
        raise UndecidableError(
            f"only {len(values)} descriptors have {name}; an order takes {MINIMUM_DESCRIPTORS}"
        )
    return values


def _at_end(
    frames: Frames, *, quantities: Sequence[str], labels: Sequence[str], end: str, within: int
) -> Outcome:
    holds, words = True, []
    for name in quantities:
        values = _order(frames, name)
        places = values.rank(method="min", ascending=end == "best")
        for wanted in labels:
            one = resolve(values.index, wanted)
            place = int(places[one])
            holds &= place <= within
            words.append(
                f"Σ_{one} is no. {place} of {len(values)} from the {end} by {name} "
                f"({written(name, values[one])})"
            )
    return Outcome(holds, "; ".join(words))


def _in_order(frames: Frames, *, quantities: Sequence[str], labels: Sequence[str]) -> Outcome:
    holds, words = True, []
    for name in quantities:
        values = _order(frames, name)
        places = values.rank(method="min")
        for wanted_place, wanted in enumerate(labels, start=1):
            one = resolve(values.index, wanted)
            place = int(places[one])
            holds &= place == wanted_place
            words.append(
                f"Σ_{one} is no. {place} of {len(values)} by {name} ({written(name, values[one])})"
            )
    return Outcome(holds, "; ".join(words))


def _share_of_weighting(
    frames: Frames,
    *,
    quantities: Sequence[str],
    k: int,
    best: int,
    share: float,
    without_methods: Sequence[str],
) -> Outcome:
    holds, words = True, []
    for name in quantities:
        values = _order(frames, name)
        made = {str(one): construction(str(one)) for one in values.index}
        aside = [made[str(one)].method in without_methods for one in values.index]
        values = values.drop(values.index[aside])
        available = sum(made[str(one)].k == k for one in values.index)
        if available == 0 or available == len(values):
            raise UndecidableError(
                f"{available} of the {len(values)} descriptors with {name} have k = {k}; "
                "there is nothing to tell them from"
            )
        # a small space may not have as many descriptors of the kind as the paper looks at
        looked_at = min(best, available)
        frame = values.rename("value").rename_axis("sigma").reset_index()
        ordered = frame.sort_values(["value", "sigma"])["sigma"]
        found = sum(made[one].k == k for one in ordered.head(looked_at))
        holds &= found >= share * looked_at
        words.append(f"{found} of the best {looked_at} by {name} have k = {k}")
    return Outcome(holds, "; ".join(words))


def _both_weightings_better(
    frames: Frames, *, quantities: Sequence[str], than: Sequence[int], share: float
) -> Outcome:
    names = " and ".join(f"Σ_ij{k}" for k in than)
    holds, words = True, []
    for name in quantities:
        values = quantity(frames, name)
        better, compared = 0, 0
        for one in values.index:
            parts = [f"{one[:2]}{k}" for k in than]
            if one[2] == "2" and all(part in values.index for part in parts):
                compared += 1
                better += bool(values[one] < values[parts].min())
        if compared < MINIMUM_TRIPLES:
            raise UndecidableError(
                f"{compared} of the Σ_ij2 have {name} together with their {names}; "
                f"it takes {MINIMUM_TRIPLES}"
            )
        holds &= better >= share * compared
        words.append(f"Σ_ij2 is better than {names} in {better} of {compared} by {name}")
    return Outcome(holds, "; ".join(words))


def _similar_order(frames: Frames, *, pairs: Sequence[Sequence[str]], at_least: float) -> Outcome:
    holds, words = True, []
    for first_name, second_name in pairs:
        first, second = quantity(frames, first_name), quantity(frames, second_name)
        common = first.index.intersection(second.index)
        value = spearman(first[common], second[common])
        if len(common) < MINIMUM_DESCRIPTORS or pd.isna(value):
            raise UndecidableError(
                f"{first_name} and {second_name} have {len(common)} descriptors in common, "
                f"too equal or fewer than {MINIMUM_DESCRIPTORS}, so that a rank correlation "
                "says nothing"
            )
        holds &= value >= at_least
        words.append(
            f"Spearman {value:.3f} between {first_name} and {second_name} "
            f"over {len(common)} descriptors"
        )
    return Outcome(holds, "; ".join(words))


def _as_good_as(
    frames: Frames, *, quantity_name: str, label: str, to: str, tolerance: float
) -> Outcome:
    values = quantity(frames, quantity_name)
    one, other = resolve(values.index, label), resolve(values.index, to)
    excess = values[one] / values[other] - 1
    return Outcome(
        bool(excess <= tolerance),
        f"{quantity_name} is {written(quantity_name, values[one])} for Σ_{one} and "
        f"{written(quantity_name, values[other])} for Σ_{other}, {excess:+.1%}",
    )


def _simpler_suffices(
    frames: Frames, *, quantity_name: str, complexity_share: float, tolerance: float
) -> Outcome:
    values = _order(frames, quantity_name)
    full = resolve(values.index, "full")
    complexity = complexities(frames)
    limit = complexity_share * float(complexity[full])
    simpler = values[[one for one in values.index if complexity[one] <= limit]]
    if simpler.empty:
        raise UndecidableError(f"no descriptor with {quantity_name} has complexity ≤ {limit:g}")
    best = str(simpler.idxmin())
    excess = values[best] / values[full] - 1
    return Outcome(
        bool(excess <= tolerance),
        f"best of complexity ≤ {limit:g} is Σ_{best} with "
        f"{written(quantity_name, values[best])}, Σ_{full} has "
        f"{written(quantity_name, values[full])}: {excess:+.1%}",
    )


def _near_one_not_the_other(
    frames: Frames, *, above_inner: int, method: str, near: str, far: str, best_share: float
) -> Outcome:
    towards, away = quantity(frames, near), quantity(frames, far)
    members = [
        one
        for one in towards.index.intersection(away.index)
        if construction(one).method == method and construction(one).inner > above_inner
    ]
    if not members:
        raise UndecidableError(f"no descriptor of method {method} has j > {above_inner}")
    places = towards.rank(method="min")
    limit = best_share * len(towards)
    good = sum(places[one] <= limit for one in members)
    worse = sum(away[one] > towards[one] for one in members)
    words = "; ".join(
        f"Σ_{one}: {near} {towards[one]:.3f} (no. {int(places[one])} of {len(towards)}), "
        f"{far} {away[one]:.3f}"
        for one in members
    )
    return Outcome(good == len(members) and worse == len(members), words)


def _same_magnitude(
    frames: Frames, *, quantity_name: str, reference: float | None, factor: float
) -> Outcome:
    values = quantity(frames, quantity_name)
    best = str(values.idxmin())
    words = f"smallest {quantity_name} is {written(quantity_name, values[best])} with Σ_{best}"
    if reference is None:
        raise UndecidableError(
            f"{words}; the paper gives no number to compare with: set the parameter reference"
        )
    ratio = float(values[best]) / (reference * 1000)
    return Outcome(
        1 / factor <= ratio <= factor, f"{words}, {ratio:.2g} times {reference * 1000:g} meV/atom"
    )


def _named(decide: Callable[..., Outcome]) -> Callable[..., Outcome]:
    """Let configurations call the parameter ``quantity``, as they do everywhere else."""

    def renamed(frames: Frames, *, quantity: str, **parameters: object) -> Outcome:
        return decide(frames, quantity_name=quantity, **parameters)

    return renamed


AT_END = Mechanism(
    _at_end,
    {
        "quantities": _QUANTITIES,
        "labels": {
            "type": "array",
            "items": LABEL,
            "minItems": 1,
            "description": "descriptors that must all be there",
        },
        "end": choice("which end of the order", "best", "worst"),
        "within": count("how many places from that end count"),
    },
)
IN_ORDER = Mechanism(
    _in_order,
    {
        "quantities": _QUANTITIES,
        "labels": {
            "type": "array",
            "items": LABEL,
            "minItems": 1,
            "description": "descriptors that must lead the order, the best first",
        },
    },
)
SHARE_OF_WEIGHTING = Mechanism(
    _share_of_weighting,
    {
        "quantities": _QUANTITIES,
        "k": {"enum": [0, 1, 2], "description": "the weighting that should prevail"},
        "best": count("how many of the best to look at"),
        "share": share("part of these that must have this weighting"),
        "without_methods": {
            "type": "array",
            "items": {"enum": ["i", "ii", "iii", "full"]},
            "description": "methods to leave aside",
        },
    },
)
BOTH_WEIGHTINGS_BETTER = Mechanism(
    _both_weightings_better,
    {
        "quantities": _QUANTITIES,
        "than": {
            "type": "array",
            "items": {"enum": [0, 1]},
            "minItems": 1,
            "uniqueItems": True,
            "description": "weightings k of the Σ_ijk that Σ_ij2 is compared with",
        },
        "share": share("part of all (i, j) in which Σ_ij2 must be better than each of these"),
    },
)
SIMILAR_ORDER = Mechanism(
    _similar_order,
    {
        "pairs": {
            "type": "array",
            "items": {"type": "array", "items": QUANTITY, "minItems": 2, "maxItems": 2},
            "minItems": 1,
            "description": "pairs of quantities that should order the descriptors alike",
        },
        "at_least": {
            "type": "number",
            "minimum": -1,
            "maximum": 1,
            "description": "smallest Spearman correlation that counts as only slightly different",
        },
    },
)
AS_GOOD_AS = Mechanism(
    _named(_as_good_as),
    {
        "quantity": {**QUANTITY, "description": "the quantity"},
        "label": label("the descriptor"),
        "to": label("the descriptor that it should be as good as"),
        "tolerance": share("how much worse, relatively, still counts as equally good"),
    },
)
SIMPLER_SUFFICES = Mechanism(
    _named(_simpler_suffices),
    {
        "quantity": {**QUANTITY, "description": "the quantity"},
        "complexity_share": share("part of the full complexity that a simpler descriptor may have"),
        "tolerance": share("how much worse, relatively, still counts as similar"),
    },
)
NEAR_ONE_NOT_THE_OTHER = Mechanism(
    _near_one_not_the_other,
    {
        "method": choice("method of the descriptors in question", "i", "ii", "iii"),
        "above_inner": count("inner degree that they exceed", minimum=0),
        "near": {**QUANTITY, "description": "quantity in which they do well"},
        "far": {**QUANTITY, "description": "quantity in which they do worse"},
        "best_share": share("part of the order by `near` that counts as good"),
    },
)
SAME_MAGNITUDE = Mechanism(
    _named(_same_magnitude),
    {
        "quantity": {**QUANTITY, "description": "the quantity"},
        "reference": {
            "type": ["number", "null"],
            "exclusiveMinimum": 0,
            "description": "error to compare with, in eV/atom",
        },
        "factor": positive("largest ratio, either way, of the same order of magnitude"),
    },
)
