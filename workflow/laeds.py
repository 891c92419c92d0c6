"""Settings of LAEDs: what they take from their data set, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from checking import branch_of, load_schema
from gmd.local import local_family


def complete_laed(laed: Mapping[str, Any], dataset: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of a LAED with what its family takes from the data set.

    Parameters
    ----------
    laed : mapping
        As the configuration has it, with defaults.
    dataset : mapping
        The configuration of a data set.

    Returns
    -------
    dict
        What :func:`gmd.local.local_family` makes the descriptor from; of LAEDs that were computed
        elsewhere, all but their path.
    """
    taken = branch_of(laed, _schema()).get("from_dataset", {})
    return without_path(laed) | {parameter: dataset[key] for parameter, key in taken.items()}


def without_path(laed: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of a LAED but for its path: a user's own folders are no part of a result."""
    return {key: value for key, value in laed.items() if key != "path"}


def laed_problems(laed: Mapping[str, Any], dataset: Mapping[str, Any]) -> Iterator[str]:
    """What keeps LAEDs of a data set from being computed, by making the descriptor once.

    Parameters
    ----------
    laed, dataset
        As in :func:`complete_laed`.

    Yields
    ------
    str
        What is wrong and what to do; the place is known to the caller.
    """
    try:
        local_family(complete_laed(laed, dataset))
    except ValueError as error:
        yield str(error)


def n_components(laed: Mapping[str, Any], dataset: Mapping[str, Any]) -> int:
    """Length of the LAED of an atom; nothing of that length is made."""
    return local_family(complete_laed(laed, dataset)).n_components


@cache
def _schema() -> Mapping[str, Any]:
    """The schema of one LAED."""
    one: Mapping[str, Any] = load_schema("laeds.schema.yaml")["additionalProperties"]
    return one
