"""Configuration files: read strictly, checked against a schema, completed with its defaults."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from gmd.parameters import suggestion
from gmd.structures import similar_element

SCHEMAS = Path(__file__).resolve().parent / "schemas"

ELEMENT_PATTERN = "^[A-Z][a-z]?$"
"""How the schemas write that a text is a chemical symbol."""


class ConfigError(ValueError):
    """A configuration that cannot be run, with every complaint in one message."""

    def __init__(self, problems: list[str], what: str = "the configuration cannot be run") -> None:
        super().__init__(f"{what}:\n" + "\n".join(f"  - {problem}" for problem in problems))


class _StrictLoader(yaml.SafeLoader):
    """YAML in which a key that is given twice is an error: the first would be lost unseen."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = key_node.value
            if key in seen:
                raise ConfigError(
                    [f"line {key_node.start_mark.line + 1}: {key!r} is given twice; keep one"],
                    f"{self.name} cannot be read",
                )
            if isinstance(key, str) and key_node.tag != "tag:yaml.org,2002:merge":
                seen.add(key)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def load_yaml(path: Path) -> Any:
    """Contents of a YAML file.

    Raises
    ------
    FileNotFoundError
        Where there is no such file.
    ConfigError
        For a file that is no YAML in UTF-8, or in which a key is given twice.
    """
    try:
        with path.open(encoding="utf-8") as stream:
            return yaml.load(stream, _StrictLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        place = str(error).replace("\n", " ")
        raise ConfigError([f"it is no YAML: {place}"], f"{path} cannot be read") from None


def load_schema(name: str) -> dict[str, Any]:
    """A schema with the others that it refers to put in their places."""
    schema = yaml.safe_load((SCHEMAS / name).read_text(encoding="utf-8"))

    def complete(value: Any) -> Any:
        if isinstance(value, Mapping):
            own = {key: complete(child) for key, child in value.items() if key != "$ref"}
            return {**load_schema(value["$ref"]), **own} if "$ref" in value else own
        return [complete(child) for child in value] if isinstance(value, list) else value

    completed: dict[str, Any] = complete(schema)
    return completed


def check(config: Any, schema: Mapping[str, Any], what: str | None = None) -> None:
    """Check a configuration.

    Raises
    ------
    ConfigError
        Listing all that is wrong, each with its place and what would be right.
    """
    validator = jsonschema.Draft202012Validator(schema)
    errors = sorted(
        (found for error in validator.iter_errors(config) for found in _chosen(error)),
        key=lambda error: [str(p) for p in error.absolute_path],
    )
    problems = [*_unusable_values(config), *(_complaint(error) for error in errors)]
    if problems:
        raise ConfigError(problems, what) if what else ConfigError(problems)


def _unusable_values(value: Any, place: str = "") -> Iterator[str]:
    """Names that YAML does not take for text, and numbers that are not finite, anywhere."""
    if isinstance(value, Mapping):
        for key, child in value.items():
            if not isinstance(key, str):
                yield (
                    f"{place or 'the configuration'}: the name {key!r} is not text; YAML reads "
                    f"on, off, yes, no and digits as something else: put it in quotes"
                )
            yield from _unusable_values(child, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _unusable_values(child, f"{place}.{index}")
    elif isinstance(value, float) and not math.isfinite(value):
        yield f"{place}: {value} is not a finite number"


def with_defaults(value: Any, schema: Mapping[str, Any]) -> Any:
    """A copy of `value` in which keys that are not given have the schema's defaults."""
    if not isinstance(value, Mapping):
        return value
    schema = branch_of(value, schema)
    known = schema.get("properties", {})
    others = schema.get("additionalProperties")
    complete = {}
    for key, child in known.items():
        if key in value:
            complete[key] = with_defaults(value[key], child)
        elif "default" in child:
            complete[key] = with_defaults(copy.deepcopy(child["default"]), child)
    for key in value:
        if key not in known:
            complete[key] = with_defaults(value[key], others if isinstance(others, dict) else {})
    return complete


def branches(schema: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Schemas that a mapping chooses between by the value of one key, by that value."""
    if "discriminator" not in schema:
        return {}
    key = schema["discriminator"]["propertyName"]
    return {branch["properties"][key]["const"]: branch for branch in schema["oneOf"]}


def branch_of(value: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema that a mapping has chosen, or the one given where there is no choice."""
    if "discriminator" not in schema:
        return schema
    chosen = value.get(schema["discriminator"]["propertyName"])
    found = branches(schema)
    return found[chosen] if isinstance(chosen, str) and chosen in found else schema


def _chosen(error: jsonschema.ValidationError) -> Iterator[jsonschema.ValidationError]:
    """The error, or those of the branch that was meant."""
    schema = error.schema
    if error.validator != "oneOf" or not isinstance(schema, Mapping):
        yield error
        return
    choice = schema.get("discriminator")
    if choice is None:
        # a value of the right type is told what is wrong with it, not of the other types
        of_type = [
            inner
            for inner in error.context or ()
            if inner.path or inner.validator not in ("type", "enum", "const")
        ]
        for inner in of_type:
            if isinstance(inner.schema, Mapping):
                inner.schema = {"description": schema.get("description", ""), **inner.schema}
        yield from of_type or [error]
        return
    key = choice["propertyName"]
    found = error.instance if isinstance(error.instance, Mapping) else {}
    names = list(branches(schema))
    if key not in found:  # which is complained of elsewhere
        return
    if found[key] not in names:
        error.path.append(key)
        error.message = _not_one_of(found[key], names)
        error.schema = {}
        yield error
        return
    for inner in error.context or ():
        if inner.schema_path[0] == names.index(found[key]):
            yield inner


def _not_one_of(found: Any, values: Sequence[Any]) -> str:
    words = [str(value) for value in values]
    return f"{found!r} is not one of {', '.join(words)}{suggestion(found, words)}"


def _values(schema: Mapping[str, Any]) -> Iterator[Any]:
    """The values that a schema enumerates, itself or in its alternatives."""
    yield from schema.get("enum", ())
    if "const" in schema:
        yield schema["const"]
    for branch in schema.get("oneOf", ()):
        yield from _values(branch)


def _complaint(error: jsonschema.ValidationError) -> str:
    place = ".".join(str(p) for p in error.absolute_path) or "the configuration"
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, Mapping) else {}
    if error.validator == "additionalProperties":
        known = list(schema.get("properties", {}))
        found: Mapping[str, Any] = error.instance if isinstance(error.instance, Mapping) else {}
        unknown = [key for key in found if key not in known]
        named = ", ".join(f"{key}{suggestion(key, known)}" for key in unknown)
        return f"{place}: unknown key {named}; known are {', '.join(known)}"
    if schema.get("pattern") == ELEMENT_PATTERN and isinstance(error.instance, str):
        meant = similar_element(error.instance)
        return f"{place}: {error.instance!r} is not a chemical symbol{meant}"
    if error.validator == "required":
        missing = re.findall(r"'(.*)' is a required", error.message)
        return f"{place}: {', '.join(missing)} is missing"
    message = error.message
    if error.validator in ("enum", "const", "oneOf"):
        values = list(_values(schema))
        if values and not isinstance(error.instance, Mapping | list):
            message = _not_one_of(error.instance, values)
    wanted = schema.get("description", "")
    return f"{place}: {message}" + (f" ({wanted})" if wanted else "")
