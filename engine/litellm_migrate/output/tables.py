"""The tables of the report beside its settings: the variables that payloads refer to, and what the rules add."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from litellm_migrate.convert.calls import Variable
from litellm_migrate.convert.columns import Spot
from litellm_migrate.output.markdown import code, filled, line, prose, table
from litellm_migrate.output.paths import dotted
from litellm_migrate.rulebook.types import View
from litellm_migrate.source.model import Source


def secrets(variables: Sequence[Variable]) -> Iterator[str]:
    """Environment variables that payloads refer to, and the keys to rotate."""
    yield from ["## Secrets", "", "Payloads hold references, never keys. Set these where you apply:", ""]
    words = {
        "reference": "the configuration names it",
        "default": "LiteLLM reads it when no key is given",
        "literal": "takes the place of a value that stands in the configuration",
    }
    rows = [[code(one.name), words[one.origin], places(one)] for one in variables]
    yield from table(["Variable", "Why", "Asked for at"], rows)
    literal = [one for one in variables if one.origin == "literal"]
    if literal:
        yield from ["Rotate, because whoever could read the file has the key:", ""]
        for one in literal:
            yield f"- [ ] new key for {code(one.name)}, old key ({places(one)}) revoked"
        yield ""


def places(one: Variable) -> str:
    """Where a variable is asked for: five places, and how many more there are."""
    more = f" and {len(one.places) - 5} more" if len(one.places) > 5 else ""
    return ", ".join(map(code, one.places[:5])) + more


def shares(tables: Iterable[tuple[View, list[Any]]], source: Source) -> Iterator[str]:
    """The tables that the rules add."""
    for view, rows in tables:
        yield from [f"## {view.title}", "", prose(view.intro), ""]
        cells = ([text(one.get(field), source) for field in view.heads] for body in rows for one in flat(body))
        yield from filled(list(view.heads.values()), map(line, cells))


def flat(body: dict[str, Any]) -> list[dict[str, Any]]:
    """A body as rows: one for each item of its list, with its other fields beside."""
    lists = [value for value in body.values() if isinstance(value, list)]
    return [{**body, **item} for item in lists[0]] if lists else [body]


def text(value: Any, source: Source) -> str:
    """A cell: a share as a percentage, a name as a name, a place as a setting's, nothing as nothing."""
    if type(value) is str:  # as most are; a spot is a text too
        return code(value)
    if isinstance(value, Spot):
        return code(dotted(source.marks[value.path].local))
    if isinstance(value, float):
        return f"{value * 100:.4g} %"
    return "" if value is None else code(str(value))
