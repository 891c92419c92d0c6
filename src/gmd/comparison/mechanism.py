"""What a claim is made of: a way to decide it, its parameters and its place in the paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from gmd.tables.frames import checked

FRAMES = {
    "imbalance": "imbalance",
    "ranking": "ranking",
    "limited_imbalance": "imbalance",
    "limited_ranking": "ranking",
    "lightgbm": "lightgbm",
    "linear": "linear",
    "columns": "columns",
}
"""Frames that claims can be decided from, and the contract each follows."""


class UndecidableError(Exception):
    """What a claim needs is not part of the run; the message says what."""


class Outcome(NamedTuple):
    """Whether a claim holds, and the numbers that say so."""

    holds: bool
    measured: str


class Frames:
    """The frames of one run, checked on the way in.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Any of ``imbalance``, ``ranking``, ``limited_imbalance``, ``limited_ranking``,
        ``lightgbm``, ``linear`` and ``columns``.

    Raises
    ------
    ValueError
        For an unknown name or a frame that breaks its contract.
    """

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        unknown = sorted(set(frames) - set(FRAMES))
        if unknown:
            raise ValueError(f"unknown frame {', '.join(unknown)}; known are {', '.join(FRAMES)}")
        self._frames = {
            name: checked(frame, FRAMES[name], name=name) for name, frame in frames.items()
        }

    def __getitem__(self, name: str) -> pd.DataFrame:
        try:
            return self._frames[name]
        except KeyError:
            raise UndecidableError(f"the run has no frame {name!r}") from None


class Mechanism(NamedTuple):
    """A way to decide claims.

    Attributes
    ----------
    decide : callable
        Takes :class:`Frames` and the parameters by name, returns an :class:`Outcome`, raises
        :class:`UndecidableError` if the run lacks what it needs.
    parameters : mapping
        JSON schema of each parameter, with its description.
    """

    decide: Callable[..., Outcome]
    parameters: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Claim:
    """A statement of the paper that a run can confirm or refute.

    Attributes
    ----------
    id : str
        Name in configurations.
    statement : str
        What the paper says, in other words.
    source : str
        Where it says so.
    decided_by : str
        The run's table or figure that shows the deciding numbers.
    mechanism : Mechanism
        How it is decided.
    parameters : mapping
        Values of the mechanism's parameters unless configured otherwise.
    """

    id: str
    statement: str
    source: str
    decided_by: str
    mechanism: Mechanism
    parameters: Mapping[str, Any]

    def __post_init__(self) -> None:
        if set(self.parameters) != set(self.mechanism.parameters):
            raise ValueError(
                f"claim {self.id}: parameters {sorted(self.parameters)} are not those of its "
                f"mechanism, {sorted(self.mechanism.parameters)}"
            )


def share(description: str) -> dict[str, Any]:
    """JSON schema of a number from 0 to 1."""
    return {"type": "number", "minimum": 0, "maximum": 1, "description": description}


def count(description: str, minimum: int = 1) -> dict[str, Any]:
    """JSON schema of a whole number."""
    return {"type": "integer", "minimum": minimum, "description": description}


def choice(description: str, *values: str) -> dict[str, Any]:
    """JSON schema of one of several words."""
    return {"enum": list(values), "description": description}


def positive(description: str) -> dict[str, Any]:
    """JSON schema of a number above 0."""
    return {"type": "number", "exclusiveMinimum": 0, "description": description}


LABEL: dict[str, Any] = {
    "type": "string",
    "pattern": "^([0-9]{3}|full|full_without_elements)$",
}
"""JSON schema of a descriptor: a label, or the run's own 555 or 554 by name."""


def label(description: str) -> dict[str, Any]:
    """JSON schema of a descriptor, with a description."""
    return {**LABEL, "description": description}
