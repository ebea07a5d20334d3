"""What the double answers when it is asked to try something: an integration, a route, a real request."""

from __future__ import annotations

import zlib
from fnmatch import fnmatchcase
from typing import Any

Body = dict[str, Any]
COMPLETIONS = {"/v1/chat/completions", "/v1/completions", "/v1/embeddings"}


def verification(entity: Body, broken: set[str]) -> Body:
    """Whether an integration works: all do, but those whose name is among the broken."""
    if entity["name"] in broken:
        return {"success": False, "error": "the provider refuses the key", "verifiedAt": "2026-01-01T00:00:00Z"}
    return {"success": True, "availableModels": [], "verifiedAt": "2026-01-01T00:00:00Z"}


def simulation(routing: Body, asked: Body) -> Body:
    """Where a request goes: by the highest rule that matches, and in an experiment by a hash of the tenant."""
    name = asked.get("model", "")
    rules = sorted(routing["rules"], key=lambda rule: -rule.get("priority", 0))
    matching = [rule for rule in rules if fnmatchcase(name, rule["modelPattern"])]
    answer: Body = {"modelId": name, "reason": "no rule", "estimatedCostCents": 0}
    if matching:
        chosen = variant(matching, asked.get("tenantId", ""))
        answer.update(modelId=chosen["routeTo"], reason="rule", matchedRule=chosen["modelPattern"])
    return {**answer, "complexity": "simple", "domain": "general", "alternatives": []}


def variant(matching: list[Body], tenant: str) -> Body:
    """The first rule, or the one of its experiment that this tenant is in."""
    first = matching[0]
    if "experimentId" not in first:
        return first
    kin = [rule for rule in matching if rule.get("experimentId") == first["experimentId"]]
    kin = [rule for rule in kin if rule.get("priority") == first.get("priority")]
    point = zlib.crc32(f"{first['experimentId']}/{tenant}".encode()) / 2**32 * sum(rule["weight"] for rule in kin)
    for rule in kin:
        point -= rule["weight"]
        if point < 0:
            return rule
    return kin[-1]
