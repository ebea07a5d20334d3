"""Which entries of the shipped examples LiteLLM loads, with what limits, held against the rules."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from conversion import EXAMPLES, rulebook
from installed import litellm
from litellm_migrate import shipped
from litellm_migrate.convert.document import Document
from litellm_migrate.convert.relations import Relations
from litellm_migrate.convert.rows import Row
from litellm_migrate.convert.run import CompiledRules

LITELLM = litellm()
FILES = sorted(EXAMPLES.glob("*.yaml"))
CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"


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
    """LiteLLM's router over the entries that do not keep it from starting; each has its place as id."""
    entries = [
        {**resolved(entry), "model_info": {**resolved(entry.get("model_info") or {}), "id": str(place)}}
        for place, entry in enumerate(document["model_list"])
        if starts(entry)
    ]

    async def make() -> Any:
        return LITELLM.Router(model_list=entries, ignore_invalid_deployments=True, **options)

    return asyncio.run(make())


def starts(entry: Any) -> bool:
    """Whether LiteLLM gets past an entry at all, and resolves it without opening a login."""
    params = entry.get("litellm_params") if isinstance(entry, dict) else None
    if not isinstance(params, dict) or not isinstance(entry.get("model_name"), str):
        return False
    return not str(params.get("model")).startswith(("github_copilot/", "chatgpt/", "os.environ/"))


def taken(document: dict[str, Any]) -> dict[str, Row]:
    """The rows of the entries that the rules take for loadable, by place."""
    rows = Relations(CompiledRules(rulebook()).relations, Document(document)).rows_of("entry")
    return {str(row.path[1]): row for row in rows if row.path and starts(document["model_list"][row.path[1]])}


def retired() -> frozenset[str]:
    """The bare names that earlier releases resolved and that the rules still take."""
    file = shipped("rules") / "catalog" / "retired.json"
    return frozenset(json.loads(file.read_text(encoding="utf-8"))["rows"]) if file.is_file() else frozenset()


def test_there_are_examples() -> None:
    assert FILES


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_litellm_loads_the_entries_that_the_rules_take_for_loadable(file: Path) -> None:
    document = read(file)
    theirs = {one["model_info"]["id"]: one for one in loaded(document).model_list}
    ours = taken(document)
    assert set(theirs) == set(ours)
    for place, row in ours.items():
        params = theirs[place]["litellm_params"]
        written = [params.get(name) for name in ("rpm", "tpm", "weight", "order")]
        assert theirs[place]["model_name"] == row.value("group")
        assert written == [row.value(name) for name in ("requests", "tokens", "weight", "order")]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no real configurations beside the repository")
def test_litellm_loads_the_same_entries_of_real_configurations() -> None:
    different, seen = [], 0
    for file in sorted(CORPUS.glob("*.yaml")):
        try:
            document = read(file)
        except (yaml.YAMLError, UnicodeDecodeError):
            continue
        settings = (isinstance(document, dict) and document.get("litellm_settings")) or {}
        if not isinstance(document, dict) or not document.get("model_list") or "custom_provider_map" in settings:
            continue
        theirs, ours = {one["model_info"]["id"] for one in loaded(document).model_list}, set(taken(document))
        seen += len(document["model_list"])
        different += [document["model_list"][int(place)] for place in theirs ^ ours]
    assert seen
    # deliberate: only earlier releases loaded some; a client's own name, and one to be filled in, are no models
    models = [one["litellm_params"]["model"] for one in different]
    assert [model for model in models if model not in retired() | {"*"} and "<" not in model] == []


VALUES: list[Any] = [
    "many",
    "1,5",
    "",
    "1e-6",
    [1],
    {"a": 1},
    True,
    12,
    "12",
    "12.0",
    " 1 ",
    1.5,
    -1,
    "0.1$",
    "os.environ/GONE",
]


@pytest.mark.parametrize("value", VALUES, ids=str)
@pytest.mark.parametrize("name", ["rpm", "tpm", "input_cost_per_token", "organization", "model_info"])
def test_litellm_drops_what_the_rules_say_it_drops(name: str, value: Any) -> None:
    params = {"model": "openai/x", **({name: value} if name != "model_info" else {})}
    info = {"output_cost_per_token": value} if name == "model_info" else {}
    document = {"model_list": [{"model_name": "a", "litellm_params": params, "model_info": info}]}
    if name == "organization" and value == [1]:
        return  # a list, each of whose items is loaded or dropped by itself
    assert bool(loaded(document).model_list) == bool(taken(document))


@pytest.mark.parametrize("name", ["quickstart", "mission"])
def test_the_tidy_examples_start_with_all_their_entries_and_settings(name: str) -> None:
    document = read(EXAMPLES / f"{name}.yaml")
    router = loaded(document, **document.get("router_settings", {}))
    assert len(router.model_list) == len(document["model_list"])
    assert set(document.get("router_settings", {})) <= set(LITELLM.Router.get_valid_args())
