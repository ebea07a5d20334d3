"""Documents of one endpoint, replaced as a whole, and what the gateway makes of them: routes and levels of limits."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from litellm_migrate.convert.bodies import place
from litellm_migrate.convert.calls import Fit, Protocol, Simulate
from litellm_migrate.gateway.names import Entity, items
from litellm_migrate.gateway.simulation import deciding, weight_of
from litellm_migrate.sandbox.operations import ANYTHING, BodyCheck, HttpAnswer, Operation, refusal
from litellm_migrate.source.model import Json


class Documents:
    """What was written, by tenant (empty where the path names none); it is replaced, and never changed."""

    def __init__(self, bodies: BodyCheck, protocol: Protocol) -> None:
        self.call = bodies.call
        self.bodies = bodies
        self.protocol = protocol
        self.stored: dict[str, dict[str, Any]] = {}

    def operations(self) -> Iterator[Operation]:
        """The requests that are understood."""
        method, path, schema = self.call.method, self.call.path, self.bodies.whole
        yield Operation(method, path, lambda body, tenant, query: self.write(body, tenant), schema)
        if self.call.read_path:
            yield Operation("GET", self.call.read_path, lambda body, tenant, query: self.read(tenant))

    def write(self, body: Json, tenant: str) -> HttpAnswer:
        """The new document."""
        wrong = self.bodies.objections(self.without_foreign(body, self.current(tenant)))
        if wrong or not isinstance(body, dict):
            return refusal(self.protocol, 422, wrong)
        self.stored[tenant] = body
        return self.read(tenant)

    def without_foreign(self, body: Json, present: Entity) -> Json:
        """A document without what others wrote: parts that were there before need not be such as we write."""
        merge = self.call.merge
        if merge is None or not isinstance(body, dict):
            return body
        local = {name: value for name, value in body.items() if name not in merge.keep or value != present.get(name)}
        if isinstance(local.get(merge.list), list):
            local[merge.list] = [item for item in items(local, merge.list) if item not in items(present, merge.list)]
        return local

    def read(self, tenant: str) -> HttpAnswer:
        """The document; before the first is written, what a fresh gateway answers."""
        body = self.stored.get(tenant, self.call.initial)
        missing = refusal(self.protocol, 404, "nothing has been written here yet")
        return missing if body is None else HttpAnswer(200, {**body})

    def current(self, tenant: str = "") -> Entity:
        """The document as a plain value."""
        return {**(self.stored.get(tenant, self.call.initial) or {})}


class Simulation:
    """Says where a request for a name would go, by the rules of a routing document, without sending any."""

    def __init__(self, simulate: Simulate, protocol: Protocol, document: Callable[[], Entity]) -> None:
        self.simulate = simulate
        self.protocol = protocol
        self.document = document

    def operations(self) -> Iterator[Operation]:
        """The one request that is understood."""
        method, path = self.simulate.method, self.simulate.path
        yield Operation(method, path, lambda body, _, query: self.answer(body), ANYTHING)

    def answer(self, body: Json) -> HttpAnswer:
        """The target of the first rule that matches; the name itself where none does."""
        ask = self.simulate.ask
        name = body.get(ask["name"]) if isinstance(body, dict) else None
        if not isinstance(name, str) or not isinstance(body, dict):
            return refusal(self.protocol, 422, f"/{ask['name']}: type")
        return HttpAnswer(200, {self.simulate.target: self.lead(name, str(body.get(ask["tenant"], "")))})

    def lead(self, name: str, tenant: str) -> str:
        """Where a tenant's request for a name goes: by the rule of the highest rank that matches, if there is one.

        In a split a tenant always gets the same variant, and over many tenants each is got as often as its weight says.
        """
        fields = self.simulate.rule
        rules = [rule for rule in items(self.document(), self.simulate.rules) if isinstance(rule, dict)]
        variants = deciding(self.simulate, rules, name)
        if not variants:
            return name
        weights = [weight_of(self.simulate, rule) for rule in variants]
        digest = hashlib.sha256(f"{tenant}\n{variants[0].get(fields['experiment'])}".encode()).digest()
        drawn = int.from_bytes(digest[:8], "big") / 2**64 * sum(weights)
        for rule, weight in zip(variants, weights, strict=True):
            drawn -= weight
            if drawn < 0:
                return str(rule[fields["target"]])
        return str(variants[-1][fields["target"]])


def levels(fit: Fit, shipped: Mapping[str, Mapping[str, float]]) -> Iterator[Operation]:
    """The request for all levels of limits: those of the rules' own table, each limit at the first of its places."""
    listed: list[Json] = []
    for name, limits in shipped.items():
        level: Entity = {fit.name: name}
        for limit, places in fit.limits.items():
            if limit in limits:
                place(level, tuple(places[0].split(".")), limits[limit])
        listed.append(level)
    body: Entity = {}
    place(body, tuple(fit.container.split(".")), listed)
    yield Operation("GET", fit.path, lambda _, tenant, query: HttpAnswer(200, body))
