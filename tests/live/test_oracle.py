"""Which models a new key may call, against what a real LiteLLM let through, key by key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conversion import of_text

RECORDED = Path("/tmp/shared/live/fixtures")
FILES = sorted(RECORDED.glob("oracle-*.json"))
MODELS = [
    {
        "model_name": "gpt-4o",
        "litellm_params": {"model": "openai/gpt-4o"},
        "model_info": {"access_groups": ["premium"]},
    },
    {"model_name": "gpt-4o-mini", "litellm_params": {"model": "openai/gpt-4o-mini"}},
    {"model_name": "claude-sonnet", "litellm_params": {"model": "anthropic/claude-sonnet-4-20250514"}},
    {
        "model_name": "claude-opus",
        "litellm_params": {"model": "anthropic/claude-opus-4-20250514"},
        "model_info": {"access_groups": ["premium"]},
    },
    {
        "model_name": "llama-local",
        "litellm_params": {"model": "hosted_vllm/llama", "api_base": "http://127.0.0.1:9/v1"},
    },
    {"model_name": "openai/*", "litellm_params": {"model": "openai/*"}},
]


def cases() -> list[Any]:
    """Each recorded case of each version."""
    recorded = [(file, json.loads(file.read_text())) for file in FILES]
    return [
        pytest.param(probe["models"], case, id=f"{file.stem}: {case['case']}")
        for file, probe in recorded
        for case in probe["cases"]
        if "key" in case and not case["case"].endswith("by SQL 0")
    ]


def snapshot(case: dict[str, Any]) -> str:
    """A snapshot with the one key of a case, and what it is of."""
    key = {"token": "0123456789abcdef", "key_name": "sk-...cdef", "key_alias": "asked", **case["key"]}
    if key.pop("duration", None):
        key["expires"] = "2026-01-01T00:00:00Z"
    team, user = case.get("team"), case.get("user")
    head: dict[str, Any] = {"taken_at": "2026-11-30T00:00:00Z", "keys": [key], "teams": [], "users": []}
    if team is not None:
        aliases = team.pop("model_aliases", None)
        table = {"litellm_model_table": {"model_aliases": aliases}} if aliases else {}
        head["teams"] = [{"team_id": "probe-team", "blocked": case["case"] == "key in blocked team", **team, **table}]
    if user is not None:
        head["users"] = [{"user_id": "probe-user", "user_email": "probe@a.example", **user}]
    head["organizations"] = [{"organization_id": "org-acme", "models": []}]
    routing = {"model_group_alias": {"gpt-4": "gpt-4o"}}
    return json.dumps({"model_list": MODELS, "router_settings": routing, "litellm_snapshot": head})


@pytest.mark.skipif(not FILES, reason="no recorded answers here")
@pytest.mark.parametrize(("names", "case"), cases())
def test_a_key_may_call_what_it_could_or_less(names: list[str], case: dict[str, Any]) -> None:
    bodies = of_text(snapshot(case)).done.payloads["virtual_keys.json"]
    allowed: list[str] = next((body["allowedModels"] for body in bodies if body["name"] == "asked"), [])
    reaches = [name for name in case["reaches"] if name != "fast"]  # the alias of a team, which is Manual
    if "in blocked team" in case["case"] or "max_budget 0" in case["case"]:
        assert not allowed or "in team, of user" in case["case"]  # LiteLLM notices both after a while
        return
    assert [name for name in names if name in allowed] == reaches
