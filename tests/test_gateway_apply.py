"""Applying: what is done and noted, in which order, and what nobody gets to see."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from apply_run import NEEDS_TOOLS
from conversion import DIALECTS, of_text, rulebook
from faulty_gateway import Server
from gateway_run import CONFIG, SECRETS, applied, folder_of, planned, reached, sandbox_of, state, writes
from litellm_migrate.gateway.change import Options
from litellm_migrate.gateway.journal import Journal
from litellm_migrate.gateway.payloads import literals
from litellm_migrate.gateway.progress import Progress
from litellm_migrate.gateway.run import Result, apply
from litellm_migrate.output.write import write
from litellm_migrate.source.model import Problems

MANY = {"integrations": 3, "providers": 3, "models": 3, "virtual_keys": 1}


def secrets_in(folder: Path) -> dict[str, str]:
    held: dict[str, str] = json.loads((folder / "virtual_key_secrets.json").read_text("utf-8"))
    return held


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


@pytest.mark.parametrize("name", DIALECTS)
def test_a_second_run_writes_nothing(tmp_path: Path, name: str) -> None:
    folder, sandbox = folder_of(tmp_path / "out", dialect=name), sandbox_of(dialect=name)
    first = applied(folder, sandbox, concurrency=8)
    assert first.complete
    same = int(name == "guides")  # whose smallest tier, the one that is there, holds these limits
    assert first.counts() == {"created": 10, "updated": 2 - same, "unchanged": same, "failed": 0, "not tried": 0}
    assert {endpoint: len(sandbox.entities[endpoint].stored) for endpoint in MANY} == MANY
    before, lines = len(writes(sandbox)), (folder / "journal.jsonl").read_text("utf-8")
    second = applied(folder, sandbox, concurrency=8)
    assert second.counts()["unchanged"] == len(second.results) == 12
    assert len(writes(sandbox)) == before
    assert (folder / "journal.jsonl").read_text("utf-8") == lines


def test_values_are_sent_and_ids_are_linked(tmp_path: Path) -> None:
    folder, sandbox = folder_of(tmp_path / "out"), sandbox_of()
    applied(folder, sandbox, concurrency=8)
    keys = {one["apiKey"] for one in sandbox.entities["integrations"].stored}
    assert keys == {SECRETS["OPENAI"], SECRETS["GROQ"], SECRETS["ANTHROPIC_API_KEY"]}
    ids = {one["id"] for one in sandbox.entities["integrations"].stored}
    assert {one["integrationId"] for one in sandbox.entities["providers"].stored} == ids


def test_endpoints_come_one_after_the_other(tmp_path: Path) -> None:
    sandbox = sandbox_of(latency=0.01)
    applied(folder_of(tmp_path / "out"), sandbox, concurrency=8)
    order = [path.rsplit("/", 1)[-1] for _, path in writes(sandbox)]
    assert order == [*["integrations"] * 3, *["providers"] * 3, *["models"] * 3, "virtual-keys", "config", "acme"]


def test_missing_values_are_all_named_before_anything_is_sent(tmp_path: Path) -> None:
    folder, sandbox = folder_of(tmp_path / "out"), sandbox_of()
    with reached(sandbox) as client, Journal(folder, "http://sandbox") as journal, pytest.raises(Problems) as found:
        apply(planned(folder, client, sandbox), client, journal, {"OPENAI": "sk-one"})
    assert [problem.file for problem in found.value.problems] == ["ANTHROPIC_API_KEY", "GROQ"]
    assert writes(sandbox) == []


@pytest.mark.parametrize("apart", [False, True])
def test_a_key_that_is_shown_once_is_kept_for_its_owner(tmp_path: Path, apart: bool) -> None:
    folder, sandbox = folder_of(tmp_path / "out"), sandbox_of(apart=apart)
    applied(folder, sandbox)
    ((alias, secret),) = secrets_in(folder).items()
    assert alias == sandbox.entities["virtual_keys"].stored[0]["name"]
    assert secret.startswith("sk-syn-")
    assert mode(folder / "virtual_key_secrets.json") == 0o600
    assert "*_secrets.json" in (folder / ".gitignore").read_text("utf-8").split()


def test_a_key_of_another_gateway_is_not_lost(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "out")
    applied(folder, sandbox_of())
    (first,) = secrets_in(folder).values()
    other = sandbox_of()
    with reached(other) as client, Journal(folder, "http://another") as journal:
        assert apply(planned(folder, client, other), client, journal, SECRETS).complete
    held = secrets_in(folder)
    assert (len(held), first in held.values()) == (2, True)
    assert held["litellm-master-key"] != first


def test_a_key_whose_answer_was_lost_is_renewed(tmp_path: Path) -> None:
    folder, calm, stormy = folder_of(tmp_path / "out"), sandbox_of(), sandbox_of()
    applied(folder_of(tmp_path / "calm"), calm)
    number = next(at for at, one in enumerate(calm.requests, 1) if one == ("POST", "/api/v1/virtual-keys", one.body))
    stormy = sandbox_of(f"lost@{number}")
    assert applied(folder, stormy).complete
    assert len(secrets_in(folder)) == 1
    assert ("POST", True) in {(method, path.endswith("/rotate")) for method, path in writes(stormy)}
    actions = [json.loads(line)["action"] for line in (folder / "journal.jsonl").read_text("utf-8").splitlines()]
    assert "renew" in actions


def test_documents_are_backed_up_before_they_are_written(tmp_path: Path) -> None:
    folder, sandbox = folder_of(tmp_path / "out"), sandbox_of()
    before = {"strategy": "quality_first", "rules": [{"modelPattern": "old", "routeTo": "old"}]}
    sandbox.documents["routing_config"].stored[""] = dict(before)
    applied(folder, sandbox)
    entries = [json.loads(line) for line in (folder / "journal.jsonl").read_text("utf-8").splitlines()]
    (noted,) = [one for one in entries if one["endpoint"] == "routing_config" and one["event"] == "before"]
    assert json.loads((folder / noted["backup"]).read_text("utf-8")) == before
    assert mode(folder / noted["backup"]) == 0o600


def test_entities_are_backed_up_before_they_are_changed(tmp_path: Path) -> None:
    folder, sandbox = folder_of(tmp_path / "out"), sandbox_of()
    applied(folder, sandbox)
    sandbox.entities["models"].stored[0]["displayName"] = "changed by hand"
    done = applied(folder, sandbox)
    assert (done.counts()["updated"], done.counts()["created"]) == (1, 0)
    last = json.loads((folder / "journal.jsonl").read_text("utf-8").splitlines()[-2])
    assert (last["action"], last["id"]) == ("update", sandbox.entities["models"].stored[0]["id"])
    assert json.loads((folder / last["backup"]).read_text("utf-8"))["displayName"] == "changed by hand"
    assert sandbox.entities["models"].stored[0]["displayName"] != "changed by hand"


def test_no_file_and_no_line_shows_a_key(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder, sandbox = folder_of(tmp_path / "out"), sandbox_of("422@16")
    said: list[str] = []
    done = applied(folder, sandbox, show=lambda result: said.append(repr(result.note)))
    assert not done.complete
    texts = [file.read_text("utf-8") for file in folder.rglob("*") if file.is_file() and "_secrets" not in file.name]
    everything = "".join([*texts, *said, *capfd.readouterr()])
    assert not [name for name, secret in {**SECRETS, "key": sandbox.key}.items() if secret in everything]
    assert "${OPENAI}" in (folder / "journal.jsonl").read_text("utf-8")


def test_a_refusal_lets_the_others_of_its_endpoint_through_and_nothing_after(tmp_path: Path) -> None:
    folder, calm = folder_of(tmp_path / "out"), sandbox_of()
    applied(folder_of(tmp_path / "calm"), calm)
    number = next(at for at, one in enumerate(calm.requests, 1) if one.method == "POST")
    sandbox = sandbox_of(f"422@{number}")
    lines: list[Result] = []
    done = applied(folder, sandbox, show=lines.append)
    assert done.counts() == {"created": 2, "updated": 0, "unchanged": 0, "failed": 1, "not tried": 9}
    (failed,) = [one for one in lines if one.result == "failed"]
    assert "HTTP 422: programmed failure" in failed.note
    assert applied(folder, sandbox).complete


@pytest.mark.parametrize("status", [401, 403, 500])
def test_what_the_next_would_meet_too_stops_at_once(tmp_path: Path, status: int) -> None:
    folder, calm = folder_of(tmp_path / "out"), sandbox_of()
    applied(folder_of(tmp_path / "calm"), calm)
    number = next(at for at, one in enumerate(calm.requests, 1) if one.method == "POST")
    sandbox = sandbox_of(f"{status}@{number}x99")
    assert applied(folder, sandbox).counts()["not tried"] == 11
    sandbox.faults.waiting.clear()
    assert applied(folder, sandbox).complete


def test_update_all_writes_what_looks_the_same(tmp_path: Path) -> None:
    folder, sandbox = folder_of(tmp_path / "out"), sandbox_of()
    applied(folder, sandbox)
    assert applied(folder, sandbox, Options(everything=True)).counts()["updated"] == 12
    assert {endpoint: len(sandbox.entities[endpoint].stored) for endpoint in MANY} == MANY


def test_progress_is_lines_on_a_pipe_and_a_bar_on_a_terminal(tmp_path: Path) -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    pipe, screen = io.StringIO(), Screen()
    first, second = Progress(pipe), Progress(screen)
    second.begin(12)
    applied(folder_of(tmp_path / "out"), sandbox_of(), show=first.show)
    applied(folder_of(tmp_path / "other"), sandbox_of(), show=second.show)
    assert len(pipe.getvalue().splitlines()) == 12
    assert "created    providers " in pipe.getvalue()
    assert "\x1b" not in pipe.getvalue()
    assert "[####################] 12/12 " in screen.getvalue()
    with second:
        second.wait("retry 1 of 5 in 4 s: HTTP 503 from GET /a")
        second.wait("retry 1 of 5 in 4 s: HTTP 503 from GET /b")
    assert screen.getvalue().count("HTTP 503") == 1
    assert screen.getvalue().endswith("\n")


def script(folder: Path, url: str, key: str) -> subprocess.CompletedProcess[str]:
    """A run of apply.sh with the same values."""
    gateway = {"GATEWAY_URL": url, "SYNAPSE_API_KEY": key, "SYNAPSE_TENANT": "acme"}
    environment = {"PATH": os.environ["PATH"], "RETRY_BASE_SECONDS": "0.01", **SECRETS, **gateway}
    command = ["bash", str(folder / "apply.sh")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.script
@NEEDS_TOOLS
@pytest.mark.parametrize("name", DIALECTS)
def test_the_script_leaves_the_same_behind(tmp_path: Path, name: str) -> None:
    folder, by_script = tmp_path / "out", tmp_path / "script"
    output = of_text(CONFIG, name).output
    for one in (folder, by_script):
        write(one, output.texts, output.owned)
    ours, theirs = sandbox_of(dialect=name), sandbox_of(dialect=name)
    assert applied(folder, ours, concurrency=8).complete
    with Server(theirs) as server:
        done = script(by_script, server.url, theirs.key)
        assert done.returncode == 0, done.stderr
    assert state(ours) == state(theirs)
    assert [*secrets_in(folder)] == [*secrets_in(by_script)]
    assert applied(by_script, theirs).counts()["unchanged"] == 12
    with Server(ours) as server:
        again = script(folder, server.url, ours.key)
        assert "0 created, 0 updated" in again.stdout, again.stdout


def test_keys_written_into_the_configuration_are_known_by_their_place() -> None:
    text = CONFIG.replace("os.environ/OPENAI", "sk-written-here")
    found: dict[str, Any] = literals(of_text(text).done, rulebook())
    assert list(found.values()) == ["sk-written-here"]
