"""A plan as text: what each entity gets, how each one changes, and how much there is of every kind.

The first sign of a line says what becomes of what it names: `+` comes, `-` goes, `~` changes, `!` needs a decision.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from litellm_migrate.gateway.change import CONFLICT, LEFT_OVER, STAY, UNCHANGED, Change, masked
from litellm_migrate.gateway.compare import below
from litellm_migrate.gateway.journal import CREATE, UPDATE
from litellm_migrate.gateway.list_diff import list_diff, name_in, naming_field
from litellm_migrate.gateway.names import field_at
from litellm_migrate.source.model import Json, printable

SIGNS = {CREATE: "+", UPDATE: "~", CONFLICT: "!", STAY: "!", LEFT_OVER: "!"}
WORDS = {
    CREATE: "to create",
    UPDATE: "to change",
    UNCHANGED: "unchanged",
    CONFLICT: "in conflict",
    STAY: "left as it is",
    LEFT_OVER: "left over",
}
COLORS = {"+": "\033[32m", "-": "\033[31m", "~": "\033[33m", "!": "\033[1;31m"}
BOLD, PLAIN = "\033[1m", "\033[0m"
ADOPT = "somebody else made it: rename or remove one of the two, or take it over with --adopt"
BARE = re.compile(r"[\w.:/@${}*+-]+\Z", re.ASCII)
"""Texts that need no quotes."""
MOST_ITEMS = 5
"""Longer lists are shortened on the line of a new entity, unless everything is asked for."""


def plan_text(changes: Sequence[Change], missing: Mapping[str, str] = {}, whole: bool = False) -> str:
    """A plan for people; new entities on one line each, or with `whole` on one line for each of their fields.

    `missing` are the variables that have no value, each with what needs it.
    """
    lines = list(missing_lines(missing))
    for endpoint, group in groupby(changes, key=lambda change: change.endpoint):
        due = [change for change in group if change.action != UNCHANGED]
        lines += [endpoint] if due else []
        lines += [f"  {line}" for change in due for line in change_lines(change, whole)]
        lines += [""] if due else []
    return "\n".join(map(printable, [*lines, summary(changes)]))


def missing_lines(missing: Mapping[str, str]) -> Iterator[str]:
    """The variables that have no value, and what needs them."""
    if missing:
        width = max(map(len, missing))
        yield f"! {len(missing)} environment variable{'s' * (len(missing) > 1)} to set before you apply:"
        yield from (f"    {name:{width}}  {subject}" for name, subject in sorted(missing.items()))
        yield ""


def summary(changes: Sequence[Change]) -> str:
    """The numbers, in all and by kind: `Plan: 3 to create (2 models, 1 keys), 1 to change (limits)`."""
    parts = []
    for action, words in WORDS.items():
        group = [change for change in changes if change.action == action]
        if not group and action in {CONFLICT, STAY, LEFT_OVER}:
            continue
        counts = Counter(change.endpoint for change in group)
        documents = {change.endpoint for change in group if not change.call.unique_key}
        kinds = ", ".join(name if name in documents else f"{number} {name}" for name, number in counts.items())
        parts.append(f"{len(group)} {words}" + (f" ({kinds})" if kinds and action != UNCHANGED else ""))
    return f"Plan: {', '.join(parts)}."


def change_lines(change: Change, whole: bool) -> Iterator[str]:
    """A change and its differences; those of a document, which has no name, stand for themselves."""
    body = masked(change)
    notes = [text for text in (ADOPT if change.action == CONFLICT else "", change.note) if text]
    fields = (
        {name: value for name, value in body.items() if name not in change.call.unique_key}
        if isinstance(body, dict)
        else {}
    )
    indent = "    " if change.name else ""
    if change.name:
        inline = f"  {attributes(fields)}" if change.action == CREATE and not whole else ""
        yield f"{SIGNS[change.action]} {change.name}{inline}"
    yield from (f"{indent}{'' if change.name else '! '}{note}" for note in notes)
    if change.action == CREATE and (whole or not change.name):
        yield from (f"{indent}+ {line}" for field, value in fields.items() for line in value_lines(field, value))
    else:
        yield from (f"{indent}{line}" for line in difference_lines(change))


def value_lines(field: str, value: Json) -> Iterator[str]:
    """One line for each leaf below a field, and for each item of a list that holds objects."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from value_lines(f"{field}.{name}", inner)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        yield from (f"{field}: {item_text(item)}" for item in value)
    else:
        yield f"{field}: {flow(value)}"


