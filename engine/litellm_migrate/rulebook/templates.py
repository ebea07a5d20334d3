"""Templates of configurations: plain data with holes, such as the example that a table has of a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from litellm_migrate.convert.rows import KEY
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.static_types import RowShape, suggestion
from litellm_migrate.source.model import Json, Problem

HOLE = re.compile(r"\{(\w+)\}")


def filled(template: Json, values: Mapping[str, str]) -> Json:
    """A template with its holes filled; None for a text with a hole that nothing fills, which no mapping holds."""
    if isinstance(template, dict):
        parts = {key: filled(part, values) for key, part in template.items()}
        return {key: part for key, part in parts.items() if part is not None or template[key] is None}
    if isinstance(template, list):
        return [filled(part, values) for part in template]
    if not isinstance(template, str):
        return template
    complete = all(name in values for name in HOLE.findall(template))
    return HOLE.sub(lambda hole: values[hole[1]], template) if complete else None


def wrong_examples(tables: Mapping[str, RuleNode], relations: Mapping[str, RowShape]) -> Iterator[Problem]:
    """A problem for each relation, column and hole in the example of a table that is not there."""
    for table in tables.values():
        example = table.at("example")
        if example.value is None:
            continue
        name, cells = example.value["relation"], (KEY, *(table.value.get("columns") or ()))
        if name not in relations:
            yield example.at("relation").problem(f"`{name}` is no relation{suggestion(name, relations)}")
        for _, part in example.at("shows").items() if name in relations else ():
            if part.value not in relations[name].names():
                text = f"`{part.value}` is no column of relation `{name}`"
                yield part.problem(text + suggestion(part.value, relations[name].names()))
        for part, hole in holes(example.at("config")):
            if hole not in cells:
                yield part.problem(f"`{hole}` is no column of table `{table.value['id']}`{suggestion(hole, cells)}")


def holes(node: RuleNode) -> Iterator[tuple[RuleNode, str]]:
    """The holes of a template, each with the text that it stands in."""
    if isinstance(node.value, str):
        yield from ((node, hole) for hole in HOLE.findall(node.value))
    for _, part in node.items():
        yield from holes(part)
