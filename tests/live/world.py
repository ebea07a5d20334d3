"""What a made-up LiteLLM holds: a small one, written out, and a large one, made from a seed."""

from __future__ import annotations

import hashlib
import random
from typing import Any

Row = dict[str, Any]
SECRET = "canary"
"""In every made-up secret: nothing that is written may hold it."""
KEYS_OF_LANGFUSE = {
    "langfuse_secret_key": f"{SECRET}-4",
    "langfuse_public_key": f"os.environ/sk-{SECRET}7f3a9c2e41b8d60x",
}


def token(name: str) -> str:
    """The hash of a key's secret."""
    return hashlib.sha256(f"sk-{name}".encode()).hexdigest()


def deployment(name: str, model: str, group: str = "", **info: Any) -> Row:
    """A row of the model list, with the constants and facts that LiteLLM adds to each."""
    constants = {"use_in_pass_through": False, "use_litellm_proxy": False, "merge_reasoning_content_in_choices": False}
    facts: Row = {"max_tokens": 4096, "supports_vision": None, "key": model, "pricing_overrides": []}
    groups = {"access_groups": [group]} if group else {}
    ident = token(f"{name} {model}")[:12]
    info = {"id": ident, "db_model": True, "blocked": False, **facts, **groups, **info}
    return {"model_name": name, "litellm_params": {"model": model, **constants}, "model_info": info}


def key(name: str, alias: str | None = None, **values: Any) -> Row:
    """A row of the key list; most of its hundred columns are empty."""
    secret = token(name)
    empty: Row = {"aliases": {}, "config": {}, "metadata": {}, "permissions": {}, "router_settings": {}, "models": []}
    view = {"team_models": [], "team_blocked": False, "end_user_id": None, "user": None, "parent_otel_span": None}
    state = {"spend": 0.0, "created_at": "2026-06-01T00:00:00Z", "created_by": "u-root", "blocked": None}
    return {"token": secret, "key_name": f"sk-...{secret[:4]}", "key_alias": alias, **empty, **view, **state, **values}


def team(ident: str, alias: str | None = None, **values: Any) -> Row:
    """A row of the team list."""
    usual: Row = {"models": [], "blocked": False, "metadata": {}, "spend": 0.0, "members_with_roles": [], "keys": []}
    return {"team_id": ident, "team_alias": alias, "organization_id": None, "team_memberships": [], **usual, **values}


def user(ident: str, email: str | None = None, role: str = "internal_user", **values: Any) -> Row:
    """A row of the user list."""
    usual: Row = {
        "user_alias": None,
        "models": [],
        "teams": [],
        "metadata": {},
        "spend": 0.0,
        "password": f"{SECRET}-pass",
    }
    return {"user_id": ident, "user_email": email, "user_role": role, **usual, **values}


def organization(ident: str, alias: str, **values: Any) -> Row:
    """A row of the organization list, with all of its teams again."""
    return {
        "organization_id": ident,
        "organization_alias": alias,
        "models": [],
        "metadata": {},
        "teams": [team("x")],
        **values,
    }


