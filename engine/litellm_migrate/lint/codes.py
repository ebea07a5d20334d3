"""Codes of outcomes: each is declared, with what it means, and each that is declared is used."""

from __future__ import annotations

from collections.abc import Iterator

from litellm_migrate.lint.violation import CODE, UNUSED, Violation
from litellm_migrate.rulebook.codes import codes_in, declared_codes
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.static_types import suggestion


def check_codes(nodes: list[RuleNode]) -> Iterator[Violation]:
    """A violation for each code that no document of kind `codes` declares, and for each that is declared in vain."""
    declared = declared_codes(nodes)
    used = [part for node in nodes for part in codes_in(node)]
    for part in used:
        if part.value not in declared:
            text = f"`{part.value}` is no declared code{suggestion(str(part.value), declared)}"
            yield Violation.at(CODE, part, f"{text} A document of kind `codes` says what each code means.")
    for code in declared.keys() - {part.value for part in used}:
        yield Violation.at(UNUSED, declared[code], f"no outcome has the code `{code}`. Delete it, or use it.")
