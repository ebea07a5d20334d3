"""`litellm-migrate rules add`: writes row and example, keeps the rest, and writes nothing that is wrong."""

from __future__ import annotations

import difflib
import json
import sys
from pathlib import Path

import pytest

from command import SMALL, Ran, run, run_inside, tree
from litellm_migrate import shipped
from litellm_migrate.lint.check import audit
from rule_copies import copied_rules, problems_of
from sampling import spread

ACME = ("providers", "acme", "type=CUSTOM", "base_url=https://llm.acme.example/v1", "env=ACME_API_KEY")
ACME_LINE = "  acme: {type: CUSTOM, base_url: https://llm.acme.example/v1, env: ACME_API_KEY}"
SHOWN = "{upstream: some-model, type: CUSTOM, endpoint: https://llm.acme.example/v1, key_variable: ACME_API_KEY}"
OVERLAY = """\
# Ours.
kind: table
id: providers
rows:
  # Vendors with a type.
  quick: {type: GROQ, env: QUICK_KEY}   # of the second team

  # Any server.
  slow: {type: CUSTOM, base_url: 'https://slow.example/v1', env: SLOW_KEY}

  # No model.
  none-at-all:
    manual: This calls an agent of ours, behind which no single model stands.
    do: Let clients call the agent itself.
    code: LM202
---
kind: dialect
id: openapi-0.2
tables: {providers: {quick: {type: CUSTOM}}}
"""


def add(rules: Path, *words: object) -> Ran:
    return run_inside("rules", "add", *words, "--rules", rules)


def wrong_in(rules: Path) -> list[str]:
    return [str(violation) for violation in audit(rules, shipped("schemas"))]


