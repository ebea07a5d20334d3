"""No secret is on a command line, in a file (but for new keys, in theirs) or in what is said, whatever happens."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from apply_run import NEEDS_TOOLS
from conversion import of_text, rulebook
from faulty_gateway import FaultyGateway, Server
from gateway_run import CONFIG
from litellm_migrate import shipped
from litellm_migrate.cli.convert import levels_of
from litellm_migrate.output.scripts import render_script
from litellm_migrate.output.write import write
from litellm_migrate.sandbox.operations import HttpAnswer, HttpRequest, refusal
from sampling import spread

PROC = Path("/proc")
pytestmark = pytest.mark.skipif(not (PROC / "self" / "cmdline").exists(), reason="needs /proc")

LITERAL = "sk-written-into-the-configuration-77"
TEXT = CONFIG.replace("os.environ/OPENAI", LITERAL)
KEY = "sk-syn-the-gateways-own-key-41"


@dataclass
class Watch:
    """Looks at the command lines of a process and all below it, far more often than one ends, until it ends itself."""

    root: int
    seen: set[str] = field(default_factory=set)
    programs: set[str] = field(default_factory=set)
    looks: int = 0

    def __post_init__(self) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """No more is looked at."""
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.002):
            self.looks += 1
            for process in self._below():
                self._look(process)

    def _below(self) -> set[int]:
        """The process and its descendants."""
        found, waiting = set[int](), [self.root]
        while waiting:
            process = waiting.pop()
            found.add(process)
            try:
                texts = [file.read_text() for file in (PROC / str(process) / "task").glob("*/children")]
            except OSError:
                continue
            waiting += [int(child) for text in texts for child in text.split()]
        return found

    def _look(self, process: int) -> None:
        try:
            line = (PROC / str(process) / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            return
        self.seen.add(line)
        self.programs.add(line.split(" ")[0].rsplit("/", 1)[-1])


class Echo(FaultyGateway):
    """A gateway that repeats what it is given in every refusal, and refuses the last model at first."""

    refused: int = 1

    def answer(self, request: HttpRequest, bearer: str) -> HttpAnswer:
        said = f"bearer {bearer}, key {request.body.get('apiKey') if isinstance(request.body, dict) else None}"
        if request.method == "POST" and request.path.endswith("/integrations") and self.refused:
            self.refused -= 1
            return refusal(self.book.protocol, 422, said)
        found = super().answer(request, bearer)
        return refusal(self.book.protocol, found.status, said) if found.status in {401, 403} else found


@dataclass
class Ran:
    """What runs said, and which command lines there were."""

    said: str = ""
    seen: set[str] = field(default_factory=set)
    programs: set[str] = field(default_factory=set)

    def add(self, command: list[str], environment: dict[str, str]) -> int:
        """The exit code of one more run."""
        running = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        watch = Watch(running.pid)
        said, _ = running.communicate(timeout=300)
        watch.end()
        self.said += said
        self.seen |= watch.seen
        self.programs |= watch.programs
        return running.returncode


def folder_for(path: Path) -> tuple[Path, Path, dict[str, str]]:
    """A configuration, its output, and a value for each variable: those of literals are not the literals."""
    result = of_text(TEXT)
    config = path / "config.yaml"
    config.write_text(TEXT, "utf-8")
    book, done = rulebook(), result.done
    script = render_script(done.calls, done.payloads.keys(), done.variables, book.protocol, levels_of(book))
    write(path / "out", {**result.output.texts, "apply.sh": script}, result.output.owned)
    return config, path / "out", {one.name: f"sk-the-value-of-{one.name}" for one in done.variables}


def leaks(folder: Path, ran: Ran, secrets: set[str]) -> list[str]:
    """Where a secret is that must not be."""
    files = [file for file in folder.rglob("*") if file.is_file() and not file.name.endswith("_secrets.json")]
    texts = {file.name: file.read_text("utf-8", "replace") for file in files}
    texts |= {"what was said": ran.said, "command lines": "\n".join(ran.seen)}
    return [f"{name}: {secret[:12]}" for name, text in texts.items() for secret in secrets if secret in text]


def gateway_of(url: str, values: dict[str, str], **more: str) -> dict[str, str]:
    """The environment of a run."""
    known = {"GATEWAY_URL": url, "SYNAPSE_TENANT": "acme", "RETRY_BASE_SECONDS": "0.01"}
    where = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return {**where, **known, **values, **more}


def kept(sandbox: FaultyGateway, values: dict[str, str], **more: Any) -> set[str]:
    """Everything that nobody may see."""
    return {KEY, LITERAL, *values.values(), *sandbox.tokens, *more.values()}


@pytest.mark.parametrize("way", spread(["environment", "file"], 2))
def test_the_command_shows_no_secret(tmp_path: Path, way: str) -> None:
    config, folder, values = folder_for(tmp_path)
    sandbox = Echo(rulebook(), shipped("schemas"), key=KEY, tenant="acme", only_tokens=True, latency=0.02)
    key_file, wrong = tmp_path / "key", "sk-a-wrong-key-63"
    command = [sys.executable, "-m", "litellm_migrate"]
    key = ["--api-key-file", str(key_file)] if way == "file" else []
    ran = Ran()
    with Server(sandbox) as server:

        def run(*words: str, secret: str = KEY, **more: str) -> int:
            key_file.write_text(secret, "utf-8")
            given = {} if way == "file" else {"SYNAPSE_API_KEY": secret}
            return ran.add([*command, *words, *key], gateway_of(server.url, values, **given, **more))

        assert run("--output", str(folder), "--apply", secret=wrong) == 1
        assert run("--output", str(folder), "--apply") == 1  # the first integration is refused
        assert run("--output", str(folder), "--apply", "--validate") == 0
        assert run("--output", str(folder), "--apply", "--update-all", "--json") == 0
        values.pop(next(name for name in values if name not in {"GROQ", "ANTHROPIC_API_KEY"}))
        assert run("--input", str(config), "--output", str(tmp_path / "again"), "--apply", "--update-all") == 0
        assert LITERAL in {one.get("apiKey") for one in sandbox.entities["integrations"].stored}
        assert run("plan", "--output", str(folder)) == 0
        assert run("rollback", "--output", str(folder)) == 0
    assert "HTTP 422: bearer ***, key ***" in ran.said
    assert "HTTP 401: bearer ***" in ran.said
    assert leaks(folder, ran, kept(sandbox, values, wrong=wrong)) == []
    assert leaks(tmp_path / "again", ran, kept(sandbox, values, wrong=wrong)) == []
    assert ran.seen


@pytest.mark.script
@NEEDS_TOOLS
def test_the_scripts_show_no_secret(tmp_path: Path) -> None:
    _, folder, values = folder_for(tmp_path)
    sandbox = Echo(rulebook(), shipped("schemas"), key=KEY, tenant="acme", only_tokens=True, latency=0.05)
    wrong, ran = "sk-a-wrong-key-63", Ran()
    with Server(sandbox) as server:

        def run(script: str, secret: str = KEY) -> int:
            given = gateway_of(server.url, values, SYNAPSE_API_KEY=secret)
            return ran.add(["bash", str(folder / script)], given)

        assert run("apply.sh", wrong) == 1
        assert run("apply.sh") == 1  # the first integration is refused
        assert run("apply.sh") == 0
        assert run("rollback.sh") == 0
    assert {"bash", "curl", "jq"} <= ran.programs, ran.programs
    assert "HTTP 422: bearer ***, key ***" in ran.said
    assert leaks(folder, ran, kept(sandbox, values, wrong=wrong)) == []
