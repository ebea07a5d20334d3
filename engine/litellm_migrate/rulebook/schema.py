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
from litellm_migrate.rulebook.advice import value_advice, word_advice
from litellm_migrate.rulebook.lazy_rows import Facts
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.static_types import suggestion
from litellm_migrate.source.model import Problem

FORMAT = 2
CHANGED = {
    0: "add `format: 1` to this document; nothing else changed",
    1: (
        "write a value as one line: `{look: t, up: k, for: c}` as lookup('t', k).c, `{from: x, when: c}` as if(c, x), "
        "`{is: x}` as x, `{text: x}` as text('x'), `{list: [a, b]}` as list(a, b); in longer fields the value as "
        "`value`; `by` of a question as `match` of the table, `by: segment` as prefix(k), cell `row` as `key`; size, "
        "has, starts, ends, sort, joined as length, contains, starts_with, ends_with, type, join; text(x), flag(x), "
        "number(x), whole(x), strict_number(x) as as(x, 'text'), 'flag', 'number', 'whole number', 'plain number'; "
        "`each` and `rows` of a relation as `from`; the steps where, require, note as `findings`, join as lookup(…), "
        "within and name as windows in `columns`; warn, differs and dropped of a field as its `findings`; "
        "of endpoints `call` as `create` or `write`; list, identity, hidden, after, asked, extra, fresh, once, each as "
        "read, unique_key, write_only, depends_on, optional, initial, shown_once, from; "
        "set `format: 2`"
    ),
}
"""For each earlier format, what makes its rules those of the next."""
STATES, MAY_STATE = "source", ("source", "settings")
"""The kind of document that states the format, and the kinds that may: an overlay has none of the first."""


def wrong_formats(nodes: list[RuleNode]) -> Iterator[Problem]:
    """A problem for each document that is of another format."""
    for node in nodes:
        if not isinstance(node.value, dict) or node.value.get("kind") not in MAY_STATE:
            continue
        version = node.value.get("format", 0 if node.value["kind"] == STATES else FORMAT)
        place = node.at("format")
        if isinstance(version, bool) or not isinstance(version, int) or version < 0:
            yield place.problem(f"expected `format: {FORMAT}`, the format that this program reads. Correct it.")
        elif version > FORMAT:
            text = f"expected rules of format {FORMAT}, found format {version}. Install a newer litellm-migrate."
            yield place.problem(text)
        elif version < FORMAT:
            steps = "; then ".join(CHANGED[old] for old in range(version, FORMAT))
            yield place.problem(
                f"expected rules of format {FORMAT}, found format {version}. To bring them up: {steps}."
            )


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
        yield place.problem(f"expected {value_advice(error.instance) or expectation(error)}.")


def closest(errors: list[Any]) -> list[Any]:
    """The errors of the alternative whose type fits and that has the fewest."""
    branches: dict[str | int, list[Any]] = {}
    for error in errors:
        branches.setdefault(error.schema_path[0], []).append(error)

    def distance(errors: list[Any]) -> tuple[bool, int]:
        return any(error.validator == "type" and not error.path for error in errors), len(errors)

    return min(branches.values(), key=distance)
