"""What the command understands: verbs, options, helps; and wrong usage, of which each mistake is one clear line."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from command import SMALL, run_inside, tree
from conversion import EXAMPLES
from gateway_run import folder_of
from litellm_migrate.cli.verbs import MISSION, RULES, VERBS

QUICKSTART = str(EXAMPLES / "quickstart.yaml")
GATEWAY = ["--gateway-url", "https://gateway.example", "--api-key", "k"]
NONE_GIVEN = "required, but not given"

MISTAKES: dict[str, tuple[list[str], int, str]] = {
    "no input": (["--output", "out"], 2, f"--input: {NONE_GIVEN}"),
    "no output": (["--input", QUICKSTART], 2, f"--output: {NONE_GIVEN}"),
    "an empty path": (["--input", QUICKSTART, "--output", ""], 2, "--output: expected a path, found an empty text."),
    "a folder for a file": (["convert", ".", "-o", "out"], 1, "found a folder without. Name a file in it."),
    "no such file": (["convert", "absent.yaml", "-o", "out"], 1, "absent.yaml: expected a file to read"),
    "a file for a folder": (["convert", QUICKSTART, "-o", QUICKSTART], 1, "expected a folder, found a file."),
    "a name too long": (["convert", QUICKSTART, "-o", "x" * 300], 1, "expected a folder that can be written"),
    "a file for the payloads": (["plan", "--output", QUICKSTART, *GATEWAY], 1, "a conversion wrote, found a file."),
    "wrong YAML": (["convert", "wrong.yaml", "-o", "out"], 1, "wrong.yaml:2:1: expected YAML, found a `[`"),
    "two inputs": (["convert", QUICKSTART, "--input", "x", "-o", "out"], 2, "CONFIG and --input: expected one of them"),
    "an unknown dialect": (
        ["convert", QUICKSTART, "-o", "out", "--dialect", "synaps"],
        2,
        "--dialect: expected one of guides, openapi-0.2, synapse, found `synaps`; did you mean `synapse`?",
    ),
    "an unknown endpoint": (
        ["convert", QUICKSTART, "-o", "out", "--only", "models,modles"],
        2,
        "did you mean `models`?",
    ),
    "a misspelt verb": (["paln", "--output", "out"], 2, "`paln`: there is no such verb; did you mean `plan`?"),
    "a misspelt verb of rules": (["rules", "expain"], 2, "`expain`: there is no such verb; did you mean `explain`?"),
    "help": (["help"], 2, "did you mean `--help`?"),
    "no verb before a file": ([QUICKSTART], 2, "a verb comes first: `litellm-migrate convert"),
    "a verb that comes late": (["-v", "plan", "--output", "out"], 2, "a verb comes first: `litellm-migrate plan ...`."),
    "a misspelt option": (["plan", "--ouput", "out"], 2, "--ouput: there is no such option; did you mean `--output`?"),
    "an option of another verb": (["plan", "--dry-rn"], 2, "`--dry-run` belongs to `rollback`."),
    "an abbreviation": (["--inp", "x.yaml"], 2, "--inp: there is no such option; did you mean `--input`?"),
    "a secret after a misspelt option": (["plan", "--api-kye=sk-1", "--api-kye", "sk-2"], 2, "`--api-key`?"),
    "a secret of which no option is told": (["plan", "--api-key", "=", f"sk-{'x' * 40}"], 2, "`sk-x...`: this word"),
    "a key in the place of its file": (
        ["plan", "--output", "out", *GATEWAY[:2], "--api-key-file", "sk-1"],
        2,
        "--api-key-file: expected a file that can be read. No such file or directory.",
    ),
    "a word too many": (["plan", "out", "--output", "out"], 2, "`out`: this word is one too many"),
    "no value": (["plan", "--output"], 2, "--output: expected a value, found none."),
    "a value too many": (["plan", "--json=yes"], 2, "--json: expected no value, found one."),
    "no port": (["sandbox", "--port", "abc"], 2, "--port: expected a number from 0 to 65535, found `abc`."),
    "no colour": (["plan", "--output", "out", "--color", "red"], 2, "--color: expected one of auto, always, never"),
    "an address of another kind": (
        ["plan", "--output", "out", "--gateway-url", "htp://x", "--api-key", "k"],
        2,
        "--gateway-url: expected an address such as https://gateway.example, found another text.",
    ),
    "no key": (["plan", "--output", "out", *GATEWAY[:2]], 2, "expected the gateway's key. Set SYNAPSE_API_KEY"),
    "no key for a later step": (["--input", QUICKSTART, "-o", "x", "--apply", *GATEWAY[:2]], 2, "the gateway's key."),
    "no shell": (["completion", "bsh"], 2, "expected bash, zsh or fish, found `bsh`; did you mean `bash`?"),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a conversion in `out`; nothing in the environment says how a gateway is reached."""
    for name in ("GATEWAY_URL", "SYNAPSE_API_KEY", "SYNAPSE_TENANT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wrong.yaml").write_text("model_list: [\n")
    return folder_of(tmp_path / "out").parent


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_typical_mistake_is_one_clear_line(mistake: str, folder: Path) -> None:
    words, code, message = MISTAKES[mistake]
    before = tree(folder)
    ran = run_inside(*words)
    lines = [line for line in ran.err.splitlines() if not line.startswith("usage: ")]
    assert (ran.code, ran.out) == (code, "")
    assert message in lines[0]
    assert len(lines) == 1
    assert lines[0].startswith("litellm-migrate") == (code == 2)
    assert not re.search(r"sk-\w{2}|sk-\d", ran.err)
    assert tree(folder) == before


