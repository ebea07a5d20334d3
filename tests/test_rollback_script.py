"""`rollback.sh` takes back what `apply.sh` and `--apply` did, like the command `rollback`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from apply_run import SCRIPT
from conversion import rulebook
from gateway_double import GatewayDouble
from gateway_folder import VALUES, Output, state
from litellm_migrate import shipped
from litellm_migrate.cli.convert import fields_of
from litellm_migrate.convert.calls import Variable
from litellm_migrate.output.scripts import render_rollback, render_script
from test_gateway_rollback import EMPTY

pytestmark = SCRIPT


@pytest.fixture
def output(tmp_path: Path) -> Iterator[Output]:
    with GatewayDouble() as double:
        made = Output(tmp_path / "out put", double).write()
        book = rulebook()
        calls = [shape.call for shape in book.endpoints if shape.call]
        files = {f"{name}.json" for name in made.held}
        needed = (Variable("PROVIDER_KEY", "reference"),)
        (made.path / "apply.sh").write_text(render_script(calls, files, needed, book.protocol), "utf-8")
        text = render_rollback(calls, fields_of(book, shipped("schemas")), book.protocol)
        (made.path / "rollback.sh").write_text(text, "utf-8")
        yield made


def run(output: Output, script: str, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    double = output.double
    known = {"GATEWAY_URL": double.url, "SYNAPSE_API_KEY": double.api_key, "SYNAPSE_TENANT": double.tenant}
    every = {"PATH": os.environ["PATH"], "RETRY_BASE_SECONDS": "0.01", **known, **VALUES, **more}
    given = {name: value for name, value in every.items() if value}
    command = ["bash", str(output.path / script), *words]
    return subprocess.run(command, env=given, capture_output=True, text=True, check=False, timeout=120)


def test_what_the_script_applied_is_gone_afterwards(output: Output) -> None:
    assert run(output, "apply.sh").returncode == 0
    done = run(output, "rollback.sh")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("done: 8 deleted, 2 restored, 0 gone, 0 refused.\n")
    assert state(output.double) == EMPTY
    assert json.loads((output.path / "virtual_key_secrets.json").read_text("utf-8")) == {}
    assert run(output, "rollback.sh").stdout == "done: 0 deleted, 0 restored, 0 gone, 0 refused.\n"


def test_what_the_script_applied_the_command_takes_back(output: Output) -> None:
    run(output, "apply.sh")
    assert output.validate()[0] == 0
    assert output.rollback() == 0
    assert state(output.double) == EMPTY


def test_what_the_command_applied_the_script_takes_back(output: Output) -> None:
    output.apply()
    done = run(output, "rollback.sh")
    assert (done.returncode, done.stderr) == (0, "")
    assert state(output.double) == EMPTY


def test_what_was_there_before_is_there_again(output: Output) -> None:
    double = output.double
    double.catalog.routing = {"strategy": "quality_first", "rules": [{"modelPattern": "theirs", "routeTo": "x"}]}
    double.store["models"].append(
        {"id": "2", "modelId": "big", "displayName": "Big", "providerType": "OPEN_AI", "modelType": "CHAT"}
    )
    old = state(double)
    run(output, "apply.sh")
    assert double.catalog.routing["rules"][-1]["modelPattern"] == "theirs"
    done = run(output, "rollback.sh")
    assert double.catalog.routing == old["routing"]
    assert [one["displayName"] for one in double.store["models"]] == ["Big"]
    assert "stays what its backup does not have: pricing" in done.stdout


def test_what_others_changed_or_use_stays_and_is_named(output: Output) -> None:
    output.apply()
    output.double.store["models"][0]["pricing"]["inputCostPer1kTokens"] = 0.009
    output.double.catalog.routing["rules"].append({"modelPattern": "theirs", "routeTo": "x"})
    main = output.double.store["integrations"][0]["id"]
    output.double.store["providers"].append({"id": "1", "slug": "theirs", "integrationId": main})
    done = run(output, "rollback.sh")
    assert done.returncode == 1
    assert [line.split(None, 1)[1] for line in done.stdout.splitlines() if line.startswith("refused")] == [
        'routing_config "": somebody changed it since: rules',
        'models "OPEN_AI/big": somebody changed it since: pricing',
        'integrations "main": providers theirs still refers to it',
    ]
    assert {name: len(held) for name, held in output.double.store.items()} == {
        "integrations": 1,
        "providers": 1,
        "models": 1,
        "keys": 0,
    }


def test_entities_of_others_are_left_alone_unless_they_are_taken_over(output: Output) -> None:
    output.double.store["providers"].append({"id": "1", "slug": "main", "tags": ["theirs"]})
    done = run(output, "apply.sh")
    assert (done.returncode, "somebody else made" in done.stderr) == (1, True)
    assert output.double.store["providers"] == [{"id": "1", "slug": "main", "tags": ["theirs"]}]
    assert run(output, "apply.sh", ADOPT="1").returncode == 0
    assert len(output.double.store["providers"]) == 2


def test_no_key_is_in_the_journal_or_a_backup(output: Output) -> None:
    run(output, "apply.sh")
    run(output, "rollback.sh")
    texts = [file.read_text("utf-8") for file in [output.path / "journal.jsonl", *(output.path / "backup").iterdir()]]
    assert not any(key in text for text in texts for key in (*VALUES.values(), output.double.api_key, "sk-syn"))


def test_without_a_journal_nothing_is_asked(output: Output) -> None:
    done = run(output, "rollback.sh")
    assert (done.returncode, "nothing was applied" in done.stderr, output.double.requests) == (1, True, [])


def test_a_cut_off_journal_is_read_as_far_as_it_goes(output: Output) -> None:
    output.apply()
    journal = output.path / "journal.jsonl"
    lines = journal.read_text("utf-8").splitlines()
    number = json.loads(lines[-1])["n"]
    journal.write_text("\n".join([*lines[:-1], lines[-1][:20]]), "utf-8")
    assert run(output, "rollback.sh").returncode == 0
    assert state(output.double) == EMPTY
    numbers = [json.loads(line)["n"] for line in journal.read_text("utf-8").splitlines() if line.endswith("}")]
    assert max(numbers) > number


def test_a_dry_run_reads_and_says_what_would_be_done(output: Output) -> None:
    untouched = state(output.double)
    dry = run(output, "apply.sh", "--dry-run")
    assert (dry.returncode, dry.stderr) == (0, "")
    assert "would be created  models" in dry.stdout
    assert dry.stdout.endswith("dry run, nothing was sent: 8 created, 2 updated, 0 unchanged.\n")
    assert state(output.double) == untouched
    assert not (output.path / "journal.jsonl").exists()
    run(output, "apply.sh")
    applied, before = state(output.double), (output.path / "journal.jsonl").read_text("utf-8")
    dry = run(output, "rollback.sh", "--dry-run")
    assert dry.stdout.endswith("dry run, nothing was sent: 8 deleted, 2 restored, 0 gone, 0 refused.\n")
    assert state(output.double) == applied
    assert (output.path / "journal.jsonl").read_text("utf-8") == before


@pytest.mark.parametrize("script", ["apply.sh", "rollback.sh"])
def test_help_and_arguments_that_are_unknown_send_nothing(output: Output, script: str) -> None:
    helped = run(output, script, "--help")
    assert (helped.returncode, f"./{script} [--dry-run]" in helped.stdout) == (0, True)
    for words in (["--dryrun"], ["--dry-run", "now"], ["models"]):
        wrong = run(output, script, *words)
        assert (wrong.returncode, " ".join(words) in wrong.stderr) == (2, True)
    assert output.double.requests == []


def test_no_tenant_is_asked_for_where_nothing_of_one_was_written(output: Output) -> None:
    del output.held["rate_limits"]
    output.apply()
    assert run(output, "rollback.sh", SYNAPSE_TENANT="").returncode == 0
    assert state(output.double) == {**EMPTY, "limits": {}}


def test_a_long_document_is_applied_and_taken_back(output: Output) -> None:
    """Linux takes at most 131,072 bytes an argument; a configuration of 1,800 names has a longer routing document."""
    rules = [{"modelPattern": f"name-{number:04}", "routeTo": "gpt-4o", "priority": 2000} for number in range(2500)]
    document = {"strategy": "cost_optimized", "rules": rules}
    (output.path / "payloads" / "routing_config.json").write_text(json.dumps(document), "utf-8")
    assert run(output, "apply.sh").returncode == 0
    assert len(output.double.catalog.routing["rules"]) == len(rules)
    assert run(output, "rollback.sh").returncode == 0
    assert state(output.double) == EMPTY


@pytest.mark.skipif(shutil.which("flock") is None, reason="needs flock")
def test_a_second_run_in_one_folder_does_nothing(output: Output) -> None:
    import fcntl  # noqa: PLC0415 - not on every system

    untouched = state(output.double)
    folder = os.open(output.path, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    for script in ("apply.sh", "rollback.sh"):
        done = run(output, script)
        assert (done.returncode, "another run is at work in this folder" in done.stderr) == (1, True)
    os.close(folder)
    assert state(output.double) == untouched
    assert run(output, "apply.sh").returncode == 0


def test_files_of_two_conversions_are_not_applied(output: Output) -> None:
    (output.path / ".litellm-migrate.new").mkdir()
    done = run(output, "apply.sh")
    assert (done.returncode, "the files of two conversions are here" in done.stderr) == (1, True)
    assert not output.double.requests


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="needs shellcheck")
def test_shellcheck_has_nothing_to_say(output: Output) -> None:
    for script in ("apply.sh", "rollback.sh"):
        command = ["shellcheck", "-s", "bash", str(output.path / script)]
        assert subprocess.run(command, capture_output=True, text=True, check=False).stdout == ""
