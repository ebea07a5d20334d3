"""A value put into a YAML text: the rest stays as it was written, byte by byte, and the result says what it should."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from litellm_migrate.authoring.insertion import END, inserted
from litellm_migrate.rulebook.nodes import documents
from litellm_migrate.source.model import Problems

BLOCK = """\
# A comment before.
kind: table   # beside
rows:

  a:    {x: 1}   # of a
  b: &b
    x: 2
    y: |
      text

  # before c
  c: *b          # of c
# at the end
---
kind: other
list:
- one: 1
  two: {three: 3}
# the last word
"""


def put(text: str, place: int, path: tuple[Any, ...], value: Any, after: str | None = None) -> str:
    return inserted(text, list(documents("f.yaml", text))[place], path, value, after)


@pytest.mark.parametrize(
    ("place", "path", "value", "after", "below"),
    [
        (0, ("rows", "d"), {"x": 3}, None, "  c: *b          # of c\n  d: {x: 3}\n# at the end"),
        (0, ("rows", "d"), {"x": 3}, "a", "  a:    {x: 1}   # of a\n  d: {x: 3}\n  b: &b"),
        (0, ("rows", "d"), {"x": 3}, "b", "      text\n"),
        (0, ("more", "d"), {"x": 3}, None, "# of c\nmore:\n  d: {x: 3}\n# at"),
        (1, ("list", END), {"one": 2, "two": []}, None, "{three: 3}\n- one: 2\n  two: []\n# the last"),
        (1, ("fresh", END), {"one": 2}, None, "{three: 3}\nfresh:\n- one: 2\n# the last"),
        (0, ("rows", "a", "y"), [1], None, "  a:    {x: 1, y: [1]}   # of a\n"),
    ],
)
def test_in_block_style(place: int, path: tuple[Any, ...], value: Any, after: str | None, below: str) -> None:
    made = put(BLOCK, place, path, value, after)
    assert below in made
    rest = iter(made)
    assert all(letter in rest for letter in BLOCK)  # nothing of the text is gone or moved
    assert yaml.safe_load_all(made)


@pytest.mark.parametrize(
    ("text", "path", "made"),
    [
        ("kind: t\nrows: {a: 1}", ("rows", "b"), "kind: t\nrows: {a: 1, b: {x: 1}}"),
        ("kind: t\nrows: {}  # none", ("rows", "b"), "kind: t\nrows: {b: {x: 1}}  # none"),
        ("kind: t\nrows: [1]", ("rows", END), "kind: t\nrows: [1, {x: 1}]"),
        ("kind: t", ("rows", "b"), "kind: t\nrows:\n  b: {x: 1}\n"),
    ],
)
def test_in_flow_style_and_at_the_end(text: str, path: tuple[Any, ...], made: str) -> None:
    assert put(text, 0, path, {"x": 1}) == made


def test_what_cannot_be_put_there_is_a_problem() -> None:
    with pytest.raises(Problems, match=r"f\.yaml:2:1: expected a mapping"):
        put("kind: t\nrows: text\n", 0, ("rows", "b"), {"x": 1})
