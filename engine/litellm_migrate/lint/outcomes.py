"""Outcomes: whatever is not skipped has a declared code, each declared code is used, and no reason says nothing.

A reason that says nothing is too short, boilerplate, unfinished, or in the same words as many others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from litellm_migrate.convert.outcomes import MANUAL, SKIPPED
from litellm_migrate.lint.violation import CODE, REASON, UNUSED, Violation
from litellm_migrate.rulebook.codes import classes_of, declarations, outcomes_in, shared_code
from litellm_migrate.rulebook.nodes import RuleNode, of_kind
from litellm_migrate.rulebook.static_types import suggestion
from litellm_migrate.source.model import Position

CODELESS = (
    "expected a code for what is manual or differs here, found none. Write `code:` with the code of its consequence; "
    "`rules reference` lists them, and a document of kind `codes` adds one."
)
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


def check_codes(nodes: list[RuleNode]) -> Iterator[Violation]:
    """A violation for each outcome that lacks a code, each code that is not declared, and each declared in vain."""
    documents = of_kind(nodes, "codes")
    declared, idle = dict(declarations(documents)), list(classes_of(documents))[-1:]
    used = set()
    for node in nodes:
        shared = shared_code(node)
        if shared:
            used.add(shared.value)
            yield from undeclared(shared, declared)
        for part in outcomes_in(node):
            if part.has("code"):
                used.add(part.value["code"])
                yield from undeclared(part.at("code"), declared)
                yield from unfit(part, declared, idle)
            elif not part.has(SKIPPED) and not shared:
                yield Violation.at(CODE, part, CODELESS)
    for code in declared.keys() - used:
        yield Violation.at(UNUSED, declared[code], f"no outcome has the code `{code}`. Delete it, or use it.")


def undeclared(code: RuleNode, declared: dict[str, RuleNode]) -> Iterator[Violation]:
    """A violation if no document declares a code."""
    if code.value not in declared:
        text = f"`{code.value}` is no declared code{suggestion(str(code.value), declared)}"
        yield Violation.at(CODE, code, f"{text} A document of kind `codes` says what each code means.")


def unfit(part: RuleNode, declared: dict[str, RuleNode], idle: list[str]) -> Iterator[Violation]:
    """A violation if an outcome that asks nobody to act has a code of a class that is not the last, the `idle` one."""
    code = part.value["code"]
    category = declared[code].value["class"] if code in declared else None
    if part.has(SKIPPED) and category and category not in idle:
        text = f"expected a code of class `{''.join(idle)}` for what is skipped, found `{code}` of class `{category}`."
        yield Violation.at(CODE, part.at("code"), f"{text} Take the code out, or make the outcome manual.")


def check_reasons(nodes: list[RuleNode]) -> Iterator[Violation]:
    """A violation for each reason from which a reader learns nothing."""
    places: dict[str, dict[Position, RuleNode]] = {}
    outcomes = [part for node in nodes for part in outcomes_in(node)]
    for part in [part.at(word) for part in outcomes for word in (MANUAL, SKIPPED) if part.has(word)]:
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
