"""Whatever interrupts a rollback, and whenever: the next one completes, once, and what is somebody else's stays."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from apply_run import NEEDS_TOOLS
from conversion import rulebook
from faulty_gateway import FaultyGateway, Server, fault_of
from gateway_run import CONFIG, SECRETS, folder_of, planned, reached, sandbox_of, state
from litellm_migrate import shipped
from litellm_migrate.cli.convert import fields_of
from litellm_migrate.gateway.journal import Journal
from litellm_migrate.gateway.rollback import rollback
from litellm_migrate.gateway.run import GatewayRun, apply
from litellm_migrate.output.scripts import render_rollback
from litellm_migrate.sandbox.operations import HttpAnswer, HttpRequest
from litellm_migrate.source.model import Problems
from sampling import marked, spread

FAULTS = ("429", "503", "reset", "lost", "slow", "truncated", "page", "expired")
SOME = ("first call", "first write", "middle write", "last")
CALLS = 18
WHENS = [str(number) for number in range(1, CALLS + 1)] if os.environ.get("EVERY_CALL") else SOME
THEIRS: dict[str, dict[str, Any]] = {
    "models": {"modelId": "theirs", "displayName": "theirs", "providerType": "CUSTOM", "id": "their-model"},
    "providers": {"slug": "theirs", "name": "theirs", "providerType": "CUSTOM", "tags": [], "id": "their-provider"},
    "integrations": {"name": "theirs", "providerType": "CUSTOM", "id": "their-integration"},
}
ADDRESS = "http://sandbox"


def populated(sandbox: FaultyGateway, folder: Path, address: str = ADDRESS) -> FaultyGateway:
    """A gateway that has entities of others, and ours after a run of `--apply`; its requests so far are forgotten."""
    for endpoint, entity in THEIRS.items():
        sandbox.entities[endpoint].stored.append(dict(entity))
    with reached(sandbox) as client, Journal(folder, address) as journal:
        assert apply(planned(folder, client, sandbox), client, journal, SECRETS).complete
    sandbox.requests.clear()
    return sandbox


def back(folder: Path, sandbox: FaultyGateway, **more: Any) -> GatewayRun:
    """One run of `rollback`."""
    with reached(sandbox, **more) as client, Journal(folder, ADDRESS) as journal:
        return rollback(client, journal, sandbox.book, shipped("schemas"))


def tried(folder: Path, sandbox: FaultyGateway, **more: Any) -> bool:
    """Whether a run completed."""
    try:
        return back(folder, sandbox, **more).complete
    except Problems:
        return False


@cache
def calm() -> tuple[dict[str, Any], list[HttpRequest]]:
    """What a rollback without trouble leaves behind, and the requests that it makes."""
    with tempfile.TemporaryDirectory() as folder:
        sandbox = populated(sandbox_of(), folder_of(Path(folder) / "out"))
        assert back(Path(folder) / "out", sandbox).complete
    return state(sandbox), sandbox.requests


def number_of(when: str) -> int:
    """The number of a call of that run."""
    written = [number for number, one in enumerate(calm()[1], 1) if one.method != "GET"]
    known = {
        "first call": 1,
        "first write": written[0],
        "last": written[-1],
        "middle write": written[len(written) // 2],
    }
    return known.get(when) or int(when)


def whole(folder: Path, sandbox: FaultyGateway) -> None:
    """After one more run at most only what others own is there, and a further run does nothing."""
    sandbox.faults.waiting.clear()
    tried(folder, sandbox)
    only_theirs(sandbox)
    before = len(sandbox.requests)
    assert back(folder, sandbox).complete
    assert not [one for one in sandbox.requests[before:] if one.method != "GET"]


def only_theirs(sandbox: FaultyGateway) -> None:
    """Nothing but what was there before us is left, and no deletion hit more than one of ours."""
    assert state(sandbox) == calm()[0]
    assert {name: [one["id"] for one in held.stored] for name, held in sandbox.entities.items() if held.stored} == {
        endpoint: [entity["id"]] for endpoint, entity in THEIRS.items()
    }


def test_a_calm_rollback_leaves_what_others_own() -> None:
    deleted = Counter(one.path for one in calm()[1] if one.method == "DELETE")
    assert set(deleted.values()) == {1}
    assert len(deleted) == 10
    assert len(calm()[1]) == CALLS, "the number of calls at each of which a fault is tried"


@pytest.mark.parametrize(("fault", "when", "concurrency"), spread(product(FAULTS, WHENS, [1, 8]), 5))
def test_one_failure(tmp_path: Path, fault: str, when: str, concurrency: int) -> None:
    folder = folder_of(tmp_path / "out")
    sandbox = populated(sandbox_of(), folder)
    sandbox.only_tokens = fault == "expired"
    sandbox.faults.waiting.append(fault_of(f"{fault}@{number_of(when) + 2 * sandbox.only_tokens}"))
    if fault == "slow":
        sandbox.faults.waiting[0].wait = 0.5
    assert tried(folder, sandbox, timeout=0.25, concurrency=concurrency), "one failure is got over within the run"
    whole(folder, sandbox)


@pytest.mark.parametrize(("fault", "when"), spread(product(["429", "503", "reset", "page"], WHENS), 3))
def test_an_outage(tmp_path: Path, fault: str, when: str) -> None:
    folder = folder_of(tmp_path / "out")
    sandbox = populated(sandbox_of(), folder)
    sandbox.faults.waiting.append(fault_of(f"{fault}@{number_of(when)}x99"))
    completed = tried(folder, sandbox)
    assert fault == "page" or not completed  # behind such a page the work was done, and then nothing is there to delete
    whole(folder, sandbox)


@pytest.mark.parametrize("when", ["first write", "middle write", "last"])
def test_an_outage_after_the_work_was_done(tmp_path: Path, when: str) -> None:
    folder = folder_of(tmp_path / "out")
    sandbox = populated(sandbox_of(), folder)
    number = number_of(when)
    sandbox.faults.waiting += [fault_of(f"lost@{number}"), fault_of(f"reset@{number}x99")]
    assert not tried(folder, sandbox)
    whole(folder, sandbox)


def test_what_somebody_makes_anew_after_an_interrupted_rollback_stays(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "out")
    sandbox = populated(sandbox_of(), folder)
    journal = folder / "journal.jsonl"
    lines = [json.loads(line) for line in journal.read_text("utf-8").splitlines()]
    unheard = [line for line in lines if not (line["event"] == "after" and line["endpoint"] == "models")]
    journal.write_text("".join(json.dumps(line) + "\n" for line in unheard), "utf-8")
    ours = list(sandbox.entities["models"].stored)
    number = next(at for at, one in enumerate(calm()[1], 1) if one.method == "DELETE" and "models" in one.path)
    sandbox.faults.waiting += [fault_of(f"lost@{number}"), fault_of(f"reset@{number}x99")]
    assert not tried(folder, sandbox)
    sandbox.faults.waiting.clear()
    (gone,) = [one for one in ours if one not in sandbox.entities["models"].stored]
    sandbox.entities["models"].stored.append({**gone, "id": "made-anew"})
    assert back(folder, sandbox).complete
    assert [one["id"] for one in sandbox.entities["models"].stored] == ["their-model", "made-anew"]


class Deadly(FaultyGateway):
    """A gateway whose n-th request ends whoever asks, before or after its work is done."""

    at: int = 0
    signal: int = signal.SIGINT
    late: bool = False
    group: int = 0

    def serve(self, request: HttpRequest, bearer: str) -> HttpAnswer:
        due = len(self.requests) + 1 == self.at and self.group
        if due and not self.late:
            self.requests.append(request)
            os.killpg(self.group, self.signal)
            return HttpAnswer(0)
        answer = super().serve(request, bearer)
        if due:
            os.killpg(self.group, self.signal)
            return HttpAnswer(0)
        return answer


@contextmanager
def deadly(tmp_path: Path, text: str = CONFIG, **more: Any) -> Iterator[tuple[Deadly, Path, dict[str, str]]]:
    """Such a gateway, the folder that was applied to it, and the environment that leads there."""
    folder = folder_of(tmp_path / "out", text)
    sandbox = Deadly(rulebook(), shipped("schemas"), tenant="acme")
    for name, value in more.items():
        setattr(sandbox, name, value)
    with Server(sandbox) as server:
        populated(sandbox, folder, server.url)
        gateway = {"GATEWAY_URL": server.url, "SYNAPSE_API_KEY": sandbox.key, "SYNAPSE_TENANT": "acme"}
        yield sandbox, folder, {**os.environ, **gateway, "RETRY_BASE_SECONDS": "0"}


def killed(sandbox: Deadly, command: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Exit code and complaints of a run that the gateway ends."""
    running = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    sandbox.group = running.pid
    _, complaints = running.communicate(timeout=60)
    return running.returncode, complaints.decode()


