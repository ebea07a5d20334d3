"""Codes of outcomes: where they are declared, each once, and where outcomes have them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from litellm_migrate.convert.outcomes import Code, CodeClass
from litellm_migrate.rulebook.findings import CLASSES
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.static_types import suggestion
from litellm_migrate.source.model import Problem

CONFIGURATIONS = ("examples", "config", "ask")
"""The words below which a configuration stands."""


def codes_of(nodes: Mapping[str, RuleNode], problems: list[Problem]) -> Iterator[tuple[str, Code]]:
    """Each declared code with its meaning; a problem where a code or a name is declared again."""
    taken: dict[str, RuleNode] = {}
    classes = classes_of(nodes.values())
    for code, part in declarations(nodes.values()):
        value = part.value
        for word, place in ((code, part), (value["name"], part.at("name"))):
            if word in taken:
                text = f"`{word}` is also declared in {taken[word].position()}. Choose another one."
                problems.append(place.problem(text))
            taken.setdefault(word, place)
        if value["class"] not in classes:
            text = f"`{value['class']}` is no declared class{suggestion(value['class'], classes)}"
            problems.append(part.at("class").problem(text))
        texts = (value["name"], value["class"], value["title"], value["about"])
        yield code, Code(*texts, bool(value.get("stops")))


def classes_of(nodes: Iterable[RuleNode]) -> dict[str, CodeClass]:
    """Each class of codes, most urgent first."""
    classes = [(str(name), part.value) for node in nodes for name, part in node.at("classes").items()]
    words = ("urgent", "needs_reason")
    return {name: CodeClass(value["heading"], *(bool(value.get(word)) for word in words)) for name, value in classes}


def declarations(documents: Iterable[RuleNode]) -> Iterator[tuple[str, RuleNode]]:
    """Every code that documents of kind `codes` declare, with its declaration."""
    for node in documents:
        for code, part in node.at("codes").items():
            yield str(code), part


def outcomes_in(node: RuleNode) -> Iterator[RuleNode]:
    """Every outcome below a part of a document."""
    if isinstance(node.value, dict) and any(isinstance(node.value.get(word), str) for word in CLASSES):
        yield node
    for key, part in node.items():
        if key not in CONFIGURATIONS and isinstance(part.value, (dict, list)):
            yield from outcomes_in(part)


def shared_code(document: RuleNode) -> RuleNode | None:
    """The code of those outcomes of a document that have none of their own; None if it has none."""
    return document.at("code") if document.value["kind"] in {"dispositions", "table"} and document.has("code") else None


def codes_in(document: RuleNode) -> Iterator[RuleNode]:
    """Each place of a document where a code is given."""
    if shared := shared_code(document):
        yield shared
    yield from (part.at("code") for part in outcomes_in(document) if part.has("code"))
