"""Every shipped rule file is laid out so that ruamel.yaml writes back, byte for byte, what it read."""

from __future__ import annotations

import pytest
import yaml

from litellm_migrate import shipped
from litellm_migrate.authoring.round_trip import END, YamlFile
from litellm_migrate.source.model import Json
from sampling import spread

FILES = sorted(file.relative_to(shipped("rules")).as_posix() for file in shipped("rules").rglob("*.yaml"))


@pytest.mark.parametrize("name", spread(FILES, 4))
def test_a_rule_file_is_written_back_as_it_was(name: str) -> None:
    text = (shipped("rules") / name).read_text(encoding="utf-8")
    assert YamlFile(text).text() == text


@pytest.mark.parametrize(
    "text",
    [
        "---\nkind: t\nrows:\n    a: {x: 1}\n",
        "kind: t\nrows: {a: null, b: 'yes', c: on}  # why\n---\nlist:\n  - a\n  - {b: [{c: 1}]}\n\n# at the end\n",
        "a: &x {b: 1.50}\nc: *x\nd: |\n  text\n\n  more\ne: 1.0e-06\n",
    ],
    ids=["start", "lists set in", "anchors"],
)
def test_files_of_other_layouts_too(text: str) -> None:
    assert YamlFile(text).text() == text.replace("    a:", "  a:")


BLOCK = """\
# A comment before.
kind: table   # beside
rows:

  a: {x: 1}   # of a

  # the second part
  b: &b
    x: 2
    y: |
      text

  # before c
  c: *b
  d:
    m: 1   # deep

  # the third part
  f:
    k: 5

  # the fourth part
  e: {t: 1}
# at the end
---
list:
- one: 1
  two: {three: 3}   # deep

# for more
more: x
# the last word
"""


@pytest.mark.parametrize(
    ("number", "path", "value", "lines", "below"),
    [
        (0, ("rows", "n"), {"x": 3}, ["  n: {x: 3}"], "  e: {t: 1}"),
        (0, ("rows", "n"), {"x": 1}, ["  n: {x: 1}"], "  a: {x: 1}   # of a"),
        (0, ("rows", "n"), {"x": 2}, ["  n: {x: 2}"], "  c: *b"),
        (0, ("rows", "n"), {"m": 1, "x": 2}, ["  n: {m: 1, x: 2}"], "    m: 1   # deep"),
        (0, ("rows", "n"), {"k": 5}, ["  n: {k: 5}"], "    k: 5"),
        (0, ("rows", "on"), {"x": 3}, ["  'on': {x: 3}"], "  e: {t: 1}"),
        (0, ("fresh", "n"), {"x": 3}, ["fresh:", "  n: {x: 3}"], "  e: {t: 1}"),
        (1, ("list", END), {"x": 3}, ["- x: 3"], "  two: {three: 3}   # deep"),
        (1, ("fresh", END), {"x": 3}, ["fresh:", "- x: 3"], "more: x"),
    ],
)
def test_what_is_added_stands_behind_its_neighbour_and_moves_no_comment(
    number: int, path: tuple[str | int, ...], value: dict[str, Json], lines: list[str], below: str
) -> None:
    file = YamlFile(BLOCK)
    file.add(number, path, value)
    result = file.text().splitlines()
    place = result.index(lines[0])
    assert result[place : place + len(lines)] == lines
    assert result[place - 1] == below
    assert result[:place] + result[place + len(lines) :] == BLOCK.splitlines()


@pytest.mark.parametrize("value", ["on", "1:30", "null", "007", "a, b", "it: is", "{x}", "#", "", "1e3", " x", "~"])
def test_a_text_stays_a_text_when_it_is_read_as_rules_are(value: str) -> None:
    file = YamlFile("kind: t\n")
    file.add(0, ("rows", "a"), {"cell": value, "list": [value]})
    assert yaml.safe_load(file.text())["rows"] == {"a": {"cell": value, "list": [value]}}
