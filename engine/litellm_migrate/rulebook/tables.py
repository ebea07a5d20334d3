"""Compiles tables: rows as they are written, or names listed under one answer."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from litellm_migrate.convert.outcomes import Outcome
from litellm_migrate.convert.tables import Table, TableRow
from litellm_migrate.rulebook.columns import outcome
from litellm_migrate.rulebook.files import Spec
from litellm_migrate.rulebook.shapes import suggestion
from litellm_migrate.source.model import Problem

DIFFERS = "differs"
"""The cell that says what will not be identical; whoever uses any other cell of its row says so too."""


def compile_tables(specs: Mapping[str, Spec], cells: list[Spec], problems: list[Problem]) -> dict[str, Table]:
    """Every table, with the cells of a dialect laid over."""
    made = {name: table(spec, problems) for name, spec in specs.items()}
    for overlay in cells:
        for name, rows in overlay.items():
            if name not in made:
                problems.append(rows.problem(f"`{name}` is no table{suggestion(name, made)}"))
                continue
            made[name] = laid_over(made[name], rows, problems)
    return made


def table(spec: Spec, problems: list[Problem]) -> Table:
    """One table; generated facts, which say what they answer, are taken as they are."""
    if spec.has("answers"):
        answers = frozenset(map(str, spec.value["answers"]))
        return Table(
            str(spec.value["id"]), spec.value["rows"], outcome(spec.at("otherwise")), answers, spec.value["date"]
        )
    rows: dict[str, TableRow | Outcome] = {}
    gives = spec.value.get("gives")
    for answer, names in (spec.value.get("listed") or {}).items():
        rows.update({str(name): {gives: answer} for name in names})
    for key, part in spec.at("rows").items():
        if str(key) in rows:
            problems.append(part.problem(f"the row `{key}` is listed as well. Keep one of the two."))
        rows[str(key)] = outcome(part) or dict(part.value or {})
    return Table(str(spec.value["id"]), rows, outcome(spec.at("otherwise")))


def laid_over(base: Table, overlay: Spec, problems: list[Problem]) -> Table:
    """A table with the cells of a dialect; only rows that exist can be overlaid."""
    rows = dict(base.rows)
    for key, part in overlay.items():
        if key not in rows:
            problems.append(part.problem(f"table `{base.id}` has no row `{key}`{suggestion(key, rows)}"))
            continue
        for cell in part.value if not outcome(part) else ():
            if cell not in base.columns and cell != DIFFERS:
                known = suggestion(cell, base.columns)
                problems.append(part.at(cell).problem(f"table `{base.id}` answers no `{cell}`{known}"))
        below = rows[key]
        rows[key] = outcome(part) or {**(below if isinstance(below, dict) else {}), **part.value}
    return Table(base.id, rows, base.otherwise, base.answers, base.date)


def no_patterns(specs: Mapping[str, Spec], asked: Collection[str]) -> Iterator[Problem]:
    """A problem for each key that is no regular expression, in tables that are asked by pattern."""
    for name in sorted(set(asked) & set(specs)):
        for key, part in specs[name].at("rows").items():
            try:
                re.compile(key)
            except re.error as error:
                yield part.problem(f"expected a regular expression as key, found `{key}`: {error}.")


def unasked(specs: Mapping[str, Spec], asked: Mapping[str, set[str]]) -> Iterator[Problem]:
    """A problem for each answer that no rule asks for: a word that does nothing is misspelt, or should go."""
    for name, spec in specs.items():
        known = asked.get(name, set()) | {DIFFERS}
        for number, cell in enumerate(spec.value.get("answers", ())):
            if cell not in known:
                text = f"no rule asks table `{name}` for `{cell}`{suggestion(cell, known)}"
                yield spec.at("answers", number).problem(text)
        for _, part in spec.at("rows").items() if not spec.has("answers") else ():
            for cell in part.value if not outcome(part) else ():
                if cell not in known:
                    text = f"no rule asks table `{name}` for `{cell}`{suggestion(cell, known)}"
                    yield part.at(cell).problem(text)
