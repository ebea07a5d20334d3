"""The README's tables equal the rules, and its two commands are the ones that CI runs."""

from __future__ import annotations

from pathlib import Path

from litellm_migrate import shipped
from litellm_migrate.convert.rows import Answer
from litellm_migrate.rulebook.load import load
from readme_tables import README, books, tables, updated

ROOT = Path(__file__).parents[1]


def test_tables_equal_the_rules() -> None:
    text = README.read_text(encoding="utf-8")
    parts = tables(books())
    assert all(f"<!-- generated: {name} -->" in text for name in parts)
    assert updated(text, parts) == text, "run `litellm-migrate rules regenerate`"


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert ".venv/bin/python -m pytest\n" in README.read_text(encoding="utf-8")
    assert '"$bin/python" -m pytest' in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_example_of_an_overlay_is_one(tmp_path: Path) -> None:
    example = README.read_text(encoding="utf-8").split("```yaml\nkind: table\n", 1)[1].split("```", 1)[0]
    (tmp_path / "acme.yaml").write_text(f"kind: table\n{example}", encoding="utf-8")
    book = load(tmp_path, shipped("schemas"), "synapse")
    providers = {name: book.tables["providers"].ask(name) for name in ("deepseek", "groq")}
    types = {name: row["type"] for name, row in providers.items() if isinstance(row, Answer)}
    assert types == {"deepseek": "CUSTOM", "groq": "CUSTOM"}


def test_the_first_command_converts_a_shipped_example() -> None:
    text = README.read_text(encoding="utf-8")
    name = text.split("litellm-migrate --input ", 1)[1].split()[0]
    assert (ROOT / name).is_file()
