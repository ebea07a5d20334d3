"""One conversion: a rulebook applied to a configuration, as values that renderers read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from litellm_migrate.convert.bodies import Body, Filler, Shape, compiled_object
from litellm_migrate.convert.calls import Call, Variable
from litellm_migrate.convert.columns import Text
from litellm_migrate.convert.document import Document
from litellm_migrate.convert.ledger import Ledger
from litellm_migrate.convert.outcomes import SKIPPED
from litellm_migrate.convert.relations import Program, Relations
from litellm_migrate.convert.rows import Compiler, Row
from litellm_migrate.convert.steps import Finding
from litellm_migrate.convert.variables import Variables, referred_in
from litellm_migrate.convert.verdicts import Classifier, Verdict
from litellm_migrate.rulebook.types import Rulebook, View
from litellm_migrate.source.model import Notice, Position, Problem, Problems, Source

MOST_LINES = 3
"""How many lines that stop the program are named; of more, the number."""
Inspection = Callable[[Shape, list[Body], Document, Source], Iterable[Problem]]
"""What is wrong with the bodies of an endpoint."""


class GlanceAnswer(NamedTuple):
    """A question that the report answers at a glance, and the codes of findings that say more."""

    question: str
    answer: str
    see: tuple[str, ...]


class Conversion(NamedTuple):
    """Everything that one run found out."""

    source: Source
    payloads: Mapping[str, Any]
    """Plain values by file name, in the order in which they are applied; a file that is not written is absent."""
    absent: Mapping[str, str]
    """For each file that is not written, why."""
    calls: tuple[Call, ...]
    verdicts: tuple[Verdict, ...]
    notices: tuple[Notice, ...]
    variables: tuple[Variable, ...]
    """Those that payloads refer to, which whoever sends them must have."""
    environment: tuple[Variable, ...]
    """Those that the gateway reads where it runs."""
    tables: tuple[tuple[View, list[Any]], ...]
    """What the report shows of relations: by view, a body for each row."""
    guides: tuple[tuple[str, str], ...]
    """Title and text of each chapter that the rules add to the report."""
    answers: tuple[GlanceAnswer, ...]
    """What the report answers at a glance."""
    book: Rulebook
    """The rules by which it was made."""
    stopped: str = ""
    """That the program does not start with this configuration, and where; empty if it does."""


class CompiledRules:
    """The relations and bodies of a rulebook as functions, for any number of documents."""

    def __init__(self, book: Rulebook, compiler: Compiler | None = None) -> None:
        self.compiler = compiler or Compiler()
        self.relations = Program(book.relations, book.words.wrong_type, book.words.unused, self.compiler)
        self._fillers: dict[int, Filler] = {}

    def filler(self, shape: Shape) -> Filler:
        """The function that fills the bodies of an endpoint or a view, compiled once."""
        if id(shape) not in self._fillers:
            self._fillers[id(shape)] = compiled_object(shape.fields, self.compiler)
        return self._fillers[id(shape)]


class Run:
    """The rows, bodies and findings of one document."""

    def __init__(self, rules: CompiledRules, document: Document) -> None:
        self.rules = rules
        self.compiler = rules.compiler
        self.relations = Relations(self.rules.relations, document)

    def bodies(self, shape: Shape) -> list[Body]:
        """The bodies of an endpoint, with the origins of their fields."""
        fill = self.rules.filler(shape)
        bodies = [Body({}, row, []) for row in self.relations.rows_of(shape.each)]
        return [body._replace(value=fill(body.row, (), self.relations, body.fields)) for body in bodies]

    def view(self, view: View) -> list[Any]:
        """The bodies of a view in its order, of whose origins nothing is asked."""
        fill, field = self.rules.filler(view.shape), view.sort
        bodies = [fill(row, (), self.relations, None) for row in self.relations.rows_of(view.shape.each)]
        return sorted(bodies, key=lambda body: str(body.get(field, ""))) if field else bodies

    def filled(self, text: Text, relation: str) -> list[str]:
        """A text filled from the first row of a relation; none if there is no row, or a hole has no value."""
        values = [self.compiler(text)(row)[0] for row in self.relations.rows_of(relation)[:1]]
        return [str(value) for value in values if value is not None]


def convert(book: Rulebook, source: Source, inspect: Inspection | None = None) -> Conversion:
    """The conversion of a source; raises Problems if `inspect` finds any in the bodies of an endpoint."""
    source = book.secrets.redact(source)
    document = Document(source.value)
    run = Run(CompiledRules(book), document)
    run.relations.all()
    ledger = Ledger(document, book.words.refused)
    hidden = book.secrets.is_place
    variables = Variables(source, document, hidden, run.compiler)
    environment = Variables(source, document, hidden, run.compiler)
    payloads: dict[str, list[Any]] = {}
    problems: list[Problem] = []
    for shape in book.endpoints:  # one after the other: the origins of all fields are too many to keep
        bodies = run.bodies(shape)
        if shape.call:
            problems.extend(inspect(shape, bodies, document, source) if inspect else ())
            ledger.read_bodies(shape.call, bodies)
        variables.read(shape.variables, bodies, referred_in)
        environment.read(shape.environment, bodies, lambda name: str(name) if name else None)
        payloads[shape.id] = [body.value for body in bodies]
    if problems:
        raise Problems(problems)
    findings, contests = list(run.relations.findings), list(run.relations.contests)
    ledger.read_findings(findings)
    classifier = Classifier(source.at, book.dispositions, book.words, book.universe)
    verdicts = tuple(classifier.verdicts(ledger, lambda: ledger.winners(contests)))
    notices_found = (*book.notices, *source.notices, *notices(findings, source))
    return Conversion(
        source=source,
        payloads=dict(payloads_of(book.endpoints, payloads)),
        absent=dict(absences(book.endpoints, payloads)),
        calls=tuple(shape.call for shape in book.endpoints if shape.call),
        verdicts=verdicts,
        notices=notices_found,
        variables=variables.all(),
        environment=environment.all(),
        tables=tuple((view, run.view(view)) for view in book.views.values()),
        guides=tuple(guides(book, run)),
        answers=tuple(answers(book, run)),
        book=book,
        stopped=stopped(book, source, verdicts, notices_found),
    )


def stopped(book: Rulebook, source: Source, verdicts: Iterable[Verdict], notices: Iterable[Notice]) -> str:
    """The sentence of the rules where findings say that the program does not start; empty if none does."""
    stopping = {name for name, code in book.codes.items() if code.stops}
    positions = [source.at(verdict.path) for verdict in verdicts if verdict.code in stopping]
    positions += [notice.at for notice in notices if notice.at and notice.code in stopping]
    places = sorted({(file, line) for file, line, _ in positions})
    alone = len({file for file, _ in places}) == 1
    lines = [str(line) if alone else f"{file}:{line}" for file, line in places]
    most = len(lines) if len(lines) == MOST_LINES + 1 else MOST_LINES
    more = f" and {len(lines) - most} more" if len(lines) > most else ""
    heading = ("line " if len(lines) == 1 else "lines ") if alone else ""
    return book.words.stops.format(places=heading + ", ".join(lines[:most]) + more) if lines else ""


def absences(endpoints: tuple[Shape, ...], bodies: Mapping[str, list[Any]]) -> Iterator[tuple[str, str]]:
    """What the rules say of each file that has nothing to hold."""
    for shape in endpoints:
        if shape.call and shape.absent and not bodies[shape.id]:
            yield shape.call.file, shape.absent


def payloads_of(endpoints: tuple[Shape, ...], bodies: Mapping[str, list[Any]]) -> Iterator[tuple[str, Any]]:
    """The content of each file: an array for calls that create entities, one object for those that replace one."""
    for shape in endpoints:
        if not shape.call or (shape.optional and not bodies[shape.id]):
            continue
        if shape.call.unique_key:
            yield shape.call.file, bodies[shape.id]
        elif bodies[shape.id]:
            yield shape.call.file, bodies[shape.id][0]


def notices(findings: list[Finding], source: Source) -> Iterator[Notice]:
    """Findings that are about no setting in particular, each once; what needs nothing is said of settings only."""
    placeless = [
        Notice(
            finding.outcome.code or "notice",
            position_of(finding.row, source),
            finding.outcome.because,
            finding.outcome.do,
        )
        for finding in findings
        if not finding.places and finding.outcome.word != SKIPPED
    ]
    yield from dict.fromkeys(placeless)


def position_of(row: Row | None, source: Source) -> Position | None:
    """Where the first entry stands that a row was made from; None if it was made from none."""
    entries = row.entries() if row is not None else []
    return source.at(entries[0][0]) if entries and entries[0][0] else None


def answers(book: Rulebook, run: Run) -> Iterator[GlanceAnswer]:
    """The answers to the questions of the rules."""
    for question in book.questions:
        for answer in run.filled(question.answer, question.each):
            yield GlanceAnswer(question.question, answer, question.see)


def guides(book: Rulebook, run: Run) -> Iterator[tuple[str, str]]:
    """The chapters that the rules add."""
    for guide in book.guides:
        for text in run.filled(guide.text, guide.each):
            yield guide.title, text
