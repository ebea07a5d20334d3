"""The commands: arguments, exit codes, and what stands on standard output."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from command import run_inside
from faulty_gateway import FaultyGateway, Server
from gateway_run import CONFIG, SECRETS, folder_of, sandbox_of
from litellm_migrate.cli.main import main

Reached = tuple[FaultyGateway, list[str]]


@pytest.fixture
def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reached]:
    """A sandbox, and the arguments that lead there; the key and all values are in the environment."""
    sandbox = sandbox_of()
    for name, value in {**SECRETS, "SYNAPSE_API_KEY": sandbox.key, "SYNAPSE_TENANT": "acme"}.items():
        monkeypatch.setenv(name, value)
    with Server(sandbox) as server:
        yield sandbox, ["--output", str(folder_of(tmp_path / "out")), "--gateway-url", server.url]


def test_exit_codes_of_a_plan(gateway: Reached, capsys: pytest.CaptureFixture[str]) -> None:
    words = gateway[1]
    assert main(["plan", *words]) == 0
    assert "Plan: 10 to create (" in capsys.readouterr().out
    assert main(["plan", *words, "--detailed-exitcode"]) == 4
    assert main(["apply", *words]) == 0
    assert main(["plan", *words, "--detailed-exitcode"]) == 0
    assert main(["plan", *words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out.split("unchanged.\n")[-1])["summary"]["unchanged"] == 12


def test_applying_counts_honestly(gateway: Reached, capsys: pytest.CaptureFixture[str]) -> None:
    sandbox, words = gateway
    assert main(["apply", *words, "--json"]) == 0
    said = capsys.readouterr()
    assert "done: 10 created, 2 updated (" in said.err
    assert json.loads(said.out)["summary"]["created"] == 10
    sandbox.entities["models"].stored.clear()
    sandbox.faults.waiting.append(sandbox_of("403@8x9").faults.waiting[0])
    assert main(["apply", *words, "--concurrency=1", "--no-preflight"]) == 1
    said = capsys.readouterr()
    assert "incomplete: 9 unchanged, 1 failed, 2 not tried (" in said.err
    assert [line.split(":")[0] for line in said.err.splitlines() if line.startswith("  not tried")] == [
        f"  not tried  models {name}" for name in ("GROQ/llama-3.1-8b", "ANTHROPIC/claude-3-5-sonnet-20241022")
    ]
    assert "HTTP 403: programmed failure" in said.err


def test_keys_in_the_configuration_are_used(gateway: Reached, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox, words = gateway
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG.replace("os.environ/OPENAI", "sk-written-here"), "utf-8")
    folder_of(tmp_path / "out", config.read_text("utf-8"))
    ran = run_inside("apply", *words)
    assert ran.code == 1
    assert "API_KEY_6E86: expected a value in the environment" in ran.err
    assert main(["--input", str(config), *words, "--apply", "--force"]) == 0
    assert "sk-written-here" in {one["apiKey"] for one in sandbox.entities["integrations"].stored}


def test_one_document_has_a_key_for_each_step(gateway: Reached, tmp_path: Path) -> None:
    sandbox, words = gateway
    (tmp_path / "config.yaml").write_text(CONFIG, "utf-8")
    asked = ["--input", tmp_path / "config.yaml", *words, "--force", "--apply", "--validate", "--json"]
    ran = run_inside(*asked)
    document = json.loads(ran.out)
    assert (ran.code, [*document]) == (0, ["convert", "apply", "validate"]), ran.err
    assert document["convert"]["summary"]["mapped"] > 0
    assert document["apply"]["summary"]["created"] == 10
    sandbox.key = "sk-changed"
    ran = run_inside(*asked)
    document = json.loads(ran.out)
    assert (ran.code, [*document]) == (1, ["convert", "problems"])
    assert "HTTP 401" in document["problems"][0]["message"]


def test_verbose_shows_calls_with_their_times_and_no_secret(gateway: Reached) -> None:
    sandbox, words = gateway
    ran = run_inside("plan", *words, "--verbose")
    assert ran.code == 0
    assert re.search(r"^GET /api/v1/model-catalog/models: 200 in \d+ ms$", ran.err, re.MULTILINE)
    assert "/out/payloads/models.json\n" in ran.err
    assert sandbox.key not in ran.err
    assert "GET " not in run_inside("plan", *words).err
    assert run_inside("apply", *words, "--quiet") == (0, "", "")


def test_only_what_was_chosen_is_applied(gateway: Reached) -> None:
    sandbox, words = gateway
    assert main(["apply", *words, "--only", "integrations"]) == 0
    assert len(sandbox.entities["integrations"].stored) == 3
    assert not sandbox.entities["providers"].stored
    assert main(["apply", *words, "--only", "routing_config"]) == 0


def test_the_key_comes_from_a_file_too(gateway: Reached, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox, words = gateway
    monkeypatch.delenv("SYNAPSE_API_KEY")
    ran = run_inside("plan", *words)
    assert ran.code == 2
    assert "expected the gateway's key" in ran.err
    (tmp_path / "key").write_text(f"{sandbox.key}\n", "utf-8")
    assert main(["plan", *words, "--api-key-file", str(tmp_path / "key")]) == 0
    for wrong in (str(tmp_path / "nowhere"), "/dev/zero"):
        ran = run_inside("plan", *words, "--api-key-file", wrong)
        assert (ran.code, len(ran.err.splitlines())) == (2, 1)
        assert "--api-key-file: expected a " in ran.err


def test_an_address_is_needed(gateway: Reached) -> None:
    ran = run_inside("plan", *gateway[1][:2])
    assert ran.code == 2
    assert "--gateway-url: expected the gateway's address" in ran.err


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--gateway-url", "https://[half"),
        ("--gateway-url", "https://gateway.example:port"),
        ("--gateway-url", "https://gateway.example:99999"),
        ("--timeout", "0"),
        ("--timeout", "-1"),
        ("--timeout", "nan"),
        ("--timeout", "inf"),
    ],
)
def test_wrong_options_are_usage_errors(gateway: Reached, option: str, value: str) -> None:
    words = [*gateway[1], f"{option}={value}"]
    for arguments in ([*words, "--apply"], [*words, "--validate"], ["plan", *words], ["rollback", *words]):
        ran = run_inside(*arguments)
        assert (ran.code, ran.out) == (2, "")
        assert f"{option}: expected a" in ran.err


def test_an_empty_variable_is_no_value(gateway: Reached, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI", "")
    ran = run_inside("apply", *gateway[1])
    assert ran.code == 1
    assert "OPENAI: expected a value in the environment" in ran.err
    assert gateway[0].entities["integrations"].stored == []


def test_the_dialect_is_that_of_the_folder_whatever_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = sandbox_of(dialect="openapi-0.2")
    for name, value in {**SECRETS, "SYNAPSE_API_KEY": sandbox.key, "SYNAPSE_TENANT": "acme"}.items():
        monkeypatch.setenv(name, value)
    folder = folder_of(tmp_path / "out", dialect="openapi-0.2")
    (folder / "migration_report.json").write_text('{"dialect": "openapi-0.2"}', "utf-8")
    with Server(sandbox) as server:
        ran = run_inside("--output", folder, "--gateway-url", server.url, "--apply", "--validate")
    assert ran.code == 0, ran.err
    assert json.loads((folder / "validation_report.json").read_text("utf-8"))["dialect"] == "openapi-0.2"


@pytest.mark.parametrize("verb", ["plan", "apply", "validate", "rollback"])
def test_another_dialect_than_that_of_the_folder_is_refused(gateway: Reached, tmp_path: Path, verb: str) -> None:
    (tmp_path / "out/migration_report.json").write_text('{"dialect": "guides"}', "utf-8")
    ran = run_inside(verb, *gateway[1], "--dialect", "synapse")
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert "--dialect: expected guides, in which" in ran.err
    assert "Leave --dialect out, or convert again" in ran.err


def test_what_was_applied_elsewhere_says_nothing_of_this_gateway(gateway: Reached) -> None:
    words = gateway[1]
    assert main(["apply", *words]) == 0
    other = sandbox_of()
    other.key = gateway[0].key
    with Server(other) as server:
        assert main(["apply", *words[:3], server.url]) == 0
    assert len(other.entities["models"].stored) == 3
