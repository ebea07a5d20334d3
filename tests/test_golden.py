"""Whole conversions, byte for byte as they were last looked at.

After a change that is meant, `UPDATE_GOLDEN=1 python -m pytest tests/test_golden.py` writes them anew; read the
difference before you commit it.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from command import tree
from conversion import DIALECTS, NESTED, rulebook
from litellm_migrate import shipped
from litellm_migrate.cli.convert import convert_checked, output_of
from litellm_migrate.output.files import Choices
from litellm_migrate.output.write import write
from litellm_migrate.source.read import read_source

HERE = Path(__file__).resolve().parent
CASES = [("quickstart", dialect) for dialect in DIALECTS] + [("messy", dialect) for dialect in NESTED]
UPDATE = os.environ.get("UPDATE_GOLDEN") == "1"


def convert_to(folder: Path, example: str, dialect: str) -> None:
    """Writes the conversion of an example, called from the folder that it is in."""
    book = rulebook(dialect)
    done = convert_checked(book, read_source(f"{example}.yaml", book.grammar), shipped("schemas"))
    output = output_of(done, f"{example}.yaml", "0", choices=Choices(html=False))
    write(folder, output.texts, output.owned)


@pytest.mark.parametrize(("example", "dialect"), CASES)
def test_a_conversion_is_what_it_was(
    example: str, dialect: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    golden = HERE / "golden" / example / dialect
    monkeypatch.chdir(HERE / "examples")
    if UPDATE:
        shutil.rmtree(golden, ignore_errors=True)
        convert_to(golden, example, dialect)
    convert_to(tmp_path / "out", example, dialect)
    made, expected = tree(tmp_path / "out"), tree(golden)
    assert sorted(made) == sorted(expected)
    for name, content in made.items():
        assert content.decode() == expected[name].decode(), name


def test_no_case_is_left_over() -> None:
    folders = {(folder.parent.name, folder.name) for folder in (HERE / "golden").glob("*/*")}
    assert folders == set(CASES)
