"""Write the reference of the configuration from the schema that configurations are checked against.

``./run python tools/document_config.py`` rewrites what stands between the markers of
``config/README.md``, every key of a study, of ``config/datasets/README.md``, every data set and
every key of its file, and of ``docs/claims.md``, every claim of ``comparison.claims``; the rest of
the pages is left as it is. With ``--check`` it only compares.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "workflow")]

from checking import branches, load_schema, with_defaults  # noqa: E402
from gmd.comparison import claims_reference  # noqa: E402
from gmd.comparison.documentation import table_cell  # noqa: E402
from registry import FOLDER, read_entry  # noqa: E402
from study import study_schema  # noqa: E402
from tools.pages import update_pages  # noqa: E402

MAKER = "tools/document_config.py"

TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "null": "null",
    "object": "mapping",
}
BOUNDS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
LONGEST_CHOICE = 6
"""Words of a choice that are listed; longer ones have a page of their own."""


class Key(NamedTuple):
    """One key of the configuration.

    Attributes
    ----------
    path : str
        Dotted, with ``<name>`` where names are free.
    type, default, description : str
        In words and Markdown.
    """

    path: str
    type: str
    default: str
    description: str


def keys(schema: Mapping[str, Any], path: str = "") -> Iterator[Key]:
    """Every key below a place of the schema, in its order, parents before children.

    Parameters
    ----------
    schema : mapping
        JSON schema of a mapping.
    path : str
        The place, with a dot at its end if it is not the top.
    """
    for name, child in schema.get("properties", {}).items():
        yield Key(
            f"{path}{name}",
            type_words(child),
            default_words(child, required=name in schema.get("required", ())),
            child.get("description", ""),
        )
        if "$comment" not in child:  # which says that it is explained elsewhere
            yield from keys(child, f"{path}{name}.")
    named = schema.get("additionalProperties")
    if isinstance(named, dict) and "$comment" not in named:
        yield from keys(named, f"{path}<name>.")
    if "discriminator" in schema:
        yield from _keys_of_choices(schema, path)


def _keys_of_choices(schema: Mapping[str, Any], path: str) -> Iterator[Key]:
    """The key that chooses, and those that every choice of it brings."""
    choice = schema["discriminator"]["propertyName"]
    choices = branches(schema)
    meanings = (
        f"`{name}`: {branch['properties'][choice]['description']}"
        for name, branch in choices.items()
    )
    yield Key(
        f"{path}{choice}",
        " or ".join(f"`{name}`" for name in choices),
        "required",
        " ".join(meanings),
    )
    for name, branch in choices.items():
        for key in keys(branch, path):
            if key.path != f"{path}{choice}":
                yield key._replace(description=f"{key.description} For `{name}`.")


def type_words(schema: Mapping[str, Any]) -> str:
    """What a value may be, in words."""
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema and len(schema["enum"]) <= LONGEST_CHOICE:
        return " or ".join(f"`{choice}`" for choice in schema["enum"])
    if "oneOf" in schema:
        return " or ".join(dict.fromkeys(map(type_words, schema["oneOf"])))
    if "if" in schema:
        return " or ".join(type_words(schema[branch]) for branch in ("then", "else"))
    kind = schema.get("type", "object" if "properties" in schema else "string")
    if isinstance(kind, list):
        return " or ".join(TYPES[k] for k in kind)
    if kind == "array":
        items = _plural(type_words(schema["items"]))
        return f"list of ({items})" if " or " in items else f"list of {items}"
    named = schema.get("additionalProperties")
    if kind == "object" and isinstance(named, dict):
        return f"mapping of names to {_plural(type_words(named))}"
    bounds = [f"{sign} {schema[bound]}" for bound, sign in BOUNDS.items() if bound in schema]
    return " ".join([TYPES[kind], ", ".join(bounds)]).strip()


def _plural(words: str) -> str:
    return re.sub(r"\bnumber\b", "numbers", re.sub(r"^(list|mapping)\b", r"\1s", words))


def default_words(schema: Mapping[str, Any], *, required: bool) -> str:
    """What holds if a key is not given."""
    if required:
        return "required"
    # of a mapping whose keys have defaults there is nothing more to say
    if schema.get("default", {}) == {}:
        return "–"
    return f"`{json.dumps(schema['default'], ensure_ascii=False)}`"


def config_reference() -> str:
    """Tables of all keys of a study, one per section, in Markdown."""
    schema = study_schema()
    sections: dict[str, list[Key]] = {}
    for key in keys(schema):
        sections.setdefault(key.path.split(".")[0], []).append(key)
    single = [section[0] for section in sections.values() if len(section) == 1]
    parts = [_table(single)]
    for name, section in sections.items():
        if len(section) > 1:
            first, *others = section
            need = " Required." if first.default == "required" else ""
            parts.append(f"### {name}\n\n{first.description}{need}\n\n{_table(others)}")
    return "\n".join(parts)


def dataset_reference() -> str:
    """Tables of the keys of a data set's file and of the files there are, in Markdown."""
    rows = [
        ("data set", "what", "elements", "energies", "doi", "licence", "found at"),
        ("---",) * 7,
    ]
    for path in sorted(FOLDER.glob("*.yaml")):
        entry = with_defaults(read_entry(path.stem), load_schema("dataset.schema.yaml"))
        elements = entry["elements"]
        energies = f"{entry['energy_method']}, {entry['energy_unit']}".strip(", ")
        doi = entry["doi"]
        source = entry["source"]
        found = source.get("path") or ", ".join(source.get("download", ())) or "in the package"
        cells = (
            f"[{path.stem}]({path.name})",
            table_cell(f"{entry['title']}. {entry['citation']}"),
            " ".join(elements) if len(elements) <= 12 else f"{len(elements)} elements",
            "none" if entry["energy_key"] is None else energies,
            f"[{doi}](https://doi.org/{doi})" if doi else "–",
            entry["licence"] or "–",
            f"`{found}`" if source.get("path") else found,
        )
        rows.append(cells)
    there = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    keys_of_one = _table(list(keys(load_schema("dataset.schema.yaml"))))
    return f"### The data sets\n\n{there}\n### Keys of a data set's file\n\n{keys_of_one}"


PAGES: dict[Path, Callable[[], str]] = {
    ROOT / "config" / "README.md": config_reference,
    ROOT / "config" / "datasets" / "README.md": dataset_reference,
    ROOT / "docs" / "claims.md": claims_reference,
}
"""Pages with markers, and what makes the text between them."""


def _table(rows: list[Key]) -> str:
    lines: list[tuple[str, ...]] = [("key", "type", "default", "what"), ("---",) * 4]
    lines += [(f"`{row.path}`", *map(table_cell, row[1:])) for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the reference of the configuration.")
    parser.add_argument(
        "--check", action="store_true", help="change nothing; fail if a page is out of date"
    )
    return update_pages(
        PAGES,
        maker=MAKER,
        command=f"./run python {MAKER}",
        check=parser.parse_args().check,
    )


if __name__ == "__main__":
    sys.exit(main())
