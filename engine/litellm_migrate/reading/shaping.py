"""What stays of a row: without what says nothing, and without any secret."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from litellm_migrate.convert.functions.texts import env_name
from litellm_migrate.reading.records import Hidden, KeptFields, Reading, Snapshot
from litellm_migrate.reading.sections import field_at
from litellm_migrate.source.model import Json, Path, key_text
from litellm_migrate.source.redact import Secrets

ANY = "*"
ITEM = "0"
"""How a path names any item of a list."""
FieldPattern = tuple[str, ...]


class Shaper:
    """Shapes the rows of one section."""

    def __init__(self, reading: Reading, words: Snapshot, secrets: Secrets) -> None:
        self.reading = reading
        self.words = words
        self.secrets = secrets
        self.section: Path = tuple(reading.section.split("."))
        self.drops = [tuple(field.split(".")) for field in reading.drop]
        self.secret = [tuple(field.split(".")) for field in reading.secret]
        self.masked = [re.compile(pattern) for pattern in words.masked]
        self._covered: dict[tuple[int, FieldPattern], bool] = {}
        self.omitted = 0
        """How many rows and values of the answer are not in the document."""

    def content(self, content: Json) -> Json:
        """The rows or the value of a section as the document holds them."""
        reading = self.reading
        if not isinstance(content, list) or not (reading.identity or reading.by or reading.value):
            return self._row(content, self.section)
        rows = [row for row in content if counts(row, reading.only)]
        self.omitted += len(content) - len(rows)
        if reading.by:
            return self._mapping(rows)
        if reading.value:
            return [self._row(field_at(row, reading.value), (*self.section, ITEM)) for row in rows]
        return [self._row(row, (*self.section, ITEM)) for row in rows]

    def _mapping(self, rows: Sequence[Json]) -> dict[str, Json]:
        """Rows by what names each."""
        result: dict[str, Json] = {}
        for row in rows:
            key = self._named(row, self.reading.by) or f"unnamed {len(result) + 1}"
            value = field_at(row, self.reading.value)
            if value is not None:
                result[key] = self._row(value, (*self.section, key), key)
        return result

    def _row(self, row: Json, place: Path, name: str = "") -> Json:
        """One row at a place of the document."""
        name = name or self._named(row, self.reading.name) or self.reading.id
        row = self._bare(row, ())
        for fields in self.reading.keep:
            row = self._kept(row, fields)
        for hidden in self.reading.hidden:
            row = self._supplied(row, hidden, name)
        path = (name,) if self.reading.by and self.reading.value else ()
        return self._redacted(row, path, place, name)

    def _named(self, row: Json, fields: Sequence[str]) -> str:
        """The first of some fields of a row that is a text."""
        texts = (field_at(row, field) for field in fields if isinstance(row, dict))
        return next((text for text in texts if isinstance(text, str) and text), "")

    def _bare(self, value: Json, path: FieldPattern) -> Json:
        """A value without null, what the rules drop, and what is written into every row."""
        if isinstance(value, list):
            return [self._bare(item, (*path, ANY)) for item in value]
        if not isinstance(value, dict):
            return value
        result = {}
        for key, inner in value.items():
            below = (*path, key)
            if inner is None:
                continue
            if self._covers(self.drops, below, exact=True) or self._is_usual(below, inner):
                self.omitted += 1
                continue
            result[key] = self._bare(inner, below)
        return result

    def _kept(self, row: Json, fields: KeptFields) -> Json:
        """A row of which a mapping keeps some fields only."""
        inner = row.get(fields.under) if isinstance(row, dict) else None
        if not isinstance(row, dict) or not isinstance(inner, dict):
            return row
        listed = inner.get(fields.listed) if fields.listed else None
        names = {*fields.names, *(map(key_text, listed) if isinstance(listed, list) else ())}
        kept = {key: value for key, value in inner.items() if key in names}
        self.omitted += len(inner) - len(kept)
        return {**row, fields.under: kept}

    def _is_usual(self, path: FieldPattern, value: Json) -> bool:
        """Whether a field has the value that every row has."""
        usual = self.reading.usual
        name = ".".join(path) if usual else ""
        return name in usual and usual[name] == value and type(usual[name]) is type(value)

    def _supplied(self, row: Json, hidden: Hidden, name: str) -> Json:
        """A row with a reference for a field that is never shown."""
        value = field_at(row, hidden.when)
        applies = value is not None and value not in hidden.unless and (not hidden.only or value in hidden.only)
        if not isinstance(row, dict) or not applies or hidden.field in row:
            return row
        return {**row, hidden.field: hidden.value or self._reference(name, hidden.field)}

    def _redacted(self, value: Json, path: FieldPattern, place: Path, name: str) -> Json:
        """A value without secrets: references take their place where a secret belongs, a mask elsewhere."""
        if isinstance(value, dict):
            return {
                self.secrets.keys.replace(key): self._redacted(inner, (*path, key), (*place, key), name)
                for key, inner in value.items()
            }
        if isinstance(value, list):
            return [self._redacted(item, (*path, ITEM), (*place, ITEM), name) for item in value]
        if not isinstance(value, str) or not value:
            return value
        if self.secrets.refers(value):
            return value
        if any(pattern.search(value) for pattern in self.masked) or self._is_secret(path, place):
            return self._reference(name, next((step for step in reversed(path) if step != ITEM), ""))
        return self.secrets.keys.replace(value)

    def _is_secret(self, path: FieldPattern, place: Path) -> bool:
        """Whether a secret may stand at a path of the row, which is a place of the document."""
        return self._covers(self.secret, path) or self.secrets.is_place(place)

    def _covers(self, patterns: list[FieldPattern], path: FieldPattern, exact: bool = False) -> bool:
        """Whether a pattern is that of a path, or of one above it."""
        known = self._covered
        key = id(patterns), path
        if key not in known:
            known[key] = any(covers(pattern, path, exact) for pattern in patterns)
        return known[key]

    def _reference(self, name: str, field: str) -> str:
        """The reference to a variable that is named after the row and the field."""
        words = name if name == field else f"{name} {field}"
        return self.words.reference.format(name=env_name(words) or env_name(self.reading.id))


def covers(pattern: FieldPattern, path: FieldPattern, exact: bool) -> bool:
    """Whether a pattern is that of a path or, unless `exact`, of one above it."""
    if len(pattern) > len(path) or (exact and len(pattern) != len(path)):
        return False
    return all(fnmatchcase(step.lower(), wanted) for wanted, step in zip(pattern, path, strict=False))


def counts(row: Json, only: Mapping[str, tuple[object, ...]]) -> bool:
    """Whether a row counts; one without the field does."""
    return all((value := field_at(row, field)) is None or value in values for field, values in only.items())
