"""Copies of the shipped rules with a mistake in them, and what loading such a copy says."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from litellm_migrate import shipped
from litellm_migrate.rulebook.load import load
from litellm_migrate.source.model import Problem, Problems


@dataclass(frozen=True)
class Mistake:
    """One replacement in one rule file, the line it is seen on, and what must be said of it."""

    name: str
    file: str
    old: str
    new: str
    says: tuple[str, ...]
    at: str = ""
    """Where the problem stands in the changed file, if that is not where the change begins."""

    def made_in(self, rules: Path) -> int:
        """Makes the mistake in a copy; answers the line where it should be seen."""
        file = rules / self.file
        text = file.read_text(encoding="utf-8")
        assert self.old in text, f"{self.file} no longer holds {self.old!r}"
        changed = text.replace(self.old, self.new, 1)
        file.write_text(changed, encoding="utf-8")
        place = changed.index(self.at) if self.at else text.index(self.old)
        return changed[:place].count("\n") + 1


def copied_rules(folder: Path) -> Path:
    """A copy of the shipped rules in a folder."""
    return Path(shutil.copytree(shipped("rules"), folder / "rules"))


def problems_of(rules: Path, dialect: str = "synapse") -> tuple[Problem, ...]:
    """What loading the rules complains about."""
    try:
        load(rules, shipped("schemas"), dialect)
    except Problems as found:
        return found.problems
    return ()
