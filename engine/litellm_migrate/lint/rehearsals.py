"""Rehearses what the examples of rules are converted to: applied, applied again, validated, and rolled back.

As few examples are taken as write every field that any of them writes: a rehearsal takes as long as a few hundred
conversions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from litellm_migrate.convert.calls import REFERENCE, Variable
from litellm_migrate.convert.run import payloads_of
from litellm_migrate.convert.variables import referred_in
from litellm_migrate.lint.violation import REHEARSAL, Violation
from litellm_migrate.rulebook.index import Parsed
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import Json, value_at


class RehearsalStage(Protocol):
    """How one part of a rehearsal went."""

    @property
    def name(self) -> str:
        """What was done."""

    @property
    def good(self) -> bool | None:
        """Whether it went well; None if it was not tried."""

    @property
    def because(self) -> Sequence[str]:
        """What went wrong."""


Rehearse = Callable[[Mapping[str, Json], Sequence[Variable], Rulebook], Sequence[RehearsalStage]]
"""What rehearses payloads: the room `sandbox`."""


class ConvertedExample(NamedTuple):
    """What an example is converted to in one dialect."""

    parsed: Parsed
    document: RuleNode
    example: RuleNode
    bodies: Mapping[str, list[Json]]
    """By endpoint."""


def check_rehearsals(converted: Sequence[ConvertedExample], rehearse: Rehearse) -> Iterator[Violation]:
    """A violation at each endpoint whose part of a rehearsal fails, for the first example that shows it."""
    dialects = {entry.parsed.book.dialect for entry in converted}
    failed: set[str] = set()
    for dialect in sorted(dialects):
        for entry in representative([entry for entry in converted if entry.parsed.book.dialect == dialect]):
            book = entry.parsed.book
            payloads = dict(payloads_of(book.endpoints, entry.bodies))
            stages = rehearse(payloads, variables_of(book, entry.bodies), book)
            stage = next((stage for stage in stages if stage.good is False), None)
            for text in stage.because if stage else ():
                place = place_of(entry, text)
                if place.file + str(place.path) not in failed and stage:
                    failed.add(place.file + str(place.path))
                    example = entry.example.position()
                    lead = f"in a rehearsal of the example at {example.file}:{example.line} in dialect {dialect}"
                    yield Violation.at(REHEARSAL, place, f"{lead}, `{stage.name}` fails: {text.rstrip('.')}.")


def representative(converted: Sequence[ConvertedExample]) -> Iterator[ConvertedExample]:
    """A few examples that write between them every field that one of them writes; those that write most come first."""
    fields = [set(fields_of({**entry.bodies})) for entry in converted]
    missing = set[tuple[str, ...]]().union(*fields)
    while missing:
        best = max(range(len(converted)), key=lambda number: len(fields[number] & missing))
        missing -= fields[best]
        yield converted[best]


def fields_of(value: Json, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The fields below a value; those of all items of a list are the same, and a second item is one field more."""
    if isinstance(value, dict):
        for name, below in value.items():
            yield from fields_of(below, (*path, name))
    elif isinstance(value, list):
        yield from [(*path, "*")] if len(value) > 1 else []
        for below in value:
            yield from fields_of(below, path)
    yield path


def variables_of(book: Rulebook, bodies: Mapping[str, list[Json]]) -> list[Variable]:
    """The environment variables that bodies ask for."""
    names: set[str] = set()
    for shape in book.endpoints:
        for body in bodies[shape.id]:
            values = [value_at(body, tuple(field.split("."))) for field in shape.variables]
            names.update(name for value in values if (name := referred_in(value)))
    return [Variable(name, REFERENCE) for name in sorted(names)]


def place_of(entry: ConvertedExample, text: str) -> RuleNode:
    """The endpoint that a message speaks of, by its name or its path; else the example."""
    for name, node in entry.parsed.endpoints.items():
        paths = [
            str(node.value.get(word, "")).partition(" ")[2] for word in ("create", "write", "read", "update", "delete")
        ]
        if text.startswith((f"{name} ", f"{name}:")) or any(path and f" {path}" in text for path in paths):
            return node
    return entry.example
