"""What stands against a plan as far as the gateway can tell before the first write: permissions, calls, words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path as File

from litellm_migrate import shipped
from litellm_migrate.convert.calls import Call
from litellm_migrate.gateway.access import claims
from litellm_migrate.gateway.change import Change
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.journal import CREATE, UPDATE
from litellm_migrate.gateway.names import label, mapping, with_values
from litellm_migrate.gateway.openapi import OpenApi
from litellm_migrate.gateway.retry import Response
from litellm_migrate.output import KEY
from litellm_migrate.rulebook.dialects import folders_of
from litellm_migrate.rulebook.endpoint_schemas import read_schema, schema_file
from litellm_migrate.rulebook.load import documents_of
from litellm_migrate.rulebook.nodes import by_id
from litellm_migrate.source.model import Problem

FORBIDDEN = 403
LONGEST = 20

SchemaFolders = Mapping[str, Sequence[str]]
"""By dialect, the folders that it looks for schemas in."""


def preflight(
    changes: list[Change], client: Client, dialects: Callable[[], SchemaFolders] = dict, asks: bool = True
) -> Iterator[Problem]:
    """A problem for each reason why the gateway would refuse what is to be written; none if it does not say.

    With `asks` it is asked, too, to change entities that cannot be there: what it says tells whether the key may.
    """
    changes = [change for change in changes if change.action in {CREATE, UPDATE}]
    if not changes:
        return
    limited = list(by_role(client))
    yield from limited
    if asks and not limited and client.protocol.nobody:
        yield from by_question(changes, client)
    response = client.glance("GET", client.protocol.spec) if client.protocol.spec else None
    openapi = OpenApi(mapping(response.body) if response and response.good else {})
    if mapping(openapi.document.get("paths")):
        yield from unknown(changes, openapi, client.protocol.spec)
        yield from unwelcome(changes, openapi, client.protocol.spec, dialects)


def by_role(client: Client) -> Iterator[Problem]:
    """What the key's role does not allow, if its token names one."""
    role = client.protocol.role
    name = (claims(client.bearer).get(role.claim) or mapping(client.grant).get(role.claim)) if role else None
    if role and name in role.reads:
        message = f"expected a key that may write, found one whose role ({name}) only reads. Use another."
        yield Problem(KEY, 0, 0, message)


def by_question(changes: list[Change], client: Client) -> Iterator[Problem]:
    """What the gateway forbids when it is asked to change nothing in an entity that is not there."""
    calls = {change.endpoint: change.call for change in changes}
    updatable = [call for call in calls.values() if call.update_method and call.update_path]
    nobody = client.protocol.nobody

    def question(call: Call) -> Response | None:
        return client.glance(call.update_method or "", (call.update_path or "").replace("{id}", nobody), {})

    for call, response in zip(updatable, client.side_by_side(question, updatable), strict=True):
        if response and response.status == FORBIDDEN:
            message = f"expected a key that may change {call.id}, found {client.reason(response)}. Use another key."
            yield Problem(f"{call.update_method} {call.update_path}", 0, 0, message)


def writes(change: Change) -> tuple[str, str] | None:
    """Method and path of the call that is made for a change, if there is one."""
    call = change.call
    if not call.unique_key or change.action == CREATE:
        return call.method, call.path
    return (call.update_method, call.update_path) if call.update_method and call.update_path else None


def unknown(changes: list[Change], openapi: OpenApi, where: str) -> Iterator[Problem]:
    """The calls that the gateway does not know."""
    calls = {request: change.call for change in changes if (request := writes(change))}
    for (method, path), call in calls.items():
        if openapi.operation(method, path) is None:
            message = (
                f"expected this call in the gateway's own {where}, found none. Leave {call.id} out (--skip {call.id}), "
                "or add --no-preflight if the gateway takes it all the same."
            )
            yield Problem(f"{method} {path}", 0, 0, message)


def unwelcome(
    changes: list[Change], openapi: OpenApi, where: str, dialects: Callable[[], SchemaFolders]
) -> Iterator[Problem]:
    """The fields that the gateway misses, refuses or has other words for, each once, and the dialect that fits."""
    refused: dict[tuple[str, str], list[tuple[Change, str, str]]] = {}
    for change in changes:
        request, body = writes(change), with_values(change.call, change.body, lambda name: name)
        schema = openapi.body(*request) if request else None
        for field, extra in openapi.unfit(schema, body):
            if extra and change.call.merge and field.partition(".")[0] in change.call.merge.keep:
                continue  # what the gateway has there is kept as it is
            expected = ("no such field", "it") if extra else ("it", "none")
            refused.setdefault((change.endpoint, field), []).append((change, *expected))
        for field, words in openapi.refused(schema, body):
            listing = ", ".join(map(str, words[:LONGEST])) + (", ..." if len(words) > LONGEST else "")
            refused.setdefault((change.endpoint, field), []).append((change, f"one of {listing}", "another"))
    advice = fitting(openapi, [change.call for change in changes], dialects()) if refused else ""
    for (_, field), cases in refused.items():
        change, expectation, finding = cases[0]
        more = f" (and {len(cases) - 1} more)" if len(cases) > 1 else ""
        place = f"`{field}` of {label(change.endpoint, change.name)}{more}"
        message = f"{place}: expected {expectation} by the gateway's own {where}, found {finding}. {advice}"
        yield Problem(change.call.file, 0, 0, message)


def fitting(openapi: OpenApi, calls: list[Call], dialects: SchemaFolders) -> str:
    """What to do where words are refused."""
    distinct = {call.id: call for call in calls}.values()
    for name, folders in dialects.items():
        files = [(call, schema_file(shipped("schemas"), folders, call.file)) for call in distinct]
        local = [(call, read_schema(file)) for call, file in files if file]
        if all(openapi.takes(openapi.body(call.method, call.path), schema) for call, schema in local):
            return f"The gateway speaks the dialect {name}: convert with --dialect {name}."
    return "No dialect fits: take the entity out, or add --no-preflight if the gateway takes it all the same."


def dialects_of(rules: File) -> SchemaFolders:
    """The dialects of a folder of rules."""
    dialects = by_id(documents_of(rules, shipped("schemas")), "dialect")
    return {name: folders_of(dialects, name) for name in dialects}