def small() -> dict[str, Any]:
    """One of everything that matters."""
    return {
        "models": [
            deployment("chat", "openai/gpt-4o", "best", db_model=False),
            deployment("small", "openai/gpt-4o-mini"),
            {
                **deployment("large", "azure/gpt-4o-eu", "best"),
                "litellm_params": {
                    "model": "azure/gpt-4o-eu",
                    "api_base": "https://eu.openai.azure.com",
                    "litellm_credential_name": "eu azure",
                },
            },
            deployment("inside", "openai/gpt-4.1", team_id="red", team_public_model_name="inside"),
        ],
        "credentials": [
            {
                "credential_name": "eu azure",
                "credential_values": {"api_key": f"az-{SECRET}-1"},
                "credential_info": {"custom_llm_provider": "azure"},
                "source": "db",
            }
        ],
        "router": {"num_retries": 3, "cooldown_time": 5, "model_group_alias": {"talk": "chat"}},
        "router_source": {"num_retries": "db", "cooldown_time": "default", "model_group_alias": "config"},
        "mcp": [
            {
                "server_id": "m-1",
                "alias": "tickets",
                "url": "https://tickets.example/mcp",
                "transport": "http",
                "auth_type": "api_key",
                "env": {"TOKEN": f"{SECRET}-2"},
                "static_headers": {"X-Key": f"{SECRET}-3"},
                "is_config": False,
            },
            {
                "server_id": "m-2",
                "alias": "open",
                "url": "https://open.example/mcp",
                "transport": "http",
                "auth_type": None,
                "is_config": False,
            },
        ],
        "organizations": [
            organization(
                "org-1",
                "acme",
                models=["chat", "small", "inside"],
                litellm_budget_table={
                    "budget_id": "b-1",
                    "max_budget": 500.0,
                    "budget_duration": "30d",
                    "rpm_limit": 900,
                },
            )
        ],
        "teams": [
            team(
                "red",
                "red",
                organization_id="org-1",
                models=["chat", "small", "inside"],
                max_budget=100.005,
                budget_duration="1mo",
                rpm_limit=60,
                object_permission_id="op-1",
                members_with_roles=[{"user_id": "u-ann", "role": "admin"}, {"user_id": "u-ben", "role": "user"}],
                team_memberships=[
                    {"user_id": "u-ben", "litellm_budget_table": {"allowed_models": ["small"], "rpm_limit": 6}}
                ],
                metadata={
                    "logging": [{"callback_name": "langfuse", "callback_vars": KEYS_OF_LANGFUSE}],
                    "owner": "ann",
                },
            ),
            team("blue", "blue", max_budget=50.0, budget_duration="90d"),
            team("blue-too", "blue", models=["large"]),
            team("closed", "closed", blocked=True),
        ],
        "team_details": {"red": {"team_info": {"team_id": "red", "object_permission": {"mcp_servers": ["m-1"]}}}},
        "users": [
            user("u-root", "root@acme.example", "proxy_admin"),
            user("u-ann", "ann@acme.example", user_alias="Ann", sso_user_id="s-1", teams=["red"], models=["small"]),
            user("u-ben", "ben@acme.example", models=["no-default-models"], teams=["red"]),
            user("u-eve", "Ann@ACME.example"),
            user("u-bot"),
            user("u-gone", "gone@acme.example", metadata={"scim_active": False}),
            user("default_user_id"),
        ],
        "keys": [
            key(
                "red",
                "red-app",
                team_id="red",
                org_id="org-1",
                models=["all-team-models"],
                max_budget=20.0,
                rpm_limit=600,
                last_active="2026-11-29T00:00:00Z",
            ),
            key("ben", "red-ben", team_id="red", user_id="u-ben"),
            key("disjoint", "red-odd", team_id="red", models=["large"]),
            key("blue", "blue-app", team_id="blue", models=["best"]),
            key("star", "blue-star", team_id="blue-too", models=["openai/*", "azure/*"]),
            key("ann", "ann", user_id="u-ann", expires="2027-06-01T00:00:00+02:00"),
            key("bens", "ben", user_id="u-ben"),
            key("plain"),
            key("twin-1", "twin", models=["chat"]),
            key("twin-2", "twin", models=["small"]),
            key("blocked", "blocked", blocked=True),
            key("old", "old", expires="2026-01-01T00:00:00Z"),
            key("zero", "zero", max_budget=0),
            key("slow", "slow", tpm_limit=0),
            key("admin", "admin", allowed_routes=["management_routes"]),
            key("closed", "closed", team_id="closed"),
            key("lost", "lost", team_id="no-such-team"),
            key("nothing", "nothing", models=["no-such-model"]),
            key("org", "org", org_id="org-1", models=["large", "small"]),
        ],
        "pass_through": [
            {
                "id": "p-1",
                "path": "/rank",
                "target": "https://rank.example",
                "headers": {"Authorization": f"Bearer {SECRET}-5"},
                "is_from_config": False,
            }
        ],
        "agents": [],
    }


def large(keys: int = 5000, users: int = 1000, teams: int = 200) -> dict[str, Any]:
    """Many of each, the same each time."""
    chance = random.Random("large")
    names = [f"model-{number}" for number in range(60)]
    organizations = [organization(f"org-{number}", f"division {number}") for number in range(10)]
    team_rows = [
        team(
            f"team-{number}",
            f"Team {number % 190}",
            organization_id=f"org-{number % 10}" if number % 3 else None,
            models=chance.sample(names, 5) if number % 4 else [],
            max_budget=float(number) if number % 2 else None,
            budget_duration="30d",
            rpm_limit=600 if number % 5 == 0 else None,
        )
        for number in range(1, teams + 1)
    ]
    user_rows = [
        user(
            f"user-{number}",
            f"user{number}@big.example",
            teams=[f"team-{1 + number % teams}"],
            sso_user_id=f"s-{number}",
        )
        for number in range(users)
    ]
    key_rows = [
        key(
            f"large-{number}",
            f"app-{number}" if number % 9 else None,
            team_id=f"team-{1 + number % teams}" if number % 3 else None,
            user_id=f"user-{number % users}",
            models=chance.sample(names, 3) if number % 2 else [],
            rpm_limit=60 if number % 4 == 0 else None,
            blocked=number % 97 == 0,
        )
        for number in range(keys)
    ]
    return {
        **{part: [] for part in ("credentials", "mcp", "pass_through", "agents")},
        "models": [
            deployment(
                name,
                ("openai/gpt-4.1", "anthropic/claude-sonnet-4-5", "groq/llama-3.3-70b-versatile")[place % 3],
                f"group-{place % 4}",
            )
            for place, name in enumerate(names)
        ],
        "router": {},
        "router_source": {},
        "organizations": organizations,
        "teams": team_rows,
        "team_details": {},
        "users": user_rows,
        "keys": key_rows,
    }
