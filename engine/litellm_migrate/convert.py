"""One conversion: a rulebook applied to a source, as values that the renderers read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path as File
from typing import Any

from litellm_migrate.bodies import Builder, Item, Shape
from litellm_migrate.calls import Call, Variable
from litellm_migrate.classify import Classifier, Verdict
from litellm_migrate.model import Notice, Path, Problem, Problems, Source
from litellm_migrate.narrowing.bodies import narrowed
from litellm_migrate.outcomes import Finding
from litellm_migrate.records import record
from litellm_migrate.relations import Relations
from litellm_migrate.rulebook.rules import Rulebook, View
from litellm_migrate.secrets import Secrets, at
from litellm_migrate.trace import Trace, union
from litellm_migrate.validate import check, read_schema, schema_file

REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}\Z")


@record
class Conversion:
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
    views: Mapping[str, list[Any]]
    """What the report shows of relations, by view."""
    tables: tuple[tuple[View, list[Any]], ...]
    guides: tuple[tuple[str, str], ...]
    """Title and text of each chapter that the rules add to the report."""


def convert(book: Rulebook, source: Source, schemas: File) -> Conversion:
    """The conversion of a source; raises Problems if the rules would write what a schema or a secret forbids."""
    source = book.secrets.masked(source)
    book = narrowed(book, source.value)
    relations = Relations(book.relations, source.value)
    relations.all()
    builder = Builder(relations.rows_of)
    items = {shape.id: [builder.item(shape, row) for row in relations.rows_of(shape.each)] for shape in book.endpoints}
    problems = list(problems_of(book, items, source, schemas))
    if problems:
        raise Problems(problems)
    findings = [*relations.findings, *builder.findings]
    views = {
        name: [builder.body(view.shape.fields, row, (), None) for row in relations.rows_of(view.shape.each)]
        for name, view in book.views.items()
    }
    return Conversion(
        source=source,
        payloads=dict(payloads(book.endpoints, items)),
        absent=dict(absences(book.endpoints, items)),
        calls=tuple(shape.call for shape in book.endpoints if shape.call),
        verdicts=tuple(judge(book, source, items, findings)),
        notices=(*book.notices, *source.notices, *notices(findings, source)),
        variables=variables(book, items, source),
        views=views,
        tables=tuple((book.views[name], rows) for name, rows in views.items()),
        guides=tuple(guides(book, relations)),
    )


def absences(endpoints: tuple[Shape, ...], items: Mapping[str, list[Item]]) -> Iterator[tuple[str, str]]:
    """What the rules say of each file that has nothing to hold."""
    for shape in endpoints:
        if shape.call and shape.absent and not items[shape.id]:
            yield shape.call.file, shape.absent


def problems_of(book: Rulebook, items: Mapping[str, list[Item]], source: Source, schemas: File) -> Iterator[Problem]:
    """What a schema or a secret forbids in the payloads."""
    for shape in book.endpoints:
        if shape.call:
            schema = shape.schema or read_schema(schema_file(schemas / "synapse", book.schemas, shape.call.file))
            yield from check(shape, items[shape.id], schema, source)
            yield from book.secrets.leaks(source, items[shape.id])


def payloads(endpoints: tuple[Shape, ...], items: Mapping[str, list[Item]]) -> Iterator[tuple[str, Any]]:
    """The content of each file: an array for calls that create entities, one object for those that replace one."""
    for shape in endpoints:
        bodies = [item.body for item in items[shape.id]]
        if shape.extra and not bodies:
            continue
        if shape.call and shape.call.identity:
            yield shape.call.file, bodies
        elif shape.call and bodies:
            yield shape.call.file, bodies[0]


def judge(
    book: Rulebook, source: Source, items: Mapping[str, list[Item]], findings: list[Finding]
) -> Iterator[Verdict]:
    """One verdict for each leaf of the source."""
    classifier = Classifier(source, book.dispositions, book.words, book.universe)
    files: dict[str, list[tuple[Path, Item]]] = {}
    for shape in book.endpoints:
        if shape.call:
            many = bool(shape.call.identity)
            files[shape.call.file] = [((number,) if many else (), item) for number, item in enumerate(items[shape.id])]
    classifier.read_items(files)
    classifier.read_findings(findings)
    return classifier.verdicts()


def notices(findings: list[Finding], source: Source) -> Iterator[Notice]:
    """Findings that are about no setting in particular."""
    for found in dict.fromkeys(findings):
        if not found.paths:
            spot = source.at(found.spot) if found.spot else None
            yield Notice(found.outcome.code or "notice", spot, found.outcome.because, found.outcome.do)


def variables(book: Rulebook, items: Mapping[str, list[Item]], source: Source) -> tuple[Variable, ...]:
    """Every environment variable that payloads refer to, with the places that ask for it."""
    found: dict[str, tuple[str, set[Path]]] = {}
    for shape in book.endpoints:
        for name, column in (shape.variables or {}).items():
            pointer = tuple(name.split("."))
            for item in items[shape.id]:
                named = REFERENCE.match(str(at(item.body, pointer)))
                if named:
                    origin = str(column.value(item.row) or "reference")
                    places = found.setdefault(named[1], (origin, set()))[1]
                    places.update(where(column.trace(item.row) or origin_of(item, pointer), book.secrets))
    return tuple(sorted(variable(name, origin, places, source) for name, (origin, places) in found.items()))


def variable(name: str, origin: str, places: set[Path], source: Source) -> Variable:
    """A variable with its places in order."""
    spots = sorted({source.at(path)[:2] for path in places})
    return Variable(name, origin, tuple(f"{file}:{line}" for file, line in spots), tuple(sorted(places, key=str)))


def origin_of(item: Item, pointer: Path) -> Trace:
    """The origins of one field of a body."""
    return union(field.trace for field in item.fields if field.pointer == pointer)


def where(trace: Trace, secrets: Secrets) -> Iterable[Path]:
    """Each setting behind a value: those that may hold a secret, else those it is made of, else those that decide."""
    behind = trace.carried | trace.decided
    return {path for path in behind if secrets.hidden(path)} or trace.carried or behind


def guides(book: Rulebook, relations: Relations) -> Iterator[tuple[str, str]]:
    """The chapters that the rules add, each filled from the first row of its relation."""
    for guide in book.guides:
        for row in relations.rows_of(guide.each)[:1]:
            filled = guide.text.value(row)
            if filled is not None:
                yield guide.title, filled
