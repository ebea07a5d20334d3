"""A new provider is one row and one example in a copy of the rules: no code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from litellm_migrate import shipped
from litellm_migrate.cli.main import main
from litellm_migrate.lint.check import audit
from litellm_migrate.lint.violation import EXAMPLE
from litellm_migrate.source.model import Problem
from rule_copies import copied_rules

ROW = "  acme: {type: CUSTOM, base_url: https://llm.acme.example/v1, env: ACME_API_KEY}\n"
ROWS = """\
- config: {model_list: [{model_name: x, litellm_params: {model: acme/turbo-1}}]}
  rows: [{upstream: turbo-1, type: CUSTOM, endpoint: "https://llm.acme.example/v1", key_variable: ACME_API_KEY}]
"""
CONFIG = "model_list:\n- model_name: fast\n  litellm_params: {model: acme/turbo-1}\n"


def after(file: Path, line: str, text: str, within: str = "") -> None:
    """Puts text below the first line of a file that begins so, after the place where `within` stands."""
    written = file.read_text(encoding="utf-8")
    end = written.index("\n", written.index(f"\n{line}", written.index(within)) + 1) + 1
    file.write_text(written[:end] + text + written[end:], encoding="utf-8")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the rules that knows one provider more."""
    made = copied_rules(tmp_path)
    after(made / "tables" / "providers.yaml", "rows:", ROW)
    after(made / "relations" / "deployments.yaml", "examples:", ROWS, within="\nid: deployment")
    return made


def converted(tmp_path: Path, *more: str) -> tuple[int, Path]:
    """The exit code and the output of the command on the configuration."""
    config, output = tmp_path / "config.yaml", tmp_path / "out"
    config.write_text(CONFIG, encoding="utf-8")
    return main(["--input", str(config), "--output", str(output), *more]), output


def body(output: Path, file: str) -> Any:
    """The only body of a payload file."""
    (found,) = json.loads((output / "payloads" / file).read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("dialect", ["synapse", "openapi-0.2"])
def test_its_prefix_converts(rules: Path, tmp_path: Path, dialect: str) -> None:
    code, output = converted(tmp_path, "--rules", str(rules), "--dialect", dialect, "--strict")
    assert code == 0
    made = body(output, "integrations.json")
    assert (made["name"], made["apiKey"], made["endpointUrl"]) == (
        "acme",
        "${ACME_API_KEY}",
        "https://llm.acme.example/v1",
    )
    assert body(output, "models.json")["modelId"] == "turbo-1"
    assert "ACME_API_KEY" in (output / "apply.sh").read_text(encoding="utf-8")


def test_without_the_row_it_is_manual(tmp_path: Path) -> None:
    code, output = converted(tmp_path, "--strict")
    assert code == 3
    assert json.loads((output / "payloads" / "models.json").read_text(encoding="utf-8")) == []


@pytest.mark.full
def test_its_example_holds_and_is_wrong_where_the_row_lacks(rules: Path) -> None:
    assert not examples_that_fail(rules)
    file = rules / "tables" / "providers.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(ROW, ""), encoding="utf-8")
    problems = examples_that_fail(rules)
    assert problems
    assert problems[0].file.endswith("deployments.yaml")


def examples_that_fail(rules: Path) -> list[Problem]:
    """What `check-rules` has against the examples of a folder of rules."""
    return [finding.problem for finding in audit(rules, shipped("schemas")) if finding.check == EXAMPLE]
