"""Which descriptors are compared between LAED settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from gmd.descriptors import Notation

DEFAULT_SIGMAS = (
    "100",
    "101",
    "010",
    "050",
    "110",
    "232",
    "332",
    "500",
    "502",
    "552",
    "554",
    "555",
)
"""A dozen of all methods, weightings and complexities."""


def sweep_sigmas(
    notation: Notation, sigmas: Sequence[str] | Literal["all"] | None = None
) -> tuple[str, ...]:
    """Labels to compare, the one that holds everything always among them.

    Parameters
    ----------
    notation : Notation
        The descriptors that there are.
    sigmas : sequence of str, or "all", optional
        Labels; those of :data:`DEFAULT_SIGMAS` that the degrees allow if not given.

    Returns
    -------
    tuple of str
        Each once, in the given order; the full descriptor last where it was not named.

    Raises
    ------
    ValueError
        For a label that the notation lacks.
    """
    if sigmas == "all":
        return notation.labels
    if sigmas is None:
        sigmas = [label for label in DEFAULT_SIGMAS if label in notation.sigmas]
    return tuple(dict.fromkeys([*(notation[label].label for label in sigmas), notation.full]))
