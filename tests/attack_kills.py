"""Runs that are killed, interrupted, or meet others in one folder: nothing is half done, twice there, or lost."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from attack import MANY, PROGRAM, Attack, Ended, check, environment, folder_in, ran, sandbox, text
from command import run_inside, tree
from faulty_gateway import Server
from gateway_run import state

COMMITTED, FRESH = ".litellm-migrate.new", ".fresh."
HEAD = "general_settings: {master_key: os.environ/MASTER}\nmodel_list:\n"
TEXTS = {
    "old": HEAD + "- {model_name: a, litellm_params: {model: openai/gpt-4o, rpm: 5}}\n",
    "new": "litellm_settings: {cache: true}\nmodel_list:\n- {model_name: b, litellm_params: {model: groq/x}}\n",
}
"""Each has payload files that the other does not have."""
COUNTING = """
import os, sys
left = {changes}
def hook(event, args):
    global left
    changing = event in {{"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod"}}
    if changing or (event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")):
        left -= 1
        if left == -1:
            os._exit(9)
from litellm_migrate.cli.main import main
sys.addaudithook(hook)
sys.exit(main(sys.argv[1:]))
"""
"""A run that dies before it changes files for the n-th time."""
INTERRUPTING = """
import os, sys
from litellm_migrate.__main__ import run
left = {event}
def hook(event, args):
    global left
    left -= 1
    if left == -1:
        os.kill(os.getpid(), {signal})
sys.addaudithook(hook)
sys.exit(run())
"""
"""A run that gets a signal at its n-th event: an import, a file that is opened, code that is run."""
CHANGES = 120
"""A conversion over another one changes files a little less often."""


@cache
def outputs() -> dict[str, dict[str, bytes]]:
    """The whole output of each text."""
    with TemporaryDirectory() as name:
        for word, config in TEXTS.items():
            (Path(name) / word).mkdir()
            (Path(name) / word / "config.yaml").write_text(config)
        for word in TEXTS:
            folder = Path(name) / word
            assert run_inside("--input", folder / "config.yaml", "--output", folder / "out").code == 0
        return {word: tree(Path(name) / word / "out") for word in TEXTS}


def prepared(folder: Path, first: str) -> tuple[Path, list[str]]:
    """A folder that holds an output, and the arguments of a conversion of the other text."""
    other = "new" if first == "old" else "old"
    for word, config in TEXTS.items():
        (folder / word).mkdir()
        (folder / word / "config.yaml").write_text(config)
    assert run_inside("--input", folder / first / "config.yaml", "--output", folder / "out").code == 0
    return folder / "out", ["--input", str(folder / other / "config.yaml"), "--output", str(folder / "out")]


def whole(out: Path) -> str:
    """Which output is to be seen, or that everybody refuses the folder; and the next conversion puts all right."""
    files = {name: content for name, content in tree(out).items() if not name.startswith(FRESH)}
    seen = next((word for word, output in outputs().items() if same(files, output)), "mixed")
    if (out / COMMITTED).exists():
        planned = run_inside("plan", "--output", out, "--gateway-url", "http://127.0.0.1:9", "--api-key", "k")
        assert (planned.code, "Convert again" in planned.err) == (1, True), planned.err
        if shutil.which("jq") and (out / "apply.sh").exists():
            applied = ran(
                ["bash", out / "apply.sh"], environment("http://127.0.0.1:9", OPENAI_API_KEY="x", GROQ_API_KEY="x")
            )
            assert (applied.code, "of two conversions" in applied.err) == (1, True), applied.err
        seen = "refused"
    assert seen != "mixed", sorted(files)
    for word in ("old", "new", "new"):
        assert run_inside("--input", out.parent / word / "config.yaml", "--output", out).code == 0
        assert same(tree(out), outputs()[word]), "the next conversion left something else"
    return seen


def same(files: dict[str, bytes], output: dict[str, bytes]) -> bool:
    """Whether files are those of an output; its reports name another path of the configuration."""
    return files.keys() == output.keys() and all(
        files[name] == content for name, content in output.items() if name.startswith("payloads/")
    )


def killed_at_a_change(case: tuple[str, int], folder: Path) -> str:
    """A conversion that is killed when it changes files for the n-th time."""
    first, number = case
    out, arguments = prepared(folder, first)
    ended = ran([sys.executable, "-B", "-c", COUNTING.format(changes=number), *arguments], environment(""))
    assert ended.code == (0 if number == CHANGES else 9) or number > CHANGES - 20, ended
    return whole(out)


def killed(command: Sequence[object], env: dict[str, str], seconds: float, how: signal.Signals) -> Ended:
    """A process that gets a signal after some time, if it is still there."""
    process = subprocess.Popen([*map(str, command)], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(how)
        out, err = process.communicate(timeout=90)
    ended = Ended(process.returncode, text(out), text(err), 0)
    check(ended, *([signal.SIGINT] if command[0] == "bash" else []))
    return ended


@cache
def duration() -> float:
    """The seconds of a conversion."""
    with TemporaryDirectory() as name:
        _, arguments = prepared(Path(name), "old")
        return min(ran([*PROGRAM, *arguments], environment("")).seconds for _ in range(3))


def killed_at_random(number: int, folder: Path) -> str:
    """A conversion over another output that is killed at some time."""
    out, arguments = prepared(folder, ("old", "new")[number % 2])
    moment = random.Random(number).uniform(0.4, 1.1) * duration()
    killed([*PROGRAM, *arguments], environment(""), moment, signal.SIGKILL)
    return whole(out)


def killed_at_first(number: int, folder: Path) -> str:
    """A conversion into a new folder that is killed when it changes files for the n-th time."""
    out, arguments = prepared(folder, "old")
    shutil.rmtree(out)
    ran([sys.executable, "-B", "-c", COUNTING.format(changes=number), *arguments], environment(""))
    seen = whole(out) if out.exists() else "none"
    assert run_inside(*arguments).code == 0
    assert {file.name for file in folder.iterdir()} == {"old", "new", "out"}, "something stays beside the output"
    return seen


def interrupted(case: tuple[int, signal.Signals], folder: Path) -> str:
    """A conversion that gets Ctrl-C or SIGTERM at some event, imports too."""
    number, how = case
    out, arguments = prepared(folder, "old")
    script = INTERRUPTING.format(event=number, signal=int(how))
    ended = ran([sys.executable, "-B", "-c", script, *arguments], environment(""))
    assert ended.code in {0, 130 if how == signal.SIGINT else -how}, ended
    return f"{'done' if ended.code == 0 else 'interrupted'}, {whole(out)}"


def side_by_side(_: int, folder: Path) -> str:
    """Four conversions at once: each works, or says that another one does."""
    out, arguments = prepared(folder, "old")
    if _ % 2:
        shutil.rmtree(out)
    commands = [
        [*PROGRAM, "--input", str(folder / word / "config.yaml"), *arguments[2:]] for word in ("old", "new") * 2
    ]
    running = [
        subprocess.Popen(one, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment("")) for one in commands
    ]
    ended = [Ended(one.wait(60), "", text(one.communicate()[1]), 0) for one in running]
    for one in ended:
        check(one)
        assert one.code == 0 or "another run" in one.err, one.err
    whole(out)
    return f"{sum(one.code == 0 for one in ended)} of 4 done"


@cache
def duration_of_a_script() -> float:
    """The seconds of apply.sh."""
    with Server(sandbox()) as server, TemporaryDirectory() as name:
        return ran(["bash", folder_in(Path(name), 0) / "apply.sh"], environment(server.url)).seconds


@cache
def calm(many: int) -> object:
    """What a gateway holds after a run that nothing disturbs."""
    gateway = sandbox()
    with Server(gateway) as server, TemporaryDirectory() as name:
        command = [*PROGRAM, "apply", "--output", folder_in(Path(name), many), "--yes"]
        assert ran(command, environment(server.url)).code == 0
    return state(gateway)


def apply_killed(case: tuple[int, str, signal.Signals], folder: Path) -> str:
    """An apply that is killed at some time, then run until it is done, then taken back."""
    number, tool, how = case
    many = MANY if tool == "command" else 0  # a script takes seconds for each entity
    out, gateway = folder_in(folder, many), sandbox(latency=0.01 if tool == "command" else 0.0)
    apply, rollback = [*PROGRAM, "apply", "--output", out, "--yes"], [*PROGRAM, "rollback", "--output", out, "--yes"]
    if tool == "script":
        apply, rollback = ["bash", out / "apply.sh"], ["bash", out / "rollback.sh"]
    with Server(gateway) as server:
        env = environment(server.url)
        longest = 1.3 if tool == "command" else 1.2 * duration_of_a_script()
        killed(apply, env, random.Random(number).uniform(0.3, longest), how)
        time.sleep(0.3)  # what was under way reaches the gateway
        begun = any(one.method != "GET" for one in gateway.requests)
        for _ in range(8):
            ended = ran(apply, env)
            if ended.code == 0:
                break
        assert ended.code == 0, ended.err
        assert state(gateway) == calm(many), "not what a run without trouble leaves"
        again = ran(apply, env)
        assert (again.code, " created" in again.out) == (0, " created" in again.out), again.err
        assert state(gateway) == calm(many), "a second run changed something"
        back = ran(rollback, env, 120)
        assert back.code == 0, back.err
        assert not any(one.stored for one in gateway.entities.values()), "something stays after a rollback"
    return "in its work" if begun else "before it"


def two_at_once(case: tuple[str, str], folder: Path) -> str:
    """Two runs in one folder: nothing is there twice, and a rollback takes all back."""
    out, gateway = folder_in(folder), sandbox(latency=0.005)
    tools = {"command": [*PROGRAM, "apply", "--output", out, "--yes"], "script": ["bash", out / "apply.sh"]}
    with Server(gateway) as server:
        env = environment(server.url)
        running = [
            subprocess.Popen([*map(str, tools[tool])], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for tool in case
        ]
        said = [text(one.communicate(timeout=120)[1]) for one in running]
        codes = [one.returncode for one in running]
        assert 0 in codes, said
        assert all(code == 0 or "another run" in err for code, err in zip(codes, said, strict=True)), said
        assert state(gateway) == calm(MANY), "not what one run leaves"
        assert ran([*PROGRAM, "rollback", "--output", out, "--yes"], env).code == 0
        assert not any(one.stored for one in gateway.entities.values()), "something stays after a rollback"
    return f"{codes.count(0)} of 2 done"


def numbers(many: int) -> range:
    """So many cases."""
    return range(many)


SCRIPT = ("bash", "curl", "jq", "flock")
ATTACKS = (
    Attack(
        "conversion killed at each change of a file",
        "26 renames: 24 mixed, 17 not healed",
        lambda: [(first, number) for first in TEXTS for number in range(CHANGES + 1)],
        killed_at_a_change,
        97,
    ),
    Attack("conversion killed at random", "200: 140 old, 59 new, 1 mixed", lambda: numbers(200), killed_at_random, 200),
    Attack("first conversion killed at each change", "60: 49 none, 11 whole", lambda: numbers(60), killed_at_first, 60),
    Attack("four conversions at once", "25 rounds: all whole, 1 odd message", lambda: numbers(25), side_by_side, 25),
    Attack(
        "conversion interrupted (Ctrl-C, SIGTERM)",
        "270: 12 tracebacks, 10 crashes",
        lambda: [(8 * number, (signal.SIGINT, signal.SIGTERM)[number % 5 == 4]) for number in range(270)],
        interrupted,
        196,
    ),
    Attack(
        "apply killed or interrupted",
        "50: 0 twice, 0 lost",
        lambda: [(number, "command", (signal.SIGKILL, signal.SIGINT)[number % 2]) for number in range(50)],
        apply_killed,
        0,
    ),
    Attack(
        "apply.sh killed or interrupted",
        "24: 0 bad",
        lambda: [
            (number, "script", (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)[number % 3]) for number in range(24)
        ],
        apply_killed,
        0,
        SCRIPT,
    ),
    Attack(
        "two runs at once in one folder",
        "37 twice (command), 36 twice (apply.sh)",
        lambda: [(one, other) for one in ("command", "script") for other in ("command", "script")],
        two_at_once,
        4,
        SCRIPT,
    ),
)
