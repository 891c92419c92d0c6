"""Claims about how much is lost at which complexity, and about the spread of the components."""

from __future__ import annotations

import numpy as np

from gmd.comparison.mechanism import (
    Frames,
    Mechanism,
    Outcome,
    UndecidableError,
    choice,
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


def _column_spread(frames: Frames, *, statistic: str, at_least: float) -> Outcome:
    columns = frames["columns"]
    std = columns["std"].to_numpy(dtype=np.float64)
    varying = std > 0
    if not varying.any():
        raise UndecidableError("every component is constant")
    if statistic == "decades_of_std":
        value = float(np.log10(std[varying].max()) - np.log10(std[varying].min()))
        words = f"the standard deviations span {value:.1f} decades"
    else:
        mean = np.abs(columns["mean"].to_numpy(dtype=np.float64))
        with np.errstate(divide="ignore"):
            value = float(np.median(std[varying] / mean[varying]))
        words = f"the median of standard deviation over |mean| is {value:.3g}"
    return Outcome(value >= at_least, f"{words}, over {int(varying.sum())} components that vary")


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
COLUMN_SPREAD = Mechanism(
    _column_spread,
    {
        "statistic": choice("what to measure", "decades_of_std", "std_over_mean"),
        "at_least": positive("smallest value that counts"),
    },
)
