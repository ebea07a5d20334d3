"""One conversion: a rulebook applied to a source, as values that the renderers read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path as File
from typing import Any

from litellm_migrate.convert.bodies import Item, Shape
from litellm_migrate.convert.builder import Builder
from litellm_migrate.convert.calls import Call, Variable
from litellm_migrate.convert.classify import Classifier, Verdict
from litellm_migrate.convert.evidence import Ledger
from litellm_migrate.convert.narrowing.bodies import narrowed
from litellm_migrate.convert.outcomes import Finding
from litellm_migrate.convert.own import all_settled
from litellm_migrate.convert.relations import Relations
from litellm_migrate.convert.variables import Asked
from litellm_migrate.output.validation import check
from litellm_migrate.rulebook.endpoint_schemas import schema_of
from litellm_migrate.rulebook.types import Rulebook, View
from litellm_migrate.source.model import Notice, Problem, Problems, Source, value_at
from litellm_migrate.source.records import record
from litellm_migrate.source.redact import Secrets


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
    source = book.secrets.redact(source)
    book = narrowed(book, source.value)
    relations = Relations(book.relations, source.value)
    relations.all()
    builder = Builder(relations)
    ledger = Ledger(source, book.words.refused)
    asked = Asked(source, book.secrets)
    bodies: dict[str, list[Any]] = {}
    problems: list[Problem] = []
    for shape in book.endpoints:  # one after the other: the origins of all fields are too many to keep
        items = builder.items(shape)
        problems.extend(problems_of(book, shape, items, source, schemas))
        ledger.read_items(shape, items)
        asked.read_items(shape, items)
        bodies[shape.id] = [item.body for item in items]
    if problems:
        raise Problems(problems)
    findings = [*relations.findings, *builder.findings]
    ledger.read_findings(findings)
    classifier = Classifier(source, book.dispositions, book.words, book.universe)
    views = {name: builder.bodies(view.shape) for name, view in book.views.items()}
    return Conversion(
        source=source,
        payloads=dict(payloads(book.endpoints, bodies)),
        absent=dict(absences(book.endpoints, bodies)),
        calls=tuple(shape.call for shape in book.endpoints if shape.call),
        verdicts=tuple(classifier.verdicts(ledger)),
        notices=(*book.notices, *source.notices, *notices(findings, source)),
        variables=asked.variables(),
        views=views,
        tables=tuple((book.views[name], rows) for name, rows in views.items()),
        guides=tuple(guides(book, relations)),
    )


def absences(endpoints: tuple[Shape, ...], bodies: Mapping[str, list[Any]]) -> Iterator[tuple[str, str]]:
    """What the rules say of each file that has nothing to hold."""
    for shape in endpoints:
        if shape.call and shape.absent and not bodies[shape.id]:
            yield shape.call.file, shape.absent


def problems_of(book: Rulebook, shape: Shape, items: list[Item], source: Source, schemas: File) -> Iterator[Problem]:
    """What a schema or a secret forbids in the payloads of an endpoint."""
    if shape.call:
        yield from check(shape, items, schema_of(shape, book.schemas, schemas), source)
        yield from leaks(book.secrets, source, items)


def leaks(secrets: Secrets, source: Source, items: list[Item]) -> Iterator[Problem]:
    """A problem for each field that holds a secret of the source."""
    for item in items:
        for field in item.fields:
            value = value_at(item.body, field.pointer) if field.origin.carried else None
            if isinstance(value, str):
                origins = all_settled(field.origin.carried, field.spots)
                yield from secrets.leaks(source, field.pointer, value, origins, field.rule)


def payloads(endpoints: tuple[Shape, ...], bodies: Mapping[str, list[Any]]) -> Iterator[tuple[str, Any]]:
    """The content of each file: an array for calls that create entities, one object for those that replace one."""
    for shape in endpoints:
        several = bodies[shape.id]
        if shape.extra and not several:
            continue
        if shape.call and shape.call.identity:
            yield shape.call.file, several
        elif shape.call and several:
            yield shape.call.file, several[0]


def notices(findings: list[Finding], source: Source) -> Iterator[Notice]:
    """Findings that are about no setting in particular."""
    for found in dict.fromkeys(findings):
        if not found.paths:
            spot = source.at(found.spot) if found.spot else None
            yield Notice(found.outcome.code or "notice", spot, found.outcome.because, found.outcome.do)


def guides(book: Rulebook, relations: Relations) -> Iterator[tuple[str, str]]:
    """The chapters that the rules add, each filled from the first row of its relation."""
    for guide in book.guides:
        for row in relations.rows_of(guide.each)[:1]:
            filled = guide.text.value(row)
            if filled is not None:
                yield guide.title, filled
