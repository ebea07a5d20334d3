"""Reasons that say nothing: too short, boilerplate, unfinished, or the same words for everything."""

from __future__ import annotations

import re
from collections.abc import Iterator

from litellm_migrate.lint.violation import REASON, Violation
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.source.model import Position

SHORTEST = 25
OFTEN = 5
"""How often the same words may stand in different places; a YAML anchor is one place."""
EMPTY = re.compile(
    r"(this (setting|option|feature|key) )?(is )?(not|un)[ -]?(yet )?"
    r"(supported|available|applicable|needed|used|known|mapped)( (by|in|here|at|for)\b.{0,20})?[.!]?"
    r"|no equivalent.{0,25}|see (the )?(docs|documentation).{0,20}|n/?a",
    re.IGNORECASE,
)
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|TBD)\b|\.\.\.$")
ENDS = (".", "!", "?", ".)", '."')


def check_reasons(nodes: list[RuleNode]) -> Iterator[Violation]:
    """A violation for each reason from which a reader learns nothing."""
    places: dict[str, dict[Position, RuleNode]] = {}
    for part in (part for node in nodes for part in reasons_in(node)):
        text = " ".join(str(part.value).split())
        if fault := fault_of(text):
            message = f"{fault}. Say what the setting does, and why nothing is carried over."
            yield Violation.at(REASON, part, message)
        places.setdefault(text, {}).setdefault(part.position(), part)
    for same in places.values():
        if len(same) > OFTEN:
            message = f"the same words stand in {len(same)} places, first in {next(iter(same))}."
            *_, last = same.values()
            yield Violation.at(REASON, last, f"{message} Say what is special here, or make it one pattern or anchor.")


def fault_of(text: str) -> str | None:
    """What is wrong with a reason, if anything."""
    if EMPTY.fullmatch(text):
        return f"`{text}` is boilerplate"
    if len(text) < SHORTEST:
        return f"`{text}` says too little"
    if UNFINISHED.search(text):
        return f"`{text}` is unfinished"
    return None if text.endswith(ENDS) else "expected a complete sentence, which ends with a full stop"


def reasons_in(node: RuleNode) -> Iterator[RuleNode]:
    """Every reason below a part of a document."""
    for key, part in node.items():
        if key in ("manual", "skipped") and isinstance(part.value, str):
            yield part
        elif key not in ("examples", "config"):
            yield from reasons_in(part)
