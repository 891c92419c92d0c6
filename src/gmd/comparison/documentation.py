"""Schema and reference of the configuration's claims, made from the registry."""

from __future__ import annotations

import json
from typing import Any

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
    """Return a table of all claims with their sources and default parameters, in Markdown."""
    lines = ["| id | claim | in the paper | decided by | parameters |", "|---|---|---|---|---|"]
    for claim in CLAIMS.values():
        parameters = ", ".join(
            f"`{name}: {json.dumps(value, ensure_ascii=False)}`"
            for name, value in claim.parameters.items()
        )
        cells = (claim.statement, claim.source, f"`{claim.decided_by}`", parameters)
        lines.append(f"| `{claim.id}` | " + " | ".join(map(table_cell, cells)) + " |")
    return "\n".join(lines) + "\n"


def table_cell(text: str) -> str:
    """Escape what would end a cell of a Markdown table."""
    return text.replace("|", r"\|").replace("\n", " ")
