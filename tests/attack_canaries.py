"""Canaries at every place of a configuration: nothing that is written or said, and no command line, shows one.

What is read as a name (`secret_places.READ`) may be shown; everything else is a secret, whatever it looks like.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any
from unittest.mock import patch

from attack import GATEWAY_KEY, Attack, environment, folder_in, ran
from command import Ran, run_inside, tree
from conversion import DIALECTS, rulebook
from faulty_gateway import FaultyGateway, Server
from litellm_migrate import shipped
from litellm_migrate.sandbox.operations import HttpAnswer, HttpRequest
from secret_places import PLACES, READ, documents, telling

SHAPES = {
    "plain": "{}",
    "in braces": "${{{}}}",
    "behind os.environ": "os.environ/{}",
    "password of an address": "https://user:{}@llm.example/v1",
    "query of an address": "https://llm.example/v1?token={}",
    "path of an address": "https://llm.example/s/{}/v1",
    "text around": "my {} is here",
}
"""How a canary stands in a value."""
SHOWN_PART = 14
"""So many characters of a canary are enough to have it."""
NEEDED = re.compile(r"^need (\w+) ", re.M)
TOOLS = ("curl", "jq", "cp", "mv", "rm", "head", "tail", "sleep", "cat", "mktemp", "mkdir", "dirname", "date", "sed")
LOGGING = '#!/bin/sh\nprintf "%s\\n" "$0 $*" >>"{log}"\nexec "{tool}" "$@"\n'


class Repeating(FaultyGateway):
    """A gateway that refuses every write once, and repeats all of it in its message."""

    def __init__(self, dialect: str) -> None:
        super().__init__(rulebook(dialect), shipped("schemas"), tenant="acme")
        self.key = GATEWAY_KEY
        self.refused: set[tuple[str, str]] = set()

    def serve(self, request: HttpRequest, bearer: str) -> HttpAnswer:
        key = (request.method, request.path)
        if request.method == "GET" or key in self.refused:
            return super().serve(request, bearer)
        self.refused.add(key)
        said = f"{json.dumps(json.dumps(request.body))} is refused for {bearer}: {request.body}"
        return HttpAnswer(422, {"error": {"message": said}})


def canary(number: int) -> str:
    """Letters, both cases, and a digit in each seven signs, that nobody has written before."""
    digest = hashlib.sha256(str(number).encode()).digest()
    digits, letters = "0123456789", "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
    signs = (letters if place % 7 else digits for place in range(28))
    return "".join(kind[byte % len(kind)] for kind, byte in zip(signs, digest, strict=False))


def plain(text: str) -> str:
    """A text without what names and addresses may not have."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def shown(said: list[str], numbers: list[int]) -> set[int]:
    """The canaries that are to be seen, in whatever spelling."""
    text = plain("\n".join(said))
    return {number for number in numbers if plain(canary(number))[:SHOWN_PART] in text}


def everything(out: Path, ended: list[Ran]) -> list[str]:
    """All that was said, and the name and content of every file but those for new keys of the gateway."""
    files = {name: content for name, content in tree(out).items() if not name.endswith("_secrets.json")}
    said = [part for one in ended for part in (one.out, one.err)]
    return [*said, *files, *(content.decode("utf-8", "replace") for content in files.values())]


def convert(document: Any, dialect: str, folder: Path) -> tuple[Path, Ran]:
    """The output of a conversion, and what it said."""
    (folder / "config.yaml").write_text(json.dumps(document), "utf-8")
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    words = ("--input", folder / "config.yaml", "--output", out, "--json", "--annotate", "--dialect", dialect)
    return out, run_inside(*words)


def check_names(found: set[int], places: list[Any]) -> None:
    """Raises AssertionError unless only names are shown."""
    seen = {".".join(map(str, places[number])) for number in found} - READ
    assert not seen, f"shown: {sorted(seen)}"


def in_conversions(case: tuple[str, str], folder: Path) -> str:
    """A canary at every place; everything that a conversion writes and says."""
    shape, dialect = case
    names, lost = set[int](), 0
    for document, numbers in documents(PLACES, lambda number: SHAPES[shape].format(canary(number))):
        out, ended = convert(document, dialect, folder)
        found = shown(everything(out, [ended]), numbers)
        check_names(found, PLACES)
        names |= found
        lost += len(numbers) if ended.code else 0
    assert not lost, f"{lost} canaries in configurations that were not converted"
    return f"of {len(PLACES)} canaries {len(names)} names shown"