def once(sandbox: Deadly) -> None:
    """Everything of ours is gone, and nobody asked for a deletion that had been done and heard of."""
    only_theirs(sandbox)
    deleted = Counter(one.path for one in sandbox.requests if one.method == "DELETE")
    assert sum(count - 1 for count in deleted.values()) <= 1  # the one whose answer was lost


ENDS = product([signal.SIGINT, signal.SIGKILL], WHENS, [False, True])
"""How a run ends, at which call, and whether the call is carried out before that."""


@pytest.mark.parametrize(("how", "when", "late"), spread(ENDS, 3))
def test_an_end_without_warning(tmp_path: Path, how: signal.Signals, when: str, late: bool) -> None:
    with deadly(tmp_path, at=number_of(when), signal=how, late=late) as (sandbox, folder, environment):
        command = [sys.executable, "-m", "litellm_migrate", "rollback", "--output", str(folder), "--concurrency=1"]
        code, said = killed(sandbox, command, environment)
        assert code == (-how if how == signal.SIGKILL else 130), said
        assert sandbox.key not in said
        again = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=60)
        assert again.returncode == 0, again.stderr
    once(sandbox)


ONE_MODEL = """
general_settings: {master_key: os.environ/MASTER}
model_list:
- {model_name: big, litellm_params: {model: anthropic/claude-3-5-sonnet-20241022, rpm: 300, tpm: 50000}}
"""
"""One entity of each kind, since the script starts several programs for each."""


