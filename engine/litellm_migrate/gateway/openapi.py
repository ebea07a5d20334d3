"""The OpenAPI document of a gateway: the calls that it knows, and the words that it accepts in their bodies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from litellm_migrate.gateway.access import split
from litellm_migrate.gateway.names import Entity, listed, mapping
from litellm_migrate.source.model import Json

HOLE = re.compile(r"\{[^}]*\}")
BODY = ("requestBody", "content", "application/json", "schema")
DEEPEST = 50
"""Schemas may refer to themselves; bodies end."""
Refusal = tuple[str, list[Json]]
"""A field, and the words that it may have."""
Known = dict[tuple[int, str], list[Refusal]]
"""What was refused, by schema and field."""


class OpenApi(NamedTuple):
    """Such a document, read as far as it goes: what it refers to and does not have accepts everything."""

    document: Entity

    def operation(self, method: str, path: str) -> Json:
        """What is said of a call, whatever stands in the holes of its path; None if there is no such call."""
        servers = self.document.get("servers")
        urls = [entry.get("url", "") for entry in listed(servers) if isinstance(entry, dict)]
        bases = ["", *(parts.path.rstrip("/") for url in urls if (parts := split(str(url))))]
        forms = {HOLE.sub("{}", path.removeprefix(base)) for base in bases}
        for template, item in mapping(self.document.get("paths")).items():
            if HOLE.sub("{}", str(template)) in forms and isinstance(item, dict) and method.lower() in item:
                return item[method.lower()]
        return None

    def body(self, method: str, path: str) -> Json:
        """The schema of the body that a call takes; None if nothing is said."""
        part = self.operation(method, path)
        for word in BODY:
            part = self.resolved(part).get(word)
        return part

    def resolved(self, schema: Json) -> Entity:
        """The schema that is meant, where one only refers to it; an empty one if there is none."""
        for _ in range(DEEPEST):
            target = mapping(schema).get("$ref")
            if not isinstance(target, str) or not target.startswith("#/"):
                break
            schema = self.document
            for part in target[2:].split("/"):
                schema = mapping(schema).get(part.replace("~1", "/").replace("~0", "~"))
        return mapping(schema)

    def refused(
        self, schema: Json, value: Json, field: str = "", depth: int = 0, known: Known | None = None
    ) -> list[Refusal]:
        """Each field of a value whose word is none of those that its schema lists, and the listed ones.

        `known` is what was found out about a schema and a field before: schemas may refer to one another in circles.
        """
        schema, known = self.resolved(schema), {} if known is None else known
        key, words = (id(schema), field), schema.get("enum")
        if not schema or depth > DEEPEST or key in known:
            return known.get(key, [])
        known[key] = []
        refusals: list[Refusal] = [(field, words)] if isinstance(words, list) and value not in words else []
        for part in listed(schema.get("allOf")):
            refusals += self.refused(part, value, field, depth + 1, known)
        for word in ("anyOf", "oneOf"):
            ways = [self.refused(part, value, field, depth + 1, known) for part in listed(schema.get(word))]
            if ways:
                fewest = min(ways, key=len)
                refusals += fewest
        fields = mapping(schema.get("properties"))
        for name, inner in mapping(value).items():
            if name in fields:
                refusals += self.refused(fields[name], inner, f"{field}.{name}".lstrip("."), depth + 1, known)
        for number, inner in enumerate(listed(value) if "items" in schema else []):
            refusals += self.refused(schema["items"], inner, f"{field}.{number}".lstrip("."), depth + 1, known)
        known[key] = refusals
        return refusals

    def unfit(self, schema: Json, value: Json, field: str = "", depth: int = 0) -> Iterator[tuple[str, bool]]:
        """Each required field that is missing, with false, and each that a closed schema does not know, with true."""
        schema, body, above = self.resolved(schema), mapping(value), f"{field}." if field else ""
        fields = mapping(schema.get("properties"))
        if depth > DEEPEST or not isinstance(value, dict):
            return
        yield from ((f"{above}{name}", False) for name in listed(schema.get("required")) if name not in body)
        for name, inner in body.items():
            if name in fields:
                yield from self.unfit(fields[name], inner, f"{above}{name}", depth + 1)
            elif schema.get("additionalProperties") is False:
                yield f"{above}{name}", True

    def takes(self, schema: Json, local: Entity) -> bool:
        """Whether every word and field that our schema lists is listed here, too, and no other field is asked for."""
        schema = self.resolved(schema)
        words, fields = schema.get("enum"), mapping(schema.get("properties"))
        if isinstance(words, list) and not all(word in words for word in listed(local.get("enum"))):
            return False
        known = mapping(local.get("properties"))
        asked = {str(name) for name in listed(schema.get("required"))} - {*listed(local.get("required"))}
        if asked or (fields and known.keys() - fields.keys()):
            return False
        inner = [(fields.get(name), part) for name, part in known.items() if fields]
        inner += [(schema.get("items"), local["items"])] if "items" in local else []
        return all(self.takes(remote, part) for remote, part in inner if isinstance(part, dict))
