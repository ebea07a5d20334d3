"""Findings on standard output, for people, programs, code scanning and annotations."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from command import run_inside

CANARY = "Canary-7f3a9c2e41-secret"
NAME = "100%, a:b\n::error::owned"
CONFIG: dict[str, Any] = {
    "model_list": [
        {"model_name": name, "litellm_params": {"model": "openai/gpt-4o", "api_key": f"sk-{CANARY}", "timeout": 5}}
        for name in (NAME, "b", "c")
    ],
    "litellm_settings": {"fallbacks": [{NAME: ["b"]}], "drop_params": True, "unheard_of": CANARY},
    "general_settings": {"master_key": f"sk-{CANARY}"},
}
ANNOTATION = re.compile(r"::(error|warning|notice) (?:file=([^,:]*),line=(\d+),col=(\d+),)?title=(LM\d{3} [^,:]*)::.+")


def printed(folder: Path, form: str, *options: str) -> str:
    file = folder / "a %,b.yaml"
    file.write_text(json.dumps(CONFIG, indent=1))
    done = run_inside("--input", file, "--output", folder / "out", "--no-html", "--format", form, *options)
    assert done.code == 0
    assert CANARY not in done.out
    return done.out


def test_a_line_for_each_place_as_compilers_write_them(tmp_path: Path) -> None:
    lines = printed(tmp_path, "text").splitlines()
    assert all(re.match(r"(\S.*\.yaml:\d+:\d+: )?LM\d{3} [A-Z]", line) for line in lines)
    timeouts = [line for line in lines if " LM604 " in line]
    assert len(timeouts) == 3
    assert len(set(timeouts)) == 3


def test_json_holds_the_same_and_what_was_accepted(tmp_path: Path) -> None:
    lines = printed(tmp_path, "text").splitlines()
    findings = json.loads(printed(tmp_path, "json", "--ignore", "LM604=clients have one"))
    assert len(findings) == len(lines)
    accepted = [finding for finding in findings if finding.get("accepted")]
    assert [finding["reason"] for finding in accepted] == ["clients have one"] * 3
    assert accepted[0]["setting"] == "/model_list/0/litellm_params/timeout"
    assert len(printed(tmp_path, "text", "--ignore", "LM604").splitlines()) == len(lines) - 3


def test_sarif_names_rules_places_and_what_was_accepted(tmp_path: Path) -> None:
    log: Any = json.loads(printed(tmp_path, "sarif", "--ignore", "LM604=clients have one", "--ignore", "LM605"))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        for location in result.get("locations", ()):
            physical = location["physicalLocation"]
            assert re.fullmatch(r"file:///\S+/a%20%25%2Cb\.yaml", physical["artifactLocation"]["uri"])
            assert min(physical["region"].values()) >= 1
    prints = [result["partialFingerprints"]["finding/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)
    suppressed = {result["ruleId"]: result["suppressions"] for result in run["results"] if "suppressions" in result}
    assert suppressed["LM604"] == [{"kind": "external", "status": "accepted", "justification": "clients have one"}]
    assert suppressed["LM605"] == [{"kind": "external", "status": "accepted"}]


def test_fingerprints_stay_when_lines_move(tmp_path: Path) -> None:
    before = json.loads(printed(tmp_path, "sarif"))["runs"][0]["results"]
    (tmp_path / "moved").mkdir()
    file = tmp_path / "a %,b.yaml"
    file.write_text("\n\n" + file.read_text())
    done = run_inside("--input", file, "--output", tmp_path / "moved", "--no-html", "--format", "sarif")
    after = json.loads(done.out)["runs"][0]["results"]
    assert [result["partialFingerprints"] for result in before] == [result["partialFingerprints"] for result in after]
    assert before != after


def test_no_name_ends_an_annotation_or_begins_another(tmp_path: Path) -> None:
    out = printed(tmp_path, "github")
    lines = out.splitlines()
    parts = [ANNOTATION.fullmatch(line) for line in lines]
    assert all(parts)
    files = {part[2] for part in parts if part and part[2]}
    assert {file.rpartition("/")[2] for file in files} == {"a %25%2Cb.yaml"}
    assert "100%25" in out
    assert "::owned" in out  # within the message, where it is text
    assert "Also in 2 more places" in out


def test_no_more_annotations_of_a_level_than_github_shows(tmp_path: Path) -> None:
    entries = [{**CONFIG["model_list"][0], "model_name": f"m{number}"} for number in range(15)]
    fallbacks = [{entry["model_name"]: ["m0"]} for entry in entries[1:]]
    config = {"model_list": entries, "litellm_settings": {"fallbacks": fallbacks}}
    (tmp_path / "c.yaml").write_text(json.dumps(config, indent=1))
    lines = run_inside(
        "--input", tmp_path / "c.yaml", "--output", tmp_path / "o", "--no-html", "--format", "github"
    ).out.splitlines()
    for level in ("error", "warning", "notice"):
        assert sum(line.startswith(f"::{level} ") for line in lines) <= 10
    assert any(not line.startswith("::") for line in lines)


def test_one_document_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(json.dumps(CONFIG))
    done = run_inside("--input", tmp_path / "c.yaml", "--output", tmp_path / "o", "--format", "json", "--json")
    assert (done.code, [wrong["file"] for wrong in json.loads(done.out)["problems"]]) == (2, ["--format"])


@pytest.mark.parametrize("form", ["xml", ""])
def test_an_unknown_format_is_wrong_usage(form: str, tmp_path: Path) -> None:
    assert run_inside("--input", "x.yaml", "--output", tmp_path, "--format", form).code == 2
