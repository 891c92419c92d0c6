"""Everything that is found out about which descriptor to use, as one JSON document."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, TypeAlias

import jsonschema
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gmd.recommendation.bootstrap import (
    LEVEL,
    frequencies,
    percentile_intervals,
    resampled_means,
    student_intervals,
)
from gmd.recommendation.front import chord_distances, knee_among, pareto_front
from gmd.recommendation.lossless import columns_and_lossless
from gmd.recommendation.points import (
    lightgbm_points,
    linear_points,
    loss_terms,
    reference_points,
)
from gmd.recommendation.subsampling import BOTH, FEWEST, choices
from gmd.tables import reference_label

Array: TypeAlias = NDArray[np.float64]
Json: TypeAlias = dict[str, Any]

RULES = {
    "front": "no other descriptor has less complexity and less loss, one of them strictly",
    "identical": (
        "descriptors whose columns agree up to constant columns, and to repeats that all count "
        "alike: their distances differ by one factor; only the smallest of them is on a front, "
        "which has the fewest varying columns, then the fewest columns"
    ),
    "lossless": (
        "same_distances: the smallest descriptor that is identical to the full one, whatever the "
        "structures of these columns; same_neighbours: the smallest one with an imbalance of "
        "exactly 1 to and from the full one, which is measured on these structures"
    ),
    "knee": (
        "the point of the front with the largest d = 1 - ln(c/c_1)/ln(c_M/c_1)"
        " - ln(l/l_M)/ln(l_1/l_M), c complexity and l loss, 1 and M the ends of the front; "
        "none where no d is positive; the least complexity of equals"
    ),
    "recommended": (
        "of the descriptors on a front to either reference, the one whose smaller d of the two is "
        "largest; where none is positive, the smallest one identical to the full one; energies "
        "have no say in it"
    ),
}


def recommend(
    imbalance: pd.DataFrame,
    ranking: pd.DataFrame,
    *,
    n_structures: int,
    n_distinct: int | None = None,
    n_neighbours: int = 1,
    contributions: pd.DataFrame | None = None,
    subsets: pd.DataFrame | None = None,
    lightgbm: pd.DataFrame | None = None,
    linear: pd.DataFrame | None = None,
    resamples: int = 1000,
    seed: int = 0,
    remarks: Sequence[str] = (),
) -> Json:
    """Choose a compressed descriptor, and say what it loses and how certain the choice is.

    Parameters
    ----------
    imbalance, ranking : DataFrame
        As the workflow writes them. A ranking without the columns that tell which descriptors are
        identical takes each to be different.
    n_structures : int
        N.
    n_distinct : int, optional
        How many of the structures differ, if that is known.
    n_neighbours : int
        How many nearest neighbours the imbalances count. With more than one, an imbalance has no
        exact value where nothing is lost, and no descriptor is named for the same neighbours.
    contributions : DataFrame, optional
        As of :func:`gmd.imbalance.imbalance_contributions`; without them there are no intervals.
    subsets : DataFrame, optional
        As of :func:`gmd.recommendation.subsampled_choices`.
    lightgbm, linear : DataFrame, optional
        Energy fits as the workflow writes them.
    resamples : int
        Bootstrap samples of the structures, and of the seeds of energy fits; 0 for none.
    seed : int
        Seed of the draws.
    remarks : sequence of str
        What a reader of the page must know about the data, such as the warnings of
        :func:`gmd.energy.formation_warnings`.

    Returns
    -------
    dict
        What ``recommendation.schema.json`` describes, but for the keys that say what the data
        are: ``references``, ``energy``, ``recommended`` (None where there are fewer than 20
        distinct structures), ``reason``, ``notes``, ``rules`` and numbers. Losses are mean ranks,
        those of energies eV/atom.

    Raises
    ------
    ValueError
        Where tables do not belong together.
    """
    if contributions is not None and len(contributions) != n_structures:
        raise ValueError(
            f"contributions are of {len(contributions)} structures, the imbalances of "
            f"{n_structures}; make both anew"
        )
    full, without_elements = reference_label(imbalance, 5), reference_label(imbalance, 4)
    references = {
        label: reference_points(imbalance, ranking, label) for label in (full, without_elements)
    }
    labels = references[full]["sigma"].tolist()
    complexity = references[full]["complexity"].to_numpy()
    columns = columns_and_lossless(ranking, references[full], full, n_neighbours=n_neighbours)
    smallest = references[full].get("identical_to", references[full]["sigma"]).tolist()
    candidates = [i for i, label in enumerate(labels) if smallest[i] == label]
    losses = {label: points["loss"] for label, points in references.items()}
    chosen = choices(complexity, losses, candidates)
    enough = (n_structures if n_distinct is None else n_distinct) >= FEWEST
    resampled: dict[str, Array] = {}
    again: list[dict[str, int | None]] = []
    if contributions is not None and resamples > 0 and enough:
        terms = [loss_terms(contributions, labels, label) for label in references]
        means = resampled_means(np.hstack(terms), resamples=resamples, seed=seed)
        resampled = dict(zip(references, np.hsplit(means, len(references)), strict=True))
        for number in range(resamples):
            drawn = {r: m[number] for r, m in resampled.items()}
            again.append(choices(complexity, drawn, candidates))

    # keeping everything is what is left where no compression stands out
    instead = labels.index(smallest[labels.index(full)])

    def tried(name: str, point: int | None) -> list[Json]:
        rows = None if subsets is None else subsets.loc[subsets["reference"] == name]
        if rows is not None and name == BOTH:
            kept = {"sigma": labels[instead], "complexity": int(complexity[instead])}
            rows = rows.fillna(kept)
        return _subset_summary(rows, None if point is None else labels[point], n_structures)

    blocks = {
        label: {
            "complexity": int(complexity[labels.index(label)]),
            **_block(points, resampled.get(label), [trial[label] for trial in again], candidates),
            "subsets": tried(label, chosen[label]),
        }
        for label, points in references.items()
    }
    energy = _energy_blocks(lightgbm, linear, resamples, seed)
    found: Json = {
        "n_structures": n_structures,
        "n_distinct": n_distinct,
        "level": LEVEL,
        "resamples": len(again),
        "columns": columns,
        "references": blocks,
        "energy": energy,
        "recommended": None,
        "reason": None,
        "notes": _notes(n_structures, n_distinct, bool(again), energy),
        "remarks": [*remarks, *_equal_energies(energy)],
        "rules": dict(RULES),
    }
    if not enough:
        known = f", {n_distinct} of them distinct" if n_distinct is not None else ""
        found["reason"] = (
            f"too few structures to tell: {n_structures}{known}; at least {FEWEST} distinct ones "
            f"are needed"
        )
        return found
    position = chosen[BOTH]
    point = instead if position is None else position
    shares = frequencies(
        ([instead if (p := trial[BOTH]) is None else p] for trial in again),
        len(labels),
        max(1, len(again)),
    )
    found["recommended"] = {
        "sigma": labels[point],
        "complexity": int(complexity[point]),
        "effective_complexity": _effective(references[full], point),
        "identical": [s for s, one in zip(labels, smallest, strict=True) if one == labels[point]],
        "compressed": position is not None,
        "losses": {label: _value(block["points"][point]) for label, block in blocks.items()},
        "energy": {
            model: {
                "recommended": _value_of(block["points"], labels[point]),
                "full": _value_of(block["points"], full),
            }
            for model, block in energy.items()
        },
        "frequency": float(shares[point]) if again else None,
        "others": [
            {"sigma": labels[i], "frequency": float(shares[i])}
            for i in np.argsort(-shares, kind="stable")
            if i != point and shares[i] > 0
        ],
        "subsets": tried(BOTH, point),
    }
    return found


@cache
def document_schema() -> Json:
    """JSON schema of ``recommendation.json``."""
    file = resources.files("gmd.recommendation") / "recommendation.schema.json"
    schema: Json = json.loads(file.read_text(encoding="utf-8"))
    return schema


def check_document(document: Mapping[str, Any]) -> None:
    """Refuse a document that is not as its schema describes it.

    Raises
    ------
    ValueError
        Naming the place and what is wrong there.
    """
    validator = jsonschema.Draft202012Validator(document_schema())
    for error in validator.iter_errors(document):
        place = ".".join(map(str, error.absolute_path)) or "the document"
        raise ValueError(f"recommendation.json, {place}: {error.message}")


def _effective(points: pd.DataFrame, point: int) -> float | None:
    known = "effective_complexity" in points
    return float(points["effective_complexity"].iloc[point]) if known else None


def _block(
    points: pd.DataFrame,
    resampled: Array | None,
    knees: Sequence[int | None] | None = None,
    candidates: Sequence[int] | None = None,
) -> Json:
    """Points, front and knee of one kind of loss, with what resampling says of them."""
    complexity, loss = points["complexity"].to_numpy(), points["loss"].to_numpy()
    n = len(points)
    among = np.arange(n) if candidates is None else np.asarray(candidates)
    costs = complexity[among]
    front = among[pareto_front(costs, loss[among])]
    # what is identical to a smaller descriptor has no place on or below the chord
    distances = np.full(n, -np.inf)
    distances[among] = chord_distances(costs, loss[among])
    extra = points.drop(columns=["sigma", "complexity", "loss"]).to_dict("records")
    records = [
        {
            "sigma": str(points["sigma"].iloc[i]),
            "complexity": int(complexity[i]),
            "loss": float(loss[i]),
            "interval": None,
            **{str(name): value for name, value in extra[i].items()},
            "on_front": bool(i in front),
            "distance": float(distances[i]) if np.isfinite(distances[i]) else None,
            "front_frequency": None,
            "knee_frequency": None,
        }
        for i in range(n)
    ]
    if resampled is not None:
        if not knees:
            knees = [knee_among(complexity, losses, among) for losses in resampled]
        times = len(resampled)
        fronts = frequencies(
            (among[pareto_front(costs, row[among])] for row in resampled), n, times
        )
        each = frequencies(([k] for k in knees if k is not None), n, times)
        for i, ends in enumerate(percentile_intervals(resampled).tolist()):
            records[i] |= {
                "interval": ends,
                "front_frequency": float(fronts[i]),
                "knee_frequency": float(each[i]),
            }
    chosen = knee_among(complexity, loss, among)
    return {
        "points": records,
        "front": [records[i]["sigma"] for i in front],
        "knee": None if chosen is None else records[chosen]["sigma"],
    }


def _energy_blocks(
    lightgbm: pd.DataFrame | None, linear: pd.DataFrame | None, resamples: int, seed: int
) -> Json:
    blocks: Json = {}
    if lightgbm is not None:
        points, by_seed = lightgbm_points(lightgbm)
        n_seeds = len(by_seed)
        again = n_seeds > 1 and resamples > 0
        means = resampled_means(by_seed, resamples=resamples, seed=seed) if again else None
        block = _block(points, means)
        if n_seeds > 1:
            # no error is less than none, however few the seeds
            intervals = np.maximum(student_intervals(by_seed), 0.0).tolist()
            for record, ends in zip(block["points"], intervals, strict=True):
                record["interval"] = ends
        blocks["lightgbm"] = {"error": "held out", "n_seeds": n_seeds, **block}
    if linear is not None:
        points = linear_points(linear)
        if len(points):
            blocks["linear"] = {"error": "training", "n_seeds": 0, **_block(points, None)}
    return blocks


def _subset_summary(rows: pd.DataFrame | None, sigma: str | None, n_structures: int) -> list[Json]:
    """How often random subsets lead to the same descriptor, by their size."""
    if rows is None:
        return []
    summaries = []
    for size, trials in rows.groupby("size", sort=False):
        made = trials["sigma"].dropna()
        complexities = trials["complexity"].dropna().to_numpy(dtype=np.float64)
        counts = made.value_counts()
        same = int(trials["sigma"].isna().sum() if sigma is None else counts.get(sigma, 0))
        summaries.append(
            {
                "size": int(str(size)),
                "fraction": int(str(size)) / n_structures,
                "repeats": len(trials),
                "same": same,
                "none": int(trials["sigma"].isna().sum()),
                "counts": {str(label): int(counts[label]) for label in sorted(counts.index)},
                "complexity": None
                if complexities.size == 0
                else {
                    "least": int(complexities.min()),
                    "median": float(np.median(complexities)),
                    "largest": int(complexities.max()),
                },
            }
        )
    return summaries


def _notes(
    n_structures: int, n_distinct: int | None, resampled: bool, energy: Mapping[str, Any]
) -> list[str]:
    notes = []
    if resampled:
        notes.append(
            "Resampling keeps each structure's neighbours, and takes structures to be independent: "
            "where they are alike, as neighbouring frames of a trajectory are, intervals are too "
            "narrow and frequencies too decided."
        )
    if n_distinct is not None and n_distinct < n_structures:
        notes.append(
            f"{n_structures - n_distinct} of {n_structures} structures are exact duplicates of "
            f"others, which narrows intervals further."
        )
    if "lightgbm" in energy:
        notes.append(
            "Errors of boosted trees are those at each descriptor's best number of estimators; "
            "intervals are over the seeds' random splits, which overlap."
        )
    return notes


def _equal_energies(energy: Mapping[str, Any]) -> list[str]:
    """A remark where no fit leaves any error, which happens if all energies are equal."""
    losses = [point["loss"] for block in energy.values() for point in block["points"]]
    if not losses or any(losses):
        return []
    return [
        "Errors of energies are zero for every descriptor, as they are when all energies are "
        "equal: they do not distinguish between descriptors."
    ]


def _value(record: Mapping[str, Any]) -> Json:
    return {"loss": record["loss"], "interval": record["interval"]}


def _value_of(records: Sequence[Mapping[str, Any]], sigma: str) -> Json | None:
    return next((_value(record) for record in records if record["sigma"] == sigma), None)
