"""Runs the examples: each must give what it says, and nothing that a schema forbids."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path as File
from typing import Any

from litellm_migrate.convert.bodies import Shape
from litellm_migrate.convert.functions.values import kind_of
from litellm_migrate.convert.relations import Relations
from litellm_migrate.convert.rows import Row
from litellm_migrate.convert.run import guides
from litellm_migrate.lint.books import Audited
from litellm_migrate.lint.filling import Filling
from litellm_migrate.lint.found import EXAMPLE, Found
from litellm_migrate.output.validation import expectation
from litellm_migrate.rulebook.endpoint_schemas import schema_of
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.schema import fits
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import Problem, pointer


def examples_of(specs: list[RuleNode]) -> Iterator[tuple[RuleNode, RuleNode]]:
    """Every example of rule files, after the document that holds it."""
    for spec in specs:
        for _, example in spec.at("examples").items():
            yield spec, example


def config_of(book: Rulebook, example: RuleNode) -> Any:
    """The configuration of an example as a conversion reads it: what looks like a key where none belongs is masked."""
    return book.secrets.redact_value(example.value["config"])


def run_examples(
    books: list[Audited], specs: list[RuleNode], schemas: File, asked: Callable[[str], bool]
) -> Iterator[Found]:
    """What is wrong with the examples.

    Those of relations and endpoints say what a dialect gives that lays nothing over the rules; the other dialects
    have their own, and write what the examples of endpoints give too. Those in files that are not asked must convert.
    """
    for audited in books:
        for document, example in examples_of(specs):
            kind, name = document.value["kind"], document.value["id"]
            own = kind == "dialect" and name == audited.book.dialect
            if own or (audited.plain and kind != "dialect") or kind == "endpoint":
                said = (own or audited.plain) and asked(example.position().file)
                try:
                    yield from Found.all(EXAMPLE, run(audited, document, example, schemas, said))
                except (TypeError, ValueError, LookupError, AttributeError) as error:
                    text = f"cannot be converted in dialect {audited.book.dialect}: {error}"
                    yield Found.at(EXAMPLE, example, f"{text}. Correct the rule that it needs.")


def run(audited: Audited, document: RuleNode, example: RuleNode, schemas: File, said: bool) -> Iterator[Problem]:
    """The problems of one example in one dialect, which must give what is said if `said`."""
    book = audited.book
    relations = Relations(book.relations, config_of(book, example))
    relations.all()
    filling = Filling(relations.rows_of)
    bodies = {shape.id: filling.bodies(shape) for shape in book.endpoints}
    for shape in book.endpoints:
        filling.reasons(shape)
        for message in refused(shape, bodies[shape.id], schemas, book.schemas):
            yield example.problem(f"in dialect {book.dialect}, {message}")
    for view in book.views.values():
        filling.bodies(view.shape)
    list(guides(book, relations))
    if said:
        yield from misfits(document, example, relations, bodies)


def refused(shape: Shape, bodies: list[Any], schemas: File, dialect: str | None) -> Iterator[str]:
    """What the schema of an endpoint refuses."""
    if shape.call is None:
        return
    schema = schema_of(shape, dialect, schemas)
    for number, body in enumerate(bodies):
        if not fits(schema, body):
            from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import, and seldom needed

            for error in Draft202012Validator(schema).iter_errors(body):
                place = pointer((number, *error.absolute_path))
                yield f"{shape.call.file}{place} should be {expectation(error)}. Correct the rule {shape.id}."


def misfits(
    document: RuleNode, example: RuleNode, relations: Relations, bodies: Mapping[str, list[Any]]
) -> Iterator[Problem]:
    """A problem for each row or body that is not as an example says; a dialect's example names endpoints."""
    name = str(document.value["id"])
    if document.value["kind"] == "relation":
        yield from compare(example.at("rows"), relations.rows_of(name))
    elif document.value["kind"] == "endpoint":
        yield from compare(example.at("bodies"), bodies[name])
    else:
        yield from compare(example.at("bodies"), bodies)


def compare(expected: RuleNode, actual: Any) -> Iterator[Problem]:
    """A problem for each part that is not as expected; of mappings and rows, only what is expected is compared."""
    if isinstance(expected.value, dict) and isinstance(actual, (dict, Row)):
        for name, part in expected.items():
            yield from compare(part, actual.get(name))
    elif isinstance(expected.value, list) and isinstance(actual, list):
        if len(expected.value) != len(actual):
            yield expected.problem(f"expected {len(expected.value)} here, found {len(actual)}.")
        for (_, part), item in zip(expected.items(), actual, strict=False):
            yield from compare(part, item)
    elif expected.value != actual or isinstance(expected.value, bool) != isinstance(actual, bool):
        described = "another row" if isinstance(actual, Row) else f"the {kind_of(actual)} {actual!r}"
        yield expected.problem(f"expected {expected.value!r}, found {described}.")
