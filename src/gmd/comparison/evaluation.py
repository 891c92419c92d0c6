"""Verdicts on the paper's claims, from the frames of a run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import pandas as pd
from jsonschema import Draft202012Validator

from gmd.comparison.mechanism import Claim, Frames, UndecidableError
from gmd.comparison.registry import CLAIMS

VERDICT_COLUMNS = ("id", "claim", "source", "decided_by", "measured", "parameters", "verdict")

ClaimItem = str | Mapping[str, Any]


def evaluate_claims(
    claims: Iterable[ClaimItem] | Literal["all"] | None, frames: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Decide claims from a run.

    Parameters
    ----------
    claims : iterable of str or mapping, or "all", or None
        Ids, or mappings with ``id`` and any of the claim's parameters; "all" or None for all
        claims with their default parameters.
    frames : mapping of str to DataFrame
        Any of ``imbalance``, ``ranking``, ``limited_imbalance``, ``limited_ranking``,
        ``lightgbm``, ``linear`` (the workflow's files) and ``columns``
        (:func:`gmd.tables.column_statistics`).

    Returns
    -------
    DataFrame
        One row per item: ``id``, ``claim``, ``source``, ``decided_by``, ``measured`` (the numbers,
        or what is missing), ``parameters`` (JSON) and ``verdict``, one of "confirmed", "refuted"
        and "undecidable".

    Raises
    ------
    ValueError
        For an unknown claim, parameter or frame, a parameter value that its schema does not
        allow, or a frame that breaks its contract.
    """
    if isinstance(claims, str) and claims != "all":
        raise ValueError(f"comparison.claims: {claims!r} is neither 'all' nor a list of claims")
    items: Iterable[ClaimItem] = CLAIMS if claims is None or claims == "all" else claims
    configured = [configured_claim(item) for item in items]
    run = Frames(frames)
    rows = []
    for claim, parameters in configured:
        try:
            outcome = claim.mechanism.decide(run, **parameters)
            verdict = "confirmed" if outcome.holds else "refuted"
            measured = outcome.measured
        except UndecidableError as reason:
            verdict, measured = "undecidable", str(reason)
        rows.append(
            (
                claim.id,
                claim.statement,
                claim.source,
                claim.decided_by,
                measured,
                json.dumps(parameters, ensure_ascii=False),
                verdict,
            )
        )
    return pd.DataFrame(rows, columns=list(VERDICT_COLUMNS))


def configured_claim(item: ClaimItem) -> tuple[Claim, dict[str, Any]]:
    """Claim of a configured item, and its parameters with the defaults filled in.

    Parameters
    ----------
    item : str or mapping
        Id, or mapping with ``id`` and parameters.

    Returns
    -------
    tuple of Claim and dict
        The claim and all its parameters.

    Raises
    ------
    ValueError
        For an unknown id or parameter, or a value that is not allowed.
    """
    given = {"id": item} if isinstance(item, str) else dict(item)
    if "id" not in given:
        raise ValueError(f"comparison.claims: {given} has no id; give one of {', '.join(CLAIMS)}")
    name = given.pop("id")
    if name not in CLAIMS:
        raise ValueError(
            f"comparison.claims: {name!r} is not a claim; known are {', '.join(CLAIMS)}"
        )
    claim = CLAIMS[name]
    schemas = claim.mechanism.parameters
    for parameter, value in given.items():
        if parameter not in schemas:
            raise ValueError(
                f"comparison.claims: {name} has no parameter {parameter!r}; "
                f"known are {', '.join(schemas)}"
            )
        for error in Draft202012Validator(schemas[parameter]).iter_errors(value):
            raise ValueError(f"comparison.claims: {name}, {parameter}: {error.message}")
    return claim, {**claim.parameters, **given}
