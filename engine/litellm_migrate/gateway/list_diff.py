"""Two lists held against each other item by item: what comes, what goes, what differs, and how much stays."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from litellm_migrate.gateway.compare import below, texts
from litellm_migrate.source.model import Json

MOST_ALIKE = 20
"""So many items of the same name are looked through for the nearest one."""


class ListDiff(NamedTuple):
    """What becomes of a list."""

    added: list[Json]
    removed: list[Json]
    changed: list[tuple[Json, Json]]
    """Each item that stays and differs: as it was, and as it will be."""
    unchanged: int
    moved: bool
    """The items are the same, in another order."""


def list_diff(old: Sequence[Json], new: Sequence[Json]) -> ListDiff:
    """What becomes of the old list: equal items are paired first, then those that share their name and most fields."""
    by = naming_field([*new, *old])
    present: dict[str, list[int]] = defaultdict(list)
    for number, item in enumerate(old):
        present[name_in(item, by)].append(number)
    positions: list[int] = []
    rest: list[Json] = []
    for item in new:
        equal = next(
            (number for number in present[name_in(item, by)][:MOST_ALIKE] if not differs(item, old[number])), None
        )
        if equal is None:
            rest.append(item)
        else:
            positions.append(equal)
            present[name_in(item, by)].remove(equal)
    changed: list[tuple[Json, Json]] = []
    added: list[Json] = []
    for item in rest:
        alike = present[name_in(item, by)] if isinstance(item, dict) and by else []
        nearest = max(alike[:MOST_ALIKE], key=lambda number: common(item, old[number]), default=None)
        if nearest is None:
            added.append(item)
        else:
            changed.append((old[nearest], item))
            alike.remove(nearest)
    removed = [old[number] for number in sorted(number for numbers in present.values() for number in numbers)]
    ordered = texts([*new]) is None and positions != sorted(positions)
    return ListDiff(added, removed, changed, len(positions), ordered)


def naming_field(items: Sequence[Json]) -> str | None:
    """The field by which items of a list are told apart: the first one of the first object that is a text."""
    first = next((item for item in items if isinstance(item, dict)), {})
    return next((field for field, value in first.items() if isinstance(value, str)), None)


def name_in(item: Json, by: str | None) -> str:
    """The name of an item; of one that is no object, its whole value."""
    return str(item.get(by)) if isinstance(item, dict) and by else json.dumps(item, sort_keys=True, default=str)


def differs(local: Json, remote: Json) -> bool:
    """Whether a field of ours has another value there."""
    return next(below(local, remote, "", ()), None) is not None


def common(local: Json, remote: Json) -> int:
    """How many fields two objects have in common."""
    if not isinstance(local, dict) or not isinstance(remote, dict):
        return 0
    return sum(not differs(value, remote.get(field)) for field, value in local.items())
