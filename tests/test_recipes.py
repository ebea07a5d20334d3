"""`litellm-migrate rules add-provider`: writes row and example, keeps the rest, and writes nothing that is wrong."""

from __future__ import annotations

import difflib
import json
from pathlib import Path

import pytest

from command import tree
from litellm_migrate import shipped
from litellm_migrate.cli.main import main
from litellm_migrate.lint.check import audit
from rule_copies import copied_rules, lent_rules, problems_of
from sampling import spread

ACME = ["--type", "CUSTOM", "--base-url", "https://llm.acme.example/v1", "--api-key-env", "ACME_API_KEY"]


def add(rules: Path, *words: str) -> int:
    """Runs the command; wrong usage is an exit code too."""
    try:
        return main(["rules", "add-provider", *words, "--rules", str(rules)])
    except SystemExit as end:
        return int(end.code or 0)


def integrations(rules: Path, folder: Path, models: list[str], dialect: str) -> dict[str, dict[str, object]]:
    """The integrations that a configuration of these models gives, by name."""
    config = folder / "config.yaml"
    entries = [{"model_name": "a", "litellm_params": {"model": model}} for model in models]
    config.write_text(json.dumps({"model_list": entries}), encoding="utf-8")
    words = ["--rules", str(rules), "--input", str(config), "--output", str(folder / "out"), "--dialect", dialect]
    assert main(words) == 0
    bodies = json.loads((folder / "out" / "payloads" / "integrations.json").read_text(encoding="utf-8"))
    return {body["name"]: body for body in bodies}


def test_in_a_copy_three_lines_are_added_and_none_is_touched(tmp_path: Path) -> None:
    rules = copied_rules(tmp_path)
    before = tree(rules)
    assert add(rules, "acme", *ACME) == 0
    after = tree(rules)
    changed = [name for name in after if after[name] != before.get(name)]
    assert changed == ["relations/deployments.yaml", "tables/providers.yaml"]
    lines = [
        line
        for name in changed
        for line in difflib.ndiff(before[name].decode().splitlines(), after[name].decode().splitlines())
        if line[0] in "+-"
    ]
    assert [line[0] for line in lines] == ["+"] * 3
    assert "  acme: {type: CUSTOM, base_url: 'https://llm.acme.example/v1', env: ACME_API_KEY}" in lines[2]
    assert [str(one) for one in audit(rules, shipped("schemas"))] == []


@pytest.mark.full
def test_an_overlay_is_begun_and_grows(tmp_path: Path) -> None:
    rules = tmp_path / "mine"
    assert add(rules, "acme", *ACME) == 0
    assert add(rules, "zeta", "--type", "GROQ", "--openapi-type", "CUSTOM", "--api-key-env", "ZETA") == 0
    assert add(rules, "bare", "--type", "CUSTOM", "--base-url", "http://bare.example:8000/v1") == 0
    assert [file.name for file in rules.iterdir()] == ["providers.yaml"]
    assert [str(one) for one in audit(rules, shipped("schemas"))] == []
    for dialect, kind in (("synapse", "GROQ"), ("openapi-0.2", "CUSTOM")):
        made = integrations(rules, tmp_path, ["acme/turbo", "zeta/x", "bare/x"], dialect)
        assert made["acme"]["apiKey"] == "${ACME_API_KEY}"
        assert made["acme"]["endpointUrl"] == "https://llm.acme.example/v1"
        assert made["zeta"]["providerType"] == kind
        assert made["bare"]["endpointUrl"] == "http://bare.example:8000/v1"


