"""Where a request would go, by the rules of a routing document."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from litellm_migrate.convert.calls import Protocol, Simulate
from litellm_migrate.gateway.routes import matches
from litellm_migrate.sandbox.answers import Answer, Body, refusal
from litellm_migrate.sandbox.paths import Route, route

Rule = Mapping[str, Any]


class Simulation:
    """Answers where a request for a name would go, without sending any."""

    def __init__(self, words: Simulate, protocol: Protocol, document: Callable[[], Body]) -> None:
        self.words = words
        self.protocol = protocol
        self.document = document

    def routes(self) -> Iterator[Route]:
        """The one request that is understood."""
        yield route(self.words.method, self.words.path, lambda asked, found, query: self.answer(asked))

    def answer(self, body: Any) -> Answer:
        """The target of the first rule that matches; the name itself where none does."""
        ask = self.words.ask
        name = body.get(ask["name"]) if isinstance(body, dict) else None
        if not isinstance(name, str):
            return refusal(self.protocol, 422, f"/{ask['name']}: type")
        return Answer(200, {self.words.target: self.led(name, str(body.get(ask["tenant"], "")))})

    def led(self, name: str, tenant: str) -> str:
        """Where a tenant's request for a name goes."""
        rule = self.chosen(name, tenant)
        return str(rule[self.words.rule["target"]]) if rule else name

    def chosen(self, name: str, tenant: str) -> Rule | None:
        """The rule that applies: of the highest rank, and of a split the one that the tenant is assigned to."""
        word = self.words.rule
        rules = sorted(self.document().get(self.words.rules, ()), key=lambda rule: -rule.get(word["rank"], 0))
        matching: list[Rule] = [rule for rule in rules if matches(rule[word["pattern"]], name)]
        if not matching:
            return None
        split = [word["experiment"], word["rank"]]
        first = [matching[0].get(part) for part in split]
        if first[0] is None:
            return matching[0]
        variants = [rule for rule in matching if [rule.get(part) for part in split] == first]
        return self.assigned(variants, f"{tenant}\n{first[0]}")

    def assigned(self, variants: list[Rule], who: str) -> Rule:
        """The variant of a tenant: always the same one, and over many tenants as often as its weight says."""
        weights = [float(rule.get(self.words.rule["weight"], 0)) for rule in variants]
        drawn = int.from_bytes(hashlib.sha256(who.encode()).digest()[:8], "big") / 2**64 * sum(weights)
        for rule, weight in zip(variants, weights, strict=True):
            drawn -= weight
            if drawn < 0:
                return rule
        return variants[-1]
