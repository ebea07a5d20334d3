"""Carries out a recipe: tries what it writes on a copy of the rules, and writes only what nothing is wrong with."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path as File
from typing import Any

from litellm_migrate import shipped
from litellm_migrate.authoring.folder import Folder
from litellm_migrate.authoring.recipes import Entry, checked, entries_of
from litellm_migrate.convert.relations import Relations
from litellm_migrate.lint.check import audit
from litellm_migrate.lint.found import Found
from litellm_migrate.output.write import write
from litellm_migrate.rulebook.load import documents_of, load
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.source.model import Problem, Problems
from litellm_migrate.source.records import replace


def carried_out(recipe: RuleNode, given: Mapping[str, str], root: File) -> dict[str, str]:
    """The files, by path below the folder of rules, that a recipe has written; raises Problems if it writes nothing."""
    checked(recipe, given)
    refuse_installed(root)
    entries = list(entries_of(recipe, given))
    if root.is_dir() and any(root.rglob("*.yaml")):
        refuse_known(root, entries)
    folder = Folder(root)
    with scratch() as before, scratch() as after:
        try:
            copy = written(folder, before)
            put_all(folder, entries, str(recipe.value["file"]), after)
            found = found_in(written(folder, after))
            known = {text(one, before) for one in found_in(copy)} if found else set()
            if any(text(one, after) not in known for one in found):
                raise Problems(one.problem for one in found if text(one, after) not in known)
        except Problems as wrong:
            here = [replace(one, file=one.file.replace(str(after / "rules"), str(root))) for one in wrong.problems]
            raise Problems(here, wrong.exit_code) from wrong
    write(root, folder.texts, frozenset(folder.texts))
    return folder.texts


def put_all(folder: Folder, entries: list[Entry], file: str, where: File) -> None:
    """Puts everything into a folder: rows first, since examples show what they make."""
    for entry in entries:
        if not entry.shows:
            folder.put(entry, file)
    copy = written(folder, where)
    for entry in entries:
        if entry.shows:
            folder.put(replace(entry, value=shown(copy, entry)), file)


def refuse_installed(root: File) -> None:
    """Raises Problems (exit 2) for the rules of an installed program, which its next release would overwrite."""
    package = shipped("rules").resolve()
    if package.parent.name == __name__.partition(".")[0] and root.resolve().is_relative_to(package):
        text = "these rules belong to the installed program. Add to a folder of your own: --rules DIR."
        raise Problems([Problem(str(root), 0, 0, text)], 2)


def refuse_known(root: File, entries: list[Entry]) -> None:
    """Raises Problems for a row that is there."""
    specs = documents_of(root, shipped("schemas"))
    for entry in entries:
        for spec in specs if entry.kind == "table" else ():
            row = spec.at(*entry.path)
            listed = [str(name) for names in (spec.value.get("listed") or {}).values() for name in names]
            known = row.value is not None or entry.path[-1] in listed
            if spec.value["kind"] == "table" and spec.value["id"] == entry.id and known:
                message = f"the table `{entry.id}` has the row `{entry.path[-1]}` already. Change it there."
                raise Problems([row.problem(message)])


def shown(rules: File, entry: Entry) -> dict[str, Any]:
    """An example with the rows that the rules give now; raises Problems if they give none."""
    book = load(rules, shipped("schemas"), plain(rules))
    config = entry.value["config"]
    rows = Relations(book.relations, config).rows_of(entry.id)
    if not rows:
        raise Problems(
            [Problem(str(rules), 0, 0, f"the {entry.id} of the example is refused by the rules. Correct the values.")]
        )
    made = [{name: row.get(name) for name in entry.shows if row.get(name) is not None} for row in rows]
    return {"config": config, "rows": made}


def plain(rules: File) -> str:
    """The dialect that lays nothing over the rules."""
    stated = [spec for spec in documents_of(rules, shipped("schemas")) if spec.value["kind"] == "dialect"]
    return str(next(spec.value["id"] for spec in stated if not (spec.has("tables") or spec.has("endpoints"))))


@contextmanager
def scratch() -> Iterator[File]:
    """A folder that is gone afterwards."""
    made = File(tempfile.mkdtemp())
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def written(folder: Folder, where: File) -> File:
    """A copy of a folder of rules, with what it is to hold written in."""
    copy = where / "rules"
    if folder.root.is_dir():
        shutil.copytree(folder.root, copy, dirs_exist_ok=True)
    for name, text_ in folder.texts.items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        with (copy / name).open("w", encoding="utf-8", newline="") as stream:
            stream.write(text_)
    return copy


def found_in(rules: File) -> list[Found]:
    """What `check-rules` finds; nothing in a folder that is not there yet or empty."""
    return audit(rules, shipped("schemas")) if rules.is_dir() and any(rules.rglob("*.yaml")) else []


def text(found: Found, where: File) -> str:
    """What was found, whatever the line and the copy."""
    return f"{found.check}: {found.problem.message.replace(str(where), '')}"
