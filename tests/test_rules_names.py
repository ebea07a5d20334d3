"""`rules explain` for every name that rules state, and `rules rows`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from litellm_migrate import shipped
from litellm_migrate.authoring.explain import explained, lines
from litellm_migrate.cli.main import main
from litellm_migrate.rulebook.usage import Usage, usage_of

CONFIG = """\
model_list:
- model_name: fast
  litellm_params: {model: groq/llama-3.1-8b-instant, rpm: 70}
- model_name: fast
  litellm_params:
    model: groq/llama-3.1-8b-instant
    api_key: gsk_Zx7f3a9c2e41b8d60Zx7f3a9c2e41b8d60
    rpm: 30
"""


@cache
def usage() -> Usage:
    return usage_of(shipped("rules"), shipped("schemas"), "synapse")


@pytest.mark.parametrize(
    ("name", "kind", "line", "says"),
    [
        ("strategies", "table", "id: strategies", "read by     gateway."),
        ("strategies.latency-based-routing", "row", "latency-based-routing:", "answers"),
        ("providers.openai", "row", "openai", "OPEN_AI"),
        ("limited", "relation", "id: limited", "read by     total  "),
        ("group_limits.rpm", "column", "rpm:", "made of     entry.requests"),
        ("total.tier", "column", "tier:", "read by     rate_limits.tier"),
        ("model.retired_fits", "column", "retired_fits:", "read by     model.model_row"),
        ("models", "endpoint", "id: models", "payloads    models.json"),
        ("models.limits.maxOutputTokens", "field", "limits.maxOutputTokens:", "writes      models.json: limits.max"),
        ("routing_config.rules.weight", "field", "weight:", "rule.route_weight"),
        ("lm206", "code", "LM206:", "places of the rules: --json lists them"),
    ],
)
def test_a_name_of_the_rules(name: str, kind: str, line: str, says: str) -> None:
    found = explained(usage(), name)
    (part,) = [part for part in found["meanings"] if part["kind"] == kind]
    stated = Path(part["file"]).read_text(encoding="utf-8").splitlines()
    assert any(line in text for text in stated[part["line"] - 1 : part["line"] + 1]), stated[part["line"] - 1]
    assert says in "\n".join(lines(found))
    for use in (*part.get("read_by", ()), *part.get("given_by", ())):
        assert Path(use["file"]).is_file()


@pytest.mark.parametrize("word", ["if", "lookup", "percent", "as"])
def test_a_form_or_function_as_the_reference_has_it_and_what_calls_it(
    word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", "explain", word]) == 0
    text, _, calls = capsys.readouterr().out.partition("  called by")
    assert main(["rules", "reference", word]) == 0
    assert text.rstrip("\n") in capsys.readouterr().out
    (found,) = explained(usage(), word)["meanings"]
    assert calls.count("called by") + 1 == len(found["called_by"])
    for use in found["called_by"]:
        line = Path(use["file"]).read_text(encoding="utf-8").splitlines()[use["line"] - 1]
        assert f"{word}(" in line


def test_a_code_with_every_place_that_gives_it() -> None:
    (found,) = explained(usage(), "LM201")["meanings"]
    texts = [file.read_text(encoding="utf-8") for file in shipped("rules").rglob("*.yaml")]
    assert len(found["given_by"]) == sum(text.count("code: LM201") for text in texts)
    assert "star" in found["means"]
    assert found["class"].startswith("breaks (")
    assert any("allowedModels" in step for step in found["to_do"])


def test_a_name_of_a_setting_and_of_a_rule_has_both_meanings() -> None:
    found = explained(usage(), "guardrails")
    assert found["setting"] == "guardrails"
    assert {part["kind"] for part in found["meanings"]} == {"endpoint"}


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("limited.rpn", "`rpn` is no column of relation `limited`; did you mean `rpm`?"),
        ("models.limits.maxOutputToken", "did you mean `limits.maxOutputTokens`"),
        ("strategies.latency-based", "is no row of table `strategies`; did you mean `latency-based-routing`"),
    ],
)
def test_a_misspelt_part_names_the_nearest(name: str, near: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "explain", name]) == 2
    assert near in capsys.readouterr().err


def test_a_misspelt_name_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "explain", "percnt"]) == 2
    assert "did you mean `percent`" in capsys.readouterr().err


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "config.yaml"
    file.write_text(CONFIG, encoding="utf-8")
    return file


def test_rows_with_their_values_and_lines(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "rows", "limited", "--input", str(config)]) == 0
    told = capsys.readouterr().out
    assert told.startswith("limited: 1 row\nrow 1  (")
    assert f"  rpm = 100  (from {config}:3, {config}:8)" in told
    assert '  model = "fast"' in told


def test_rows_as_json_show_no_secret(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "rows", "deployment", "--input", str(config), "--json", "--dialect", "openapi-0.2"]) == 0
    text = capsys.readouterr().out
    rows = json.loads(text)["rows"]
    assert [row["entries"] for row in rows] == [[{"file": str(config), "line": line}] for line in (2, 4)]
    assert rows[0]["columns"]["requests"] == {"value": 70, "from": [{"file": str(config), "line": 3}], "decided_by": []}
    assert "gsk_Zx7f3a9c" not in text


@pytest.mark.full
def test_every_relation_can_be_shown(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("model", "route", "gateway", "total", "account"):
        assert main(["rules", "rows", name, "--input", str(config)]) == 0
        assert capsys.readouterr().out.startswith(f"{name}: ")


def test_rows_of_what_is_no_relation(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "rows", "limted", "--input", str(config)]) == 2
    assert "`limted` is no relation; did you mean `limited`" in capsys.readouterr().err
