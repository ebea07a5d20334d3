"""What a sandbox says of itself: an OpenAPI document of every call that it knows, from the same schemas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litellm_migrate.convert.calls import Call, Protocol
from litellm_migrate.sandbox.answers import Body
from litellm_migrate.sandbox.bodies import Bodies

ANYTHING: Body = {"type": "object"}
OUTSIDE = {"$schema", "$id", "$comment", "title"}
"""Words of a schema that stands alone."""

Operation = tuple[str, str, Any]
"""Method, path, and the schema of the body; None where none is sent."""


def document(known: list[tuple[Call, Bodies]], protocol: Protocol, dialect: str) -> Body:
    """The whole text."""
    paths: dict[str, Body] = {}
    own: list[Operation] = [("POST", protocol.auth.path, ANYTHING), ("GET", protocol.spec, None)]
    for method, path, body in [*own, *(one for call, bodies in known for one in operations(call, bodies))]:
        said = {} if body is None else {"requestBody": {"content": {"application/json": {"schema": body}}}}
        paths.setdefault(path, {})[method.lower()] = said
    return {"openapi": "3.1.0", "info": {"title": "A gateway in memory", "version": dialect}, "paths": paths}


def operations(call: Call, bodies: Bodies) -> Iterator[Operation]:
    """Every call that is about one endpoint."""
    yield call.method, call.path, alone(bodies.whole)
    if call.list_path:
        yield "GET", call.list_path, None
    if call.update_method and call.update_path:
        yield call.update_method, call.update_path, alone(bodies.part)
    if call.delete_method and call.delete_path:
        yield call.delete_method, call.delete_path, None
    if call.renew:
        method, _, path = call.renew.partition(" ")
        yield method, path, None
    if call.verify:
        yield call.verify.method, call.verify.path, None
    if call.fit:
        yield "GET", call.fit.path, None
    if call.simulate:
        yield call.simulate.method, call.simulate.path, ANYTHING
    if call.smoke:
        yield from ((method, path, ANYTHING) for method, path, _ in call.smoke.requests.values())


def alone(schema: Any) -> Any:
    """A schema as a part of another document."""
    return {word: value for word, value in schema.items() if word not in OUTSIDE}
