"""Holds request bodies against the JSON Schema of their endpoint; a problem names the rule and the source line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from litellm_migrate.convert.bodies import Body, FieldOrigin, Shape, repeated
from litellm_migrate.convert.calls import Call
from litellm_migrate.convert.document import Document
from litellm_migrate.convert.expectation import refusals
from litellm_migrate.convert.origins import resolve
from litellm_migrate.convert.run import Inspection
from litellm_migrate.source.model import Json, Path, Problem, Source, pointer, value_at
from litellm_migrate.source.redact import Secrets

JsonSchema = dict[str, Json] | bool
Fields = Iterable[tuple[Path, str, Collection[Path]]]
"""The fields of a body: where each is in it, the rule that wrote it, and the places of the source that it carries."""


def problems(
    file: str, endpoint: str, schema: JsonSchema, bodies: Iterable[tuple[Json, Callable[[], Fields]]], source: Source
) -> Iterator[Problem]:
    """A problem for each part of a body that the schema of its endpoint refuses.

    `file` is the payload file and `endpoint` the id, which stands for the rule of what no field wrote. Each body comes
    with a function that returns its fields, which is called only if the body is wrong.
    """
    is_valid = validator(schema)
    for number, (body, fields) in enumerate(bodies):
        for path, expected in () if is_valid(body) else refusals(schema, body):
            rule, carried = next(
                ((rule, carried) for place, rule, carried in fields() if place[: len(path)] == path), (endpoint, ())
            )
            place = f"{file}{pointer((number, *path))}"
            message = f"{place}: expected {expected}. Correct the rule {rule}."
            origin = min(carried, default=None, key=str)
            yield Problem(f"rules: {rule}", 0, 0, message) if origin is None else Problem(*source.at(origin), message)


def clashes(call: Call, bodies: list[Body], source: Source) -> Iterator[Problem]:
    """A problem for each body that would take the place of an earlier one: of the same key, or of a whole document."""
    again = (
        repeated(call, [body.value for body in bodies]) if call.unique_key else ((n, 0) for n in range(1, len(bodies)))
    )
    for number, earlier in again:
        entries, key = bodies[number].row.entries(), " and ".join(call.unique_key)
        same = f"has the same {key} as" if key else "would be written in the place of"
        message = f"{call.file}/{number} {same} {call.file}/{earlier}. Tell them apart, or group their rows."
        yield Problem(*source.at(entries[0][0] if entries else ()), message)


def inspection(secrets: Secrets, schema_of: Callable[[Shape], JsonSchema]) -> Inspection:
    """What is wrong with the bodies of an endpoint by its JSON Schema, and which fields show a secret."""
    leaves: dict[Document, frozenset[int]] = {}

    def inspect(shape: Shape, bodies: list[Body], document: Document, source: Source) -> Iterator[Problem]:
        def fields_of(body: Body) -> Callable[[], Fields]:
            return lambda: ((field.pointer, field.rule, settings_of(field, document)) for field in body.fields)

        file = shape.call.file if shape.call else shape.id
        pairs = [(body.value, fields_of(body)) for body in bodies]
        yield from problems(file, shape.id, schema_of(shape), pairs, source) if pairs else ()
        yield from clashes(shape.call, bodies, source) if shape.call else ()
        if document not in leaves:
            leaves[document] = secret_leaves(secrets, document, source)
        for body in bodies if leaves[document] else ():
            for field in body.fields:
                paths = [document.path(leaf) for leaf in leaves_of(field) if leaf in leaves[document]]
                for text in texts_in(value_at(body.value, field.pointer)) if paths else ():
                    yield from secrets.leaks(source, field.pointer, text, paths, field.rule)

    return inspect


def secret_leaves(secrets: Secrets, document: Document, source: Source) -> frozenset[int]:
    """The numbers of the leaves that are secrets."""
    leaves = enumerate(document.leaves)
    return frozenset([number for number, (path, _) in leaves if secrets.secret_at(source, path) is not None])


def leaves_of(field: FieldOrigin) -> Iterator[int]:
    """The numbers of the leaves that a field carries, of a mapping or a list each."""
    for place in resolve(field.origin).carried:
        yield from (place,) if isinstance(place, int) else range(place.start, place.stop)


def texts_in(value: Json) -> Iterator[str]:
    """Every text in a value, keys of mappings too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from (key, *texts_in(below))
    elif isinstance(value, list):
        for below in value:
            yield from texts_in(below)


def settings_of(field: FieldOrigin, document: Document) -> set[Path]:
    """The settings whose values a field carries."""
    return {document.path(place) for place in resolve(field.origin).carried}


def validator(schema: JsonSchema) -> Callable[[Json], bool]:
    """Whether a body fits a schema; False also for one that is no JSON (a date, half a surrogate pair)."""
    from jsonschema_rs import validator_for  # noqa: PLC0415 - only where something is to be validated

    compiled = validator_for(schema)

    def is_valid(body: Json) -> bool:
        try:
            return compiled.is_valid(body)
        except ValueError:
            return False

    return is_valid
