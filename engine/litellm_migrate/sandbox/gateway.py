"""A gateway in memory: everything that the rules know how to call."""

from __future__ import annotations

import base64
import json
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path as File
from urllib.parse import parse_qsl, unquote, urlsplit

from litellm_migrate.gateway.names import Entity
from litellm_migrate.rulebook.endpoint_schemas import schema_of
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.sandbox.documents import Documents, Simulation, levels
from litellm_migrate.sandbox.entities import Entities, traffic
from litellm_migrate.sandbox.operations import BodyCheck, HttpAnswer, HttpRequest, Operation, openapi, refusal
from litellm_migrate.source.model import Json


class Sandbox:
    """What the gateway holds, by endpoint."""

    entities_class = Entities

    def __init__(self, book: Rulebook, schemas: File, key: str = "sk-syn-sandbox", tenant: str = "sandbox") -> None:
        self.book = book
        self.schemas = schemas
        self.key = key
        self.tenant = tenant
        self.tokens: set[str] = set()
        self.entities: dict[str, Entities] = {}
        self.documents: dict[str, Documents] = {}
        self.simulations: list[Simulation] = []
        self._lock = threading.Lock()
        calls = [(shape, shape.call) for shape in book.endpoints if shape.call]
        bodies = [BodyCheck(call, schema_of(shape, book.schemas, schemas)) for shape, call in calls]
        operations = [operation for endpoint in bodies for operation in self._endpoint(endpoint)]
        self._operations = sorted(operations, key=lambda operation: "{" in operation.path)
        self.spec: Json = openapi(operations, book.dialect)
        """What it says of itself."""

    def _endpoint(self, bodies: BodyCheck) -> Iterator[Operation]:
        """The requests that are about one endpoint."""
        call, protocol = bodies.call, self.book.protocol
        same = [
            there
            for there in self.entities.values()
            if (there.call.method, there.call.path) == (call.method, call.path)
        ]
        if call.unique_key and same:  # two files of one call, of which the second may refer to the first
            self.entities[call.id] = same[0]
            same[0].references |= call.references
            return
        if call.unique_key:
            entities = self.entities[call.id] = self.entities_class(bodies, protocol, self.entities)
            yield from entities.operations()
            if call.smoke:
                yield from traffic(call.smoke, entities, self._lead)
            return
        documents = self.documents[call.id] = Documents(bodies, protocol)
        yield from documents.operations()
        offered = self.book.levels(call)
        if call.fit and offered is not None:
            yield from levels(call.fit, offered)
        if call.simulate:
            self.simulations.append(Simulation(call.simulate, protocol, documents.current))
            yield from self.simulations[-1].operations()

    def state(self) -> dict[str, Json]:
        """Everything that is there, as plain values without ids: for comparisons."""
        state: dict[str, Json] = {}
        for name, entities in self.entities.items():
            state[name] = [{field: body[field] for field in body if field != "id"} for body in entities.stored]
        for name, documents in self.documents.items():
            tenants = sorted({"", self.tenant} | documents.stored.keys())
            state[name] = {tenant: documents.current(tenant) for tenant in tenants}
        return state

    def serve(self, request: HttpRequest, bearer: str) -> HttpAnswer:
        """The answer to one request; one at a time."""
        with self._lock:
            return self.answer(request, bearer)

    def answer(self, request: HttpRequest, bearer: str) -> HttpAnswer:
        """What a healthy gateway answers."""
        protocol, parts = self.book.protocol, urlsplit(request.path)
        if (request.method, parts.path) == ("POST", protocol.auth.path):
            return self.token(request.body)
        if (request.method, parts.path) == ("GET", protocol.spec):
            return HttpAnswer(200, self.spec)
        if bearer not in self.tokens and bearer != self.key:
            return refusal(protocol, 401, "the bearer is not known")
        operations = self._operations
        candidates = [(entry, match) for entry in operations if (match := entry.pattern.match(parts.path))]
        for operation, match in candidates:
            if operation.method == request.method:
                hole = unquote(match[1]) if match.groups() else ""
                return operation.answer(request.body, hole, dict(parse_qsl(parts.query)))
        return refusal(protocol, 405, "not allowed here") if candidates else refusal(protocol, 404, "no such endpoint")

    def token(self, body: Json, claims: Entity | None = None) -> HttpAnswer:
        """A new token for the key, and what it says besides the tenant; nothing vouches for it."""
        auth, claim = self.book.protocol.auth, self.book.protocol.claim
        if not isinstance(body, dict) or body.get(auth.send) != self.key:
            return refusal(self.book.protocol, 401, "the key is not known")
        parts: list[Json] = [{"alg": "none"}, {claim: self.tenant, **(claims or {})}, {"jti": uuid.uuid4().hex}]
        texts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
        self.tokens.add(".".join(texts))
        return HttpAnswer(200, {auth.receive: ".".join(texts), **(claims or {})})

    def _lead(self, name: str) -> str:
        """Where a request for a name goes."""
        return next((simulation.lead(name, self.tenant) for simulation in self.simulations), name)
