"""Write the names without a provider that LiteLLM resolves by itself, each with the provider that it answers.

Run by hand where litellm is installed: `python tests/oracle/make_names.py rules/catalog/names.json`. Every key of the
price map and every member of a set of models in the package is asked, except those whose provider starts a login.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import sys
from importlib import import_module
from pathlib import Path

LOGINS = ("github_copilot/", "chatgpt/")


def candidates() -> set[str]:
    """Every model name in the price map and in the sets of models that the resolver consults."""
    litellm = import_module("litellm")
    found: set[str] = {"*", *litellm.model_cost}
    for name, value in vars(litellm).items():
        if name.endswith("models") and isinstance(value, (set, list, frozenset)):
            found |= {model for model in value if isinstance(model, str)}
    return found


def bare(models: set[str]) -> list[str]:
    """Those whose first segment is no provider, so that the resolver has to know the name itself."""
    litellm = import_module("litellm")
    registry = import_module("litellm.llms.openai_like.json_loader").JSONProviderRegistry
    prefixes = {str(getattr(provider, "value", provider)) for provider in litellm.provider_list}
    return sorted(
        model
        for model in models
        if not model.startswith(LOGINS)
        and not ("/" in model and (model.split("/")[0] in prefixes or registry.exists(model.split("/")[0])))
    )


def resolve(models: list[str]) -> dict[str, list[str]]:
    """The names by the provider that LiteLLM answers; those it refuses, or answers by a pattern only, are left out."""
    litellm = import_module("litellm")
    match = import_module("litellm.litellm_core_utils.fallback_generalizations").match_routing_generalization
    listed: dict[str, list[str]] = {}
    for model in models:
        try:
            name, provider, _, _ = litellm.get_llm_provider(model)
        except litellm.exceptions.BadRequestError:
            continue
        if name != model:
            raise ValueError(f"{model}: expected the name unchanged, found {name}. Treat it in the table of spellings.")
        if provider and not (model not in litellm.model_cost and match(model) == provider):
            listed.setdefault(str(provider), []).append(model)
    return listed


def main(target: Path) -> None:
    """Ask LiteLLM for every name, write the table."""
    litellm = import_module("litellm")
    vars(litellm)["suppress_debug_info"] = True
    table = {
        "kind": "table",
        "id": "names",
        "facts": True,
        "from": f"litellm {importlib.metadata.version('litellm')}",
        "gives": "vendor",
        "listed": dict(sorted(resolve(bare(candidates())).items())),
    }
    target.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    main(Path(sys.argv[1]))
