"""Recipes: documents that say which rows, cells and examples one command adds to rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.static_types import suggestion
from litellm_migrate.source.model import Problem

HOLE = re.compile(r"\{(\w+)\}")
NAMES = ("table", "dialect", "relation")


def misnamed(by_kind: Mapping[str, Mapping[str, RuleNode]]) -> Iterator[Problem]:
    """A problem for each document and argument that a recipe names and that is not there."""
    for recipe in by_kind.get("recipe", {}).values():
        arguments = recipe.value["arguments"]
        if recipe.value["first"] not in arguments:
            name = recipe.value["first"]
            yield recipe.at("first").problem(f"`{name}` is no argument{suggestion(name, arguments)}")
        for name, part in recipe.at("arguments").items():
            try:
                re.compile(part.value.get("pattern", ""))
            except re.error as error:
                yield part.at("pattern").problem(f"expected a regular expression for `{name}`: {error}.")
        for _, part in recipe.at("writes").items():
            for kind in NAMES:
                documents = by_kind.get(kind, {})
                name = part.value.get(kind)
                if name is not None and name not in documents:
                    yield part.at(kind).problem(f"`{name}` is no {kind}{suggestion(name, documents)}")
            yield from unknown(part, arguments)


def unknown(part: RuleNode, arguments: Mapping[str, object]) -> Iterator[Problem]:
    """A problem for each hole that no argument fills."""
    if isinstance(part.value, (dict, list)):
        for key, below in part.items():
            absent = [below.value] if key == "without" else []
            for name in [*absent, *(HOLE.findall(below.value) if isinstance(below.value, str) else ())]:
                if name not in arguments:
                    yield below.problem(f"`{name}` is no argument{suggestion(str(name), arguments)}")
            yield from unknown(below, arguments)


def cell_of(recipe: RuleNode, argument: str) -> tuple[str, str, str | None] | None:
    """The table and the cell that an argument becomes, and the dialect if it is one's; None if it becomes none."""
    for part in recipe.value["writes"]:
        for cell, template in part.get("cells", {}).items():
            if template == f"{{{argument}}}":
                return part["table"], cell, part.get("dialect")
    return None


def filled(template: Any, arguments: Mapping[str, str]) -> Any:
    """A value with its holes filled; None for a text with a hole that nothing fills.

    `{is: value, without: argument}` is that value where the argument is missing.
    """
    if isinstance(template, dict) and template.keys() == {"is", "without"}:
        return None if template["without"] in arguments else template["is"]
    if isinstance(template, dict):
        return {key: filled(value, arguments) for key, value in template.items()}
    if isinstance(template, list):
        return [filled(value, arguments) for value in template]
    if not isinstance(template, str):
        return template
    complete = all(name in arguments for name in HOLE.findall(template))
    return HOLE.sub(lambda hole: arguments[hole[1]], template) if complete else None
