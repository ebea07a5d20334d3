"""In a checkout: the tables of the README, which are made from the rules, equal them."""

from __future__ import annotations

import runpy
from collections.abc import Iterator, Mapping
from pathlib import Path as File

from litellm_migrate import shipped
from litellm_migrate.lint.violation import README, Violation
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import Position

MAKER = "tests/readme_tables.py"


def check_readme(root: File, books: Mapping[str, Rulebook], checkout: File | None = None) -> Iterator[Violation]:
    """A violation for the first line of a checkout's README that its rules would write otherwise."""
    texts = readme_texts(root, books, checkout)
    for number, (old, new) in enumerate(zip(*map(str.splitlines, texts), strict=False), 1) if texts else ():
        if old != new:
            advice = "this table no longer says what the rules say. Run `litellm-migrate rules regenerate`."
            yield Violation.at(README, Position(str(root / "README.md"), number, 1), advice)
            return


def readme_texts(root: File, books: Mapping[str, Rulebook], checkout: File | None = None) -> tuple[str, str] | None:
    """A checkout's README as it is, and as its rules, in each dialect, would write it; None outside of a checkout.

    The tables are made by the checkout's program, so only the checkout that this program runs from is asked.
    """
    readme, checkout = root / "README.md", checkout or shipped("rules").parent
    if root.resolve() != checkout.resolve() or not (root / MAKER).is_file() or not readme.is_file():
        return None
    maker, text = runpy.run_path(str(root / MAKER)), readme.read_text(encoding="utf-8")
    return text, maker["updated"](text, maker["tables"](books))
