"""The version of the rule format: other versions are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from litellm_migrate.rulebook.schema import FORMAT
from rule_copies import lent_rules, problems_of


@pytest.mark.parametrize("line", [f"format: {FORMAT - 1}", f"format: {FORMAT + 1}", "format: one", "format: true"])
def test_another_format_is_refused(line: str) -> None:
    rules = lent_rules()
    file = rules / "source.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    place = next(number for number, text in enumerate(lines) if text.startswith(f"format: {FORMAT}"))
    file.write_text("\n".join([*lines[:place], line, *lines[place + 1 :]]) + "\n", encoding="utf-8")
    (found,) = problems_of(rules)
    assert f"expected `format: {FORMAT}`" in found.message
    assert (found.file, found.line) == (str(file), place + 1)


def test_only_the_format_is_spoken_of(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        "kind: settings\nid: a\nformat: 9\nunder: ''\nwords_of_a_later_format: 1\n", encoding="utf-8"
    )
    (found,) = problems_of(tmp_path)
    assert f"expected `format: {FORMAT}`" in found.message
    assert found.line == 3
