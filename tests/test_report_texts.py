"""The texts of reports: what they say is what was found, whatever names contain."""

from __future__ import annotations

import json

import pytest

from conversion import Result, of_text
from litellm_migrate.output.json_text import render_json
from litellm_migrate.output.markdown import document
from litellm_migrate.source.model import dotted, pointer

HOSTILE = [
    'a"b',
    "a\\b",
    "a`b",
    "a|b",
    "a/b~c",
    "tab\there",
    "line\nend",
    "ünï",
    "\U0001f600",
    "a\ud800b",
    "{}",
    "%s",
    "",
]


def deployments(number: int, names: list[str]) -> Result:
    """The conversion of so many deployments, whose settings have names like these."""
    entries = [
        {"model_name": f"{name}-{i}", "litellm_params": {"model": f"openai/m{i}", "rpm": i, f"x{name}": 1}}
        for i, name in ((i, names[i % len(names)]) for i in range(number))
    ]
    return of_text(json.dumps({"model_list": entries, "litellm_settings": {name: {1: [[]]} for name in names}}))


@pytest.mark.parametrize("number", [0, 1, 40, 300])
def test_the_json_report_is_what_json_writes_of_it(number: int) -> None:
    text = deployments(number, HOSTILE).output.texts["migration_report.json"]
    assert text == render_json(json.loads(text))


def test_the_summary_is_what_the_report_says() -> None:
    result = deployments(13, HOSTILE)
    assert result.output.summary == result.data["summary"]
    assert result.output.summary["settings"] == len(result.data["settings"])


@pytest.mark.parametrize(
    "text",
    [[], [""], ["a"], ["a", "", " ", ""], ["", "a"], ["a  ", "\n\n", "b", "\n"], ["a"] * 999 + [""] * 1001 + ["b"]],
)
def test_a_document_ends_with_its_last_line(text: list[str]) -> None:
    assert document(text) == "\n".join(text).rstrip() + "\n"


def test_keys_that_python_takes_for_the_same_are_told_apart() -> None:
    paths = [("a", key, "b") for key in (1, True, 1.0, "1")] * 2
    assert [pointer(path) for path in paths] == ["/a/1/b", "/a/true/b", "/a/1.0/b", "/a/1/b"] * 2
    assert [dotted(path) for path in paths] == ["a[1].b", "a[True].b", "a.1.0.b", "a.1.b"] * 2
    assert (pointer(()), dotted(()), pointer(('a"/~', 0)), dotted((0, "x"))) == ("", "", '/a"~1~0/0', "[0].x")


def test_entries_that_share_a_line_are_listed_once_and_disagreeing_prices_are_named() -> None:
    report = of_text("""
model_list:
- &first {model_name: a, litellm_params: {model: openai/x, timeout: 5}}
- {<<: *first, model_name: b}
- {model_name: c, litellm_params: {model: openai/x, input_cost_per_token: 0.1}}
- {model_name: d, litellm_params: {model: openai/x, input_cost_per_token: 0.2}}
""").output.texts["migration_report.md"]
    assert "line 3: `timeout = 5` of `a`, `b`)" in report
    assert "`entries disagree`" in report
