"""A plan is reviewed before it is applied: kept in a file, or agreed to on a terminal."""

from __future__ import annotations

import io
import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apply_run import NEEDS_TOOLS
from command import run_inside
from conversion import of_text
from faulty_gateway import FaultyGateway, Server
from gateway_run import SECRETS, folder_of, sandbox_of, writes
from litellm_migrate.cli.main import main
from litellm_migrate.output.write import write


class Terminal(io.StringIO):
    """A stream at which somebody sits."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyGateway]:
    """A gateway that the environment leads to, and a folder `out` with payloads for it."""
    sandbox = sandbox_of()
    monkeypatch.chdir(tmp_path)
    folder_of(tmp_path / "out")
    with Server(sandbox) as server:
        named = {"GATEWAY_URL": server.url, "SYNAPSE_API_KEY": sandbox.key, "SYNAPSE_TENANT": "acme"}
        for name, value in {**SECRETS, **named}.items():
            monkeypatch.setenv(name, value)
        yield sandbox


def answered(monkeypatch: pytest.MonkeyPatch, answer: str, *words: str) -> tuple[int, str]:
    """Exit code and what the terminal shows where somebody gives this answer."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal(f"{answer}\n"))
    monkeypatch.setattr(sys, "stderr", screen)
    return main([*words]), screen.getvalue()


def test_a_reviewed_plan_is_applied_as_it_is(gateway: FaultyGateway) -> None:
    ran = run_inside("plan", "--output", "out", "-o", "plan.json")
    assert ran.out.startswith("Gateway: http://127.0.0.1:")
    assert ran.out.endswith("To apply exactly this: litellm-migrate apply plan.json\n")
    kept = Path("plan.json")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert not [value for value in [*SECRETS.values(), gateway.key] if value in kept.read_text("utf-8")]
    ran = run_inside("apply", "plan.json")
    assert (ran.code, "done: 10 created, 2 updated" in ran.err) == (0, True)
    again = run_inside("apply", "plan.json")
    assert again.code == 1
    assert "everything in this plan is on the gateway already" in again.err


def test_what_moved_since_the_review_is_named_and_nothing_is_sent(gateway: FaultyGateway) -> None:
    run_inside("plan", "--output", "out", "-o", "plan.json", "--only", "routing_config")
    rule = {"modelPattern": "their-*", "routeTo": "their-model", "priority": 900}
    gateway.documents["routing_config"].stored[""] = {"strategy": "balanced", "rules": [rule]}
    assert "moved since the plan was made: routing_config on the gateway. Plan" in run_inside("apply", "plan.json").err
    gateway.documents["routing_config"].stored.clear()
    file = Path("out/payloads/routing_config.json")
    text = file.read_text("utf-8")
    file.write_text(text.replace('"priority": 100', '"priority": 7'), "utf-8")
    assert "payloads/routing_config.json was changed." in run_inside("apply", "plan.json").err
    file.write_text(text, "utf-8")
    elsewhere = run_inside("apply", "plan.json", "--tenant", "other")
    assert "the tenant was acme and is other" in elsewhere.err
    assert writes(gateway) == []
    assert run_inside("apply", "plan.json").code == 0


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 2}'])
def test_a_file_that_is_no_plan_is_wrong_usage(gateway: FaultyGateway, content: str) -> None:
    Path("plan.json").write_text(content, "utf-8")
    ran = run_inside("apply", "plan.json")
    assert (ran.code, "expected a plan that `plan -o FILE` wrote" in ran.err) == (2, True)


def test_nothing_is_changed_unless_the_answer_is_yes(gateway: FaultyGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    mission = ["--output", "out", "--apply"]
    for answer in ("", "y", "no"):
        code, text = answered(monkeypatch, answer, *mission)
        assert code == 1
        assert "Apply these changes to http://127.0.0.1:" in text
        assert "not agreed: nothing was changed" in text
    assert writes(gateway) == []
    assert answered(monkeypatch, "yes", *mission)[0] == 0
    code, text = answered(monkeypatch, "no", *mission)
    assert (code, "Apply these" in text) == (0, False)
    code, text = answered(monkeypatch, "no", "rollback", "--output", "out")
    assert (code, "would be deleted    models OPEN_AI/gpt-4o-mini" in text) == (1, True)
    assert len(gateway.entities["models"].stored) == 3
    code, text = answered(monkeypatch, "no", "rollback", "--output", "out", "--yes")
    assert (code, "Take this back" in text) == (0, False)
    assert gateway.entities["models"].stored == []
    assert answered(monkeypatch, "no", "rollback", "--output", "out")[0] == 0


def test_what_has_nothing_to_serve_changes_no_gateway(gateway: FaultyGateway) -> None:
    Path("config.yaml").write_text("model_list: []\nrouter_settings: {routing_strategy: least-busy}\n", "utf-8")
    ran = run_inside("--input", "config.yaml", "--output", "none")
    assert (ran.code, "nothing to serve: no payload has an entity" in ran.err) == (0, True)
    for words in (["plan"], ["apply"], ["--input", "config.yaml", "--apply"]):
        ran = run_inside(*words, "--output", "none")
        assert (ran.code, "expected something to serve, found no entity in any file" in ran.err) == (1, True)
    document: dict[str, Any] = json.loads(Path("out/payloads/routing_config.json").read_text("utf-8"))
    Path("out/payloads/routing_config.json").write_text(json.dumps({**document, "rules": []}), "utf-8")
    assert "it is not sent, for it has no rules" in run_inside("plan", "--output", "out").out
    assert run_inside("apply", "--output", "out").code == 0
    assert gateway.documents["routing_config"].stored == {}
    assert run_inside("validate", "--output", "out").code == 0


@pytest.mark.script
@NEEDS_TOOLS
def test_the_script_sends_no_document_without_an_item(gateway: FaultyGateway) -> None:
    output = of_text("model_list: []\n").output
    write(Path("none"), output.texts, output.owned)
    done = subprocess.run(["bash", "none/apply.sh"], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, "unchanged  routing_config" in done.stdout) == (0, True), done.stderr
    assert writes(gateway) == []
