"""Which entries of the shipped examples LiteLLM loads, with what limits, held against the rules."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from conversion import EXAMPLES, rulebook
from installed import litellm
from litellm_migrate.relations import Relations

LITELLM = litellm()
FILES = sorted(EXAMPLES.glob("*.yaml"))


def read(file: Path) -> dict[str, Any]:
    """The document, as LiteLLM reads it."""
    document: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return document


def resolved(value: Any) -> Any:
    """A value with its references to the environment filled in, as the proxy does before it loads entries."""
    if isinstance(value, dict):
        return {key: resolved(below) for key, below in value.items()}
    if isinstance(value, str) and value.startswith("os.environ/"):
        return os.environ.get(value.removeprefix("os.environ/"))
    return value


def loaded(document: dict[str, Any], **options: Any) -> Any:
    """LiteLLM's router; each entry has its place as id."""
    entries = [resolved(entry) for entry in document["model_list"]]
    for place, entry in enumerate(entries):
        entry["model_info"] = {**(entry.get("model_info") or {}), "id": str(place)}

    async def make() -> Any:
        return LITELLM.Router(model_list=entries, ignore_invalid_deployments=True, **options)

    return asyncio.run(make())


def test_there_are_examples() -> None:
    assert FILES


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_litellm_loads_the_entries_that_the_rules_take_for_loadable(file: Path) -> None:
    document = read(file)
    theirs = {one["model_info"]["id"]: one for one in loaded(document).model_list}
    ours = {str(row.spots[0][1]): row for row in Relations(rulebook().relations, document).rows_of("entry")}
    assert set(theirs) == set(ours)
    for place, row in ours.items():
        params = theirs[place]["litellm_params"]
        assert theirs[place]["model_name"] == row.get("group")
        assert (params.get("rpm"), params.get("tpm")) == (row.get("requests"), row.get("tokens"))
        assert (params.get("weight"), params.get("order")) == (row.get("weight"), row.get("order"))


@pytest.mark.parametrize("name", ["quickstart", "mission"])
def test_the_tidy_examples_start_with_all_their_entries_and_settings(name: str) -> None:
    document = read(EXAMPLES / f"{name}.yaml")
    router = loaded(document, **document.get("router_settings", {}))
    assert len(router.model_list) == len(document["model_list"])
    assert set(document.get("router_settings", {})) <= set(LITELLM.Router.get_valid_args())