WRONG = {
    "type": (["acme", "--type", "CUSTM"], 2, "did you mean `CUSTOM`"),
    "type of the other dialect": (
        ["acme", "--type", "GROQ", "--api-key-env", "X"],
        1,
        "which dialect `openapi-0.2` does not",
    ),
    "no address": (
        ["acme", "--type", "CUSTOM", "--base-url", "llm.acme.example"],
        2,
        "--base-url: expected an address",
    ),
    "secret in the address": (["acme", "--type", "CUSTOM", "--base-url", "https://u:p@a.example/v1"], 2, "--base-url"),
    "no variable": (["acme", "--type", "CUSTOM", "--api-key-env", "sk-123"], 2, "--api-key-env: expected the name"),
    "prefix": (["Ac me", "--type", "CUSTOM"], 2, "PREFIX: expected the prefix"),
    "there already": (["openai", "--type", "CUSTOM"], 1, "has the row `openai` already"),
    "no type": (["acme"], 2, "--type"),
}


@pytest.mark.parametrize("case", spread(WRONG, 2))
def test_what_is_wrong_is_refused_and_nothing_is_written(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words, code, says = WRONG[case]
    rules = tmp_path / "mine"
    rules.mkdir()
    (rules / "own.yaml").write_text("kind: table\nid: providers\nrows: {}\n", encoding="utf-8")
    before = tree(tmp_path)
    assert add(rules, *words) == code
    told = capsys.readouterr()
    assert says in told.err
    assert "sk-123" not in told.err
    assert "u:p@" not in told.err
    assert tree(tmp_path) == before


def test_rules_that_do_not_load_are_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own.yaml").write_text("kind: table\nid: unasked\nrows: {a: {b: 1}}\n", encoding="utf-8")
    before = tree(tmp_path)
    assert add(tmp_path, "acme", *ACME) == 1
    assert f"{tmp_path / 'own.yaml'}:3:" in capsys.readouterr().err
    assert tree(tmp_path) == before


@pytest.mark.full
def test_what_was_wrong_before_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        "kind: table\nid: strategies\nrows: {free: {strategy: balanced}}\n", encoding="utf-8"
    )
    found = [str(one) for one in audit(tmp_path, shipped("schemas"))]
    assert len(found) == 1
    assert add(tmp_path, "acme", *ACME) == 0
    assert [str(one) for one in audit(tmp_path, shipped("schemas"))] == found


def test_the_rules_of_an_installed_program_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    installed = copied_rules(tmp_path / "litellm_migrate")
    monkeypatch.setattr("litellm_migrate.authoring.add.shipped", lambda name: installed.parent / name)
    monkeypatch.setattr("litellm_migrate.authoring.add.PACKAGE", installed.parent)
    assert add(installed, "acme", *ACME) == 2
    assert "--rules DIR" in capsys.readouterr().err


@pytest.mark.full
def test_the_answer_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert add(tmp_path / "mine", "acme", *ACME, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"written": [str(tmp_path / "mine" / "providers.yaml")]}


def test_help_names_every_argument(capsys: pytest.CaptureFixture[str]) -> None:
    assert add(shipped("rules"), "--help") == 0
    assert {"--type", "--base-url", "--api-key-env", "PREFIX"} <= set(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("- table: providers", "- table: provider", "`provider` is no table; did you mean `providers`"),
        ("{api_key_env}", "{api_key}", "`api_key` is no argument; did you mean `api_key_env`"),
        ("without: api_key_env", "without: key", "`key` is no argument"),
        ("first: prefix", "first: prefx", "`prefx` is no argument; did you mean `prefix`"),
        ("relation: deployment", "relation: deploymnt", "`deploymnt` is no relation; did you mean `deployment`"),
        ('pattern: "[a-z0-9][a-z0-9_.-]*"', 'pattern: "[A-Z"', "expected a regular expression for `prefix`"),
    ],
    ids=["table", "hole", "without", "first", "relation", "pattern"],
)  # fmt: skip
def test_a_recipe_that_names_what_is_not_there_is_a_problem(old: str, new: str, says: str) -> None:
    rules = lent_rules()
    file = rules / "recipes.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    found = problems_of(rules)
    assert any(says in one.message and one.file == str(file) and one.line > 1 for one in found), found