def in_runs(case: tuple[str, str], folder: Path) -> str:
    """Canaries where secrets stand, and in the environment, sent to a gateway that repeats them."""
    shape, dialect = case
    places = [path for path in PLACES if telling(path) or ".".join(map(str, path)) in READ]
    many, names = 0, set[int]()
    for document, numbers in documents(places, lambda number: SHAPES[shape].format(canary(number))):
        out, ended = convert(document, dialect, folder)
        assert ended.code == 0, ended.err
        wanted = set(NEEDED.findall((out / "apply.sh").read_text("utf-8")))
        values = {name: canary(10_000 + number) for number, name in enumerate(sorted(wanted))}
        gateway = Repeating(dialect)
        with Server(gateway) as server:
            env = {**values, **environment(server.url), "RETRY_BASE_SECONDS": "0"}
            with patch.dict(os.environ, env, clear=True):
                usual, runs = ("--output", out), [ended, run_inside("plan", "--output", out, "--json")]
                for _ in range(200):
                    runs.append(run_inside("apply", *usual, "--yes"))
                    if runs[-1].code == 0:
                        break
                assert runs[-1].code == 0, runs[-1].err
                runs += [run_inside("validate", *usual, "--tenants", "1"), run_inside("rollback", *usual, "--yes")]
        said = everything(out, runs)
        secret = [10_000 + number for number in range(len(wanted))]
        assert not shown(said, secret), "shown: values of the environment"
        assert GATEWAY_KEY not in "".join(said), "shown: the key of the gateway"
        check_names(found := shown(said, numbers), places)
        names |= found
        many += len(numbers) + len(secret)
    return f"of {many} canaries {len(names)} names shown"


def on_command_lines(dialect: str, folder: Path) -> str:
    """The scripts, with canaries in the environment: every command that they start, and all that they say and write."""
    out, log, tools = folder_in(folder, 0), folder / "log", folder / "tools"
    tools.mkdir()
    for name in TOOLS:
        (tools / name).write_text(LOGGING.format(log=log, tool=shutil.which(name)), "utf-8")
        (tools / name).chmod(0o755)
    wanted = sorted(NEEDED.findall((out / "apply.sh").read_text("utf-8")))
    values = {name: canary(number) for number, name in enumerate(wanted)}
    gateway, runs = Repeating(dialect), []
    with Server(gateway) as server:
        env = {**environment(server.url), **values, "GATEWAY_URL": server.url, "SYNAPSE_TENANT": "acme"}
        env |= {"SYNAPSE_API_KEY": GATEWAY_KEY, "PATH": f"{tools}{os.pathsep}{env['PATH']}"}
        for _ in range(20):
            runs.append(ran(["bash", out / "apply.sh"], env, 120))
            if runs[-1].code == 0:
                break
        assert runs[-1].code == 0, runs[-1].err
        runs.append(ran(["bash", out / "rollback.sh"], env, 120))
    said = [*everything(out, [Ran(one.code, one.out, one.err) for one in runs]), log.read_text("utf-8")]
    assert not shown(said, [*range(len(wanted))]), "shown: values of the environment"
    assert GATEWAY_KEY not in "".join(said), "shown: the key of the gateway"
    return f"{log.read_text('utf-8').count(f'{tools}/')} commands of {len(runs)} runs"


ATTACKS = (
    Attack(
        "canaries in conversions",
        "565: token_url; paths of addresses; behind ${} and os.environ/",
        lambda: [(shape, dialect) for dialect in DIALECTS for shape in SHAPES],
        in_conversions,
        0,
    ),
    Attack(
        "canaries in runs against a gateway that repeats them",
        "17 keys: none but those of many lines",
        lambda: [(shape, dialect) for dialect in DIALECTS for shape in SHAPES],
        in_runs,
        0,
    ),
    Attack(
        "canaries on command lines of the scripts",
        "rollback.sh showed what was in a backup",
        lambda: ["synapse"],
        on_command_lines,
        0,
        ("bash", "curl", "jq"),
    ),
)
