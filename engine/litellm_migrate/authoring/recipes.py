"""Recipes: rule documents that say which rows, cells and examples one command writes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from litellm_migrate.authoring.insertion import END
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.recipes import HOLE
from litellm_migrate.source.model import Path, Problem, Problems


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to write: into which document, where, what; of examples, which columns of the rows to show."""

    kind: str
    id: str
    path: Path
    value: Any
    beside: str | None = None
    """The cell by which a new row finds its neighbours."""
    shows: tuple[str, ...] = ()


def checked(recipe: RuleNode, given: Mapping[str, str]) -> None:
    """Raises Problems (exit 2) for arguments that are not as the recipe says."""
    problems = []
    for name, part in recipe.at("arguments").items():
        pattern = part.value.get("pattern")
        if name in given and pattern and not re.fullmatch(pattern, given[name]):
            problems.append(Problem(option(recipe, name), 0, 0, f"expected {part.value['what']}. Correct it."))
    if problems:
        raise Problems(problems, 2)


def option(recipe: RuleNode, name: str) -> str:
    """How an argument is given on the command line."""
    return name.upper() if name == recipe.value["first"] else f"--{name.replace('_', '-')}"


def entries_of(recipe: RuleNode, given: Mapping[str, str]) -> Iterator[Entry]:
    """What a recipe writes for some arguments; parts whose argument is not given are left out."""
    for _, part in recipe.at("writes").items():
        value = part.value
        if "relation" in value:
            config = filled(value["config"], given)
            yield Entry(
                "relation", value["relation"], ("examples", END), {"config": config}, shows=tuple(value["shows"])
            )
            continue
        cells = {name: made for name, cell in value["cells"].items() if (made := filled(cell, given)) is not None}
        row = filled(value["row"], given)
        if "dialect" in value and cells:
            yield Entry("dialect", value["dialect"], ("tables", value["table"], row), cells)
        elif cells:
            yield Entry("table", value["table"], ("rows", row), cells, value.get("beside"))


def filled(template: Any, given: Mapping[str, str]) -> Any:
    """A value with its holes filled; None for a text with a hole that nothing fills.

    `{is: value, without: argument}` is that value where the argument is not given.
    """
    if isinstance(template, dict) and template.keys() == {"is", "without"}:
        return None if template["without"] in given else template["is"]
    if isinstance(template, dict):
        return {key: filled(value, given) for key, value in template.items()}
    if isinstance(template, list):
        return [filled(value, given) for value in template]
    if not isinstance(template, str):
        return template
    names = HOLE.findall(template)
    return HOLE.sub(lambda found: given[found[1]], template) if all(name in given for name in names) else None
