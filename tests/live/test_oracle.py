"""Which models a new key may call, against what a real LiteLLM let through, key by key."""

from __future__ import annotations

import json
from functools import cache
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


def probe_of(file: Path) -> dict[str, Any]:
    """What was recorded of a version."""
    recorded: dict[str, Any] = json.loads(file.read_text())
    return recorded


def cases(file: Path) -> list[dict[str, Any]]:
    """Each case that was recorded of a version."""
    return [case for case in probe_of(file)["cases"] if "key" in case and not case["case"].endswith("by SQL 0")]


@cache
def allowed(file: Path) -> dict[str, list[str]]:
    """The models that the new key of each case may call, by the key's name: its number."""
    asked = cases(file)
    head: dict[str, Any] = {"taken_at": "2026-11-30T00:00:00Z", "keys": [], "teams": [], "users": []}
    head["organizations"] = [{"organization_id": "org-acme", "models": []}]
    for number, case in enumerate(asked):
        team, user = case.get("team"), case.get("user")
        key = {"token": f"{number:016}", "key_name": "sk-...cdef", "key_alias": str(number), **case["key"]}
        if key.pop("duration", None):
            key["expires"] = "2026-01-01T00:00:00Z"
        if team is not None:
            key["team_id"] = f"team-{number}"
            aliases = team.pop("model_aliases", None)
            table = {"litellm_model_table": {"model_aliases": aliases}} if aliases else {}
            blocked = case["case"] == "key in blocked team"
            head["teams"].append({"blocked": blocked, **team, **table, "team_id": key["team_id"]})
        if user is not None:
            key["user_id"] = f"user-{number}"
            head["users"].append({"user_email": f"{number}@a.example", **user, "user_id": key["user_id"]})
        head["keys"].append(key)
    routing = {"model_group_alias": {"gpt-4": "gpt-4o"}}
    text = json.dumps({"model_list": MODELS, "router_settings": routing, "litellm_snapshot": head})
    return {body["name"]: body["allowedModels"] for body in of_text(text).done.payloads["virtual_keys.json"]}


@pytest.mark.skipif(not FILES, reason="no recorded answers here")
@pytest.mark.parametrize(
    ("file", "number"),
    [
        pytest.param(file, number, id=f"{file.stem}: {case['case']}")
        for file in FILES
        for number, case in enumerate(cases(file))
    ],
)
def test_a_key_may_call_what_it_could_or_less(file: Path, number: int) -> None:
    case, models = cases(file)[number], allowed(file).get(str(number), [])
    reaches = [name for name in case["reaches"] if name != "fast"]  # the alias of a team, which is Manual
    if "in blocked team" in case["case"] or "max_budget 0" in case["case"]:
        assert not models or "in team, of user" in case["case"]  # LiteLLM notices both after a while
        return
    assert [name for name in probe_of(file)["models"] if name in models] == reaches
