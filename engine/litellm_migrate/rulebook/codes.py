"""Codes of outcomes: where they are declared, and where outcomes have them."""

from __future__ import annotations

from collections.abc import Iterator

from litellm_migrate.rulebook.columns import outcome
from litellm_migrate.rulebook.nodes import RuleNode, of_kind

CONFIGURATIONS = ("examples", "config", "ask")
"""The words below which a configuration stands."""


def declared_codes(nodes: list[RuleNode]) -> dict[str, RuleNode]:
    """By code, its meaning."""
    return {str(code): part for node in of_kind(nodes, "codes") for code, part in node.at("codes").items()}


def codes_in(node: RuleNode) -> Iterator[RuleNode]:
    """The code of every outcome below a part of a document."""
    if node.has("code") and outcome(node):
        yield node.at("code")
    for key, part in node.items():
        if key not in CONFIGURATIONS and isinstance(part.value, (dict, list)):
            yield from codes_in(part)
