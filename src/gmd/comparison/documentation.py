"""Schema and reference of the configuration's claims, made from the registry."""

from __future__ import annotations

import json
from typing import Any

from gmd.comparison.quantities import QUANTITY
from gmd.comparison.registry import CLAIMS


def claims_schema() -> dict[str, Any]:
    """JSON schema of ``comparison.claims``.

    Returns
    -------
    dict
        Schema of the word "all", or of a list whose items are a claim's id, or an object with
        ``id`` and any of that claim's parameters.
    """
    objects = [
        {
            "if": {"properties": {"id": {"const": claim.id}}, "required": ["id"]},
            "then": {
                "properties": {
                    "id": {"description": claim.statement},
                    **{
                        name: {**schema, "default": claim.parameters[name]}
                        for name, schema in claim.mechanism.parameters.items()
                    },
                },
                "additionalProperties": False,
            },
        }
        for claim in CLAIMS.values()
    ]
    items = {
        "if": {"type": "string"},
        "then": {"enum": list(CLAIMS)},
        "else": {
            "type": "object",
            "required": ["id"],
            "properties": {"id": {"enum": list(CLAIMS)}},
            "allOf": objects,
        },
    }
    return {
        "description": (
            "Claims of the paper to decide from the run: all, or a list of which each item is an "
            "id, or an object with an id and any of the claim's parameters."
        ),
        "if": {"type": "string"},
        "then": {"const": "all"},
        "else": {"type": "array", "items": items},
    }


def claims_reference() -> str:
    """Return the claims of each section of the paper, and all their parameters, in Markdown."""
    sections: dict[str, list[tuple[str, ...]]] = {}
    for claim in CLAIMS.values():
        section, _, shown = claim.source.partition(", ")
        parameters = ", ".join(
            f"`{name}: {json.dumps(value, ensure_ascii=False)}`"
            for name, value in claim.parameters.items()
        )
        sections.setdefault(section[0].upper() + section[1:], []).append(
            (f"`{claim.id}`", claim.statement, shown or "–", f"`{claim.decided_by}`", parameters)
        )
    heading = ("id", "claim", "in the paper", "decided by", "parameters")
    claims = "\n".join(
        f"## {section}\n\n{_table(heading, rows)}" for section, rows in sections.items()
    )
    described: dict[str, list[str]] = {}
    for claim in CLAIMS.values():
        for name, schema in claim.mechanism.parameters.items():
            meanings = described.setdefault(name, [])
            if schema["description"] not in meanings:
                meanings.append(schema["description"])
    meaning = _table(
        ("parameter", "meaning"),
        [(f"`{name}`", " / ".join(meanings)) for name, meanings in sorted(described.items())],
    )
    return (
        f"{claims}\n## Parameters\n\n"
        "Where a parameter is a descriptor, `full` and `full_without_elements` stand "
        f"for the run's own Σ_555 and Σ_554. Quantities are: {QUANTITY['description']}.\n\n"
        f"{meaning}"
    )


def _table(heading: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heading, ("---",) * len(heading), *(tuple(map(table_cell, row)) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def table_cell(text: str) -> str:
    """Escape what would end a cell of a Markdown table."""
    return text.replace("|", r"\|").replace("\n", " ")
