"""On the wire: what LiteLLM sends for a sample of configurations, held against what their payloads mean."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conversion import EXAMPLES, of_file
from installed import require
from oracle.wire_compare import Judged, judge, judge_file
from oracle.wire_records import records

require()
TESTS = Path(__file__).resolve().parents[1]
SAMPLE = (Path(__file__).parent / "wire_sample.yaml").read_text(encoding="utf-8").split("\n---\n")

Record = Mapping[str, Any]
Payloads = dict[str, Any]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Record]]:
    """LiteLLM's side of every configuration, made by one process beside the tests, whose transports are cut."""
    folder = tmp_path_factory.mktemp("wire")
    files = [EXAMPLES / f"{name}.yaml" for name in ("quickstart", "mission", "messy")]
    for number, text in enumerate(SAMPLE):
        files.append(folder / f"sample-{number:02}.yaml")
        files[-1].write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "oracle.wire_records", str(folder / "cache"), *map(str, files)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path])}
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return {file.stem: (file, record) for file, record in records(files, folder / "cache")}


NAMES = ["quickstart", "mission", "messy", *(f"sample-{number:02}" for number in range(len(SAMPLE)))]


@pytest.fixture(scope="module")
def judged(recorded: dict[str, tuple[Path, Record]]) -> dict[str, list[Judged]]:
    """Every name of every configuration."""
    return {name: judge_file(*recorded[name], "synapse") for name in NAMES}


NOT_THE_SAME = {
    ("messy", ""): "LiteLLM does not load it, reported",  # it is broken on purpose
    ("mission", "mistral-vllm"): "not observed",  # LiteLLM runs vLLM in its own process, where it is installed
    (
        "quickstart",
        "mistral/codestral-sample-model",
    ): "lost and reported",  # the cost map has no such name
    ("sample-17", "openai/container"): "lost and reported",
    ("sample-17", "openai/sample-model"): "lost and reported",
    ("sample-17", "claude-sample-model"): "lost and reported",
    ("sample-20", "c"): "lost on both sides",  # no such model
    ("sample-25", "b"): "header differs",  # an integration has no field for headers
}
"""The names whose request is not the same, and why."""


def test_all_names_but_these_are_the_same_request(judged: dict[str, list[Judged]]) -> None:
    verdicts = {
        (name, comparison.name): comparison.verdict
        for name, comparisons in judged.items()
        for comparison in comparisons
    }
    assert len(verdicts) > 90
    assert {name: verdict for name, verdict in verdicts.items() if verdict != "same"} == NOT_THE_SAME


@pytest.mark.parametrize("name", NAMES)
def test_nothing_differs_silently(name: str, judged: dict[str, list[Judged]]) -> None:
    assert judged[name]
    assert [comparison for comparison in judged[name] if comparison.silent] == []


@pytest.mark.parametrize("name", NAMES[:9])
def test_nothing_differs_silently_in_the_published_text(name: str, recorded: dict[str, tuple[Path, Record]]) -> None:
    assert [comparison for comparison in judge_file(*recorded[name], "openapi-0.2") if comparison.silent] == []


def integration(payloads: Payloads, name: str) -> dict[str, Any]:
    """The integration whose name starts so."""
    integration: dict[str, Any] = next(
        integration for integration in payloads["integrations.json"] if integration["name"].startswith(name)
    )
    return integration


def rules(payloads: Payloads, name: str) -> list[dict[str, Any]]:
    """The rules for a name."""
    return [rule for rule in payloads["routing_config.json"]["rules"] if rule["modelPattern"] == name]


def other_key(payloads: Payloads) -> None:
    integration(payloads, "anthropic")["apiKey"] = "${OTHER}"


def other_host(payloads: Payloads) -> None:
    integration(payloads, "azure")["endpointUrl"] = "https://elsewhere.openai.azure.com"


def other_path(payloads: Payloads) -> None:
    integration(payloads, "vllm")["endpointUrl"] += "/v1"


def other_region(payloads: Payloads) -> None:
    integration(payloads, "bedrock")["config"]["region"] = "eu-west-9"


def no_region(payloads: Payloads) -> None:
    del integration(payloads, "bedrock")["config"]["region"]


def other_version(payloads: Payloads) -> None:
    integration(payloads, "azure")["config"]["apiVersion"] = "2023-05-15"


def other_model(payloads: Payloads) -> None:
    rules(payloads, "fast")[0]["routeTo"] = "claude-sonnet-4-5"


def other_id(payloads: Payloads) -> None:
    for model in payloads["models.json"]:
        model["modelId"] = model["displayName"] = model["modelId"].replace("llama-3.3-70b-versatile", "llama-3.3")
    rules(payloads, "fast")[0]["routeTo"] = "llama-3.3"


def no_rule(payloads: Payloads) -> None:
    kept = [rule for rule in payloads["routing_config.json"]["rules"] if rule["modelPattern"] != "fast"]
    payloads["routing_config.json"]["rules"] = kept


def star_first(payloads: Payloads) -> None:
    star = {"modelPattern": "*", "routeTo": "claude-sonnet-4-5", "priority": 9999}
    payloads["routing_config.json"]["rules"].insert(0, star)


def other_weights(payloads: Payloads) -> None:
    first, second = rules(payloads, "gpt-4o")
    first["weight"], second["weight"] = second["weight"], first["weight"]


def one_less(payloads: Payloads) -> None:
    payloads["routing_config.json"]["rules"].remove(rules(payloads, "gpt-4o")[1])


@pytest.mark.parametrize(
    ("spoil", "name", "verdict"),
    [
        (other_key, "claude-sonnet", "credential differs"),
        (other_host, "gpt-4o", "host differs"),
        (other_path, "qwen-internal", "path differs"),
        (other_region, "claude-sonnet-backup", "place differs"),
        (no_region, "claude-sonnet-backup", "place differs"),
        (other_version, "gpt-4o", "place differs"),
        (other_model, "fast", "host differs"),
        (other_id, "fast", "model differs"),
        (no_rule, "fast", "lost and reported"),
        (star_first, "fast", "host differs"),
        (other_weights, "gpt-4o", "share differs"),
        (one_less, "gpt-4o", "host differs"),
    ],
)
def test_a_spoiled_payload_is_noticed(
    spoil: Callable[[Payloads], None], name: str, verdict: str, recorded: dict[str, tuple[Path, Record]]
) -> None:
    verdicts = {comparison.name: comparison.verdict for comparison in spoiled(spoil, *recorded["quickstart"])}
    assert verdicts[name] == verdict
    assert {*verdicts.values()} > {verdict}  # what was not spoiled is judged as before


def test_a_difference_that_the_report_does_not_say_is_silent(recorded: dict[str, tuple[Path, Record]]) -> None:
    silent = {comparison.name for comparison in spoiled(other_host, *recorded["quickstart"]) if comparison.silent}
    assert silent == {"gpt-4o", "gpt-4"}  # and its alias


def spoiled(spoil: Callable[[Payloads], None], file: Path, record: Record) -> list[Judged]:
    """The judgement on payloads of which something was changed."""
    result = of_file(file)
    payloads = copy.deepcopy(dict(result.done.payloads))
    spoil(payloads)
    return [*judge(file, record, replace(result, done=result.done._replace(payloads=payloads)))]
