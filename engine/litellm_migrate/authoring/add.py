"""Adds a row to a table: tries it on a copy of the rules, and answers only what nothing is wrong with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path as File
from tempfile import TemporaryDirectory
from typing import Protocol

from litellm_migrate import PACKAGE, shipped
from litellm_migrate.authoring.examples import example_of
from litellm_migrate.authoring.folder import Folder
from litellm_migrate.authoring.new_row import NewRow
from litellm_migrate.rulebook.nodes import has_rules
from litellm_migrate.source.model import USAGE, Problem, Problems, Source


class FailedCheck(Protocol):
    """A problem of rules, and the name of the check that it fails."""

    @property
    def problem(self) -> Problem:
        """The problem."""

    @property
    def check(self) -> str:
        """The name of the check."""


RuleCheck = Callable[[File, File], Sequence[FailedCheck]]
"""What is wrong with a folder of rules, by a folder of schemas, and which check says so."""


def added(root: File, row: NewRow, example: Source | None, check: RuleCheck) -> dict[str, str]:
    """The texts of the files that a new row with its example changes, by path below the folder of rules.

    Raises Problems for what `check` says of the folder with them and not of the folder without.
    """
    folder, begun = Folder(root), f"{row.table.value['id']}.yaml"
    with TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        before, after = folder.copy_to(File(scratch, "before")), File(scratch, "after")
        try:
            for addition in row.additions():
                folder.put(addition, begun)
            addition_of_example = example_of(row, example, folder.copy_to(after))
            if addition_of_example:
                folder.put(addition_of_example, begun)
            problems = problems_in(folder.copy_to(after), check)
            earlier = {text for text, _ in problems_in(before, check)} if problems else set()
            if any(text not in earlier for text, _ in problems):
                raise Problems(problem for text, problem in problems if text not in earlier)
        except Problems as wrong:
            moved = [problem._replace(file=problem.file.replace(str(after), str(root))) for problem in wrong.problems]
            raise Problems(moved, wrong.exit_code) from wrong
    return folder.texts()


def refuse_installed(root: File) -> None:
    """Raises Problems (exit 2) for the rules of an installed program, which its next release would overwrite."""
    package = shipped("rules").resolve()
    if package.parent == PACKAGE and root.resolve().is_relative_to(package):
        text = "these rules belong to the installed program. Add to a folder of your own: --rules DIR."
        raise Problems([Problem(str(root), 0, 0, text)], USAGE)


def problems_in(rules: File, check: RuleCheck) -> list[tuple[str, Problem]]:
    """What `check` says of a copy, after a text that does not depend on line and copy; nothing where no rules are."""
    problems = check(rules, shipped("schemas")) if has_rules(rules) else ()
    return [(f"{fail.check}: {fail.problem.message.replace(str(rules), '')}", fail.problem) for fail in problems]
