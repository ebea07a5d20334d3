"""What a Synapse in memory holds, and what it answers to an authorized request."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from gateway_bodies import objections
from gateway_checks import COMPLETIONS, simulation, verification
from litellm_migrate.sandbox.operations import HttpAnswer, HttpRequest

__all__ = ["Body", "Catalog", "HttpAnswer", "HttpRequest", "refusal"]

Body = dict[str, Any]

CONTAINERS = {
    "/api/v1/model-catalog/integrations": "integrations",
    "/api/v1/model-catalog/providers": "providers",
    "/api/v1/model-catalog/models": "models",
    "/api/v1/virtual-keys": "keys",
}
SCHEMAS = {**{name: name for name in CONTAINERS.values()}, "keys": "virtual_keys"}
ROUTING = "/api/v1/routing/config"
LIMITS = "/api/v1/rate-limits/"
THRESHOLDS = re.compile(r"/api/v1/thresholds/tenants/([^/]+)|/admin/tenants/([^/]+)/config")
"""The call of a tenant's cache thresholds, as the dialects have it."""
TIERS = {
    "starter": {"rps": 10, "rpm": 100, "tpm": 100_000, "rpd": 5_000, "burstMultiplier": 1.5},
    "pro": {"rps": 50, "rpm": 1_000, "tpm": 1_000_000, "rpd": 50_000, "burstMultiplier": 1.5},
    "enterprise": {"rps": 100, "rpm": 3_000, "tpm": 2_000_000, "rpd": 100_000, "burstMultiplier": 2.0},
}
TIMES = {"createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z"}


def refusal(status: int, message: str, **more: Any) -> HttpAnswer:
    """An error answer in the gateway's shape."""
    return HttpAnswer(status, {"error": {"message": message, "type": f"error_{status}", "code": str(status), **more}})


NOT_ALLOWED = refusal(405, "not allowed here")


def shown(entity: Body) -> Body:
    """An entity as it can be read back: without its key."""
    return {name: value for name, value in entity.items() if name != "apiKey"}


