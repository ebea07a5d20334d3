"""Copies of the shipped rules with a mistake in them, and what loading such a copy says."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from litellm_migrate import shipped
from litellm_migrate.rulebook.build import COMPILED
from litellm_migrate.rulebook.load import load
from litellm_migrate.source.model import Problem, Problems


@dataclass(frozen=True)
class Mistake:
    """One replacement in one rule file, and what must be told of it on its line."""

    name: str
    file: str
    old: str
    new: str
    says: tuple[str, ...]
    at: str = ""
    """Where the problem stands in the changed file, if that is not where the change begins."""

    @property
    def dialect(self) -> str:
        """A dialect in whose rules the mistake is."""
        folder, _, name = self.file.partition("/")
        return name.removesuffix(".yaml") if folder == "dialects" else "synapse"

    def make(self, rules: Path) -> bool:
        """Makes the mistake in a copy, unless another one took what it changes."""
        text = (rules / self.file).read_text(encoding="utf-8")
        (rules / self.file).write_text(text.replace(self.old, self.new, 1), encoding="utf-8")
        return self.old in text

    def told(self, rules: Path, problems: Iterable[Problem]) -> bool:
        """Whether one of the problems of a copy is this one, at its place."""
        text = (rules / self.file).read_text(encoding="utf-8")
        line = text[: text.find(self.at or self.new)].count("\n") + 1
        here = [one for one in problems if (one.file, one.line) == (str(rules / self.file), line)]
        return any(all(text in one.message for text in self.says) for one in here)


def untold(mistakes: Iterable[Mistake], copy: Callable[[], Path] | None = None) -> dict[Mistake, str]:
    """The mistakes that are not told, each with what is told instead.

    All are made in one copy, as everything wrong is told at once; those that others hide, when these are put right.
    """
    pending = list(mistakes)
    while pending:
        rules = (copy or lent_rules)()
        made = [mistake for mistake in pending if mistake.make(rules)]
        found = [problem for dialect in {one.dialect for one in made} for problem in problems_of(rules, dialect)]
        told = [mistake for mistake in made if mistake.told(rules, found)]
        if not told:
            return dict.fromkeys(pending, "\n".join(map(str, found)))
        pending = [mistake for mistake in pending if mistake not in told]
    return {}


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