def added_lines(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """The lines that are new, and nothing else is different."""
    lines = []
    for name, content in after.items():
        if name.startswith(".compiled"):
            continue
        earlier = before.get(name, b"").decode().splitlines()
        lines += [line for line in difflib.ndiff(earlier, content.decode().splitlines()) if line[0] != " "]
    assert all(line[0] == "+" for line in lines), lines
    return [line[2:] for line in lines]


@pytest.mark.full
def test_in_a_copy_three_lines_are_added_and_none_is_touched(tmp_path: Path) -> None:
    rules = copied_rules(tmp_path)
    before = tree(rules)
    ran = add(rules, *ACME)
    assert ran.code == 0, ran.err
    assert "rules regenerate" in ran.err
    assert added_lines(before, tree(rules)) == [
        "- config: {model_list: [{model_name: x, litellm_params: {model: acme/some-model}}]}",
        f"  rows: [{SHOWN}]",
        ACME_LINE,
    ]
    text = (rules / "tables" / "providers.yaml").read_text(encoding="utf-8")
    assert text.index("# OpenAI-compatible vendors") < text.index(ACME_LINE) < text.index("# Clouds and vendors")


@pytest.mark.full
def test_an_overlay_keeps_comments_order_and_line_ends(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_bytes(OVERLAY.replace("\n", "\r\n").encode())
    assert add(tmp_path, *ACME).code == 0
    text = file.read_bytes().decode()
    assert text.count("\r\n") == text.count("\n")
    lines = text.replace("\r\n", "\n")
    assert lines.startswith(OVERLAY.replace("SLOW_KEY}\n", f"SLOW_KEY}}\n{ACME_LINE}\n"))


@pytest.mark.full
def test_a_dialect_has_cells_of_its_own_and_an_overlay_is_begun(tmp_path: Path) -> None:
    rules = tmp_path / "mine"
    ran = add(rules, "providers", "zeta", "type=GROQ", "keyless=true", "openapi-0.2.type=CUSTOM", "--json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out) == {"written": [str(rules / "providers.yaml")]}
    config = tmp_path / "config.yaml"
    config.write_text(SMALL.replace("openai/gpt-4o", "zeta/x"), encoding="utf-8")
    for dialect, kind in (("synapse", "GROQ"), ("openapi-0.2", "CUSTOM")):
        out = tmp_path / dialect
        words = ("--input", config, "--output", out, "--dialect", dialect, "--rules", rules)
        assert run_inside(*words).code == 0
        bodies = json.loads((out / "payloads" / "integrations.json").read_text(encoding="utf-8"))
        assert [body["providerType"] for body in bodies] == [kind]


@pytest.mark.full
def test_a_configuration_becomes_the_example_of_any_table(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(f"router_settings: {{routing_strategy: ours}}\n{SMALL}", encoding="utf-8")
    rules = tmp_path / "mine"
    words = ("strategies", "ours", "strategy=balanced", "weights={cost: 0.5, quality: 0.5}", "refuses=true")
    without = add(rules, *words)
    assert without.code == 1
    assert "in no example does the row `ours`" in without.err
    assert not rules.exists()
    assert add(rules, *words, "--example", config).code == 0
    text = (rules / "strategies.yaml").read_text(encoding="utf-8")
    row = "{strategy: balanced, weights: {cost: 0.5, quality: 0.5}, refuses: true}"
    assert f"  ours: {row}\n" in text
    assert "relation: gateway\nexamples:\n- config: {router_settings:" in text
    assert f"  rows: [{{answer: {row}}}]\n" in text


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ("model_list: [{model_name: a, litellm_params: {model: acme/x, api_key: sk-Zx7f3a9c2e41b8d6}}]", "no secret"),
        ("model_list: [{model_name: a}]", "the rules make no deployment of the example"),
        ("model_list: [", "config.yaml:1:"),
    ],
    ids=["secret", "nothing comes of it", "no YAML"],
)
def test_a_configuration_that_is_no_example_is_refused(tmp_path: Path, config: str, says: str) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(config, encoding="utf-8")
    ran = add(tmp_path / "mine", *ACME, "--example", file)
    assert ran.code == 1
    assert says in ran.err
    assert "Zx7f3a9c2e41b8d6" not in ran.err
    assert not (tmp_path / "mine").exists()


EMPTY = "kind: table\nid: providers\nrows: {}\n"
DIALECT = "kind: dialect\nid: openapi-0.2\ntables: {providers: {groq: {keyless: true}}}\n"
WRONG = {
    "type": (("providers", "a", "type=CUSTM", "env=X"), 2, "type: expected a provider type of Synapse"),
    "nearest": (("providers", "a", "type=CUSTM", "env=X"), 2, "did you mean `CUSTOM`"),
    "type of the other dialect": (("providers", "a", "type=GROQ", "env=X"), 1, "which dialect `openapi-0.2` does not"),
    "no address": (("providers", "a", "type=CUSTOM", "base_url=llm.acme.example"), 2, "base_url: expected an address"),
    "login": (("providers", "a", "type=CUSTOM", "base_url=https://u:p@a.example/v1"), 2, "base_url: expected"),
    "no variable": (("providers", "a", "type=CUSTOM", "env=sk-123"), 2, "env: expected the name"),
    "missing": (("providers", "a", "type=CUSTOM"), 2, "a: lacks `env` or `keyless`: expected the name"),
    "column": (("providers", "a", "typ=CUSTOM"), 2, "`typ` is no column of table `providers`; did you mean `type`"),
    "table": (("provider", "a", "type=CUSTOM"), 2, "`provider` is no table; did you mean `providers`"),
    "dialect": (("providers", "a", "openapi.type=CUSTOM"), 2, "did you mean `openapi-0.2`"),
    "no value": (("providers", "a", "type"), 2, "type: expected a cell and its value"),
    "number": (("tiers", "big", "rpm=many", "tpm=5"), 2, "rpm: expected a whole number above 0"),
    "there already": (("providers", "openai", "type=CUSTOM", "env=X"), 1, "has the row `openai` already"),
    "there in the dialect": (("providers", "groq", "openapi-0.2.type=COHERE"), 1, "states `groq` already"),
    "listed already": (("azure_foreign", "zai-glm-5", "vendor=openai"), 1, "has the row `zai-glm-5` already"),
}


@pytest.mark.parametrize("case", spread(WRONG, 4))
def test_what_is_wrong_is_refused_and_nothing_is_written(case: str, tmp_path: Path) -> None:
    words, code, says = WRONG[case]
    (tmp_path / "own.yaml").write_text(f"{EMPTY}---\n{DIALECT}", encoding="utf-8")
    before = tree(tmp_path)
    ran = add(tmp_path, *words)
    assert (ran.code, tree(tmp_path)) == (code, before)
    assert says in ran.err
    assert "sk-123" not in ran.err
    assert "u:p@" not in ran.err


def test_rules_that_do_not_load_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("kind: table\nid: unasked\nrows: {a: {b: 1}}\n", encoding="utf-8")
    before = tree(tmp_path)
    ran = add(tmp_path, *ACME)
    assert ran.code == 1
    assert f"{tmp_path / 'own.yaml'}:3:" in ran.err
    assert tree(tmp_path) == before


@pytest.mark.full
def test_what_was_wrong_before_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        "kind: table\nid: strategies\nrows: {free: {strategy: balanced}}\n", encoding="utf-8"
    )
    earlier = wrong_in(tmp_path)
    assert len(earlier) == 1
    assert add(tmp_path, *ACME).code == 0
    assert wrong_in(tmp_path) == earlier


def test_the_rules_of_an_installed_program_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = copied_rules(tmp_path / "litellm_migrate")
    monkeypatch.setattr("litellm_migrate.authoring.add.shipped", lambda name: installed.parent / name)
    monkeypatch.setattr("litellm_migrate.authoring.add.PACKAGE", installed.parent)
    ran = add(installed, *ACME)
    assert ran.code == 2
    assert "--rules DIR" in ran.err


def test_a_conversion_does_not_load_what_only_this_command_needs(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(SMALL, encoding="utf-8")
    ran = run(
        "--input",
        config,
        "--output",
        tmp_path / "out",
        command=(sys.executable, "-X", "importtime", "-m", "litellm_migrate"),
    )
    assert ran.code == 0
    assert "yaml" in ran.err
    assert "ruamel" not in ran.err


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("  relation: deployment\n", "  relation: deploymnt\n", "is no relation; did you mean `deployment`"),
        ("key_variable]", "key_variabl]", "`key_variabl` is no column of relation `deployment`"),
        ("{key}/some-model", "{prefix}/some-model", "`prefix` is no column of table `providers`"),
    ],
    ids=["relation", "column", "hole"],
)  # fmt: skip
def test_an_example_of_a_table_that_names_what_is_not_there_is_a_problem(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    rules = copied_rules(tmp_path)
    file = rules / "tables" / "providers.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    (problem,) = problems_of(rules)
    assert says in problem.message
    assert problem.file == str(file)
    assert text.splitlines()[problem.line - 1].strip().startswith(("relation:", "shows:", "config:"))