@dataclass
class Catalog:
    """Entities by container, the routing configuration, and each tenant's limits and thresholds."""

    dialect: str
    page_size: int
    published_keys: bool
    store: dict[str, list[Body]] = field(default_factory=lambda: {name: [] for name in CONTAINERS.values()})
    routing: Body = field(default_factory=lambda: {"strategy": "balanced", "rules": []})
    limits: dict[str, Body] = field(default_factory=dict)
    thresholds: dict[str, Body] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    """Integrations that do not verify, by name."""

    def answer(self, request: HttpRequest) -> HttpAnswer:
        """The answer to one request, after doing what it asks."""
        parts = urlsplit(request.path)
        base, _, last = parts.path.rpartition("/")
        tried = self._trial(request, parts.path)
        if tried:
            return tried
        if parts.path in CONTAINERS:
            return self._collection(request, CONTAINERS[parts.path], parse_qs(parts.query))
        if base in CONTAINERS:
            return self._entity(request, CONTAINERS[base], unquote(last))
        return self._document(request, parts.path)

    def _document(self, request: HttpRequest, path: str) -> HttpAnswer:
        if path == ROUTING:
            return self._routing(request)
        if path.startswith(LIMITS):
            return self._limits(request, unquote(path[len(LIMITS) :]))
        thresholds = THRESHOLDS.fullmatch(path)
        if thresholds:
            return self._thresholds(request, unquote(thresholds[1] or thresholds[2]))
        return refusal(404, "no such endpoint")

    def _trial(self, request: HttpRequest, path: str) -> HttpAnswer | None:
        """The answer where something is to be tried, else nothing."""
        if request.method != "POST":
            return None
        if path in COMPLETIONS:
            return HttpAnswer(200, {"object": "answer", "model": request.body["model"]})
        if path == "/api/v1/routing/simulate":
            return HttpAnswer(200, simulation(self.routing, request.body))
        base, _, last = path.rpartition("/")
        found = [one for one in self.store["integrations"] if base.endswith(f"/model-catalog/integrations/{one['id']}")]
        return HttpAnswer(200, verification(found[0], self.broken)) if found and last == "verify" else None

    def _routing(self, request: HttpRequest) -> HttpAnswer:
        if request.method == "PUT":
            wrong = objections(self.dialect, "routing_config", request.body)
            if wrong:
                return refusal(422, wrong)
            self.routing = request.body
        return HttpAnswer(200, {**self.routing, **TIMES}) if request.method in {"GET", "PUT"} else NOT_ALLOWED

    def _limits(self, request: HttpRequest, tenant: str) -> HttpAnswer:
        if (request.method, tenant) == ("GET", "tiers"):
            tiers = [{"name": name, "limits": limits} for name, limits in TIERS.items()]
            return HttpAnswer(200, {"tiers": tiers, "defaultTier": "starter"})
        if request.method == "PUT":
            wrong = objections(self.dialect, "rate_limits", request.body)
            if wrong:
                return refusal(422, wrong)
            self.limits[tenant] = request.body
        held = self.limits.get(tenant, {"tier": "starter"})
        answer = {"tenantId": tenant, "explicit": tenant in self.limits, "limits": TIERS[held["tier"]], **held}
        return HttpAnswer(200, answer) if request.method in {"GET", "PUT"} else NOT_ALLOWED

    def _thresholds(self, request: HttpRequest, tenant: str) -> HttpAnswer:
        if request.method == "PUT":
            wrong = objections(self.dialect, "thresholds", request.body)
            if wrong:
                return refusal(422, wrong)
            self.thresholds[tenant] = request.body
        return HttpAnswer(200, self.thresholds.get(tenant, {})) if request.method in {"GET", "PUT"} else NOT_ALLOWED

    def _collection(self, request: HttpRequest, container: str, query: dict[str, list[str]]) -> HttpAnswer:
        if request.method == "GET":
            return self._page(container, query)
        if request.method != "POST":
            return NOT_ALLOWED
        wrong = self._objections(container, request.body, whole=True)
        if wrong:
            return refusal(422, wrong)
        entity = {**request.body, "id": str(uuid.uuid4()), **TIMES}
        self.store[container].append(entity)
        return HttpAnswer(201, self._new_key(entity) if container == "keys" else shown(entity))

    def _page(self, container: str, query: dict[str, list[str]]) -> HttpAnswer:
        asked = [query.get(name, [usual])[0] for name, usual in (("page", "1"), ("pageSize", "20"))]
        if not all(number.isdecimal() and int(number) for number in asked):
            return refusal(400, "pages count from 1 and hold at least one entity")
        page, size = int(asked[0]), min(int(asked[1]), self.page_size)
        held = self.store[container]
        found = [shown(entity) for entity in held[(page - 1) * size : page * size]]
        pages = -(-len(held) // size)
        return HttpAnswer(
            200, {container: found, "total": len(held), "page": page, "pageSize": size, "totalPages": pages}
        )

    def _new_key(self, entity: Body) -> Body:
        secret = f"sk-syn-{uuid.uuid4().hex}"
        if self.published_keys:
            return {"key": shown(entity), "secret": secret, "message": "shown once"}
        return {**shown(entity), "key": secret}

    def _entity(self, request: HttpRequest, container: str, ident: str) -> HttpAnswer:
        entity = next((each for each in self.store[container] if each["id"] == ident), None)
        if entity is None:
            return refusal(404, "no such entity")
        if request.method == "DELETE":
            self.store[container].remove(entity)
            return HttpAnswer(200, {"id": ident, "message": "revoked"}) if container == "keys" else HttpAnswer(204)
        if request.method == "PUT":
            wrong = self._objections(container, request.body, whole=False)
            if wrong:
                return refusal(422, wrong)
            entity.update(request.body)
        return HttpAnswer(200, shown(entity)) if request.method in {"GET", "PUT"} else NOT_ALLOWED

    def _objections(self, container: str, body: Any, whole: bool) -> str:
        wrong = objections(self.dialect, SCHEMAS[container], body, whole)
        for name, target in (("integrationId", "integrations"), ("providerId", "providers")):
            known = {each["id"] for each in self.store[target]}
            if not wrong and name in body and body[name] not in known:
                return f"/{name}: no such entity of {target}"
        return wrong
