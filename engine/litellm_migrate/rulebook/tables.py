"""Compiles tables: rows as they are written, names listed under one answer, and facts that a user's file replaces."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path as File
from typing import Any

from litellm_migrate.convert.outcomes import CODE, DIFFERS, Outcome
from litellm_migrate.convert.tables import Table, TableRow
from litellm_migrate.rulebook.cells import DIFFERENCE
from litellm_migrate.rulebook.codes import shared_code
from litellm_migrate.rulebook.columns import outcome
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.static_types import suggestion
from litellm_migrate.source.model import Problem, Problems


def table(node: RuleNode, problems: list[Problem]) -> Table:
    """One table; generated facts, which say what they answer, are taken as they are."""
    name, otherwise, match = str(node.value["id"]), outcome(node.at("otherwise")), node.value.get("match", "exact")
    if node.has("answers"):
        answers = frozenset(map(str, node.value["answers"]))
        return Table(name, node.value["rows"], match, otherwise, answers, node.value["date"])
    rows: dict[str, TableRow | Outcome] = {}
    gives, shared_part = node.value.get("gives"), shared_code(node)
    shared = {CODE: shared_part.value} if shared_part else {}
    for answer, names in (node.value.get("listed") or {}).items():
        rows.update({str(name): {gives: answer} for name in names})
    for key, part in node.at("rows").items():
        if str(key) in rows:
            problems.append(part.problem(f"the row `{key}` is listed as well. Keep one of the two."))
        refused, remarks = outcome(part), shared if part.has(DIFFERS) else {}
        rows[str(key)] = refused or {**remarks, **(part.value or {})}
    columns = frozenset(node.value["columns"]) if node.has("columns") else None
    return Table(name, rows, match, otherwise, columns)


def no_patterns(nodes: Mapping[str, RuleNode]) -> Iterator[Problem]:
    """A problem for each key that is no regular expression, in tables that are matched by pattern."""
    for node in nodes.values():
        for key, part in node.at("rows").items() if node.value.get("match") == "pattern" else ():
            try:
                re.compile(key)
            except re.error as error:
                yield part.problem(f"expected a regular expression as key, found `{key}`: {error}.")


def unasked(nodes: Mapping[str, RuleNode], answers: Mapping[str, set[str]]) -> Iterator[Problem]:
    """A problem for each answer that no rule asks for: a word that does nothing is misspelt, or should go."""
    for name, node in nodes.items():
        cells_asked = answers.get(name, set()) | DIFFERENCE.keys()
        cells = [(part.value, part) for _, part in node.at("answers").items()] or list(node.at("columns").items())
        for _, row in node.at("rows").items() if not cells else ():
            cells.extend(row.items() if not outcome(row) else ())
        for cell, part in cells:
            if cell not in cells_asked:
                yield part.problem(f"no rule asks table `{name}` for `{cell}`{suggestion(cell, cells_asked)}")


def with_catalog(nodes: list[RuleNode], file: File) -> list[RuleNode]:
    """The documents with the rows of a user's JSON file in the place of those that the source's `catalog` names."""
    rows = catalog_rows(file)
    names = {node.value.get("catalog") for node in nodes if node.value["kind"] == "source"}
    places = [n for n, node in enumerate(nodes) if node.value["kind"] == "table" and node.value["id"] in names]
    if not places:
        raise Problems([Problem("rules", 0, 0, "these rules name no catalogue that a file could take the place of.")])
    changed = list(nodes)
    for place in places:
        value = changed[place].value
        instead = {"from": f"{file.name}, in the place of {value.get('from')}", "rows": rows}
        changed[place] = changed[place]._replace(value={**value, **instead})
    return changed


def catalog_rows(file: File) -> dict[str, Any]:
    """The rows of a JSON file, a mapping whose mappings are rows; raises Problems if it is none."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Problems(
            [Problem(str(file), 0, 0, f"cannot be read: {error.strerror}. Name a file that can.")]
        ) from error
    except json.JSONDecodeError as error:
        message = f"expected JSON: {error.msg}. Get the file again."
        raise Problems([Problem(str(file), error.lineno, error.colno, message)]) from error
    except (ValueError, RecursionError) as error:
        raise Problems([Problem(str(file), 0, 0, "expected JSON in UTF-8. Get the file again.")]) from error
    rows = {key: row for key, row in content.items() if isinstance(row, dict)} if isinstance(content, dict) else {}
    if not rows:
        content_text = "none in it" if content == {} else "something else"
        message = f"expected a mapping of names to mappings, found {content_text}. Get the file again."
        raise Problems([Problem(str(file), 1, 1, message)])
    return rows


def catalog_date(source: RuleNode, tables: Mapping[str, RuleNode], problems: list[Problem]) -> str:
    """Where the facts of the catalogue come from, and of which day they are; empty without a catalogue."""
    name = source.value.get("catalog")
    if name is None:
        return ""
    if name not in tables:
        problems.append(source.at("catalog").problem(f"`{name}` is no table{suggestion(name, tables)}"))
        return ""
    value = tables[name].value
    return " of ".join(str(value[word]) for word in ("from", "date") if word in value)
