"""Codes of outcomes: each is declared, with what it means, and each that is declared is used."""

from __future__ import annotations

from collections.abc import Iterator

from litellm_migrate.lint.violation import CODE, UNUSED, Violation
from litellm_migrate.rulebook.findings import CLASSES
from litellm_migrate.rulebook.nodes import RuleNode, of_kind
from litellm_migrate.rulebook.static_types import suggestion

CONFIGURATIONS = ("examples", "config", "ask")
"""The words below which a configuration stands."""


def check_codes(nodes: list[RuleNode]) -> Iterator[Violation]:
    """A violation for each code that no document of kind `codes` declares, and for each that is declared in vain."""
    declared = {code: part for node in of_kind(nodes, "codes") for code, part in node.at("codes").items()}
    used = [part for node in nodes for part in codes_in(node)]
    for part in used:
        if part.value not in declared:
            text = f"`{part.value}` is no declared code{suggestion(str(part.value), declared)}"
            yield Violation.at(CODE, part, f"{text} A document of kind `codes` says what each code means.")
    for code in declared.keys() - {part.value for part in used}:
        yield Violation.at(UNUSED, declared[code], f"no outcome has the code `{code}`. Delete it, or use it.")


def codes_in(node: RuleNode) -> Iterator[RuleNode]:
    """The code of every outcome below a part of a document."""
    if node.has("code") and any(node.has(word) for word in CLASSES):
        yield node.at("code")
    for key, part in node.items():
        if key not in CONFIGURATIONS and isinstance(part.value, (dict, list)):
            yield from codes_in(part)
