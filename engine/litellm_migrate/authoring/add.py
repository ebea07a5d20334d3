"""Carries out a recipe: tries what it writes on a copy of the rules, and answers only what nothing is wrong with."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path as File
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from litellm_migrate import PACKAGE, shipped
from litellm_migrate.authoring.folder import Addition, Folder
from litellm_migrate.authoring.insertion import END
from litellm_migrate.convert.document import Document
from litellm_migrate.convert.run import CompiledRules, Run
from litellm_migrate.rulebook.cells import TableColumns
from litellm_migrate.rulebook.load import documents_of, parse
from litellm_migrate.rulebook.nodes import RuleNode, by_id, has_rules
from litellm_migrate.rulebook.overlay import lays_nothing
from litellm_migrate.rulebook.recipes import cell_of, filled
from litellm_migrate.source.model import USAGE, Problem, Problems

Arguments = Mapping[str, str]
"""The values of a recipe's arguments, by name; optional ones may be missing."""


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


def added(recipe: RuleNode, arguments: Arguments, root: File, check: RuleCheck) -> dict[str, str]:
    """The texts of the files that a recipe changes, by path below the folder of rules.

    Raises Problems for what `check` says of the folder with them and not of the folder without.
    """
    refuse_installed(root)
    check_arguments(recipe, arguments, root)
    entries = list(entries_of(recipe, arguments))
    refuse_repetition(root, entries)
    folder = Folder(root)
    with TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        before, after = written(folder, File(scratch, "before")), File(scratch, "after")
        try:
            for entry in sorted(entries, key=lambda entry: bool(entry.columns)):  # rows first: examples show them
                value = with_rows(written(folder, after), entry) if entry.columns else entry.value
                folder.put(entry._replace(value=value), str(recipe.value["file"]))
            problems = problems_in(written(folder, after), check)
            earlier = {text for text, _ in problems_in(before, check)} if problems else set()
            if any(text not in earlier for text, _ in problems):
                raise Problems(problem for text, problem in problems if text not in earlier)
        except Problems as wrong:
            moved = [problem._replace(file=problem.file.replace(str(after), str(root))) for problem in wrong.problems]
            raise Problems(moved, wrong.exit_code) from wrong
    return folder.texts


def check_arguments(recipe: RuleNode, arguments: Arguments, root: File) -> None:
    """Raises Problems (exit 2) for arguments that are not as the recipe or their table's column says."""
    nodes = documents_of(root if has_rules(root) else shipped("rules"), shipped("schemas"))
    tables, endpoints, dialects = (by_id(nodes, kind) for kind in ("table", "endpoint", "dialect"))
    problems = []
    for name, value in arguments.items():
        words, place, expected = recipe.value["arguments"][name], cell_of(recipe, name), None
        if not re.fullmatch(words.get("pattern", "(?s:.*)"), value):
            expected = f"{words['what']}. Correct it."
        elif place and place[0] in tables:
            table, cell, dialect = place
            columns = TableColumns(tables[table], endpoints, dialects.get(dialect or ""), shipped("schemas"))
            expected = columns.refusal(cell, value)
        if expected:
            option = name.upper() if name == recipe.value["first"] else f"--{name.replace('_', '-')}"
            problems.append(Problem(option, 0, 0, f"expected {expected}"))
    if problems:
        raise Problems(problems, USAGE)


def refuse_installed(root: File) -> None:
    """Raises Problems (exit 2) for the rules of an installed program, which its next release would overwrite."""
    package = shipped("rules").resolve()
    if package.parent == PACKAGE and root.resolve().is_relative_to(package):
        text = "these rules belong to the installed program. Add to a folder of your own: --rules DIR."
        raise Problems([Problem(str(root), 0, 0, text)], USAGE)


def refuse_repetition(root: File, entries: list[Addition]) -> None:
    """Raises Problems for a row that its table has already."""
    nodes = documents_of(root, shipped("schemas")) if has_rules(root) else []
    tables = by_id(nodes, "table")
    for entry in entries:
        if entry.kind == "table" and entry.id in tables:
            table, name = tables[entry.id], entry.path[-1]
            row = table.at(*entry.path)
            listed = [str(name) for names in (table.value.get("listed") or {}).values() for name in names]
            if row.value is not None or name in listed:
                raise Problems([row.problem(f"the table `{entry.id}` has the row `{name}` already. Change it there.")])


def entries_of(recipe: RuleNode, arguments: Arguments) -> Iterator[Addition]:
    """What a recipe writes for some arguments; parts whose argument is missing are left out."""
    for _, part in recipe.at("writes").items():
        value = part.value
        if "relation" in value:
            config = filled(value["config"], arguments)
            columns = tuple(value["shows"])
            yield Addition("relation", value["relation"], ("examples", END), {"config": config}, columns=columns)
            continue
        cells = {name: filled(cell, arguments) for name, cell in value["cells"].items()}
        cells = {name: cell for name, cell in cells.items() if cell is not None}
        row = filled(value["row"], arguments)
        if "dialect" in value and cells:
            yield Addition("dialect", value["dialect"], ("tables", value["table"], row), cells)
        elif cells:
            yield Addition("table", value["table"], ("rows", row), cells, value.get("beside"))


def with_rows(rules: File, entry: Addition) -> dict[str, Any]:
    """An example with the rows that the rules give now; raises Problems if they give none."""
    nodes = documents_of(rules, shipped("schemas"))
    dialects = by_id(nodes, "dialect")
    plain = next((name for name, node in dialects.items() if lays_nothing(node)), None)
    if plain is None:
        text = "expected a dialect that lays nothing over the rules, whose examples show them. Add one."
        raise Problems([Problem(str(rules), 0, 0, text)])
    book = parse(nodes, shipped("schemas"), plain).book
    run = Run(CompiledRules(book), Document(entry.value["config"]))
    rows = [{name: row.value(name) for name in entry.columns} for row in run.relations.rows_of(entry.id)]
    if not rows:
        text = f"the {entry.id} of the example is refused by the rules. Correct the values."
        raise Problems([Problem(str(rules), 0, 0, text)])
    present = [{name: value for name, value in row.items() if value is not None} for row in rows]
    return {"config": entry.value["config"], "rows": present}


def written(folder: Folder, copy: File) -> File:
    """A copy of a folder of rules, with what it is to hold written in."""
    if folder.root.is_dir():
        shutil.copytree(folder.root, copy, dirs_exist_ok=True)
    for name, text in folder.texts.items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        with (copy / name).open("w", encoding="utf-8", newline="") as stream:
            stream.write(text)
    return copy


def problems_in(rules: File, check: RuleCheck) -> list[tuple[str, Problem]]:
    """What `check` says of a copy, after a text that does not depend on line and copy; nothing where no rules are."""
    problems = check(rules, shipped("schemas")) if has_rules(rules) else ()
    return [(f"{fail.check}: {fail.problem.message.replace(str(rules), '')}", fail.problem) for fail in problems]
