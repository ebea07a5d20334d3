"""Compiles the codes of outcomes: each id and each name once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from litellm_migrate.convert.outcomes import Code
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.source.model import Problem


def codes_of(nodes: Mapping[str, RuleNode], problems: list[Problem]) -> Iterator[tuple[str, Code]]:
    """Each declared code with its meaning; a problem where a code or a name is declared again."""
    taken: dict[str, RuleNode] = {}
    for code, part in declarations(nodes.values()):
        value = part.value
        for word, place in ((code, part), (value["name"], part.at("name"))):
            if word in taken:
                text = f"`{word}` is also declared in {taken[word].position()}. Choose another one."
                problems.append(place.problem(text))
            taken.setdefault(word, place)
        yield code, Code(value["name"], value["class"], value["title"], value["about"], value.get("heading", ""))


def declarations(documents: Iterable[RuleNode]) -> Iterator[tuple[str, RuleNode]]:
    """Every code that documents of kind `codes` declare, with its declaration."""
    for node in documents:
        for code, part in node.at("codes").items():
            yield str(code), part
