"""Entities that belong into others, where the gateway's own description has a field for it that none publishes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path as File
from typing import NamedTuple

from litellm_migrate.convert.calls import Call
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.names import listed, mapping, name_of
from litellm_migrate.gateway.openapi import OpenApi
from litellm_migrate.output.files import names_of_table
from litellm_migrate.rulebook.types import Membership, Rulebook
from litellm_migrate.source.model import Json


class Completed(NamedTuple):
    """Payloads with the fields that the gateway has beside the published ones, and what is said of them."""

    payloads: Mapping[str, Json]
    notes: tuple[str, ...] = ()


def completed(book: Rulebook, payloads: Mapping[str, Json], folder: File, client: Client) -> Completed:
    """The payloads, in which each entity that belongs into another says so if the gateway has the field."""
    calls = {shape.call.id: shape.call for shape in book.endpoints if shape.call and shape.call.file in payloads}
    tables = [(view.puts_into, folder / names_of_table(view.file)[0]) for view in book.views.values() if view.puts_into]
    rows = [
        (words, owners)
        for words, file in tables
        if {words.endpoint, words.into} <= calls.keys() and (owners := owners_in(file, words))
    ]
    response = client.glance("GET", client.protocol.spec) if rows and client.protocol.spec else None
    openapi = OpenApi(mapping(response.body) if response and response.good else {})
    known = Completed(payloads)
    for words, owners in rows:
        if has_field(openapi, calls[words.endpoint], words.field):
            known = joined(known, calls[words.endpoint], words, owners)
    return known


def owners_in(file: File, words: Membership) -> dict[str, str]:
    """By the name of an entity, that of the one which it belongs into; none where the table cannot be read."""
    try:
        rows = listed(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}
    return {str(name): str(row[words.name]) for row in map(mapping, rows) for name in listed(row.get(words.names))}


def has_field(openapi: OpenApi, call: Call, field: str) -> bool:
    """Whether the gateway takes a field where an entity is made, and where it is changed."""
    requests = [(call.method, call.path), (call.update_method, call.update_path)]
    schemas = [openapi.resolved(openapi.body(method, path)) for method, path in requests if method and path]
    return all(field in mapping(schema.get("properties")) for schema in schemas)


def joined(known: Completed, call: Call, words: Membership, owners: Mapping[str, str]) -> Completed:
    """The same with the field in each entity that belongs into another."""

    def body_of(body: Json) -> Json:
        owner = owners.get(name_of(call, body))
        return {**mapping(body), words.field: f"${{ref:{words.into}/{owner}}}"} if owner else body

    bodies: list[Json] = [body_of(body) for body in listed(known.payloads[call.file])]
    count = sum(words.field in mapping(body) for body in bodies)
    note = f"{words.field}: the gateway has this field, so {count} {call.id} are put into their {words.into}."
    return Completed({**known.payloads, call.file: bodies}, (*known.notes, note))