def script(folder: Path) -> list[str]:
    """The command that runs a folder's `rollback.sh`, after writing it."""
    book = rulebook()
    calls = [shape.call for shape in book.endpoints if shape.call]
    text = render_rollback(calls, fields_of(book, shipped("schemas")), book.protocol)
    (folder / "rollback.sh").write_text(text, "utf-8")
    return ["bash", str(folder / "rollback.sh")]


@cache
def written_by_script() -> list[int]:
    """The numbers of the calls of a calm run of the script that change something."""
    with tempfile.TemporaryDirectory() as place, deadly(Path(place), ONE_MODEL) as (sandbox, folder, environment):
        assert subprocess.run(script(folder), env=environment, capture_output=True, check=False).returncode == 0
        return [number for number, one in enumerate(sandbox.requests, 1) if one.method != "GET"]


@pytest.mark.script
@NEEDS_TOOLS
@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("how", "which"),
    [(signal.SIGINT, 2), marked((signal.SIGKILL, 2)), (signal.SIGKILL, -1)],
    ids=["Ctrl-C", "kill-9", "last"],
)
def test_an_end_of_the_script_without_warning(tmp_path: Path, how: signal.Signals, which: int, late: bool) -> None:
    at = written_by_script()[which]
    with deadly(tmp_path, ONE_MODEL, at=at, signal=how, late=late) as (sandbox, folder, environment):
        command = script(folder)
        code, said = killed(sandbox, command, environment)
        assert code != 0, said
        assert sandbox.key not in said
        again = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
        assert again.returncode == 0, again.stderr
    once(sandbox)
