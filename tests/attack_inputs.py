"""Wrong usage, hostile environments, edited files: a documented exit code and a line, and nothing secret in it."""

from __future__ import annotations

import atexit
import io
import json
import os
import random
import shutil
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from copy import deepcopy
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from unittest.mock import patch

from attack import PROGRAM, Attack, Ended, check, described, environment, folder_in, ran, sandbox
from faulty_gateway import Server
from litellm_migrate.cli.main import main

CLOSED = {"stdin": "<&-", "stdout": ">&-", "stderr": "2>&-"}
EDITED = {
    "journal": "journal.jsonl",
    "payloads": "payloads/*.json",
    "reports": "*.json",
    "backups": "backup/*",
}
"""Files that are edited, by what they are; the secrets and the manifest are among the reports."""
WRONG: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1e300,
    10**30,
    "",
    "x",
    "../../x",
    "\ud800",
    "a\x1b[31m\nb",
    [],
    {},
    [[]],
    ["x"],
    {"a": {}},
)


def put_into(value: Any, words: dict[str, str]) -> Any:
    """A value of the data in which words in braces are replaced."""
    if isinstance(value, list):
        return [put_into(item, words) for item in value]
    if isinstance(value, dict):
        return {key: put_into(item, words) for key, item in value.items()}
    for word, text in words.items():
        value = value.replace("{" + word + "}", text) if isinstance(value, str) else value
    return value


@contextmanager
def stream(kind: str) -> Iterator[int]:
    """A standard output as it is described."""
    if kind == "full":
        descriptor = os.open("/dev/full", os.O_WRONLY)
    else:
        reader, descriptor = os.pipe()
        os.close(reader)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def wrong_usage(case: dict[str, Any], folder: Path) -> str:
    """A command with something wrong about it ends as it should, in a line or two."""
    out, gateway = folder_in(folder), sandbox()
    (folder / "empty").mkdir()
    (folder / "config.yaml").write_text("model_list:\n- {model_name: a, litellm_params: {model: openai/gpt-4o}}\n")
    if "names" in case:
        for file in (out / "payloads").glob("*.json"):
            file.write_text(file.read_text("utf-8").replace("name-1", case["names"]), "utf-8")
    with Server(gateway) as server:
        words = {
            "out": str(out),
            "url": server.url,
            "folder": str(folder / "empty"),
            "config": str(folder / "config.yaml"),
        }
        made = put_into(case, words)
        command, env = [*PROGRAM, *made["args"]], {**environment(server.url), **made.get("env", {})}
        if made["args"][0] == "rollback":
            ran([*PROGRAM, "apply", "--output", out, "--yes"], env)
        ended = with_streams(command, env, made)
    codes = made.get("code", 2)
    assert ended.code in (codes if isinstance(codes, list) else [codes]), f"exit {ended.code}: {ended.err[-500:]}"
    said = ended.err.splitlines()
    if ended.code and made.get("stderr") != "closed":
        assert made.get("said", "") in ended.err, ended.err[-500:]
        assert ended.code != 2 or 1 <= len(said) <= 3, ended.err[-800:]
    return f"exit {ended.code}"


def with_streams(command: list[str], env: dict[str, str], case: dict[str, Any]) -> Ended:
    """How a command ended whose streams are as they are described."""
    closed = [CLOSED[word] for word in CLOSED if case.get(word) == "closed"]
    if closed:
        return ran(["bash", "-c", f'exec "$@" {" ".join(closed)}', "bash", *command], env)
    if "stdout" not in case:
        return ran(command, env)
    with stream(case["stdout"]) as descriptor:
        return ran(command, env, stdout=descriptor)


def hostile_environment(case: dict[str, Any], folder: Path) -> str:
    """apply.sh does its work, or nothing, and never what the environment says."""
    out, gateway, home = folder_in(folder), sandbox(), folder / "home"
    (home / "with blanks").mkdir(parents=True)
    (home / "env.sh").write_text(f"touch {home}/pwned\n")
    (home / ".curlrc").write_text(f'output = "{home}/pwned"\nproxy = "http://127.0.0.1:9"\n')
    (home / ".jq").write_text('def ask: error("pwned"); def target: "/pwned";\n')
    with Server(gateway) as server:
        more = put_into({name: text for name, text in case.items() if name != "refused"}, {"folder": str(home)})
        ended = ran(["bash", out / "apply.sh"], {**environment(server.url), **more}, cwd=folder)
    writes = [one for one in gateway.requests if one.method != "GET"]
    assert not (home / "pwned").exists(), "something else was run"
    assert not any("pwned" in one.path for one in gateway.requests), "something else was asked"
    beside = {file.name for file in folder.iterdir()} - {"out", "home"}
    assert not beside, f"made {beside}"
    if case.get("refused"):
        assert (ended.code != 0, writes) == (True, []), f"exit {ended.code}: {ended.err}"
        return "refused"
    assert ended.code == 0, f"exit {ended.code}: {ended.err}"
    return "applied"


