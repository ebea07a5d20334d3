"""A gateway in memory: everything that the rules know how to call."""

from __future__ import annotations

import base64
import json
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from litellm_migrate.convert.calls import Call
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.sandbox.answers import Answer, Body, Request, refusal
from litellm_migrate.sandbox.bodies import Bodies, bodies_of
from litellm_migrate.sandbox.documents import Documents
from litellm_migrate.sandbox.entities import Entities
from litellm_migrate.sandbox.faults import EXPIRED, SLOW, WIRES, Fault, Faults
from litellm_migrate.sandbox.levels import levels
from litellm_migrate.sandbox.paths import Route
from litellm_migrate.sandbox.simulation import Simulation
from litellm_migrate.sandbox.spec import document
from litellm_migrate.sandbox.traffic import Traffic


@dataclass
class Sandbox:
    """What it holds, what was asked of it (refused or not, in order), and how it is to fail."""

    book: Rulebook
    schemas: File
    key: str = "sk-syn-sandbox"
    tenant: str = "sandbox"
    longest_page: int = 100
    only_tokens: bool = False
    """The key is no bearer: it has to be exchanged first."""
    apart: bool = False
    """New secrets come beside their entity, and not inside it."""
    latency: float = 0.0
    """Seconds before each answer."""
    reads_only: bool = False
    """The key may not write."""
    spec: Any = None
    """What it says of itself; None is the truth."""
    requests: list[Request] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    faults: Faults = field(default_factory=Faults)
    entities: dict[str, Entities] = field(default_factory=dict)
    documents: dict[str, Documents] = field(default_factory=dict)
    """By endpoint, like the entities."""
    simulations: list[Simulation] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._bodies: list[tuple[Call, Bodies]] = []
        self._routes = sorted(self._all_routes(), key=lambda one: not one.fixed)
        if self.spec is None:
            self.spec = document(self._bodies, self.book.protocol, self.book.dialect)

    def state(self) -> dict[str, Any]:
        """Everything that is there, as plain values without ids: for comparisons."""
        entities = {name: [without_id(body) for body in one.held] for name, one in self.entities.items()}
        who = {"", self.tenant}
        documents = {
            name: {tenant: one.now(tenant) for tenant in sorted(who | one.held.keys())}
            for name, one in self.documents.items()
        }
        return {**entities, **documents}

    def serve(self, request: Request, bearer: str) -> tuple[Answer, dict[str, str]]:
        """The answer to one request (one at a time) and its extra headers."""
        with self._lock:
            self.requests.append(request)
            fault = self.faults.due()
            if fault is None:
                return self._late(self.answer(request, bearer)), {}
            return self._late(self._failed(fault, lambda: self.answer(request, bearer))), dict(fault.headers)

    def answer(self, request: Request, bearer: str) -> Answer:
        """What a healthy gateway answers."""
        path = urlsplit(request.path).path
        if (request.method, path) == ("POST", self.book.protocol.auth.path):
            return self._exchange(request.body)
        if (request.method, path) == ("GET", self.book.protocol.spec):
            return Answer(200, self.spec)
        if bearer not in self.tokens and (bearer != self.key or self.only_tokens):
            return refusal(self.book.protocol, 401, "the bearer is not known")
        if self.reads_only and request.method != "GET":
            return refusal(self.book.protocol, 403, "this key may not write")
        here = [(one, found) for one in self._routes if (found := one.path.match(path))]
        for one, found in here:
            if one.method == request.method:
                held = unquote(found[1]) if found.groups() else ""
                return one.answer(request.body, held, dict(parse_qsl(urlsplit(request.path).query)))
        status, message = (405, "not allowed here") if here else (404, "no such endpoint")
        return refusal(self.book.protocol, status, message)

    def _late(self, answer: Answer) -> Answer:
        return answer._replace(wait=answer.wait + self.latency)

    def _failed(self, fault: Fault, work: Callable[[], Answer]) -> Answer:
        """The answer to a request that fails, whose work may be done all the same."""
        if fault.kind == "reset":
            return Answer(0)
        if fault.kind == EXPIRED:
            self.tokens.clear()
            return refusal(self.book.protocol, 401, "the token has expired")
        if fault.kind.isdecimal():
            return refusal(self.book.protocol, int(fault.kind), "programmed failure", fault.wait)
        done = work()
        if fault.kind == "lost":
            return Answer(0)
        if fault.kind == "slow":
            return done._replace(wait=SLOW if fault.wait is None else fault.wait)
        return done._replace(wire=WIRES[fault.kind])

    def _exchange(self, body: Any) -> Answer:
        auth = self.book.protocol.auth
        if not isinstance(body, dict) or body.get(auth.send) != self.key:
            return refusal(self.book.protocol, 401, "the key is not known")
        role = self.book.protocol.role
        said = {role.claim: role.reads[0]} if role and self.reads_only else {}
        token = token_for({self.book.protocol.claim: self.tenant, **said})
        self.tokens.add(token)
        return Answer(200, {auth.receive: token, **said})

    def _all_routes(self) -> Iterator[Route]:
        for shape in self.book.endpoints:
            if not shape.call:
                continue
            bodies = bodies_of(shape, shape.call, self.schemas, self.book.schemas)
            self._bodies.append((shape.call, bodies))
            if shape.call.identity:
                made = Entities(shape.call, bodies, self.book.protocol, self.entities, self.longest_page, self.apart)
                self.entities[shape.id] = made
                yield from made.routes()
                if shape.call.smoke:
                    yield from Traffic(shape.call.smoke, self.book.protocol, made.held, self._led).routes()
            else:
                held = Documents(shape.call, bodies, self.book.protocol)
                self.documents[shape.id] = held
                yield from held.routes()
                if shape.call.fit:
                    yield from levels(shape.call.fit, self.book.tables[shape.call.fit.table].rows)
                if shape.call.simulate:
                    self.simulations.append(Simulation(shape.call.simulate, self.book.protocol, held.now))
                    yield from self.simulations[-1].routes()

    def _led(self, name: str) -> str:
        return next((one.led(name, self.tenant) for one in self.simulations), name)


def without_id(body: Body) -> Body:
    """An entity's own fields."""
    return {name: value for name, value in body.items() if name != "id"}


def token_for(claims: dict[str, str]) -> str:
    """A JWT with these claims; nothing vouches for it."""
    parts = ({"alg": "none"}, claims, {"jti": uuid.uuid4().hex})
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
