"""Quantities that order the descriptors, by name; smaller is better in each."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from gmd.comparison.mechanism import Frames, UndecidableError
from gmd.tables import full_label, reference_imbalances, seed_means

MEANS = ("mean_srim", "mean_rim_to_others", "mean_rim_from_others")
ERRORS = ("lightgbm_mae", "lightgbm_rmse", "linear_mae")
_REFERENCE = re.compile(r"(srim|rim_to|rim_from)_(full|full_without_elements|\d{3})")
_FULL_DIGITS = {"full": 5, "full_without_elements": 4}

_UNITS = dict.fromkeys(ERRORS, "meV/atom")

QUANTITY: dict[str, Any] = {
    "type": "string",
    "pattern": r"^(limited:)?(mean_srim|mean_rim_(to|from)_others|lightgbm_(mae|rmse)|linear_mae"
    r"|(srim|rim_to|rim_from)_(full|full_without_elements|[0-9]{3}))$",
    "description": (
        "mean_srim, mean_rim_to_others or mean_rim_from_others (of the ranking); srim_X, rim_to_X "
        "or rim_from_X, the imbalance of every descriptor with X, a label, full or "
        "full_without_elements; lightgbm_mae or lightgbm_rmse, the mean over the seeds at each "
        "descriptor's best number of estimators; linear_mae of the fits that do not interpolate; "
        "limited: in front for the limited set (imbalances only)"
    ),
}
"""JSON schema of the name of a quantity."""


def quantity(frames: Frames, name: str) -> pd.Series[float]:
    """One number for each descriptor that has it.

    Parameters
    ----------
    frames : Frames
        The run.
    name : str
        As the schema :data:`QUANTITY` describes; errors are in meV/atom, imbalances are mean ranks.

    Returns
    -------
    Series
        Indexed by label.

    Raises
    ------
    UndecidableError
        If the run has no such numbers.
    ValueError
        For an unknown name.
    """
    prefix, _, plain = name.rpartition(":")
    where = "limited_" if prefix == "limited" else ""
    match = _REFERENCE.fullmatch(plain)
    if prefix not in ("", "limited") or not (match or plain in MEANS + ERRORS):
        raise ValueError(f"unknown quantity {name!r}: {QUANTITY['description']}")
    if match:
        return _reference(frames, where, *match.groups())
    if plain in MEANS:
        return frames[where + "ranking"].set_index("sigma")[plain]
    if where:
        raise ValueError(f"unknown quantity {name!r}: energies are of one set only")
    if plain == "linear_mae":
        fits = frames["linear"]
        fits = fits.loc[~fits["interpolating"].astype(bool)]
        values = fits.set_index("sigma")["mae"] * 1000
    else:
        metric = plain.removeprefix("lightgbm_")
        values = seed_means(frames["lightgbm"]).groupby("sigma")[metric].min() * 1000
    if values.empty:
        raise UndecidableError(f"no descriptor has {name}")
    return values


def complexities(frames: Frames) -> pd.Series[int]:
    """Complexity of each descriptor, from the ranking or, without one, from the fits."""
    for name in ("ranking", "lightgbm", "linear"):
        try:
            frame = frames[name]
        except UndecidableError:
            continue
        return frame.drop_duplicates("sigma").set_index("sigma")["complexity"]
    raise UndecidableError("the run has no frame 'ranking'")


def resolve(labels: pd.Index[str], wanted: str) -> str:
    """Label that `wanted` stands for among `labels`: itself, or the run's own 555 or 554.

    Raises
    ------
    UndecidableError
        If it is not among them.
    """
    if wanted in _FULL_DIGITS:
        found = full_label(labels, 5 if wanted == "full" else 4)
        if found is None:
            raise UndecidableError(f"the {wanted} descriptor is not among the {len(labels)} here")
        return found
    if wanted not in labels:
        raise UndecidableError(f"Σ_{wanted} is not among the {len(labels)} descriptors here")
    return wanted


def written(name: str, value: float) -> str:
    """Write a value with its unit."""
    unit = _UNITS.get(name.rpartition(":")[2], "")
    return f"{value:.4g} {unit}".rstrip()


def _reference(frames: Frames, where: str, kind: str, wanted: str) -> pd.Series[float]:
    pairs = frames[where + "imbalance"]
    reference = resolve(pd.Index(pairs["sigma_1"].unique()), wanted)
    references = reference_imbalances(pairs, frames[where + "ranking"], reference)
    column = {"srim": "srim", "rim_to": "rim_to_reference", "rim_from": "rim_from_reference"}[kind]
    return references.set_index("sigma")[column]
