"""`check-rules`: what it answers for rules that are right, for rules that are not, and for no rules at all."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from conversion import DIALECTS
from litellm_migrate import shipped
from litellm_migrate.cli.main import main
from litellm_migrate.lint.check import audit
from litellm_migrate.lint.readme import check_readme
from litellm_migrate.lint.violation import Violation
from litellm_migrate.rulebook.load import load

ROOT = Path(__file__).parents[1]
MODELINE = re.compile(r"# yaml-language-server: \$schema=(\S+)\n")


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the rules with a misspelt column and a misspelt table."""
    rules = Path(shutil.copytree(shipped("rules"), tmp_path_factory.mktemp("wrong") / "rules"))
    file = rules / "relations" / "limits.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("lookup('tiers'", "lookup('teirs'").replace("rpm == null", "rpmm == null"),
        encoding="utf-8",
    )
    return rules


def test_the_shipped_rules_are_right() -> None:
    assert [str(violation) for violation in audit(shipped("rules"), shipped("schemas"))] == []


def test_no_problem_is_exit_0(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("litellm_migrate.lint.check.audit", lambda *_: [])
    assert main(["check-rules"]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "nothing is wrong" in told.err


def test_problems_are_exit_1_and_a_line_each(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-rules", str(wrong)]) == 1
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert all(re.match(r".+:\d+:\d+: .+ \[\w+\]\Z", line) for line in lines)
    assert any(": `rpmm`" in line and "did you mean `rpm`" in line for line in lines)
    assert any("`teirs` is no table or relation; did you mean `tiers`" in line for line in lines)
    assert f"{len(lines)} problems" in told.err


def test_problems_as_json(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-rules", "--json", str(wrong)]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["ok"] is False
    assert data["rules"] == str(wrong)
    assert {"file", "line", "column", "check", "message"} == set(data["problems"][0])


@pytest.mark.full
def test_a_cause_is_told_once_and_counts_what_follows(tmp_path: Path) -> None:
    rules = Path(shutil.copytree(shipped("rules"), tmp_path / "rules"))
    for name, old, new in (
        ("endpoints/catalog.yaml", "capabilities.jsonMode:", "capabilities.jsonMod:"),
        ("dialects/guides.yaml", "capabilities.jsonMode:", "capabilities.jsonMod:"),  # which renames it
        ("relations/routing.yaml", "'cost_optimized')", "'cost_optimised')"),
    ):
        file = rules / name
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    messages = [str(one) for one in audit(rules, shipped("schemas"))]
    (field,) = [text for text in messages if "[target]" in text]
    assert "models.json in dialect openapi-0.2 and models.json in dialect synapse; did you mean `jsonMode`?" in field
    assert re.search(r"\(And \d+ more that follow from this\.\)", field)
    cells = [text.partition("did you mean")[2] for text in messages if "'cost_optimised' does not fit" in text]
    assert len(cells) == len(set(cells)) <= 2, "once for each list of right values"
    assert not [text for text in messages if "no other fields" in text or "\0" in text]


@pytest.mark.parametrize("words", [["/nowhere"], ["a", "b"], ["--wrong"]])
def test_wrong_usage_is_exit_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code: object = main(["check-rules", *words])
    except SystemExit as end:
        code = end.code
    assert code == 2
    assert capsys.readouterr().err


@pytest.mark.full
def test_an_example_whose_body_does_not_fit_is_a_problem(tmp_path: Path) -> None:
    rules = Path(shutil.copytree(shipped("rules"), tmp_path / "rules"))
    file = rules / "relations" / "routing.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("rank: 3000", "rank: text('3000')"), encoding="utf-8")
    found = audit(rules, shipped("schemas"))
    assert any(one.check == "example" and "priority: expected a whole number" in one.problem.message for one in found)


def readme_findings(root: Path, text: str) -> list[Violation]:
    """What the check says of a checkout with this README."""
    golden = Path("tests", "golden", "quickstart")
    shutil.copytree(ROOT / golden, root / golden)
    shutil.copy(ROOT / "tests" / "readme_tables.py", root / "tests")
    (root / "README.md").write_text(text, encoding="utf-8")
    books = {name: load(shipped("rules"), shipped("schemas"), name) for name in DIALECTS}
    return list(check_readme(root, books, checkout=root))


def test_a_table_of_the_readme_that_the_rules_contradict(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    line = text[: text.index("| `starter` |")].count("\n") + 1
    found = readme_findings(tmp_path, text.replace("| `starter` | 100 |", "| `starter` | 101 |"))
    assert [(one.check, Path(one.problem.file).name) for one in found] == [("readme", "README.md")]
    assert found[0].problem.line <= line


def test_outside_of_its_own_checkout_the_readme_is_not_asked(tmp_path: Path) -> None:
    shutil.copy(ROOT / "README.md", tmp_path)
    assert not list(check_readme(tmp_path, {}))


def test_every_rule_file_names_its_schema_for_editors() -> None:
    for file in sorted(shipped("rules").rglob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        kinds = set(re.findall(r"^kind: (\w+)$", text, re.MULTILINE))
        found = MODELINE.match(text)
        assert found, f"{file} does not begin with the line that names its schema"
        assert len(kinds) == 1, f"{file} holds several kinds, so no schema fits all of it"
        schema = (file.parent / found[1]).resolve() if (ROOT / "rules").is_dir() else Path(found[1])
        assert schema.name == f"{kinds.pop()}.json"
        assert schema.is_file()


def test_the_pre_commit_hook_runs_the_command() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert hook["entry"] == "litellm-migrate check-rules"
    assert hook["pass_filenames"] is False
