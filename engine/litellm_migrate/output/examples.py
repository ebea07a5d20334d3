"""The examples of rule files: small configurations, and the rows or bodies that they give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litellm_migrate.convert.builder import Builder
from litellm_migrate.convert.functions.values import kind_of
from litellm_migrate.convert.relations import Relations
from litellm_migrate.convert.rows import Row
from litellm_migrate.rulebook.files import Spec
from litellm_migrate.rulebook.rules import Rulebook
from litellm_migrate.source.model import Problem


def examples_of(specs: list[Spec]) -> Iterator[tuple[Spec, Spec]]:
    """Each example, with the document that holds it."""
    for spec in specs:
        for _, example in spec.at("examples").items():
            yield spec, example


def config_of(book: Rulebook, example: Spec) -> Any:
    """The configuration of an example as a conversion reads it: what looks like a key where none belongs is masked."""
    return book.secrets.shown(example.value["config"])


def misfits(book: Rulebook, document: Spec, example: Spec) -> Iterator[Problem]:
    """A problem for each row or body of an example that the rules do not give."""
    relations = Relations(book.relations, config_of(book, example))
    name = str(document.value["id"])
    if document.value["kind"] == "relation":
        yield from compare(example.at("rows"), relations.rows_of(name))
    for shape in book.endpoints:
        if document.value["kind"] == "endpoint" and shape.id == name:
            builder = Builder(relations)
            yield from compare(
                example.at("bodies"), [builder.item(shape, row).body for row in relations.rows_of(shape.each)]
            )


def compare(expected: Spec, found: Any) -> Iterator[Problem]:
    """A problem for each part that is not as expected; of mappings and rows, only what is expected is compared."""
    if isinstance(expected.value, dict) and isinstance(found, (dict, Row)):
        for name, part in expected.items():
            yield from compare(part, found.get(name))
    elif isinstance(expected.value, list) and isinstance(found, list):
        if len(expected.value) != len(found):
            yield expected.problem(f"expected {len(expected.value)} here, found {len(found)}.")
        for (_, part), one in zip(expected.items(), found, strict=False):
            yield from compare(part, one)
    elif expected.value != found or isinstance(expected.value, bool) != isinstance(found, bool):
        shown = "another row" if isinstance(found, Row) else f"the {kind_of(found)} {found!r}"
        yield expected.problem(f"expected {expected.value!r}, found {shown}.")
