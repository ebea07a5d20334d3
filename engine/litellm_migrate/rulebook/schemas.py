"""Holds rule files against the schema of their kind; a misspelt word names the nearest right one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path as File
from typing import Any

from litellm_migrate.rulebook.facts import Facts
from litellm_migrate.rulebook.files import Spec
from litellm_migrate.rulebook.shapes import suggestion
from litellm_migrate.source.model import Problem


@cache
def kinds(folder: File) -> dict[str, Any]:
    """The schema of each kind of rule file, with the shared definitions inside."""
    shared = json.loads(read(folder / "common.json"))["$defs"]
    made = {}
    for file in sorted(folder.glob("*.json")):
        if file.stem != "common":
            made[file.stem] = {**json.loads(read(file)), "$defs": shared}
    return made


def read(file: File) -> str:
    """A schema's text, whose references to the shared definitions lead into itself."""
    return file.read_text(encoding="utf-8").replace("common.json#/$defs", "#/$defs")


def check(spec: Spec, folder: File) -> Iterator[Problem]:
    """What the schema of its kind refuses in a rule document."""
    known = kinds(folder)
    kind = spec.value.get("kind") if isinstance(spec.value, dict) else None
    if kind not in known:
        near = suggestion(str(kind), known)
        yield spec.problem(f"expected a kind of rule file ({', '.join(known)}), found `{kind}`{near}")
        return
    stated = spec
    if isinstance(spec.value.get("rows"), Facts):
        stated = Spec({**spec.value, "rows": {}}, spec.file, spec.marks, spec.path)
    if not fits(known[kind], stated.value):
        yield from explain(known[kind], stated)


def fits(schema: Any, value: Any) -> bool:
    """Whether a value fits, quickly."""
    import jsonschema_rs  # noqa: PLC0415 - only where rules are read

    return bool(jsonschema_rs.validator_for(schema).is_valid(value))


def unsound(spec: Spec) -> Iterator[Problem]:
    """A problem if a schema that a rule file states is none."""
    try:
        fits(spec.value, None)
    except ValueError as error:
        yield spec.problem(f"expected a JSON Schema: {str(error).splitlines()[0].rstrip('.:')}.")


def explain(schema: Any, spec: Spec) -> Iterator[Problem]:
    """The deepest reasons why a document does not fit."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import, and seldom needed

    for error in Draft202012Validator(schema).iter_errors(spec.value):
        yield from reasons(error, spec)


def reasons(error: Any, spec: Spec) -> Iterator[Problem]:
    """One error, or for alternatives those of the one that came closest."""
    if error.context:
        branches: dict[Any, list[Any]] = {}
        for inner in error.context:
            branches.setdefault(inner.schema_path[0], []).append(inner)
        yield from reasons(max(best(branches), key=lambda one: len(one.absolute_path)), spec)
        return
    place = spec.at(*error.absolute_path)
    if error.validator == "additionalProperties":
        words = error.schema.get("properties", {})
        for name in error.instance:
            if name not in words:
                yield place.at(name).problem(f"`{name}` is no word here{suggestion(name, words)}")
    elif error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        yield place.problem(f"expected {' and '.join(f'`{name}`' for name in missing)} here.")
    elif error.validator == "not":
        yield place.problem("expected an outcome with all of its words here: `manual` and `do`, or `skipped` alone.")
    elif error.validator == "enum":
        known = [str(value) for value in error.validator_value]
        yield place.problem(f"expected one of {', '.join(known)}{suggestion(str(error.instance), known)}")
    else:
        yield place.problem(f"expected {error.validator} {json.dumps(error.validator_value)}.")


def best(branches: dict[Any, list[Any]]) -> list[Any]:
    """The branch of alternatives whose type fits and that has the fewest errors."""

    def distance(errors: list[Any]) -> tuple[bool, int]:
        return any(error.validator == "type" and not error.path for error in errors), len(errors)

    return min(branches.values(), key=distance)