def difference_lines(change: Change) -> Iterator[str]:
    """Each field that differs, with both values; lists item by item."""
    lists: set[str] = set()
    for field, old, new in change.differences:
        outer = field.partition("[")[0]
        local, remote = field_at(change.body, outer), field_at(change.present, outer)
        if isinstance(local, list) and isinstance(remote, (list, type(None))):
            if outer not in lists:
                yield from list_lines(outer, remote or [], local)
            lists.add(outer)
        else:
            yield f"~ {field}: {flow(old)} -> {flow(new)}"


def list_lines(field: str, old: list[Json], new: list[Json]) -> Iterator[str]:
    """What becomes of a list, item by item, in the order of the new one."""
    diff = list_diff(old, new)
    by = naming_field([*new, *old])
    yield from (f"- {field}: {item_text(item)}" for item in diff.removed)
    for before, item in diff.changed:
        changes = ", ".join(f"{name} {flow(was)} -> {flow(will)}" for name, was, will in below(item, before, "", ()))
        yield f"~ {field}: {by} {flow(name_in(item, by))}: {changes}"
    yield from (f"+ {field}: {item_text(item)}" for item in diff.added)
    if diff.unchanged:
        yield f"  {field}: {diff.unchanged} unchanged{', in another order' if diff.moved else ''}"


def item_text(item: Json) -> str:
    """An item of a list on one line."""
    return attributes(item) if isinstance(item, dict) else flow(item)


def attributes(fields: Mapping[str, Json]) -> str:
    """Fields with their values on one line; of a long list its length and its first items."""
    return ", ".join(f"{name} {flow(value, MOST_ITEMS)}" for name, value in fields.items())


def flow(value: Json, most: int | None = None) -> str:
    """A value on one line: `{tools, price 0.5, tags [a, b]}`; a field that is true by its name alone."""
    if isinstance(value, dict):
        pairs = (name if inner is True else f"{name} {flow(inner, most)}" for name, inner in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        more = f", ... {len(value) - most} more" if most and len(value) > most + 1 else ""
        return f"[{', '.join(flow(item, most) for item in value[: most if more else None])}{more}]"
    if value is None:
        return "(none)"
    if isinstance(value, str) and BARE.match(value):
        return value
    if isinstance(value, float):
        return f"{Decimal(str(value)):f}"
    return json.dumps(value, ensure_ascii=True, default=str)


def colored(text: str) -> str:
    """A plan in the colours of its signs."""

    def painted(line: str) -> str:
        color = COLORS.get(line.lstrip()[:2].rstrip(" "), "") if line.lstrip()[1:2] == " " else ""
        color = color or (BOLD if line and line[0] != " " else "")
        return f"{color}{line}{PLAIN}" if color else line

    return "\n".join(map(painted, text.split("\n")))


def plan_counts(changes: Sequence[Change]) -> dict[str, int]:
    """How many changes do what."""
    actions = [change.action for change in changes]
    return {action: actions.count(action) for action in WORDS}


def plan_data(changes: Sequence[Change], missing: Mapping[str, str] = {}) -> dict[str, Any]:
    """A plan for programs; bodies as they would be sent, with references and variables as they are written."""
    return {
        "summary": plan_counts(changes),
        "missing": [{"variable": name, "for": subject} for name, subject in sorted(missing.items())],
        "steps": [
            {
                "endpoint": change.endpoint,
                "name": change.name,
                "action": change.action,
                "id": change.id,
                "changes": [difference._asdict() for difference in change.differences],
                "note": change.note,
                **({"body": masked(change)} if change.action == CREATE else {}),
            }
            for change in changes
        ],
    }
