"""Findings have codes, and reports and the reference say what each stands for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conversion import EXAMPLES, Result, of_file, rulebook
from litellm_migrate import shipped
from litellm_migrate.cli.main import main
from litellm_migrate.lint.check import audit

OWN = """
kind: codes
id: codes_of_ours
codes:
  AC101: {name: charge-back, class: check, title: Charges are not booked, about: Our charges stay in the old ledger.}
---
kind: dispositions
under: ""
foreign: true
%ssettings:
  ledger: {manual: Our own patch of the proxy books charges by this., do: Book them by hand.}
  booked: {skipped: Our own patch of the proxy notes the last booking here.}
"""


@pytest.fixture(scope="module", params=sorted(EXAMPLES.glob("*.yaml")), ids=lambda file: str(file.stem))
def result(request: pytest.FixtureRequest) -> Result:
    return of_file(request.param)


def test_everything_manual_has_a_code_that_the_report_explains(result: Result) -> None:
    manual = [setting for setting in result.data["settings"] if setting["outcome"] == "manual"]
    assert {setting["code"] for setting in manual} <= result.data["codes"].keys()


def test_the_report_explains_no_code_that_does_not_occur(result: Result) -> None:
    findings = {finding["code"]: finding for finding in result.data["findings"]}
    assert result.data["codes"].keys() == findings.keys()
    settings = result.data["settings"]
    for code, finding in findings.items():
        for statement in finding["statements"]:
            for setting in [settings[number] for number in statement["settings"]]:
                assert setting["code"] == code or any(statement["because"] in text for text in setting["differs"])
    declared = rulebook().codes
    for code, meaning in result.data["codes"].items():
        assert meaning["title"] == declared[code].title


def test_a_setting_that_only_decides_or_is_carried_has_no_finding(result: Result) -> None:
    codes = {setting["code"] for setting in result.data["settings"] if setting["outcome"] == "mapped"}
    assert codes <= {"exact", "approximate", "decides"}


@pytest.mark.parametrize("word", ["LM205", "LM901"])
def test_the_reference_says_class_title_and_meaning(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = rulebook().codes[word]
    assert main(["rules", "reference", word]) == 0
    shown = capsys.readouterr().out
    assert f"class {code.category}: {code.title}. {code.about}" in shown


def test_a_mapping_that_is_a_text_has_the_code_of_a_value_that_is_not_supported(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("model_list: [text]\nlitellm_settings: text\n")
    data = of_file(tmp_path / "config.yaml").data
    assert {setting["code"] for setting in data["settings"]} == {"LM903"}


def overlay(folder: Path, code: str) -> Path:
    (folder / "rules").mkdir()
    (folder / "rules" / "ours.yaml").write_text(OWN % code)
    return folder / "rules"


def test_rules_of_ones_own_have_codes_of_their_own(tmp_path: Path) -> None:
    rules = overlay(tmp_path, "code: AC101\n")
    (tmp_path / "config.yaml").write_text("model_list: []\nledger: main\nbooked: yesterday\n")
    assert (
        main(["--input", str(tmp_path / "config.yaml"), "--output", str(tmp_path / "out"), "--rules", str(rules)]) == 0
    )
    data = json.loads((tmp_path / "out" / "migration_report.json").read_text())
    assert [(setting["path"], setting["code"]) for setting in data["settings"] if setting["path"] != "/model_list"] == [
        ("/ledger", "AC101"),
        ("/booked", "by-rule"),
    ]
    assert data["codes"]["AC101"] == {
        "name": "charge-back",
        "class": "check",
        "title": "Charges are not booked",
        "about": "Our charges stay in the old ledger.",
    }


@pytest.mark.full
def test_rules_of_ones_own_with_codes_have_no_problem(tmp_path: Path) -> None:
    assert audit(overlay(tmp_path, "code: AC101\n"), shipped("schemas")) == []


@pytest.mark.full
def test_rules_of_ones_own_that_give_no_code_are_told_where(tmp_path: Path) -> None:
    found = audit(overlay(tmp_path, ""), shipped("schemas"))
    assert [(one.check, one.problem.line) for one in found] == [("unused", 5), ("code", 11)]
    assert "Write `code:`" in found[1].problem.message


def test_a_name_is_taken_once(tmp_path: Path) -> None:
    rules = overlay(tmp_path, "code: AC101\n")
    (rules / "ours.yaml").write_text((rules / "ours.yaml").read_text().replace("name: charge-back", "name: fallback"))
    (problem,) = {str(one) for one in audit(rules, shipped("schemas"))}
    assert "`fallback` is also declared in" in problem
