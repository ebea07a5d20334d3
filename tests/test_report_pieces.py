"""A long report, made in pieces, is the text that it would be as a whole."""

from __future__ import annotations

import io
import json
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from conversion import Result, of_text
from litellm_migrate.output import lines, payloads
from litellm_migrate.output.lines import Lines
from litellm_migrate.output.markdown import document
from litellm_migrate.output.paths import dotted, json_pointer
from litellm_migrate.output.payloads import item_texts, render_json, render_members

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


def test_the_report_as_data_is_what_its_file_says() -> None:
    output = deployments(13, HOSTILE).output
    assert dict(output.data) == json.loads(output.texts["migration_report.json"])
    assert output.data["summary"]["settings"] == len(output.data["settings"])


@pytest.mark.parametrize("name", ["migration_report.json", "migration_report.md"])
def test_reports_can_be_read_in_any_order_and_twice(name: str) -> None:
    result = deployments(13, HOSTILE)
    fresh = deployments(13, HOSTILE).output.texts
    assert [result.output.texts[name], result.output.texts[name]] == [fresh[name]] * 2
    assert dict(result.output.texts) == dict(fresh)


def test_a_long_report_needs_no_folder_for_temporary_files(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: Any, **__: Any) -> None:
        raise FileNotFoundError(2, "No usable temporary directory found")

    expected = deployments(40, HOSTILE).output.texts["migration_report.md"]
    monkeypatch.setattr(lines, "MOST", 3)
    monkeypatch.setattr(tempfile, "TemporaryFile", none)
    assert deployments(40, HOSTILE).output.texts["migration_report.md"] == expected


def test_a_long_report_needs_no_room_for_temporary_files(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        """A file on a disk that has room for some lines, and then for a part of one."""

        def write(self, given: Any) -> int:
            if self.tell() > 300:
                raise OSError(28, "No space left on device")
            return super().write(given[:200])

    expected = deployments(40, HOSTILE).output.texts["migration_report.md"]
    monkeypatch.setattr(lines, "MOST", 3)
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: Full())
    assert deployments(40, HOSTILE).output.texts["migration_report.md"] == expected


def test_lines_that_waited_in_a_file_come_back_as_they_went(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = deployments(40, HOSTILE).output.texts["migration_report.md"]
    monkeypatch.setattr(lines, "MOST", 3)
    assert deployments(40, HOSTILE).output.texts["migration_report.md"] == expected
    kept = Lines()
    for number in range(10):
        kept.append(f"line {number}\u2028\r")
    assert [list(kept), list(kept)] == [[f"line {number}\u2028\r" for number in range(10)]] * 2


@pytest.mark.parametrize("few", [1, 2, 3, 256])
def test_lists_of_any_length_are_written_in_pieces(monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(payloads, "FEW", few)

    def texts(items: list[Any]) -> Callable[[], Iterator[str]]:
        return lambda: item_texts(items)

    whole: dict[str, Any] = {
        "empty": [],
        "one": [{"a": [1, {}]}],
        "four": [1, "x", [], None],
        'na"me': [{}],
        "text": "x",
    }
    members = [(name, texts(value) if isinstance(value, list) else value) for name, value in whole.items()]
    assert "".join(render_members(members)) == render_json(whole)


@pytest.mark.parametrize(
    "text",
    [[], [""], ["a"], ["a", "", " ", ""], ["", "a"], ["a  ", "\n\n", "b", "\n"], ["a"] * 999 + [""] * 1001 + ["b"]],
)
def test_a_document_ends_with_its_last_line(text: list[str]) -> None:
    assert "".join(document(text)) == "\n".join(text).rstrip() + "\n"


def test_keys_that_python_takes_for_the_same_are_told_apart() -> None:
    paths = [("a", key, "b") for key in (1, True, 1.0, "1")] * 2
    assert [json_pointer(path) for path in paths] == ["/a/1/b", "/a/true/b", "/a/1.0/b", "/a/1/b"] * 2
    assert [dotted(path) for path in paths] == ["a[1].b", "a[True].b", "a.1.0.b", "a.1.b"] * 2
    assert (json_pointer(()), dotted(()), json_pointer(('a"/~', 0)), dotted((0, "x"))) == (
        "",
        "",
        '/a\\"~1~0/0',
        "[0].x",
    )


def test_a_long_report_takes_no_more_memory_than_a_short_one() -> None:
    texts = [deployments(number, ["x"]).output.texts for number in (100, 1000)]
    peaks = []
    for made in texts:
        tracemalloc.start()
        for name in ("migration_report.json", "migration_report.md"):
            for _ in made.pieces(name):
                pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    short, long = peaks
    assert long < short + (1 << 21)
