"""What stands against a plan as far as the gateway can tell before the first write: permissions, calls, words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path as File
from typing import Any

from litellm_migrate import shipped
from litellm_migrate.convert.calls import Call
from litellm_migrate.gateway import KEY
from litellm_migrate.gateway.access import claims
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.journal import CREATE, UPDATE
from litellm_migrate.gateway.names import label, with_values
from litellm_migrate.gateway.plan import Step
from litellm_migrate.gateway.spec import Spec, spec_of
from litellm_migrate.rulebook.endpoint_schemas import read_schema, schema_file
from litellm_migrate.rulebook.load import documents_of
from litellm_migrate.source.model import Problem

FORBIDDEN = 403
LONGEST = 20

Dialects = Mapping[str, str | None]
"""Folders of schemas by the dialect that they are of; None for the usual ones."""


def preflight(
    steps: list[Step], client: Client, dialects: Callable[[], Dialects] = dict, asks: bool = True
) -> Iterator[Problem]:
    """A problem for each reason why the gateway would refuse what is to be written; none if it does not say.

    With `asks` it is asked, too, to change entities that cannot be there: what it says tells whether the key may.
    """
    changing = [step for step in steps if step.action in {CREATE, UPDATE}]
    if not changing:
        return
    limited = list(by_role(client))
    yield from limited
    if asks and not limited:
        yield from by_question(changing, client)
    spec = read_spec(client)
    if spec:
        yield from unknown(changing, spec, client.protocol.spec)
        yield from unwelcome(changing, spec, client.protocol.spec, dialects)


def by_role(client: Client) -> Iterator[Problem]:
    """What the key's role does not allow, if its token names one."""
    role = client.protocol.role
    if role is None:
        return
    said = claims(client.bearer).get(role.claim) or client.granted.get(role.claim)
    if said in role.reads:
        yield Problem(
            KEY, 0, 0, f"expected a key that may write, found one whose role ({said}) only reads. Use another."
        )


def by_question(steps: list[Step], client: Client) -> Iterator[Problem]:
    """What the gateway forbids when it is asked to change nothing in an entity that is not there."""
    nobody = client.protocol.nobody
    calls = {step.call.id: step.call for step in steps if step.call.update_path and step.call.update_method}
    asked = [
        (str(call.update_method), str(call.update_path).replace("{id}", nobody)) for call in calls.values() if nobody
    ]
    answers = client.side_by_side(lambda one: client.glance(*one, {}), asked)
    for call, answer in zip(calls.values(), answers, strict=False):
        if answer and answer.status == FORBIDDEN:
            message = f"expected a key that may change {call.id}, found {client.reason(answer)}. Use another key."
            yield Problem(f"{call.update_method} {call.update_path}", 0, 0, message)


def read_spec(client: Client) -> Spec | None:
    """What the gateway says of itself, if it says anything."""
    answer = client.glance("GET", client.protocol.spec) if client.protocol.spec else None
    return spec_of(answer.body) if answer and answer.good else None


def writes(step: Step) -> Iterator[tuple[str, str]]:
    """The calls that are made for a step; those that read have been answered already."""
    call = step.call
    if not call.identity or step.action == CREATE:
        yield call.method, call.path
    elif call.update_method and call.update_path:
        yield call.update_method, call.update_path


def unknown(steps: list[Step], spec: Spec, where: str) -> Iterator[Problem]:
    """The calls that the gateway does not know."""
    asked = {(method, path): step.call for step in steps for method, path in writes(step)}
    for (method, path), call in asked.items():
        if not spec.knows(method, path):
            message = (
                f"expected this call in the gateway's own {where}, found none. Leave {call.id} out (--skip {call.id}), "
                "or add --no-preflight if the gateway takes it all the same."
            )
            yield Problem(f"{method} {path}", 0, 0, message)


def unwelcome(steps: list[Step], spec: Spec, where: str, dialects: Callable[[], Dialects]) -> Iterator[Problem]:
    """The fields whose words the gateway does not list, each once, and the dialect that fits."""
    found: dict[tuple[str, str], tuple[Step, list[Any], int]] = {}
    for step in steps:
        body = with_values(step.call, step.body, lambda field, name: name)
        for method, path in writes(step):
            for field, listed in spec.refused(spec.body(method, path), body):
                first, _, count = found.get((step.call.id, field), (step, listed, 0))
                found[step.call.id, field] = (first, listed, count + 1)
    advice = fitting(spec, [step.call for step in steps], dialects()) if found else ""
    for (_, field), (step, listed, count) in found.items():
        words = ", ".join(map(str, listed[:LONGEST])) + (", ..." if len(listed) > LONGEST else "")
        more = f" (and {count - 1} more)" if count > 1 else ""
        message = (
            f"`{field}` of {label(step.call, step.name)}{more}: expected one of {words} by the gateway's own {where}"
        )
        yield Problem(step.call.file, 0, 0, f"{message}, found another. {advice}")


def fitting(spec: Spec, calls: list[Call], dialects: Dialects) -> str:
    """What to do where words are refused."""
    distinct = {call.id: call for call in calls}.values()
    for name, folder in dialects.items():
        schemas = ((call, schema_file(shipped("schemas") / "synapse", folder, call.file)) for call in distinct)
        known = [(call, read_schema(file)) for call, file in schemas if file.is_file()]
        if all(spec.takes(spec.body(call.method, call.path), schema) for call, schema in known):
            return f"The gateway speaks the dialect {name}: convert with --dialect {name}."
    return "No dialect fits: take the entity out, or add --no-preflight if the gateway takes it all the same."


def dialects_of(rules: File) -> Dialects:
    """The dialects of a folder of rules."""
    specs = [spec.value for spec in documents_of(rules, shipped("schemas"), []) if spec.value["kind"] == "dialect"]
    return {str(one["id"]): one.get("schemas") for one in specs}
