"""The report as data: `migration_report.json`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from litellm_migrate.convert.calls import Variable
from litellm_migrate.convert.columns import PathPointer
from litellm_migrate.convert.outcomes import MANUAL, SKIPPED
from litellm_migrate.convert.run import Conversion
from litellm_migrate.convert.verdicts import MAPPED
from litellm_migrate.output.payloads import item_texts, render_members
from litellm_migrate.output.settings import Settings
from litellm_migrate.source.model import Notice, Source, pointer

PLAIN = frozenset({str, int, float, bool, type(None)})


class Data(Mapping[str, Any]):
    """The members of the report; those that a function makes are lists, made anew whenever they are asked for."""

    def __init__(self, members: Mapping[str, Any]) -> None:
        self._members = members

    def __getitem__(self, name: str) -> Any:
        value = self._members[name]
        return json.loads(f"[{','.join(value())}]") if callable(value) else value

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def pieces(self) -> Iterator[str]:
        """The members as JSON; no list is in memory as a whole."""
        return render_members(self._members.items())


def report_data(
    done: Conversion, settings: Settings, head: Mapping[str, str], rehearsal: Mapping[str, Any] | None = None
) -> Data:
    """Everything that the report says; `head` is what it says of the run."""
    counts = {word: settings.counts[word] for word in (MAPPED, MANUAL, SKIPPED)}
    return Data(
        {
            **head,
            "summary": {**counts, "settings": settings.all},
            "settings": settings.texts,
            "secrets": lambda: item_texts(map(secret, done.variables)),
            **{view: partial(rows_of, rows, done.source) for view, rows in done.views.items()},
            "notices": lambda: item_texts(map(notice, done.notices)),
            **({"rehearsal": rehearsal} if rehearsal else {}),
        }
    )


def secret(one: Variable) -> dict[str, Any]:
    """A variable that payloads refer to, and where it is asked for."""
    return {"variable": one.name, "origin": one.origin, "places": [place(text) for text in one.places]}


def place(text: str) -> dict[str, Any]:
    """`file:line` in two parts."""
    file, _, line = text.rpartition(":")
    return {"file": file, "line": int(line)}


def rows_of(view: Iterable[Any], source: Source) -> Iterator[str]:
    """Texts of the rows of a view."""
    return item_texts(located(row, source) for row in view)


def located(value: Any, source: Source) -> Any:
    """The same value, in which pointers lead into the file where a place is written."""
    if isinstance(value, PathPointer):
        return pointer(source.marks[value.path].local)
    if isinstance(value, dict):
        return {key: below if type(below) in PLAIN else located(below, source) for key, below in value.items()}
    return [located(below, source) for below in value] if isinstance(value, list) else value


def notice(one: Notice) -> dict[str, Any]:
    """A notice; where it has no place or no step, those are absent."""
    spot = {"file": one.at.file, "line": one.at.line, "column": one.at.column} if one.at else {}
    return {"code": one.code, **spot, "because": one.because, **({"do": one.do} if one.do else {})}
