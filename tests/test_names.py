"""Names depend on the entry, not on its neighbours: adding, removing or moving an entry renames nothing else."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path as File
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from conversion import rulebook
from litellm_migrate import shipped
from litellm_migrate.cli.convert import convert_checked
from litellm_migrate.source.model import Problems
from litellm_migrate.source.read import read_source
from properties import Config, Strategy, optional, source_of
from sampling import spread

CORPUS = File(__file__).resolve().parents[2] / "shared" / "corpus"
FILES = sorted(CORPUS.glob("*.yaml"))[::4] if CORPUS.is_dir() else []
LARGEST = 60_000
BATCHES = 12

KEYS = [
    "os.environ/GROQ_API_KEY",
    "os.environ/OPENAI_API_KEY",
    "os.environ/GROQ_API_KEY_2",
    "os.environ/TEAM_API_KEY",
    "sk-a1",
    "sk-b2",
    "EMPTY",
]
BASES = [
    "http://gpu:8000/v1",
    "https://gpu:8001/v1",
    "https://api.groq.com/openai/v1",
    "https://api.openai.com",
    "http://gpu",
    "https://gpu/v1",
]


def entry() -> Strategy:
    """An entry of which every part is told apart; slugs of different values that are equal are another test."""
    asked = st.sampled_from(
        ["groq/llama", "groq/gemma", "openai/gpt-4o", "openai/o1", "azure/east", "bedrock/nova", "ollama/llama"]
    )
    more = optional(
        api_key=st.sampled_from(KEYS),
        api_base=st.sampled_from(BASES),
        aws_region_name=st.sampled_from(["us-east-1", "eu-west-1", "os.environ/REGION"]),
        api_version=st.sampled_from(["2024-10-21", "v2"]),
        organization=st.sampled_from(["org-1", "org-2"]),
        rpm=st.integers(1, 9),
    )
    params = st.builds(lambda model, rest: {"model": model, **rest}, asked, more)
    return st.fixed_dictionaries({"model_name": st.sampled_from(["a", "b", "GPT 4"]), "litellm_params": params})


def names(config: Config) -> dict[str, Counter[Any]]:
    """What is called what: accounts, models with what they are, experiments with the name they split."""
    payloads = convert_checked(rulebook(), source_of(config), shipped("schemas")).payloads
    accounts = payloads["integrations.json"]
    rules = payloads["routing_config.json"]["rules"]
    catalogue = payloads["models.json"]
    return {
        "integrations": Counter(
            (one["name"], one["providerType"], one["apiKey"], str(one.get("config"))) for one in accounts
        ),
        "slugs": Counter(
            (one["slug"], one["providerType"], one["integrationId"]) for one in payloads["providers.json"]
        ),
        "models": Counter((one["displayName"], one["providerType"], one["modelId"]) for one in catalogue),
        "experiments": Counter({(one["modelPattern"], one["experimentId"]) for one in rules if "experimentId" in one}),
    }


def renamed(whole: dict[str, Counter[Any]], part: dict[str, Counter[Any]]) -> dict[str, Counter[Any]]:
    """What a part of the entries calls otherwise than all of them.

    One exception: a model that two accounts serve has the account before its name, for as long as both do. That a
    name is split only without the entry that took all its traffic is a new experiment, not a new name of an old one.
    """
    often = Counter(display for display, _, _ in whole["models"].elements())
    shared = {name for name, count in often.items() if count > 1}
    gone = {kind: part[kind] - whole[kind] for kind in part}
    gone["models"] = Counter({one: count for one, count in gone["models"].items() if one[0] not in shared})
    split = {pattern for pattern, _ in whole["experiments"]}
    gone["experiments"] = Counter({one: count for one, count in gone["experiments"].items() if one[0] in split})
    return {kind: found for kind, found in gone.items() if found}


def without(config: Config, place: int) -> Config:
    return {**config, "model_list": [one for at, one in enumerate(config["model_list"]) if at != place]}


@settings(
    max_examples=12, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(st.lists(entry(), min_size=2, max_size=7))
def test_a_neighbour_renames_nothing(entries: list[Any]) -> None:
    config: Config = {"model_list": entries}
    whole = names(config)
    for place in range(len(entries)):
        assert renamed(whole, names(without(config, place))) == {}
    turned = names({"model_list": entries[::-1]})
    assert turned == whole
    assert set(whole["integrations"].values()) <= {1}


@pytest.mark.skipif(not FILES, reason="the published configurations are not here")
@pytest.mark.parametrize("batch", spread(range(BATCHES), BATCHES))
def test_published_configurations_keep_their_names(batch: int) -> None:
    tried = 0
    for file in FILES[batch::BATCHES]:
        try:
            config = read_source(str(file), rulebook().grammar).value
        except Problems:
            continue
        if (
            not isinstance(config.get("model_list"), list)
            or len(config["model_list"]) < 2
            or file.stat().st_size > LARGEST
        ):
            continue
        whole, count = names(config), len(config["model_list"])
        place = random.Random(file.name).randrange(count)
        assert renamed(whole, names(without(config, place))) == {}, file.name
        assert names({**config, "model_list": config["model_list"][::-1]}) == whole, file.name
        tried += 1
    assert tried > 1


def test_keys_of_one_provider_are_told_apart() -> None:
    keys = [
        "os.environ/GROQ_API_KEY",
        "os.environ/GROQ_API_KEY_2",
        "os.environ/GROQ_API_KEY_10",
        "os.environ/TEAM_API_KEY",
        "EMPTY",
    ]
    config = {
        "model_list": [{"model_name": "a", "litellm_params": {"model": "groq/x", "api_key": key}} for key in keys]
    }
    found = [name for name, *_ in names(config)["integrations"]]
    assert found == ["groq", "groq-key-2", "groq-key-10", "groq-team", "groq-keyless"]


def test_the_vendors_own_address_and_key_are_one_account_written_or_not() -> None:
    written = {"model": "groq/y", "api_base": "https://api.groq.com/openai/v1/", "api_key": "os.environ/GROQ_API_KEY"}
    params = [{"model": "groq/x"}, written]
    config = {"model_list": [{"model_name": "a", "litellm_params": one} for one in params]}
    assert [name for name, *_ in names(config)["integrations"]] == ["groq"]


def test_a_true_clash_is_numbered() -> None:
    """Texts that are one slug: a dot and a hyphen in a host. Nothing readable tells them apart."""
    bases = ["http://my.gpu:1/v1", "http://my-gpu:1/v1"]
    config = {
        "model_list": [{"model_name": "a", "litellm_params": {"model": "openai/x", "api_base": base}} for base in bases]
    }
    found = [name for name, *_ in names(config)["integrations"]]
    assert found == ["my-gpu-1", "my-gpu-1-2"]