def test_all_mistakes_are_said_at_once_and_then_the_usage() -> None:
    ran = run_inside("plan", "--ouput", "out", "--timeout", "nan", "--concurrency", "0")
    lines = ran.err.splitlines()
    assert [line.split(": ")[1] for line in lines[:-1]] == ["--concurrency", "--ouput", "--timeout"]
    assert lines[-1] == "usage: litellm-migrate plan --output DIR [options]"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HTTPS_PROXY", "socks5://user:pass@proxy:1"),
        ("ALL_PROXY", "foo://user:pass@proxy:1"),
        ("NO_PROXY", "[::1,pass"),
        ("SSL_CERT_FILE", "/pass/nowhere.pem"),
    ],
)
def test_an_environment_that_cannot_be_used_is_wrong_usage(
    variable: str, value: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SSL_CERT_DIR", "SSL_CERT_FILE", variable):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, value)
    ran = run_inside("plan", "--output", folder / "out", *GATEWAY)
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert f"litellm-migrate plan: {variable}: expected " in ran.err
    assert "pass" not in ran.err


@pytest.mark.parametrize("name", VERBS)
def test_every_help_has_its_options_and_ends_with_its_exit_codes(name: str) -> None:
    ran = run_inside(*name.split(), "--help")
    assert (ran.code, ran.err) == (0, "")
    shown, _, codes = ran.out.partition("\nexit codes:\n")
    assert shown.startswith(f"usage: litellm-migrate {name} ")
    assert [int(line.split()[0]) for line in codes.splitlines()] == [*VERBS[name].exit_codes]
    assert all(option.rpartition(" ")[2] in shown for option in VERBS[name].options)


def test_the_overview_is_short_and_names_every_verb() -> None:
    short, whole, rules = run_inside("-h").out, run_inside("--help").out, run_inside("rules", "-h").out
    assert len(short.splitlines()) < 40
    assert all(f"\n  {name} " in short for name in VERBS if " " not in name)
    assert all(f"\n  {name} " in rules for name in RULES)
    assert all(option.rpartition(" ")[2] in whole for option in MISSION.options)
    assert "[env: SYNAPSE_API_KEY]" in whole
    assert "[default: 30]" in whole
    assert run_inside() == (2, "", short)
    assert run_inside("-V").out.startswith("litellm-migrate 0")


def test_a_verb_does_what_the_form_without_one_does(folder: Path) -> None:
    written = []
    for number, words in enumerate((["--input", "c.yaml", "--output"], ["convert", "c.yaml", "-o"], ["-o"])):
        (folder / "c.yaml").write_text(SMALL)
        rest = ["--input", "c.yaml"] if words == ["-o"] else []
        assert run_inside(*words, folder / f"out{number}", *rest).code == 0
        written.append(tree(folder / f"out{number}"))
    assert written[0] == written[1] == written[2]


def test_quiet_says_errors_only_and_verbose_what_is_read(folder: Path) -> None:
    (folder / "c.yaml").write_text(SMALL)
    assert run_inside("convert", "c.yaml", "-o", "a", "-q") == (0, "", "")
    assert "expected a file to read" in run_inside("convert", "d.yaml", "-o", "a", "-q").err
    assert "read c.yaml\n" in run_inside("convert", "c.yaml", "-o", "a", "-v").err


@pytest.mark.parametrize(
    ("words", "environment", "colored"),
    [
        ([], {}, False),
        (["--color", "always"], {}, True),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color=never"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colours(
    words: list[str], environment: dict[str, str], colored: bool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    (folder / "c.yaml").write_text(SMALL)
    assert ("\033[" in run_inside("convert", "c.yaml", "-o", "a", *words).err) == colored


def test_a_rehearsal_needs_no_folder_and_takes_one(folder: Path) -> None:
    before = tree(folder)
    for words in (["rehearse", QUICKSTART], ["rehearse", "--output", "out"]):
        ran = run_inside(*words)
        assert ran.code == 0, ran
        assert [line.partition(":")[0].split()[-1] for line in ran.out.splitlines()] == ["good"] * 4
    assert json.loads(run_inside("rehearse", "--output", "out", "--json").out)["good"] is True
    (folder / "out/migration_report.json").write_text('{"dialect": "guides"}')
    assert "--dialect: expected guides" in run_inside("rehearse", "--output", "out", "--dialect", "synapse").err
    (folder / "out/migration_report.json").unlink()
    assert tree(folder) == before


def test_what_is_wrong_is_in_the_document_too(folder: Path) -> None:
    def problems(*words: str) -> Any:
        ran = run_inside(*words, "--json")
        (wrong,) = json.loads(ran.out)["problems"]
        assert wrong["message"] in ran.err
        return ran.code, wrong["file"], wrong["line"], wrong["column"]

    assert problems("convert", "wrong.yaml", "-o", "a") == (1, "wrong.yaml", 2, 1)
    assert problems("--input", "wrong.yaml", "-o", "a", "--apply", *GATEWAY) == (1, "wrong.yaml", 2, 1)
    assert problems("plan", "--otput", "a") == (2, "--otput", 0, 0)


COMPLETE = {
    "bash": "COMP_WORDS=(litellm-migrate {0}); COMP_CWORD={1}; _litellm_migrate; printf '%s\\n' ${{COMPREPLY[@]}}",
    "fish": "complete -C 'litellm-migrate {0}' | string split -f1 \\t",
}


@pytest.mark.parametrize("shell", COMPLETE)
def test_words_are_completed(shell: str, folder: Path) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not here")
    (folder / "script").write_text(run_inside("completion", shell).out)
    asked = (COMPLETE[shell].format(words, len(words.split())) for words in ("pl", "plan --ti", "rules exp"))
    lines = "\n".join(["source ./script", *asked])
    done = subprocess.run([shell, "-c", lines], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["plan", "--timeout", "explain"]
