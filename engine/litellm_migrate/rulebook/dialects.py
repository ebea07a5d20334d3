"""Dialects: which one there is by a name or by default, and where it looks for the schemas of bodies.

What a dialect lays over other documents is laid by `layers`; the names that it gives to fields stand in sentences, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.static_types import suggestion
from litellm_migrate.source.model import USAGE, Problem, Problems

Dialects = Mapping[str, RuleNode]
"""The documents of dialects by id."""
SENTENCES = frozenset({"manual", "do", "differs", "skipped", "notice", "text", "intro", "absent"})
"""The words of rules that hold sentences for readers of a report."""


def dialect_of(dialects: Dialects, name: str | None) -> RuleNode:
    """The dialect of a name, or the default one; raises Problems (exit 2) if there is none."""
    name = default_of(dialects) if name is None else name
    if name not in dialects:
        message = f"expected one of {', '.join(dialects)}, found `{name}`{suggestion(name, dialects)}"
        raise Problems([Problem("--dialect", 0, 0, message)], USAGE)
    return dialects[name]


def default_of(dialects: Dialects) -> str:
    """The dialect that says so of itself, or the only one; raises Problems if several could be meant."""
    names = [name for name, node in dialects.items() if node.value.get("default")] or list(dialects)
    if len(names) != 1:
        message = f"expected one dialect with `default: true`, found {', '.join(names) or 'none'}. Correct the others."
        raise Problems([Problem("rules", 0, 0, message)])
    return names[0]


def folders_of(dialects: Dialects, name: str | None = None) -> tuple[str, ...]:
    """The folders that a dialect looks for schemas in, in turn; those of the default one if it states none."""
    folders = dialects[name].value.get("schemas") if name else None
    if folders is None:
        folders = dialects[default_of(dialects)].value.get("schemas", ())
    return (folders,) if isinstance(folders, str) else tuple(folders)


def lays_nothing(dialect: RuleNode) -> bool:
    """Whether a dialect lays nothing over the rules: then their examples show what it gives."""
    return not any(dialect.has(word) for word in ("tables", "endpoints", "calls", "relations", "renames"))


def in_its_words(nodes: Iterable[RuleNode], dialect: RuleNode) -> list[RuleNode]:
    """Documents whose sentences call fields as a dialect does, but for those of dialects, which do so themselves."""
    names = {old: new for _, fields in dialect.at("renames").items() for old, new in fields.value.items()}
    if not names:
        return list(nodes)
    any_name = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    pattern = re.compile(rf"(?<![\w.])(?:{any_name})(?!\w|\.\w)")

    def renamed(value: Any, is_sentence: bool) -> Any:
        if type(value) is dict:  # no generated facts
            return {key: renamed(part, key in SENTENCES) for key, part in value.items()}
        if isinstance(value, list):
            return [renamed(part, is_sentence) for part in value]
        return pattern.sub(lambda old: names[old[0]], value) if is_sentence and isinstance(value, str) else value

    return [
        node if node.value["kind"] == "dialect" else node._replace(value=renamed(node.value, False)) for node in nodes
    ]
