"""Findings that somebody accepts: `--ignore`, and the file of what to ignore."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from command import Ran, run_inside

TEXT = """model_list:
- {model_name: a, litellm_params: {model: openai/gpt-4o, timeout: 5}}
- {model_name: b, litellm_params: {model: openai/gpt-4o-mini, timeout: 6}}
litellm_settings: {drop_params: true}
"""
TIMEOUT, PARAMS, KEYLESS = "LM604", "LM605", "LM302"


def convert(folder: Path, *options: str, ignored: str = "") -> Ran:
    (folder / "config.yaml").write_text(TEXT)
    if ignored:
        (folder / ".litellm-migrate-ignore.yaml").write_text(ignored)
    return run_inside("--input", folder / "config.yaml", "--output", folder / "out", "--no-html", *options)


def report(folder: Path) -> Any:
    return json.loads((folder / "out" / "migration_report.json").read_text())


def lines_of(folder: Path, code: str, accepted: bool) -> list[int]:
    data = report(folder)
    findings = [finding for finding in data["findings"] if (finding["code"], "reason" in finding) == (code, accepted)]
    numbers = [number for finding in findings for part in finding["statements"] for number in part["settings"]]
    return sorted(data["settings"][number]["line"] for number in numbers)


def test_strict_is_content_when_all_that_is_manual_is_accepted(tmp_path: Path) -> None:
    assert convert(tmp_path, "--strict").code == 3
    before_that = report(tmp_path)["classes"]["changes"]
    assert convert(tmp_path, "--strict", "--ignore", TIMEOUT).code == 3
    done = convert(tmp_path, "--strict", "--ignore", TIMEOUT, "--ignore", f"{PARAMS}=the clients send none")
    assert done.code == 0
    assert "3 manual (3 accepted)" in done.err
    data = report(tmp_path)
    (accepted,) = [finding for finding in data["findings"] if finding["code"] == PARAMS]
    assert (accepted["accepted"], accepted["reason"]) == (True, "the clients send none")
    assert data["classes"]["changes"] == before_that - 2
    assert data["summary"]["manual"] == data["summary"]["accepted"] == 3
    text = (tmp_path / "out" / "migration_report.md").read_text()
    before, _, after = text.partition("### Accepted")
    assert PARAMS not in before.partition("## Findings")[2]
    assert "Accepted: the clients send none." in after


def test_a_file_accepts_by_setting_or_by_line(tmp_path: Path) -> None:
    ignored = f"- {{code: {TIMEOUT}, where: 'model_list[0]', reason: fast enough}}\n- {{code: {PARAMS}, line: 4}}\n"
    assert convert(tmp_path, ignored=ignored).err.count("warning") == 0
    assert lines_of(tmp_path, TIMEOUT, True) == [2]
    assert lines_of(tmp_path, TIMEOUT, False) == [3]
    assert lines_of(tmp_path, PARAMS, True) == [4]


@pytest.mark.parametrize("where", ["model_list[].litellm_params", "model_list.*", "/model_list/*/litellm_params"])
def test_a_setting_may_be_a_pattern(where: str, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(f"- {{code: {TIMEOUT}, where: '{where}'}}\n")
    convert(tmp_path, "--ignore-file", str(other))
    assert lines_of(tmp_path, TIMEOUT, True) == [2, 3]


def test_what_matches_nothing_is_said(tmp_path: Path) -> None:
    done = convert(tmp_path, "--ignore", "LM306", ignored=f"- {{code: {TIMEOUT}, line: 1}}\n")
    assert done.code == 0
    assert "warning: --ignore: Nothing to ignore: there is no finding LM306" in done.err
    assert f"ignore.yaml:1:3: Nothing to ignore: there is no finding {TIMEOUT} in line 1" in done.err
    assert [notice["code"] for notice in report(tmp_path)["notices"]].count("unused-ignore") == 2


@pytest.mark.parametrize(
    ("options", "ignored", "expected"),
    [
        (["--ignore", "LM60"], "", "Did you mean `LM6"),
        (["--ignore", "LM304"], "", "--ignore LM304=WHY"),
        (["--ignore", "LM104= "], "", "expected a reason for LM104"),
        ([], "- {code: LM304}", "yaml:1:3: expected a reason for LM304"),
        ([], "LM604", "expected a list"),
        ([], "- LM604", "expected a mapping with a code"),
        ([], "- {code: LM604, reson: x}", "Did you mean `reason`?"),
        ([], "- {code: LM604, line: four}", "expected a number as `line`"),
        ([], "- {code: LM604", "yaml:1:"),
        (["--ignore-file", "missing.yaml"], "", "missing.yaml: expected a file"),
    ],
)
def test_what_cannot_be_accepted_is_wrong_usage(
    options: list[str], ignored: str, expected: str, tmp_path: Path
) -> None:
    done = convert(tmp_path, *options, ignored=ignored)
    assert done.code == 2
    assert expected in done.err
    assert not (tmp_path / "out").exists()
