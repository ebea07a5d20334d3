"""Request bodies and report views: what their fields are made of, and what one is with the origins of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from litellm_migrate.convert.calls import Call
from litellm_migrate.convert.closures import true
from litellm_migrate.convert.outcomes import Finding, Sentence
from litellm_migrate.convert.own import Spots, all_settled, whole
from litellm_migrate.convert.rows import Column, Row
from litellm_migrate.convert.trace import NOTHING, Trace, union
from litellm_migrate.source.model import Path
from litellm_migrate.source.records import record


@record
class Remark:
    """A sentence about a field, said when its condition holds."""

    text: Column
    when: Column | None

    def on(self, row: Row) -> str | None:
        """The sentence for a row, or None."""
        return self.text.value(row) if self.when is None or true(self.when.value(row)) else None


@record
class Warning_:  # noqa: N801 - a warning about a field, not Python's
    """An outcome for what a column reads, when a condition holds, although the field is written."""

    of: tuple[Column, ...]
    when: Column | None
    sentence: Sentence

    def on(self, row: Row, rule: str) -> Finding:
        """The finding for a row in which it holds."""
        places = all_settled(union(row.origins(column) for column in self.of).carried, row.spots)
        return Finding(places, self.sentence.on(row), rule, row.spots[0] if row.spots else ())


@record
class Scalar:
    """A field with one value."""

    target: tuple[str, ...]
    rule: str
    column: Column
    remarks: tuple[Remark, ...] = ()
    warnings: tuple[Warning_, ...] = ()
    refers_to: str | None = None
    dropped: Sentence | None = None


@record
class Many:
    """A field that is a list: one item for each row of a relation, or of a column that holds rows."""

    target: tuple[str, ...]
    rule: str
    relation: str | None
    column: Column | None
    item: Column | None
    fields: tuple[Field, ...]
    highest_first: str | None = None
    optional: bool = False
    """Absent instead of empty."""
    dropped: Sentence | None = None


Field = Scalar | Many


@record
class Shape:
    """One file of payloads, or one section of the report."""

    id: str
    each: str
    fields: tuple[Field, ...]
    call: Call | None = None
    variables: Mapping[str, Column] | None = None
    """Dotted fields that may refer to an environment variable, and the column that says why (see `Variable`)."""
    extra: bool = False
    """Written only when it holds something."""
    absent: str = ""
    """What the report says when there is nothing to write."""
    schema: Any = None
    """What one body must fit, if the rules state it; else a file of the endpoint's name says so."""


class Carried(NamedTuple):
    """A field of a payload with its origin, as told by a row made from the entries at `spots`."""

    pointer: Path
    rule: str
    origin: Trace
    spots: Spots = ()

    @property
    def trace(self) -> Trace:
        """The origin with whole paths."""
        return whole(self.origin, self.spots)


class Item(NamedTuple):
    """One body, the row it was made from, and the origins of its fields and of itself."""

    body: Any
    row: Row
    fields: tuple[Carried, ...]
    why: Trace = NOTHING


def place(body: dict[str, Any], target: tuple[str, ...], value: Any) -> None:
    """Puts a value at a dotted target, making the objects on the way."""
    for name in target[:-1]:
        body = body.setdefault(name, {})
    body[target[-1]] = value
