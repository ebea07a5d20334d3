"""Holds rule documents against the format that this program reads and the schema of their kind.

A misspelt word names the nearest right one.
"""

from __future__ import annotations

import json
from collections import ChainMap
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path as File
from typing import Any

from litellm_migrate.convert.expectation import expectation
from litellm_migrate.rulebook.advice import word_advice
from litellm_migrate.rulebook.lazy_rows import Facts
from litellm_migrate.rulebook.nodes import RuleNode, of_kind
from litellm_migrate.rulebook.static_types import suggestion
from litellm_migrate.source.model import Problem

FORMAT = 2


def wrong_formats(nodes: list[RuleNode]) -> Iterator[Problem]:
    """A problem for each document that is of another format."""
    for node in [*of_kind(nodes, "source"), *of_kind(nodes, "settings")]:
        if node.value.get("format", FORMAT) != FORMAT:
            expected = f"expected `format: {FORMAT}`, the format that this program reads"
            yield node.at("format").problem(f"{expected}. Correct it, or install the release that these rules are for.")


@cache
def schemas_of(folder: File) -> dict[str, Any]:
    """The schema of each kind of rule document in a folder, with the shared definitions inside."""
    shared = json.loads(read(folder / "common.json"))["$defs"]
    files = sorted(file for file in folder.glob("*.json") if file.stem != "common")
    return {file.stem: {**json.loads(read(file)), "$defs": shared} for file in files}


@cache
def kind_validator(folder: File, kind: str) -> Callable[[object], bool]:
    """Tells whether rule documents of a kind fit its schema in a folder."""
    return validator(schemas_of(folder)[kind])


def read(file: File) -> str:
    """A schema's text, whose references to the shared definitions lead into itself."""
    return file.read_text(encoding="utf-8").replace("common.json#/$defs", "#/$defs")


def nameless(node: RuleNode, folder: File) -> Iterator[Problem]:
    """A problem for a document that cannot be laid over another: of no known kind, or without an id."""
    kind = node.value.get("kind") if isinstance(node.value, dict) else None
    named = isinstance(kind, str) and "id" in schemas_of(folder).get(kind, {}).get("required", ())
    if not named:  # nor are dispositions and examples laid over others: they add up
        yield from check(node, folder)
    elif not isinstance(node.value.get("id"), str):
        yield node.problem("expected `id` here.")


def check(node: RuleNode, folder: File) -> Iterator[Problem]:
    """What the schema of its kind refuses in a rule document."""
    schemas = schemas_of(folder)
    kind = node.value.get("kind") if isinstance(node.value, dict) else None
    if not isinstance(kind, str) or kind not in schemas:
        hint = suggestion(str(kind), schemas)
        yield node.problem(f"expected a kind of rule file ({', '.join(schemas)}), found `{kind}`{hint}")
        return
    if isinstance(node.value.get("rows"), (Facts, ChainMap)):
        node = node._replace(value={**node.value, "rows": {}})
    if not kind_validator(folder, kind)(node.value):
        yield from explain(schemas[kind], node)


def validator(schema: Any) -> Callable[[object], bool]:
    """Tells whether values fit; raises ValueError for a schema that is none."""
    import jsonschema_rs  # noqa: PLC0415 - only where rules are read

    return jsonschema_rs.validator_for(schema).is_valid


def unsound(node: RuleNode) -> Iterator[Problem]:
    """A problem if a schema that a rule document states is none."""
    try:
        validator(node.value)
    except ValueError as error:
        yield node.problem(f"expected a JSON Schema: {str(error).splitlines()[0].rstrip('.:')}.")


def explain(schema: Any, node: RuleNode) -> Iterator[Problem]:
    """The deepest reasons why a document does not fit."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import, and seldom needed

    for error in Draft202012Validator(schema).iter_errors(node.value):
        yield from reasons(error, node)


def reasons(error: Any, node: RuleNode) -> Iterator[Problem]:  # jsonschema's, whose types allow what never is
    """One ValidationError, or for alternatives those of the one that came closest."""
    if error.context:
        yield from reasons(max(closest(error.context), key=lambda inner: len(inner.absolute_path)), node)
        return
    place, expected = node.at(*error.absolute_path), error.validator_value
    if error.validator == "additionalProperties":
        words = error.schema.get("properties", {})
        for name in error.instance:
            if name not in words:
                yield place.at(name).problem(f"`{name}` is no word here{word_advice(str(name), words)}")
    elif error.validator == "required":
        missing = [f"`{name}`" for name in expected if name not in error.instance]
        yield place.problem(f"expected {' and '.join(missing)} here.")
    elif error.validator == "not":
        yield place.problem("expected an outcome with all of its words here: `manual` and `do`, or `skipped` alone.")
    elif error.validator == "enum":
        values = [str(value) for value in expected]
        yield place.problem(f"expected one of {', '.join(values)}{suggestion(str(error.instance), values)}")
    elif error.validator == "oneOf":
        words = [f"`{word}`" for branch in expected for word in branch.get("required", ())]
        yield place.problem(f"expected one of {' and '.join(dict.fromkeys(words))}, found several. Keep one.")
    else:
        yield place.problem(f"expected {expectation(error)}.")


def closest(errors: list[Any]) -> list[Any]:
    """The errors of the alternative whose type fits and that has the fewest."""
    branches: dict[str | int, list[Any]] = {}
    for error in errors:
        branches.setdefault(error.schema_path[0], []).append(error)

    def distance(errors: list[Any]) -> tuple[bool, int]:
        return any(error.validator == "type" and not error.path for error in errors), len(errors)

    return min(branches.values(), key=distance)
