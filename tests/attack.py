"""What attacks share: their record, a converted folder, and how a command ended that was run from it."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple

import yaml

from command import run_inside
from faulty_gateway import FaultyGateway
from gateway_run import sandbox_of

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # a shell starts what runs in the background so
    signal.signal(signal.SIGINT, signal.default_int_handler)

DATA = Path(__file__).resolve().parent / "attacks"
PROGRAM = (sys.executable, "-m", "litellm_migrate")
ADDRESSES = 2 << 30
"""The most memory that a process may ask for; its threads ask for much that they never touch."""
KEYS = {name: f"sk-canary-of-{name}" for name in ("OPENAI", "GROQ", "MASTER")}
GATEWAY_KEY = "sk-syn-canary-of-the-gateway"
MANY = 6
"""Models of each provider."""


class Attack(NamedTuple):
    """Cases of one kind. Each is run in an empty folder and says in a word how it ended; AssertionError is a fault."""

    name: str
    before: str
    """What the same came to before any of it was resisted."""
    cases: Callable[[], Sequence[Any]]
    run: Callable[[Any, Path], str]
    step: int
    """Every so many cases one is among the tests; with 0, none."""
    tools: tuple[str, ...] = ()
    """What has to be installed for it."""


class Ended(NamedTuple):
    """How a process ended."""

    code: int
    out: str
    err: str
    seconds: float


def described(name: str) -> list[dict[str, Any]]:
    """The cases of a file of data."""
    cases: list[dict[str, Any]] = yaml.safe_load((DATA / f"{name}.yaml").read_text("utf-8"))
    return cases


def config(many: int) -> str:
    """A configuration with so many models of each provider; with none, with one of one of them."""
    if not many:
        return config(1).rpartition("- ")[0]
    return "general_settings: {master_key: os.environ/MASTER}\nmodel_list:\n" + "".join(
        f"- {{model_name: name-{number % 5}, "
        f"litellm_params: {{model: {provider}/model-{number}, api_key: os.environ/{name}, rpm: {number + 1}}}}}\n"
        for number in range(many)
        for provider, name in (("openai", "OPENAI"), ("groq", "GROQ"))
    )


@cache
def converted(many: int, *only: str) -> Path:
    """A folder with the output of a conversion, or with parts of it, to be copied."""
    folder = Path(mkdtemp())
    (folder / "config.yaml").write_text(config(many), "utf-8")
    parts = [word for name in only for word in ("--only", name)]
    assert run_inside("--input", folder / "config.yaml", "--output", folder / "out", *parts).code == 0
    return folder / "out"


def folder_in(folder: Path, many: int = MANY, *only: str) -> Path:
    """A copy of it."""
    shutil.copytree(converted(many, *only), folder / "out")
    return folder / "out"


def sandbox(kind: type[FaultyGateway] = FaultyGateway, **more: Any) -> FaultyGateway:
    """A gateway with a key that is looked for in everything that is said."""
    made = sandbox_of(**more) if kind is FaultyGateway else kind(sandbox_of().book, sandbox_of().schemas, tenant="acme")
    made.key = GATEWAY_KEY
    return made


def environment(url: str, **more: str) -> dict[str, str]:
    """What a run against a gateway finds in its environment."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "HOME") if name in os.environ}
    known = {"GATEWAY_URL": url, "SYNAPSE_API_KEY": GATEWAY_KEY, "SYNAPSE_TENANT": "acme", "RETRY_BASE_SECONDS": "0.01"}
    return {**kept, **known, **KEYS, **more}


def ran(command: Sequence[object], env: Mapping[str, str], seconds: float = 60, **more: Any) -> Ended:
    """The end of a process, which says nothing secret and is no traceback, endless, large or hidden on the terminal."""
    began = time.monotonic()
    process = subprocess.Popen(
        [*map(str, command)],
        env=dict(env),
        preexec_fn=limited,  # noqa: PLW1509 - nothing of ours runs beside it
        **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more},
    )
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise AssertionError(f"longer than {seconds:g} s") from None
    ended = Ended(process.returncode, text(out), text(err), time.monotonic() - began)
    check(ended)
    return ended


def limited() -> None:
    """Limits the memory of a child."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))


def text(content: bytes | None) -> str:
    """What was said."""
    return (content or b"").decode("utf-8", "replace")


def check(ended: Ended, *signals: int) -> None:
    """Raises AssertionError if a run ended as none may; only what is no program of ours may end by other `signals`."""
    said = ended.out + ended.err
    assert "Traceback" not in said, said[-800:]
    assert "Fatal Python error" not in said, said[-800:]
    assert ended.code >= 0 or -ended.code in {9, 13, 15, *signals}, f"ended by signal {-ended.code}"
    secrets = [secret for secret in (*KEYS.values(), GATEWAY_KEY) if secret in said]
    assert not secrets, f"shows {secrets}: {said[-800:]}"
    assert all(line.isprintable() for line in said.replace("\t", " ").splitlines()), f"signs nobody sees: {said!r:.800}"
