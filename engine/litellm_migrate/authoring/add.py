"""Carries out a recipe: tries what it writes on a copy of the rules, and answers only what nothing is wrong with."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path as File
from typing import Any

from litellm_migrate import shipped
from litellm_migrate.authoring.folder import Entry, Folder
from litellm_migrate.authoring.insertion import END
from litellm_migrate.convert.document import Document
from litellm_migrate.convert.run import Run
from litellm_migrate.rulebook.load import documents_of, load
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.overlay import lays_nothing
from litellm_migrate.rulebook.recipes import filled
from litellm_migrate.source.model import Problem, Problems

Arguments = Mapping[str, str]
"""The values of a recipe's arguments, by name; optional ones may be missing."""
Check = Callable[[File, File], Sequence[tuple[Problem, str]]]
"""What is wrong with a folder of rules, by a folder of schemas, and which check says so."""


def added(recipe: RuleNode, arguments: Arguments, root: File, check: Check) -> dict[str, str]:
    """The texts of the files that a recipe changes, by path below the folder of rules.

    Raises Problems for what `check` says of the folder with them and not of the folder without.
    """
    check_arguments(recipe, arguments)
    refuse_installed(root)
    entries = list(entries_of(recipe, arguments))
    refuse_known(root, entries)
    folder = Folder(root)
    with scratch_folder() as before, scratch_folder() as after:
        try:
            copy = written(folder, before)
            put_all(folder, entries, str(recipe.value["file"]), after)
            found = problems_in(written(folder, after), check)
            known = {text for text, _ in problems_in(copy, check)} if found else set()
            problems = [problem for text, problem in found if text not in known]
        except Problems as refusal:
            raise Problems(moved(refusal.problems, after, root), refusal.exit_code) from refusal
        if problems:
            raise Problems(moved(problems, after, root))
    return folder.texts


def check_arguments(recipe: RuleNode, arguments: Arguments) -> None:
    """Raises Problems (exit 2) for arguments that are not as the recipe says."""
    problems = []
    for name, part in recipe.at("arguments").items():
        pattern = part.value.get("pattern")
        if name in arguments and pattern and not re.fullmatch(pattern, arguments[name]):
            option = name.upper() if name == recipe.value["first"] else f"--{name.replace('_', '-')}"
            problems.append(Problem(option, 0, 0, f"expected {part.value['what']}. Correct it."))
    if problems:
        raise Problems(problems, 2)


def refuse_installed(root: File) -> None:
    """Raises Problems (exit 2) for the rules of an installed program, which its next release would overwrite."""
    package = shipped("rules").resolve()
    if package.parent.name == __name__.partition(".")[0] and root.resolve().is_relative_to(package):
        text = "these rules belong to the installed program. Add to a folder of your own: --rules DIR."
        raise Problems([Problem(str(root), 0, 0, text)], 2)


def refuse_known(root: File, entries: list[Entry]) -> None:
    """Raises Problems for a row that its table has already."""
    nodes = documents_of(root, shipped("schemas")) if has_rules(root) else []
    tables = {node.value["id"]: node for node in nodes if node.value["kind"] == "table"}
    for entry in entries:
        if entry.kind == "table" and entry.id in tables:
            table, name = tables[entry.id], entry.path[-1]
            row = table.at(*entry.path)
            listed = [str(name) for names in (table.value.get("listed") or {}).values() for name in names]
            if row.value is not None or name in listed:
                raise Problems([row.problem(f"the table `{entry.id}` has the row `{name}` already. Change it there.")])


def entries_of(recipe: RuleNode, arguments: Arguments) -> Iterator[Entry]:
    """What a recipe writes for some arguments; parts whose argument is missing are left out."""
    for _, part in recipe.at("writes").items():
        value = part.value
        if "relation" in value:
            config = filled(value["config"], arguments)
            shows = tuple(value["shows"])
            yield Entry("relation", value["relation"], ("examples", END), {"config": config}, shows=shows)
            continue
        cells = {name: filled(cell, arguments) for name, cell in value["cells"].items()}
        cells = {name: cell for name, cell in cells.items() if cell is not None}
        row = filled(value["row"], arguments)
        if "dialect" in value and cells:
            yield Entry("dialect", value["dialect"], ("tables", value["table"], row), cells)
        elif cells:
            yield Entry("table", value["table"], ("rows", row), cells, value.get("beside"))


def put_all(folder: Folder, entries: list[Entry], file: str, scratch: File) -> None:
    """Puts everything into a folder: rows first, since examples show what they make."""
    for entry in entries:
        if not entry.shows:
            folder.put(entry, file)
    copy = written(folder, scratch)
    for entry in entries:
        if entry.shows:
            folder.put(entry._replace(value=with_rows(copy, entry)), file)


def with_rows(rules: File, entry: Entry) -> dict[str, Any]:
    """An example with the rows that the rules give now; raises Problems if they give none."""
    dialects = [node for node in documents_of(rules, shipped("schemas")) if node.value["kind"] == "dialect"]
    plain = next(str(node.value["id"]) for node in dialects if lays_nothing(node))
    run = Run(load(rules, shipped("schemas"), plain), Document(entry.value["config"]))
    rows = [{name: row.value(name) for name in entry.shows} for row in run.relations.rows_of(entry.id)]
    if not rows:
        text = f"the {entry.id} of the example is refused by the rules. Correct the values."
        raise Problems([Problem(str(rules), 0, 0, text)])
    shown = [{name: value for name, value in row.items() if value is not None} for row in rows]
    return {"config": entry.value["config"], "rows": shown}


@contextmanager
def scratch_folder() -> Iterator[File]:
    """A folder that is gone afterwards."""
    folder = File(tempfile.mkdtemp())
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def written(folder: Folder, scratch: File) -> File:
    """A copy of a folder of rules, with what it is to hold written in."""
    copy = scratch / "rules"
    if folder.root.is_dir():
        shutil.copytree(folder.root, copy, dirs_exist_ok=True)
    for name, text in folder.texts.items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        with (copy / name).open("w", encoding="utf-8", newline="") as stream:
            stream.write(text)
    return copy


def problems_in(rules: File, check: Check) -> list[tuple[str, Problem]]:
    """What `check` says of a copy, after a text that does not depend on line and copy; nothing where no rules are."""
    found = check(rules, shipped("schemas")) if has_rules(rules) else ()
    return [(f"{name}: {problem.message.replace(str(rules.parent), '')}", problem) for problem, name in found]


def has_rules(folder: File) -> bool:
    """Whether a folder is there and holds rule files."""
    return folder.is_dir() and any(folder.rglob("*.yaml"))


def moved(problems: Sequence[Problem], scratch: File, root: File) -> list[Problem]:
    """Problems of a copy as those of the folder that was copied."""
    copy = str(scratch / "rules")
    return [
        Problem(problem.file.replace(copy, str(root)), problem.line, problem.column, problem.message)
        for problem in problems
    ]
