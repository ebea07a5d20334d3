"""In a checkout: the tables of the README, which are made from the rules, equal them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path as File

from litellm_migrate import shipped
from litellm_migrate.lint.violation import README, Violation
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import Position

TEXT, MAKER = "README.md", File("tests") / "readme_tables.py"


def check_readme(root: File, books: Mapping[str, Rulebook], own: File | None = None) -> Iterator[Violation]:
    """A violation for the first line of a README that its rules would write otherwise; nothing outside of a checkout.

    The tables are made by the checkout's own program, so only the checkout that this program runs from is asked.
    """
    checkout = (own or shipped("rules").parent).resolve()
    maker, text = root / MAKER, root / TEXT
    if root.resolve() != checkout or not maker.is_file() or not text.is_file():
        return
    spec = spec_from_file_location("readme_tables", maker)
    if spec is None or spec.loader is None:
        return
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    written = text.read_text(encoding="utf-8")
    wanted = made.updated(written, made.tables(books))
    for number, (old, new) in enumerate(zip(written.splitlines(), wanted.splitlines(), strict=False), 1):
        if old != new:
            advice = f"this table no longer says what the rules say. Run `python {MAKER.as_posix()}`."
            yield Violation.at(README, Position(str(text), number, 1), advice)
            return
