"""Codes of outcomes: whatever is not skipped has one, each is declared, and each that is declared is used."""

from __future__ import annotations

from collections.abc import Iterator

from litellm_migrate.convert.outcomes import SKIPPED
from litellm_migrate.lint.violation import CODE, UNUSED, Violation
from litellm_migrate.rulebook.codes import classes_of, declarations, outcomes_in, shared_code
from litellm_migrate.rulebook.nodes import RuleNode, of_kind
from litellm_migrate.rulebook.static_types import suggestion

CODELESS = (
    "expected a code for what is manual or differs here, found none. Write `code:` with the code of its consequence; "
    "`rules reference` lists them, and a document of kind `codes` adds one."
)


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
