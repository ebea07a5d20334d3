"""Entities of one endpoint: created, listed by pages, changed, tried and deleted."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from litellm_migrate.convert.bodies import place
from litellm_migrate.convert.calls import Call, Protocol
from litellm_migrate.sandbox.answers import Answer, Body, refusal
from litellm_migrate.sandbox.bodies import Bodies
from litellm_migrate.sandbox.paths import Route, route
from litellm_migrate.source.secrets import at

USUAL_PAGE = "20"


@dataclass
class Entities:
    """What was created by one call and is still there, in the order of creation, with what is never shown again."""

    call: Call
    bodies: Bodies
    protocol: Protocol
    known: Mapping[str, Entities]
    """All entities of the gateway by endpoint: those that bodies may refer to."""
    longest_page: int = 100
    """No page of a list is longer."""
    apart: bool = False
    """A new secret comes beside the entity (both under words of `once`), and not inside it."""
    held: list[Body] = field(default_factory=list)
    unwell: set[str] = field(default_factory=set)
    """Ids of entities that do not pass when they are tried."""

    def routes(self) -> Iterator[Route]:
        """The requests that are understood."""
        call = self.call
        yield route(call.method, call.path, lambda asked, found, query: self.create(asked))
        if call.list_path:
            yield route("GET", call.list_path, lambda asked, found, query: self.page(query))
        for path in {call.update_path, call.delete_path} - {None}:
            yield route("GET", str(path), lambda asked, found, query: self.shown_one(found))
        if call.update_method and call.update_path:
            yield route(call.update_method, call.update_path, lambda asked, found, query: self.update(asked, found))
        if call.delete_method and call.delete_path:
            yield route(call.delete_method, call.delete_path, lambda asked, found, query: self.delete(found))
        if call.renew:
            method, _, path = call.renew.partition(" ")
            yield route(method, path, lambda asked, found, query: self.renew(found))
        if call.verify:
            yield route(call.verify.method, call.verify.path, lambda asked, found, query: self.verify(found))

    def create(self, body: Any) -> Answer:
        """A new entity, whatever else is there."""
        wrong = self.objections(body, whole=True)
        if wrong:
            return refusal(self.protocol, 422, wrong)
        entity = {**body, "id": str(uuid.uuid4())}
        self.held.append(entity)
        return Answer(201, self.with_secret(self.shown(entity)))

    def with_secret(self, shown: Body) -> Body:
        """The answer to a creation: with a new secret, where the endpoint makes one."""
        words = (self.call.once or "").split()
        if not words:
            return shown
        secret = f"sk-syn-{uuid.uuid4().hex}"
        return {words[-1]: shown, words[0]: secret} if self.apart and len(words) > 1 else {**shown, words[-1]: secret}

    def page(self, query: Mapping[str, str]) -> Answer:
        """One page of what is there."""
        words = self.protocol
        asked = (query.get(words.page, "1"), query.get(words.size, USUAL_PAGE))
        if not all(number.isdecimal() and int(number) for number in asked):
            return refusal(words, 400, "pages count from 1 and hold at least one entity")
        number, size = int(asked[0]), min(int(asked[1]), self.longest_page)
        body: Body = {words.page: number, words.size: size, "total": len(self.held)}
        place(body, tuple(words.last.split(".")), -(-len(self.held) // size))
        shown = [self.shown(entity) for entity in self.held[(number - 1) * size : number * size]]
        place(body, tuple((self.call.container or self.call.id).split(".")), shown)
        return Answer(200, body)

    def shown(self, entity: Body) -> Body:
        """An entity as it can be read back."""
        return {name: value for name, value in entity.items() if name not in self.call.hidden}

    def shown_one(self, ident: str) -> Answer:
        """One entity."""
        entity = self.by_id(ident)
        return Answer(200, self.shown(entity)) if entity else self.missing()

    def update(self, body: Any, ident: str) -> Answer:
        """The entity with the fields of the body changed."""
        entity = self.by_id(ident)
        if entity is None:
            return self.missing()
        wrong = self.objections(body, whole=False)
        if wrong:
            return refusal(self.protocol, 422, wrong)
        entity.update(body)
        return Answer(200, self.shown(entity))

    def delete(self, ident: str) -> Answer:
        """Nothing, and the entity is gone."""
        entity = self.by_id(ident)
        if entity is None:
            return self.missing()
        self.held.remove(entity)
        return Answer(204)

    def renew(self, ident: str) -> Answer:
        """The entity with another secret."""
        entity = self.by_id(ident)
        return Answer(200, self.with_secret(self.shown(entity))) if entity else self.missing()

    def verify(self, ident: str) -> Answer:
        """Whether the gateway can work with an entity: nobody is called, so it can unless it was told otherwise."""
        if self.by_id(ident) is None or not self.call.verify:
            return self.missing()
        if ident in self.unwell:
            return Answer(200, {self.call.verify.good: False, self.call.verify.why: "the sandbox was told so"})
        return Answer(200, {self.call.verify.good: True})

    def by_id(self, ident: str) -> Body | None:
        """The entity of that id."""
        return next((entity for entity in self.held if entity["id"] == ident), None)

    def missing(self) -> Answer:
        """The answer where there is no such entity."""
        return refusal(self.protocol, 404, "no such entity")

    def objections(self, body: Any, whole: bool) -> str:
        """What is wrong with a body: what its schema says, else what it refers to and is not there."""
        return self.bodies.objections(body, whole) or "; ".join(self.lost(body))

    def lost(self, body: Body) -> Iterator[str]:
        """Each field that refers to an entity that is not there."""
        for name, endpoint in self.call.references.items():
            ident = at(body, tuple(name.split(".")))
            others = self.known.get(endpoint)
            if isinstance(ident, str) and (others is None or others.by_id(ident) is None):
                yield f"/{name.replace('.', '/')}: no such entity of {endpoint}"
