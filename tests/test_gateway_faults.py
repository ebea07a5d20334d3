"""Whatever goes wrong, and whenever: the next run completes, nothing is there twice, and nothing is lost."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from conversion import rulebook
from faulty_gateway import FaultyGateway, Server
from gateway_run import NOBODY, SECRETS, applied, folder_of, sandbox_of, state
from litellm_migrate import shipped
from litellm_migrate.gateway.journal import Journal
from litellm_migrate.sandbox.operations import HttpAnswer, HttpRequest
from litellm_migrate.source.model import Problems
from sampling import spread

FAULTS = ("429", "503", "reset", "lost", "slow", "truncated", "page", "expired")
SOME = ("first call", "middle read", "question", "own words", "first write", "middle write", "last create", "last")
WHENS = [str(number) for number in range(1, 27)] if os.environ.get("EVERY_CALL") else SOME
RUN = """
import sys
import tempfile
from litellm_migrate.cli.main import main
sys.exit(main(["--apply", *sys.argv[1:]]))
"""


@cache
def calm() -> tuple[dict[str, Any], list[HttpRequest]]:
    """What a run without trouble leaves behind, and the requests that it makes."""
    with tempfile.TemporaryDirectory() as folder:
        sandbox = sandbox_of()
        assert applied(folder_of(Path(folder) / "out"), sandbox).complete
    return state(sandbox), sandbox.requests


def number_of(when: str) -> int:
    """The number of a call of that run."""
    numbered = list(enumerate(calm()[1], 1))
    reads = [at for at, one in numbered if one.method == "GET"]
    asked = [at for at, one in numbered if NOBODY in one.path]
    written = [at for at, one in numbered if one.method != "GET" and at not in asked]
    known = {"question": asked[0], "own words": asked[-1] + 1}
    known |= {"first call": 1, "middle read": reads[len(reads) // 2], "first write": written[0], "last": written[-1]}
    known |= {"middle write": written[len(written) // 2], "last create": written[-3]}
    return known.get(when) or int(when)


def tried(folder: Path, sandbox: FaultyGateway, **more: Any) -> bool:
    """Whether a run completed."""
    try:
        return applied(folder, sandbox, **more).complete
    except Problems:
        return False


def held(folder: Path) -> list[str]:
    """The names whose secret was kept."""
    return [*json.loads((folder / "virtual_key_secrets.json").read_text("utf-8"))]


def whole(folder: Path, sandbox: FaultyGateway) -> None:
    """After one more run at most everything is there, once, and a further run finds nothing to do."""
    sandbox.faults.waiting.clear()
    tried(folder, sandbox)
    assert state(sandbox) == calm()[0]
    assert held(folder) == ["litellm-master-key"]
    done = applied(folder, sandbox)
    assert done.counts()["unchanged"] == len(done.results)


RUNS = [*((when, 1) for when in WHENS), *((when, 8) for when in ("first write", "middle write", "last create"))]
"""Where the trouble comes, and how many calls are made side by side: of these, some are enough."""


def runs_of(faults: Iterable[str]) -> Iterator[tuple[str, str, int]]:
    """Every fault at every time."""
    return ((fault, *run) for fault in faults for run in RUNS)


@pytest.mark.parametrize(("fault", "when", "concurrency"), spread(runs_of(FAULTS), 5))
def test_one_failure(tmp_path: Path, fault: str, when: str, concurrency: int) -> None:
    folder = folder_of(tmp_path / "out")
    later = 2 if fault == "expired" else 0  # the key is refused, and exchanged for the token that will expire
    sandbox = sandbox_of(f"{fault}@{number_of(when) + later}", only_tokens=fault == "expired")
    if fault == "slow":
        sandbox.faults.waiting[0].wait = 0.5
    completed = tried(folder, sandbox, timeout=0.25, concurrency=concurrency)
    assert completed, "one failure is got over within the run"
    whole(folder, sandbox)


@pytest.mark.parametrize(("fault", "when", "concurrency"), spread(runs_of(["429", "503", "reset", "page"]), 5))
def test_an_outage(tmp_path: Path, fault: str, when: str, concurrency: int) -> None:
    folder, sandbox = folder_of(tmp_path / "out"), sandbox_of(f"{fault}@{number_of(when)}x99")
    assert not tried(folder, sandbox, concurrency=concurrency)
    whole(folder, sandbox)


def test_an_outage_after_the_work_was_done(tmp_path: Path) -> None:
    written = [number for number, one in enumerate(calm()[1], 1) if one.method == "POST"]
    for number in written:
        folder, sandbox = folder_of(tmp_path / str(number)), sandbox_of(f"lost@{number}", f"reset@{number}x99")
        assert not tried(folder, sandbox)
        whole(folder, sandbox)


class Deadly(FaultyGateway):
    """A gateway whose n-th request ends whoever asks, before or after its work is done."""

    at: int = 0
    signal: int = signal.SIGINT
    late: bool = False
    process: int = 0

    def serve(self, request: HttpRequest, bearer: str) -> HttpAnswer:
        due = len(self.requests) + 1 == self.at and self.process
        if due and not self.late:
            self.requests.append(request)
            os.kill(self.process, self.signal)
            return HttpAnswer(0)
        answer = super().serve(request, bearer)
        if due:
            os.kill(self.process, self.signal)
            return HttpAnswer(0)
        return answer


def deadly(**more: Any) -> Deadly:
    made = Deadly(rulebook(), shipped("schemas"), tenant="acme")
    for name, value in more.items():
        setattr(made, name, value)
    return made


ENDS = product([signal.SIGINT, signal.SIGKILL], [False, True], [*((when, 1) for when in WHENS), ("middle write", 8)])
"""How a run ends, whether the call is carried out before that, and at which call."""


@pytest.mark.parametrize(("how", "late", "when", "concurrency"), spread(((*end[:2], *end[2]) for end in ENDS), 5))
def test_an_end_without_warning(tmp_path: Path, how: signal.Signals, when: str, late: bool, concurrency: int) -> None:
    folder, sandbox = folder_of(tmp_path / "out"), deadly(at=number_of(when), signal=how, late=late)
    with Server(sandbox) as server:
        command = [sys.executable, "-c", RUN, "--output", str(folder), "--gateway-url", server.url]
        command.append(f"--concurrency={concurrency}")
        environment = {**os.environ, **SECRETS, "SYNAPSE_API_KEY": sandbox.key, "SYNAPSE_TENANT": "acme"}
        running = subprocess.Popen(
            command, env={**environment, "RETRY_BASE_SECONDS": "0"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        sandbox.process = running.pid
        _, complaints = running.communicate(timeout=60)
        said = complaints.decode()
        assert running.returncode == (-how if how == signal.SIGKILL or b"Traceback" in complaints else 130), said
        assert not [secret for secret in [*SECRETS.values(), sandbox.key] if secret in said]
        again = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=60)
        assert again.returncode == 0, again.stderr
    entries = (folder / "journal.jsonl").read_text("utf-8")
    assert len(set(entries.splitlines())) == len(entries.splitlines())
    assert state(sandbox) == calm()[0]
    assert held(folder) == ["litellm-master-key"]


@pytest.mark.parametrize("number", [1, 2, 7, 8, 11, 12, 14])
def test_a_full_disk(tmp_path: Path, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, sandbox, seen = folder_of(tmp_path / "out"), sandbox_of(), list[int]()
    sync = os.fsync

    def full(descriptor: int) -> None:
        seen.append(descriptor)
        if len(seen) >= number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    done = applied(folder, sandbox)
    assert not done.complete
    assert "No space left on device" in "".join(result.note for result in done.results)
    monkeypatch.undo()
    whole(folder, sandbox)


def test_a_journal_that_was_cut_off(tmp_path: Path) -> None:
    folder, sandbox = folder_of(tmp_path / "out"), sandbox_of("503@9x99")
    assert not tried(folder, sandbox)
    journal = folder / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-40])
    whole(folder, sandbox)


def test_two_runs_at_once_are_one_too_many(tmp_path: Path) -> None:
    folder, sandbox = folder_of(tmp_path / "out"), sandbox_of()
    with Journal(folder, "http://sandbox") as other:
        other.before(endpoint="models", name="x", action="create")
        with pytest.raises(Problems, match="another run"):
            applied(folder, sandbox)
    assert sandbox.requests == []
    whole(folder, sandbox)
