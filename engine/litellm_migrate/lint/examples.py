"""Runs the examples of rule files: each must give what it says, and nothing that a schema forbids."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path as File

from litellm_migrate.convert.bodies import Shape
from litellm_migrate.convert.document import Document
from litellm_migrate.convert.expectation import refusals
from litellm_migrate.convert.functions.values import kind_of
from litellm_migrate.convert.rows import Compiler, MemberView, Row
from litellm_migrate.convert.run import CompiledRules, Run, answers, guides
from litellm_migrate.lint.coverage import Coverage
from litellm_migrate.lint.rehearsals import ConvertedExample
from litellm_migrate.lint.violation import EXAMPLE, WHERE, Violation
from litellm_migrate.rulebook.dialects import lays_nothing
from litellm_migrate.rulebook.endpoint_schemas import schema_of
from litellm_migrate.rulebook.index import Parsed
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.schema import validator
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import Json, Problem, pointer


def examples_of(nodes: list[RuleNode]) -> Iterator[tuple[RuleNode, RuleNode]]:
    """Every example of rule files, after the document that holds it."""
    for node in nodes:
        for _, example in node.at("examples").items():
            yield node, example


def check_examples(
    dialects: list[Parsed], nodes: list[RuleNode], schemas: File, in_scope: Callable[[str], bool], coverage: Coverage
) -> Iterator[Violation]:
    """What is wrong with the examples.

    Those of relations and endpoints say what a dialect gives that lays nothing over the rules; the other dialects
    have their own, and write what the examples of endpoints give too. Those in files out of scope must only convert.
    """
    for parsed in dialects:
        dialect, plain = parsed.book.dialect, lays_nothing(parsed.overlay)
        runner = ExampleRunner(parsed.book, schemas, coverage)
        for document, example in examples_of(nodes):
            kind, of_dialect = document.value["kind"], document is parsed.overlay
            if of_dialect or (plain and kind != "dialect") or kind == "endpoint":
                compared = (of_dialect or plain) and in_scope(example.position().file)
                try:
                    yield from runner.violations(document, example, compared)
                    coverage.converted.append(ConvertedExample(parsed, document, example, runner.bodies))
                except (TypeError, ValueError, LookupError, AttributeError) as error:
                    text = f"cannot be converted in dialect {dialect}: {error}. Correct the rule that it needs."
                    yield Violation.at(EXAMPLE, example, text)


class ExampleRunner:
    """Converts examples by the rules of one dialect, watched by a coverage."""

    def __init__(self, book: Rulebook, schemas: File, coverage: Coverage) -> None:
        self.book = book
        self.coverage = coverage
        self.rules = CompiledRules(book, Compiler(coverage.observer))
        called = [shape for shape in book.endpoints if shape.call]
        self.schemas = {shape.id: schema_of(shape, book.schemas, schemas) for shape in called}
        self.bodies: dict[str, list[Json]] = {}
        """Those of the last example, by endpoint."""
        self.fits = {name: validator(schema) for name, schema in self.schemas.items()}

    def violations(self, document: RuleNode, example: RuleNode, compared: bool) -> Iterator[Violation]:
        """What is wrong with one example of a document; it is held against what it says if `compared`."""
        config = self.book.secrets.redact_value(example.value["config"])
        run = Run(self.rules, Document(config))
        self.coverage.rows.clear()  # those of an example that could not be converted
        run.relations.all()
        self.coverage.work_out_columns()
        bodies = {shape.id: [body.value for body in run.bodies(shape)] for shape in self.book.endpoints}
        for shape in self.book.endpoints:
            for reason in map(run.compiler, [*shape.variables.values(), *shape.environment.values()]):
                for row in run.relations.rows_of(shape.each):
                    reason(row)
            for field, message in self.refusals(shape, bodies[shape.id]):
                text, where = f"in {WHERE}, {message}", f"dialect {self.book.dialect}"
                yield Violation.at(EXAMPLE, example, text, where, field)._replace(follows=True)
        for view in self.book.views.values():
            run.view(view)
        list(guides(self.book, run))
        list(answers(self.book, run))
        self.bodies = {name: [*values] for name, values in bodies.items()}
        if compared:
            yield from (Violation(problem, EXAMPLE) for problem in misfits(document, example, run, bodies))

    def refusals(self, shape: Shape, bodies: Sequence[Json]) -> Iterator[tuple[str, str]]:
        """What the schema of an endpoint refuses: file and field, and the message."""
        if not shape.call or all(map(self.fits[shape.id], bodies)):
            return
        for number, body in enumerate(bodies):
            for path, expected in refusals(self.schemas[shape.id], body):
                place = f"{shape.call.file}{pointer((number, *path))}"
                field = ".".join([shape.call.file, *(name for name in path if isinstance(name, str))])
                yield field, f"{place}: expected {expected}. Correct the rule {shape.id}."


def misfits(
    document: RuleNode, example: RuleNode, run: Run, bodies: Mapping[str, Sequence[object]]
) -> Iterator[Problem]:
    """A problem for each row or body that is not as an example says; a dialect's example names endpoints."""
    name = str(document.value["id"])
    if document.value["kind"] == "relation":
        yield from compare(example.at("rows"), run.relations.rows_of(name))
    else:
        yield from compare(example.at("bodies"), bodies[name] if document.value["kind"] == "endpoint" else bodies)


def compare(expected: RuleNode, actual: object) -> Iterator[Problem]:
    """A problem for each part that is not as expected; of mappings and rows, only what is expected is compared."""
    if isinstance(expected.value, dict) and isinstance(actual, (dict, MemberView)):
        for name, part in expected.items():
            yield from compare(part, actual[name][0] if isinstance(actual, (Row, MemberView)) else actual.get(name))
    elif isinstance(expected.value, list) and isinstance(actual, list):
        if len(expected.value) != len(actual):
            yield expected.problem(f"expected {len(expected.value)} here, found {len(actual)}.")
        for (_, part), item in zip(expected.items(), actual, strict=False):
            yield from compare(part, item)
    elif expected.value != actual or isinstance(expected.value, bool) != isinstance(actual, bool):
        row = isinstance(actual, (Row, MemberView))
        instead = "another row" if row else described(actual, f"the {kind_of(actual)} ")
        yield expected.problem(f"expected {described(expected.value)}, found {instead}.")


def described(value: object, lead: str = "") -> str:
    """A value in a message: `nothing`, `true`, `'a'`; other values stand after `lead`."""
    if value is None or isinstance(value, bool):
        return "nothing" if value is None else str(value).lower()
    return f"{lead}{value!r}"
