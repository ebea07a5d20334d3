"""Entities of one endpoint: created, listed by pages, changed, tried and deleted; and real requests to them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from litellm_migrate.convert.bodies import place
from litellm_migrate.convert.calls import Protocol, Smoke
from litellm_migrate.gateway.names import Entity, field_at
from litellm_migrate.sandbox.operations import ANYTHING, BodyCheck, HttpAnswer, Operation, refusal
from litellm_migrate.source.model import Json

USUAL_PAGE = "20"


class Entities:
    """What was created by one call and is still there, in the order of creation, with what is never shown again.

    `siblings` are all entities of the gateway by endpoint: those that bodies may refer to.
    """

    longest_page = 100

    def __init__(self, bodies: BodyCheck, protocol: Protocol, siblings: Mapping[str, Entities]) -> None:
        self.call = bodies.call
        self.bodies = bodies
        self.protocol = protocol.of(self.call)
        self.siblings = siblings
        self.references = dict(self.call.references)
        """The fields of bodies that hold the id of another entity."""
        self.stored: list[dict[str, Any]] = []

    def operations(self) -> Iterator[Operation]:
        """The requests that are understood."""
        call = self.call
        yield Operation(call.method, call.path, lambda body, _, query: self.create(body), self.bodies.whole)
        if call.read_path:
            yield Operation("GET", call.read_path, lambda body, _, query: self.page(query))
        for path in {call.update_path, call.delete_path} - {None}:
            yield Operation("GET", str(path), lambda body, ident, query: self.on(ident, self.visible))
        if call.update_method and call.update_path:
            method, path = call.update_method, call.update_path
            yield Operation(method, path, lambda body, ident, query: self.update(body, ident), self.bodies.part)
        if call.delete_method and call.delete_path:
            yield Operation(call.delete_method, call.delete_path, lambda body, ident, query: self.delete(ident))
        if call.renew:
            method, _, path = call.renew.partition(" ")
            yield Operation(method, path, lambda body, ident, query: self.on(ident, self.with_secret))
        if verify := call.verify:
            good: Entity = {verify.good: True}  # nobody is called
            yield Operation(verify.method, verify.path, lambda body, ident, query: self.on(ident, lambda _: good))

    def create(self, body: Json) -> HttpAnswer:
        """A new entity, whatever else is there."""
        wrong = self.objections(body, whole=True)
        if wrong or not isinstance(body, dict):
            return refusal(self.protocol, 422, wrong)
        self.stored.append({**body, "id": str(uuid.uuid4())})
        return HttpAnswer(201, self.with_secret(self.stored[-1]))

    def visible(self, entity: Entity) -> Entity:
        """An entity as it can be read back."""
        return {name: value for name, value in entity.items() if name not in self.call.write_only}

    def with_secret(self, entity: Entity) -> Entity:
        """The answer to a creation: with a new secret, where the endpoint makes one."""
        fields = (self.call.shown_once or "").split()
        return {**self.visible(entity), **({fields[-1]: f"sk-syn-{uuid.uuid4().hex}"} if fields else {})}

    def page(self, query: Mapping[str, str]) -> HttpAnswer:
        """One page of what is there."""
        protocol = self.protocol
        texts = (query.get(protocol.page, "1"), query.get(protocol.size, USUAL_PAGE))
        if not all(text.isdecimal() and int(text) for text in texts):
            return refusal(protocol, 400, "pages count from 1 and hold at least one entity")
        number, size = int(texts[0]), min(int(texts[1]), self.longest_page)
        body: Entity = {protocol.page: number, protocol.size: size, protocol.total: len(self.stored)}
        place(body, tuple(protocol.last.split(".")), -(-len(self.stored) // size))
        entities = [self.visible(entity) for entity in self.stored[(number - 1) * size : number * size]]
        place(body, tuple((self.call.container or self.call.id).split(".")), entities)
        return HttpAnswer(200, body)

    def update(self, body: Json, ident: str) -> HttpAnswer:
        """The entity with the fields of the body changed."""
        entity, wrong = self.by_id(ident), self.objections(body, whole=False)
        if entity is None or wrong or not isinstance(body, dict):
            return self.on(ident, self.visible) if entity is None else refusal(self.protocol, 422, wrong)
        entity.update(body)
        return HttpAnswer(200, self.visible(entity))

    def delete(self, ident: str) -> HttpAnswer:
        """Nothing, and the entity is gone."""
        answer = self.on(ident, self.visible)
        self.stored[:] = [entity for entity in self.stored if entity["id"] != ident]
        return HttpAnswer(204) if answer.status == 200 else answer

    def by_id(self, ident: Json) -> Entity | None:
        """The entity of that id."""
        return next((entity for entity in self.stored if entity["id"] == ident), None)

    def on(self, ident: str, view: Callable[[Entity], Entity]) -> HttpAnswer:
        """A view of one entity, or the refusal where there is no such entity."""
        entity = self.by_id(ident)
        return HttpAnswer(200, view(entity)) if entity else refusal(self.protocol, 404, "no such entity")

    def objections(self, body: Json, whole: bool) -> str:
        """What is wrong with a body: what its schema says, else what it refers to and is not there."""
        lost = [
            f"/{field.replace('.', '/')}: no such entity of {endpoint}"
            for field, endpoint in self.references.items()
            if isinstance(ident := field_at(body, field), str)
            and (endpoint not in self.siblings or self.siblings[endpoint].by_id(ident) is None)
        ]
        return self.bodies.objections(body, whole) or "; ".join(lost)


def traffic(smoke: Smoke, entities: Entities, lead: Callable[[str], str]) -> Iterator[Operation]:
    """Real requests for the names of entities, or for names that lead to one: answered with where they were led."""

    def answer(request: tuple[str, str], body: Json, _: str, query: Mapping[str, str]) -> HttpAnswer:
        name = body.get(smoke.send) if isinstance(body, dict) else None
        if not isinstance(name, str):
            return refusal(entities.protocol, 422, f"/{smoke.send}: type")
        target = lead(name)
        served = [
            smoke.request(entity.get(smoke.kind)) for entity in entities.stored if entity.get(smoke.name) == target
        ]
        if request not in [known[:2] for known in served if known]:
            return refusal(entities.protocol, 404, "nothing that answers this has that name")
        return HttpAnswer(200, {smoke.send: target})

    for request in sorted({(method, path) for method, path, _ in smoke.requests.values()}):
        yield Operation(*request, partial(answer, request), ANYTHING)
