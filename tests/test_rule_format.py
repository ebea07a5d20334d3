"""The version of the rule format: other versions are refused, with what to change."""

from __future__ import annotations

from pathlib import Path

import pytest

from litellm_migrate.rulebook.schema import CHANGED, FORMAT
from rule_copies import lent_rules, problems_of


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("", f"expected rules of format {FORMAT}, found format 0. To bring them up: add `format: 1`"),
        ("format: 0", "found format 0"),
        ("format: 1", "write a value as one line"),
        (f"format: {FORMAT + 1}", "Install a newer litellm-migrate"),
        ("format: one", f"expected `format: {FORMAT}`"),
        ("format: -1", f"expected `format: {FORMAT}`"),
        ("format: true", f"expected `format: {FORMAT}`"),
    ],
)
def test_another_format_is_refused_with_what_to_do(line: str, says: str) -> None:
    rules = lent_rules()
    file = rules / "source.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    place = next(number for number, text in enumerate(lines) if text.startswith(f"format: {FORMAT}"))
    file.write_text("\n".join([*lines[:place], line, *lines[place + 1 :]]) + "\n", encoding="utf-8")
    (found,) = problems_of(rules)
    assert says in found.message
    assert (found.file, found.line) == (str(file), place + 1 if line else 3)


def test_only_the_format_is_spoken_of(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        "kind: settings\nid: a\nformat: 9\nunder: ''\nwords_of_a_later_format: 1\n", encoding="utf-8"
    )
    (found,) = problems_of(tmp_path)
    assert "found format 9" in found.message or "format 9" in found.message
    assert found.line == 3


def test_every_earlier_format_has_its_change() -> None:
    assert sorted(CHANGED) == list(range(FORMAT))
