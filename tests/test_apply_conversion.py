"""Whole conversions under the gateway double: converted by the command, applied by the script that it wrote."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from apply_run import NEEDS_TOOLS
from command import SMALL
from gateway_double import GatewayDouble
from litellm_migrate.cli.main import main
from sampling import marked

EXAMPLES = Path(__file__).parent / "examples"
NASTY = "$(touch pwned)'\"; rm -rf x `touch pwned` \\ ? %s\n{x}"

pytestmark = NEEDS_TOOLS


def converted(source: Path, folder: Path, dialect: str) -> Path:
    """The output of the command for a configuration."""
    assert main(["--input", str(source), "--output", str(folder), "--dialect", dialect]) == 0
    return folder


def applied(folder: Path, double: GatewayDouble) -> subprocess.CompletedProcess[str]:
    """A run of the script with a value for every variable that the report lists."""
    report = json.loads((folder / "migration_report.json").read_text("utf-8"))
    values = {secret["variable"]: f"value-of-{secret['variable']}" for secret in report["secrets"]}
    endpoints = {name: "https://from.the.environment/v1" for name in values if name.endswith(("_BASE", "_URL"))}
    gateway = {"GATEWAY_URL": double.url, "SYNAPSE_API_KEY": double.api_key, "SYNAPSE_TENANT": double.tenant}
    environment = {"PATH": os.environ["PATH"], "RETRY_BASE_SECONDS": "0.01", **values, **endpoints, **gateway}
    return subprocess.run(
        ["bash", str(folder / "apply.sh")],
        env=environment,
        cwd=folder.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def writes(double: GatewayDouble) -> int:
    """How many requests so far could have changed something."""
    return sum(request.method != "GET" for request in double.requests)


def test_a_small_configuration_is_applied(tmp_path: Path) -> None:
    source = tmp_path / "config.yaml"
    source.write_text(SMALL, "utf-8")
    folder = converted(source, tmp_path / "out", "synapse")
    with GatewayDouble("synapse", published_keys=True) as double:
        done = applied(folder, double)
        assert done.returncode == 0, done.stderr
        (account,) = double.store["integrations"]
        assert account["apiKey"] == "value-of-OPENAI_API_KEY"
        assert [provider["integrationId"] for provider in double.store["providers"]] == [account["id"]]
        assert [model["modelId"] for model in double.store["models"]] == ["gpt-4o"]


@pytest.mark.script
@pytest.mark.parametrize(("example", "dialect"), [marked(("quickstart.yaml", "guides")), ("messy.yaml", "openapi-0.2")])
def test_examples_are_applied_and_a_second_run_changes_nothing(tmp_path: Path, example: str, dialect: str) -> None:
    folder = converted(EXAMPLES / example, tmp_path / "out", dialect)
    with GatewayDouble(dialect, published_keys=True) as double:
        first = applied(folder, double)
        assert first.returncode == 0, first.stderr
        for name in ("integrations", "providers", "models"):
            wanted = json.loads((folder / "payloads" / f"{name}.json").read_text("utf-8"))
            assert len(double.store[name]) == len(wanted) > 0
        ids = {entity["id"] for entity in double.store["integrations"]}
        assert {provider["integrationId"] for provider in double.store["providers"]} == ids
        before = writes(double)
        again = applied(folder, double)
        assert again.returncode == 0, again.stderr
        assert writes(double) == before


@pytest.mark.script
def test_trouble_in_the_middle_does_no_harm(tmp_path: Path) -> None:
    folder = converted(EXAMPLES / "quickstart.yaml", tmp_path / "out", "synapse")
    files = {"keys": "virtual_keys", **{name: name for name in ("integrations", "providers", "models")}}
    wanted = {
        name: json.loads((folder / "payloads" / f"{file}.json").read_text("utf-8")) for name, file in files.items()
    }
    with GatewayDouble("synapse") as stormy:
        stormy.fail_next(503, after=5)
        stormy.fail_next(429, after=14, retry_after_secs=0)
        done = applied(folder, stormy)
        assert done.returncode == 0, done.stderr
        assert stormy.faults == []
        held = {name: len(entities) for name, entities in stormy.store.items()}
        assert held == {name: len(bodies) for name, bodies in wanted.items()}


@pytest.mark.script
def test_a_nasty_name_does_nothing_but_exist(tmp_path: Path) -> None:
    source = tmp_path / "config.yaml"
    entry = {"model_name": NASTY, "litellm_params": {"model": f"openai/{NASTY}", "api_key": "os.environ/KEY"}}
    source.write_text(json.dumps({"model_list": [entry]}), "utf-8")
    folder = converted(source, tmp_path / "out", "synapse")
    with GatewayDouble("synapse") as double:
        done = applied(folder, double)
        assert done.returncode == 0, done.stderr
        assert [model["modelId"] for model in double.store["models"]] == [NASTY]
        assert double.catalog.routing["rules"][0]["modelPattern"] == NASTY.replace("?", "[?]")
    assert not list(tmp_path.rglob("pwned"))
