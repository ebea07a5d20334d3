"""Bodies that the endpoints take in both dialects, bodies that they take in none, and the calls that carry them."""

from __future__ import annotations

from typing import Any

CALLS = {
    "integrations": ("/api/v1/model-catalog/integrations", "post"),
    "providers": ("/api/v1/model-catalog/providers", "post"),
    "models": ("/api/v1/model-catalog/models", "post"),
    "routing_config": ("/api/v1/routing/config", "put"),
    "rate_limits": ("/api/v1/rate-limits/{tenant}", "put"),
    "virtual_keys": ("/api/v1/virtual-keys", "post"),
}
UUID = "3f2b8c1e-5d0a-4c57-9f3e-0a1b2c3d4e5f"
RULE = {"modelPattern": "gpt-4", "routeTo": "openai/gpt-4"}
GOOD: dict[str, list[dict[str, Any]]] = {
    "integrations": [
        {"name": "openai", "providerType": "OPEN_AI", "apiKey": "${OPENAI_API_KEY}"},
        {"name": "lan", "providerType": "CUSTOM", "apiKey": "not-needed", "endpointUrl": "http://10.0.0.7:8000/v1"},
        {"name": "a", "providerType": "CUSTOM", "apiKey": "${A}", "endpointUrl": "${BASE}", "config": {"region": "eu"}},
    ],
    "providers": [
        {"slug": "azure-eastus", "name": "Azure", "providerType": "CUSTOM", "integrationId": UUID, "tags": ["a:b"]},
        {"slug": "a", "name": "A", "providerType": "CUSTOM", "integrationId": "${ref:integrations/azure-eastus}",
         "budget": {"monthlyBudgetCents": 0}, "rateLimits": {"rpm": 600, "tpm": 90000}, "priority": 0},
    ],
    "models": [
        {"modelId": "$(touch x)'\"; rm -rf y", "displayName": "odd\nname", "providerType": "OPEN_AI"},
        {"modelId": "m", "displayName": "M", "providerType": "CUSTOM", "modelType": "EMBEDDING",
         "pricing": {"inputCostPer1kTokens": 0.0025, "outputCostPer1kTokens": 0}, "limits": {"maxOutputTokens": 4096},
         "capabilities": {"tools": False}, "deprecationDate": "2026-05-01T00:00:00Z"},
    ],
    "routing_config": [
        {"strategy": "balanced", "rules": []},
        {"strategy": "cost_optimized", "weights": {"cost": 0.5, "health": 0.5},
         "rules": [{**RULE, "weight": 0.7, "experimentId": "e", "variant": "a", "priority": 10}]},
    ],
    "rate_limits": [{"tier": "pro"}],
    "virtual_keys": [
        {"name": "app"},
        {"name": "app", "rateLimitRpm": 0, "allowedModels": ["gpt-4"], "allowedIps": ["10.0.0.0/8", "fd00::/8"]},
    ],
}  # fmt: skip
OPENAI, CUSTOM, MODEL = GOOD["integrations"][0], GOOD["providers"][0], GOOD["models"][0]
BAD: dict[str, list[Any]] = {
    "integrations": [
        {**OPENAI, "apiKey": "sk-literal"},
        {**OPENAI, "apiKey": "${OPENAI_API_KEY}\n"},
        {**OPENAI, "apiKey": "${1KEY}"},
        {**OPENAI, "apiKey": None},
        {**OPENAI, "endpointUrl": "https://user:word@host/v1"},
        {**OPENAI, "endpointUrl": "host/v1"},
        {**OPENAI, "config": {"secretAccessKey": "literal"}},
        {**OPENAI, "config": {"unknown": "x"}},
        {**OPENAI, "providerType": "openai"},
        {**OPENAI, "name": ""},
        {"name": "openai", "providerType": "OPEN_AI"},
    ],
    "providers": [
        {**CUSTOM, "integrationId": "openai"},
        {**CUSTOM, "integrationId": f"{UUID}\n"},
        {**CUSTOM, "slug": "Two Words"},
        {**CUSTOM, "budget": {"monthlyBudgetCents": -1}},
        {**CUSTOM, "rateLimits": {"rps": 1}},
        {**CUSTOM, "tags": "one"},
    ],
    "models": [
        {**MODEL, "pricing": {"inputCostPer1kTokens": "0.1"}},
        {**MODEL, "pricing": {"inputCostPer1kTokens": -0.1}},
        {**MODEL, "qualityScore": 1},
        {**MODEL, "capabilities": {"tools": None}},
        {**MODEL, "releaseDate": "2026-05-01"},
        {**MODEL, "modelType": "chat"},
    ],
    "routing_config": [
        {"strategy": "simple-shuffle", "rules": []},
        {"strategy": "balanced"},
        {"strategy": "balanced", "rules": [{**RULE, "weight": -1}]},
        {"strategy": "balanced", "rules": [{**RULE, "model": "x"}]},
        {"strategy": "balanced", "rules": [{"modelPattern": "*"}]},
        {"strategy": "balanced", "rules": [{**RULE, "experimentId": "e"}]},
        {"strategy": "balanced", "rules": [], "weights": {"speed": 1}},
    ],
    "rate_limits": [{}, {"tier": "gold"}, {"tier": "pro", "rpm": 1}, {"tier": "pro", "models": [{"model": "m"}]}],
    "virtual_keys": [{}, {"name": "a", "allowedModels": []}, {"name": "a", "allowedIps": ["10.0.0.1"]},
                     {"name": "a", "rateLimitRpm": 1.5}, {"name": "a", "expiresAt": None}, {"name": "a", "budget": 1}],
}  # fmt: skip
