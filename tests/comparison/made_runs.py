"""Runs in which a quantity has chosen values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations

import pandas as pd

from gmd.descriptors.notation import Notation

Value = Callable[[str], float]
NOTATION = Notation(5, 5)
LABELS = NOTATION.labels
FULL = {"full": "555", "full_without_elements": "554"}


def complexity(label: str) -> int:
    return NOTATION.complexity(label, 3)


def ranking_with(**means: Value) -> pd.DataFrame:
    frame = pd.DataFrame({"sigma": LABELS, "complexity": [complexity(label) for label in LABELS]})
    for name in ("mean_rim_to_others", "mean_rim_from_others", "mean_srim"):
        value = means.get(name, lambda _: 2.0)
        frame[name] = [float(value(label)) for label in LABELS]
    return frame


def imbalance_with(rim: Callable[[str, str], float]) -> pd.DataFrame:
    """All ordered pairs; `rim` gives ΔR(first → second)."""
    rows = []
    for one, other in combinations(LABELS, 2):
        there, back = float(rim(one, other)), float(rim(other, one))
        rows.append((one, other, there, back, (there + back) / 2))
        rows.append((other, one, back, there, (there + back) / 2))
    return pd.DataFrame(rows, columns=["sigma_1", "sigma_2", "rim", "rim_reverse", "srim"])


def run_with(values: Mapping[str, Value]) -> dict[str, pd.DataFrame]:
    """Frames of which each named quantity has the given value for every descriptor."""
    frames: dict[str, pd.DataFrame] = {}
    fits: dict[str, Value] = {}
    for where in ("", "limited_"):
        mine = {
            name.removeprefix("limited:"): value
            for name, value in values.items()
            if name.startswith("limited:") == bool(where)
        }
        if where and not mine:
            continue
        fits |= {name: mine[name] for name in mine if name.endswith(("_mae", "_rmse"))}
        frames[where + "ranking"] = ranking_with(
            **{name: value for name, value in mine.items() if name.startswith("mean")}
        )
        towards = {}
        for name, value in mine.items():
            kind, _, reference = name.partition("_")
            if name.startswith("rim_"):
                way, _, reference = reference.partition("_")
                kind = f"rim_{way}"
            if kind in ("srim", "rim_to", "rim_from"):
                towards[kind, FULL.get(reference, reference)] = value

        def rim(one: str, other: str, towards: dict = towards) -> float:
            for kind, key, label in (
                ("srim", other, one),
                ("srim", one, other),
                ("rim_to", other, one),
                ("rim_from", one, other),
            ):
                if (kind, key) in towards:
                    return towards[kind, key](label)
            return 3.0

        frames[where + "imbalance"] = imbalance_with(rim)
    trees = {name: fits.get(f"lightgbm_{name}") for name in ("mae", "rmse")}
    if any(trees.values()):
        rows = []
        for label in LABELS:
            mae, rmse = ((value or (lambda _: 1.0))(label) / 1000 for value in trees.values())
            # the smaller number of estimators is worse, so the quantity is that of the larger
            for number, factor in ((10, 2.0), (50, 1.0)):
                for seed in (0, 1):
                    row = (label, complexity(label), number, seed, factor * mae, factor * rmse)
                    rows.append(row)
        columns = ["sigma", "complexity", "n_estimators", "seed", "mae", "rmse"]
        frames["lightgbm"] = pd.DataFrame(rows, columns=columns)
    if "linear_mae" in fits:
        frames["linear"] = pd.DataFrame(
            {
                "sigma": LABELS,
                "complexity": [complexity(label) for label in LABELS],
                "mae": [fits["linear_mae"](label) / 1000 for label in LABELS],
                "interpolating": [complexity(label) >= 40 for label in LABELS],
            }
        )
    return frames