def edited(text: str, chance: random.Random) -> bytes:
    """A file of JSON, one value a line or one in all, with something wrong in it."""
    way = chance.randrange(8)
    data = text.encode()
    if way == 0:
        return data[: chance.randrange(len(data) + 1)]
    if way == 1:
        return chance.choice([b"", b"\xff\xfe\x00", b"[" * 100_000, b"null", b"5", b'"x"', b"{}", b"[]", data + data])
    lines = text.splitlines() if text.lstrip().startswith('{"n"') else [text]
    number = chance.randrange(len(lines) or 1)
    try:
        value = json.loads(lines[number])
    except (ValueError, IndexError):
        return data
    for _ in range(chance.randrange(1, 4)):
        places = list(below(value, ()))
        put_at(value, chance.choice(places), deepcopy(chance.choice(WRONG))) if places else None
    lines[number] = json.dumps(value)
    return "\n".join(lines).encode()


def below(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """The path of every value in a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from below(inner, (*path, key))


def put_at(value: Any, path: tuple[Any, ...], wrong: Any) -> None:
    """Puts something in the place of what is at a path, if it is still there."""
    try:
        for step in path[:-1]:
            value = value[step]
        value[path[-1]] = wrong
    except (LookupError, TypeError):
        return


@cache
def applied() -> tuple[str, Path, Callable[[], None]]:
    """A gateway to which a folder was applied: its address, the folder, and what brings it back to that."""
    gateway, out = sandbox(), folder_in(Path(mkdtemp()), 1)
    server = Server(gateway).__enter__()
    atexit.register(server.__exit__)
    with patch.dict(os.environ, environment(server.url), clear=True):
        for more in ([], ["--update-all"]):  # what was there before the second run is in backup/
            assert inside("apply", "--output", out, "--yes", *more) == 0
    holders: list[Any] = [*gateway.entities.values(), *gateway.documents.values()]
    kept = [deepcopy(holder.stored) for holder in holders]

    def put_back() -> None:
        for holder, stored in zip(holders, kept, strict=True):
            holder.stored = deepcopy(stored)

    return server.url, out, put_back


def edited_files(case: tuple[str, int], folder: Path) -> str:
    """A folder in which a file was edited is planned, validated and taken back without a crash."""
    chance, out = random.Random(str(case)), folder / "out"
    url, before, put_back = applied()
    shutil.copytree(before, out)
    put_back()
    with patch.dict(os.environ, environment(url), clear=True):
        file = chance.choice(sorted(out.glob(EDITED[case[0]])))
        file.write_bytes(edited(file.read_text("utf-8"), chance))
        codes = [
            inside(*words)
            for words in (
                ["plan", "--output", out],
                ["validate", "--output", out, "--tenants", "1"],
                ["rollback", "--output", out, "--yes"],
            )
        ]
    assert set(codes) <= {0, 1, 2}, codes
    return f"exit {max(codes)}"


def inside(*words: object) -> int:
    """The exit code of a command within this process, which says nothing that none may say."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main([str(word) for word in words])
        except Exception:
            raise AssertionError(traceback.format_exc()[-500:]) from None
    check(Ended(code, out.getvalue(), err.getvalue(), 0))
    return code


ATTACKS = (
    Attack(
        "wrong usage, closed and full streams, encodings",
        "43: 12 tracebacks, 2 endless; 6 by streams",
        lambda: described("usage"),
        wrong_usage,
        34,
    ),
    Attack(
        "edited journals, payloads, reports and backups",
        "500 x 3: 12 tracebacks",
        lambda: [(kind, number) for number in range(500) for kind in EDITED],
        edited_files,
        499,
    ),
    Attack(
        "hostile environments of apply.sh",
        "37: no injection, 3 logins journalled",
        lambda: described("environments"),
        hostile_environment,
        1000,
        ("bash", "curl", "jq"),
    ),
)
