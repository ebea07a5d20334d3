"""Copies of the shipped rules with a mistake in them, and what loading such a copy says."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from litellm_migrate import shipped
from litellm_migrate.rulebook.build import COMPILED
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


def lent_rules() -> Path:
    """The copy of the shipped rules that all tests of this process use in turn; what the last one changed is undone.

    Files that nobody changed are the same ones each time, and need not be read anew (`shared_rules`).
    """
    rules, lent = shipped("rules"), one_copy()
    wanted = {file.relative_to(rules): file for file in rules.rglob("*") if file.is_file() and is_rule(file)}
    for file in [file for file in lent.rglob("*") if file.is_file() and file.relative_to(lent) not in wanted]:
        file.unlink()
    for name, file in wanted.items():
        if not (lent / name).is_file() or state_of(lent / name) != state_of(file):
            (lent / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, lent / name)
    return lent


@cache
def one_copy() -> Path:
    """A folder for rules that lasts as long as the process."""
    folder = Path(tempfile.mkdtemp(prefix="rules."))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder / "rules"


def is_rule(file: Path) -> bool:
    """Whether a file of the rules is no compiled one."""
    return COMPILED not in file.parts


def state_of(file: Path) -> tuple[int, int]:
    """What tells whether somebody wrote a file: its size and its date."""
    stat = file.stat()
    return stat.st_size, stat.st_mtime_ns


def problems_of(rules: Path, dialect: str = "synapse") -> tuple[Problem, ...]:
    """What loading the rules complains about."""
    try:
        load(rules, shipped("schemas"), dialect)
    except Problems as found:
        return found.problems
    return ()
