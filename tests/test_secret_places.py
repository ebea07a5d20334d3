"""Canaries at every place that the known settings have: only names are shown, and never what looks like a key."""

from __future__ import annotations

import io
import json
import re
from contextlib import redirect_stderr, redirect_stdout
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from command import tree
from conversion import DIALECTS, of_text
from fuzz_run import one_rulebook
from litellm_migrate.cli import main as cli
from sampling import spread
from secret_places import ENTRY, PLACES, READ, documents, telling

TELLING = [path for path in PLACES if telling(path)]
CORE = "Zx7f3a9c2e41b8d60"
SHAPES: dict[str, Any] = {
    "key": f"sk-{CORE}",
    "key of AWS": "AKIAZX7F3A9C2E41B8D6",
    "key of Google": f"AIza{CORE}{CORE}",
    "header": f"Bearer {CORE}",
    "signed token": f"eyJ{CORE}.eyJ{CORE}.{CORE}",
    "password in a URL": f"https://user:{CORE}@llm.example/v1",
    "query of a URL": f"https://llm.example/v1?team=a&api_key={CORE}",
    "connection": f"postgresql://me:{CORE}@db.example:5432/x",
    "connection string": f"Server=db;User=me;Password={CORE};",
    "storage": f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={CORE}{CORE}==;",
    "JSON": f'{{"type": "x", "private_key": "{CORE}"}}',
    "certificate": f"-----BEGIN RSA PRIVATE KEY-----\n{CORE}\n-----END RSA PRIVATE KEY-----",
    "list": [f"sk-{CORE}"],
    "mapping": {"value": f"sk-{CORE}"},
    "name of a mapping": {f"sk-{CORE}": "x"},
    "behind os.environ": f"os.environ/sk-{CORE}",
    "part of a name": f"my sk-{CORE} is here",
}


def shown(folder: Path, document: Any, dialect: str) -> str:
    """Everything that a conversion writes and says."""
    (folder / "config.yaml").write_text(json.dumps(document))
    out, err = io.StringIO(), io.StringIO()
    arguments = [
        "--input",
        str(folder / "config.yaml"),
        "--output",
        str(folder / "out"),
        "--json",
        "--annotate",
        "--dialect",
        dialect,
    ]
    with redirect_stdout(out), redirect_stderr(err):
        assert cli.main(arguments) == 0
    files = tree(folder / "out")
    return "\n".join([out.getvalue(), err.getvalue(), *files, *(content.decode() for content in files.values())])


def leaked(text: str) -> bool:
    """Whether a canary is to be seen, in whatever spelling."""
    plain = re.sub(r"[^a-z0-9]", "", text.lower())
    return "zx7f3a9c2e41" in plain


def test_there_are_hundreds_of_places() -> None:
    assert len(PLACES) > 2500
    assert len(TELLING) > 500


@pytest.mark.parametrize("dialect", spread(DIALECTS, len(DIALECTS)))
def test_only_names_are_shown(dialect: str) -> None:
    seen: set[str] = set()
    for document, _ in documents(PLACES, lambda number: f"Canary{number:04d}x7f3a"):
        plain = re.sub(r"[^a-z0-9]", "", of_text(json.dumps(document), dialect).texts().lower())
        seen |= {".".join(map(str, PLACES[int(found)])) for found in re.findall(r"canary(\d{4})x7f3a", plain)}
    assert seen <= READ
    assert "model_list.0.model_name" in seen


@pytest.mark.parametrize("part", spread(range(4), 4))
def test_what_looks_like_a_key_is_shown_nowhere(part: int, tmp_path: Path, dialect: str) -> None:
    shapes = list(SHAPES.values())
    chosen = PLACES[part::4] if dialect == "synapse" else TELLING[part::4]
    with one_rulebook():
        for document, numbers in documents(chosen, lambda number: shapes[number % len(shapes)]):
            text = shown(tmp_path, document, dialect)
            assert not leaked(text), [chosen[number] for number in numbers]


@pytest.mark.parametrize(("part", "shape"), spread(product(range(3), SHAPES), 3))
def test_every_shape_is_masked_where_names_are_read(part: int, shape: str, tmp_path: Path) -> None:
    paths = [path for path in PLACES if ".".join(map(str, path)) in READ][part::3]
    with one_rulebook():
        for document, _ in documents(paths, lambda _: SHAPES[shape], most=1):
            assert not leaked(shown(tmp_path, document, "synapse"))


def test_what_is_masked_is_reported_with_its_line(tmp_path: Path) -> None:
    text = f'model_list:\n- model_name: sk-{CORE}\n  litellm_params: {{model: openai/gpt-4o}}\n"x": 1\nsk-{CORE}1: 2\n'
    done = of_text(text)
    told = [notice for notice in done.data["notices"] if notice["code"] == "looks-like-key"]
    assert [(notice["line"], notice["because"].split()[-2]) for notice in told] == [
        (2, "masked-key-1"),
        (5, "masked-key-2"),
    ]
    rule = done.routing["rules"][0]
    assert rule["modelPattern"] == "masked-key-1"
    assert done.setting("/masked-key-2")["code"] == "LM901"


def test_what_holds_the_configuration_is_masked_too() -> None:
    done = of_text(f"sk-{CORE}:\n  model_list: []\n  sk-{CORE}: 1\n")
    assert not leaked(done.texts())
    assert done.setting("/masked-key-1/masked-key-1")["line"] == 3


def test_the_same_key_has_the_same_mask_and_no_name_is_taken_twice() -> None:
    key = f"sk-{CORE}"
    entries = [{**ENTRY, "model_name": name} for name in (key, "masked-key-1", f"{key}2", key)]
    names = {rule["modelPattern"] for rule in of_text(json.dumps({"model_list": entries})).routing["rules"]}
    assert names - {"openai/gpt-4o"} == {"masked-key-1", "masked-key-2", "masked-key-3"}


@pytest.mark.parametrize(
    "text",
    [
        "task-1234567890abcdef12",
        "sk-learn-is-a-library-of-python",
        "sk-none",
        "os.environ/SK_1",
        "disk-0123456789abcdef",
    ],
)
def test_what_is_no_key_stays(text: str) -> None:
    entry = {"model_name": text, "litellm_params": {"model": "openai/gpt-4o"}}
    rule = of_text(json.dumps({"model_list": [entry]})).routing["rules"][0]
    assert rule["modelPattern"] == text


REFUSED = {
    "no section": f"sk-{CORE}: 1\n",
    "a name of an included file": f"include: [sk-{CORE}.yaml]\nmodel_list: []\n",
    "two configurations": f"sk-{CORE}: {{model_list: []}}\nb: {{model_list: []}}\n",
}


@pytest.mark.parametrize("case", REFUSED)
def test_no_error_shows_a_key_that_stands_in_the_place_of_a_name(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("config.yaml").write_text(REFUSED[case])
    assert cli.main(["--input", "config.yaml", "--output", "out"]) == 1
    said = capsys.readouterr()
    assert not leaked(said.out + said.err)
    assert "***" in said.err
