"""Claims about how much is lost at which complexity, and about the spread of the components."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gmd.comparison.mechanism import (
    Frames,
    Mechanism,
    Outcome,
    UndecidableError,
    label,
    positive,
    share,
)
from gmd.comparison.quantities import complexities, quantity, resolve


def _flat_beyond(frames: Frames, *, reference: str, beyond: str, share: float) -> Outcome:
    values = quantity(frames, f"srim_{reference}")
    complexity = complexities(frames)
    limit = int(complexity[resolve(complexity.index, beyond)])
    minima = values.groupby(complexity[values.index]).min()
    before, after = minima[minima.index <= limit], minima[minima.index > limit]
    if before.empty or after.empty:
        raise UndecidableError(f"no descriptors on both sides of complexity {limit}")
    whole = float(minima.iloc[0] - minima.min())
    gained = max(float(before.min() - after.min()), 0.0)
    part = gained / whole if whole > 0 else 0.0
    return Outcome(
        part <= share,
        f"the smallest imbalance is {minima.iloc[0]:.3f} at complexity {minima.index[0]}, "
        f"{before.min():.3f} up to {limit} and {after.min():.3f} beyond: "
        f"{part:.1%} of the whole gain",
    )


def _minor_loss(
    frames: Frames, *, reference: str, complexity_above: float, share: float
) -> Outcome:
    away, back = (quantity(frames, f"{way}_{reference}") for way in ("rim_from", "rim_to"))
    complexity = complexities(frames)[away.index]
    large = complexity > complexity_above
    if not large.any() or large.all():
        raise UndecidableError(f"no descriptors on both sides of complexity {complexity_above:g}")
    holds, words = True, []
    for name, values in ((f"from {reference}", away), (f"to {reference}", back)):
        worst, overall = float(values[large].max()), float(values.max())
        part = (worst - 1) / (overall - 1) if overall > 1 else 0.0
        holds &= part <= share
        words.append(f"{name} at most {worst:.3f} against {overall:.3f} overall ({part:.1%})")
    return Outcome(
        holds,
        f"{int(large.sum())} descriptors have complexity > {complexity_above:g}; imbalance "
        + ", ".join(words),
    )


def _scales_differ(frames: Frames, *, decades: float) -> Outcome:
    columns = _columns(frames)
    both = columns.loc[(columns["outer"] > 0) & (columns["inner"] > 0)]
    orders = both[["outer", "inner"]]
    ends = [tuple(map(int, end)) for end in (orders.min(), orders.max())] if len(both) else []
    if len(set(ends)) < 2:
        raise UndecidableError("method iii has no higher moments here")
    medians = []
    for outer, inner in ends:
        std = both.loc[(both["outer"] == outer) & (both["inner"] == inner), "std"]
        if not (std > 0).any():
            raise UndecidableError(f"no component of the moments {outer}, {inner} varies")
        medians.append(float(std[std > 0].median()))
    value = abs(float(np.log10(medians[1] / medians[0])))
    words = " and ".join(
        f"{median:.3g} for the moments {outer}, {inner}"
        for (outer, inner), median in zip(ends, medians, strict=True)
    )
    return Outcome(
        value >= decades,
        f"the median standard deviation of a component is {words} (outer, inner): "
        f"{value:.1f} decades apart",
    )


def _averages_vary(frames: Frames, *, at_least: float) -> Outcome:
    columns = _columns(frames)
    # central moments can be near 0 on average, and std / |mean| then says nothing
    plain = (columns["outer"] == 1) & (columns["inner"] == 0) & columns["block"].str.endswith("0")
    averages = columns.loc[plain & (columns["std"] > 0)]
    if averages.empty:
        raise UndecidableError("no plain average over all atoms varies")
    with np.errstate(divide="ignore"):
        value = float((averages["std"] / averages["mean"].abs()).median())
    return Outcome(
        value >= at_least,
        f"the median of standard deviation over |mean| is {value:.3g}, over {len(averages)} plain "
        "averages that vary",
    )


def _columns(frames: Frames) -> pd.DataFrame:
    columns = frames["columns"]
    if not {"outer", "inner"} <= set(columns):
        raise UndecidableError("the frame 'columns' does not tell the moment orders")
    return columns


_REFERENCE = label("descriptor to compare with")

FLAT_BEYOND = Mechanism(
    _flat_beyond,
    {
        "reference": _REFERENCE,
        "beyond": label("descriptor whose complexity should be enough"),
        "share": share("part of the whole gain that more complexity may still bring"),
    },
)
MINOR_LOSS = Mechanism(
    _minor_loss,
    {
        "reference": _REFERENCE,
        "complexity_above": positive("complexity that counts as high when exceeded"),
        "share": share("largest part of the largest imbalance (both less 1) that is minor"),
    },
)
SCALES_DIFFER = Mechanism(
    _scales_differ,
    {"decades": positive("how far apart, at least, the lowest and highest moments are in scale")},
)
AVERAGES_VARY = Mechanism(
    _averages_vary,
    {"at_least": positive("smallest median of standard deviation over |mean| that is strong")},
)
