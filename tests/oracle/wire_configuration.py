"""A configuration before the proxy loads it: what is left out, which variables it refers to, which names it serves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from oracle.wire_environment import REFERENCE, made_up

OUTSIDE = {
    "": {"guardrails", "mcp_servers", "mcp_tools", "vector_store_registry", "prompts", "callback_settings"},
    "litellm_settings": {
        *("callbacks", "success_callback", "failure_callback", "audit_log_callbacks", "service_callback"),
        *("cache", "cache_params", "guardrails", "post_call_rules", "input_callback", "enable_redis_auth_cache"),
        *("coordination_redis", "global_prompt_directory", "global_bitbucket_config", "global_gitlab_config"),
    },
    "router_settings": {
        *("provider_budget_config", "redis_host", "redis_port", "redis_password", "redis_url", "cache_kwargs"),
        *("optional_pre_call_checks", "alerting_config", "fallbacks", "default_fallbacks", "num_retries", "redis_db"),
    },
    "general_settings": {
        *("custom_auth", "custom_key_generate", "custom_sso", "key_management_system", "key_management_settings"),
        *("pass_through_endpoints", "alerting", "enable_jwt_auth", "litellm_jwtauth", "use_redis_transaction_buffer"),
        *("database_url", "store_model_in_db", "background_health_checks", "enable_oauth2_proxy_auth"),
        *("custom_key_update", "enable_oauth2_auth", "use_azure_key_vault", "use_google_kms", "database_type"),
    },
}
"""Settings that need other servers or other files, or that would call again; none says where a request goes."""


def inside(config: dict[str, Any]) -> dict[str, Any]:
    """The configuration without what lies outside; each deployment has its place as id."""
    kept = {key: value for key, value in config.items() if key not in OUTSIDE[""]}
    for section, names in OUTSIDE.items():
        if section and isinstance(kept.get(section), dict):
            kept[section] = {key: value for key, value in kept[section].items() if key not in names}
    for place, entry in enumerate(entries(kept)):
        if isinstance(entry.get("model_info") or {}, dict):
            entry["model_info"] = {**(entry.get("model_info") or {}), "id": f"/model_list/{place}"}
    return kept


def entries(config: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The entries that are mappings, as they stand in the configuration."""
    listed = config.get("model_list")
    return [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []


def references(value: Any, key: str = "", model: str = "") -> Iterator[tuple[str, str]]:
    """Every variable that a configuration refers to, with the made-up value that fits the first place of it."""
    if isinstance(value, dict):
        model = str(value["model"]) if isinstance(value.get("model"), str) else model
        for name, below in value.items():
            yield from references(below, str(name), model)
    elif isinstance(value, list):
        for below in value:
            yield from references(below, key, model)
    elif isinstance(value, str) and value.startswith(REFERENCE):
        name = value.removeprefix(REFERENCE)
        yield name, made_up(name, key, model)


def names_of(config: Mapping[str, Any], costs: Mapping[str, Any], values: Mapping[str, str]) -> Iterator[str]:
    """The names that clients may use: of entries, of aliases; two for each with a star."""
    sections = [config.get(section) or {} for section in ("router_settings", "litellm_settings")]
    aliases = [
        part.get(key) for part in sections if isinstance(part, dict) for key in ("model_group_alias", "model_alias_map")
    ]
    named = [entry["model_name"] for entry in entries(config) if isinstance(entry.get("model_name"), str)]
    known = ["gpt-4o", "claude-sonnet-4-5", *sorted(key for key, row in costs.items() if row.get("mode") == "chat")]
    named = [values.get(name.removeprefix(REFERENCE), name) if name.startswith(REFERENCE) else name for name in named]
    for name in dict.fromkeys(
        [*named, *(str(alias) for group in aliases if isinstance(group, dict) for alias in group)]
    ):
        if "*" in name:
            before, _, after = name.partition("*")
            fits = (
                text for text in known if text.startswith(before) and text.endswith(after) and len(text) >= len(name)
            )
            yield from dict.fromkeys([next(fits, name.replace("*", "gpt-4o")), name.replace("*", "sample-model")])
        elif name.strip():
            yield name
