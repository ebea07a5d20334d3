"""What a gateway says of itself: the calls that it knows, and the words that it accepts in their bodies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

HOLE = re.compile(r"\{[^}]*\}")
JSON = "application/json"
DEEPEST = 50
"""Schemas may refer to themselves; bodies end."""


@dataclass(frozen=True)
class Spec:
    """An OpenAPI document, read as far as it goes: what it refers to and does not have accepts everything."""

    document: Mapping[str, Any]

    def knows(self, method: str, path: str) -> bool:
        """Whether there is such a call; what stands in the holes of a path does not matter."""
        return self.operation(method, path) is not None

    def operation(self, method: str, path: str) -> Any:
        """What is said of a call; None if there is none."""
        wanted = {HOLE.sub("{}", path.removeprefix(base)) for base in self.bases()}
        for known, item in self.document["paths"].items():
            if HOLE.sub("{}", str(known)) in wanted and isinstance(item, Mapping) and method.lower() in item:
                return item[method.lower()]
        return None

    def bases(self) -> Iterator[str]:
        """What may stand before all paths."""
        servers = self.document.get("servers")
        yield ""
        for server in servers if isinstance(servers, list) else []:
            if isinstance(server, Mapping):
                yield urlsplit(str(server.get("url", ""))).path.rstrip("/")

    def body(self, method: str, path: str) -> Any:
        """The schema of the body that a call takes; an empty one if nothing is said."""
        found = self.operation(method, path)
        for word in ("requestBody", "content", JSON, "schema"):
            found = self.resolved(found).get(word)
        return found

    def resolved(self, schema: Any) -> Mapping[str, Any]:
        """The schema that is meant, where one only refers to it."""
        for _ in range(DEEPEST):
            target = schema.get("$ref") if isinstance(schema, Mapping) else None
            if not isinstance(target, str) or not target.startswith("#/"):
                break
            schema = self.document
            for part in target[2:].split("/"):
                schema = schema.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(schema, Mapping) else None
        return schema if isinstance(schema, Mapping) else {}

    def refused(self, schema: Any, value: Any, field: str = "", depth: int = 0) -> Iterator[tuple[str, list[Any]]]:
        """Each field of a value whose word is none of those that its schema lists, and the listed ones."""
        schema = self.resolved(schema)
        listed = schema.get("enum")
        if depth > DEEPEST:
            return
        if isinstance(listed, list) and value not in listed:
            yield field, listed
        for part in parts(schema, "allOf"):
            yield from self.refused(part, value, field, depth + 1)
        for word in ("anyOf", "oneOf"):
            ways = [list(self.refused(part, value, field, depth + 1)) for part in parts(schema, word)]
            yield from min(ways, key=len, default=[])
        for name, below in inside(schema, value):
            yield from self.refused(below, value[name], f"{field}.{name}".lstrip("."), depth + 1)

    def takes(self, schema: Any, ours: Any) -> bool:
        """Whether every word that our schema lists is listed here, too."""
        schema = self.resolved(schema)
        listed, mine = schema.get("enum"), ours.get("enum")
        if isinstance(listed, list) and isinstance(mine, list) and not all(word in listed for word in mine):
            return False
        known = {name: below for name, below in ours.get("properties", {}).items() if isinstance(below, Mapping)}
        fields = schema.get("properties")
        below = all(self.takes(fields.get(name), mine) for name, mine in known.items()) if fields else True
        return below and ("items" not in ours or self.takes(schema.get("items"), ours["items"]))


def spec_of(answer: Any) -> Spec | None:
    """What an answer says; None if it is no such document."""
    good = isinstance(answer, Mapping) and isinstance(answer.get("paths"), Mapping) and answer["paths"]
    return Spec(answer) if good else None


def parts(schema: Mapping[str, Any], word: str) -> list[Any]:
    """The schemas under a word that lists some."""
    found = schema.get(word)
    return found if isinstance(found, list) else []


def inside(schema: Mapping[str, Any], value: Any) -> Iterator[tuple[Any, Any]]:
    """The keys of a value that have a schema of their own, with it."""
    fields = schema.get("properties")
    if isinstance(value, Mapping) and isinstance(fields, Mapping):
        yield from ((name, fields[name]) for name in value if name in fields)
    if isinstance(value, list) and "items" in schema:
        yield from ((number, schema["items"]) for number in range(len(value)))
