"""A plan kept in a file, to be reviewed and then applied as it is: refused if anything that it rests on has moved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path as File
from typing import Any, NamedTuple

from litellm_migrate.gateway.access import Access
from litellm_migrate.gateway.change import UNCHANGED, Change, Options, masked
from litellm_migrate.gateway.names import label
from litellm_migrate.gateway.plan_text import plan_data
from litellm_migrate.gateway.private_files import write_private
from litellm_migrate.source.files import file_text, json_value
from litellm_migrate.source.model import USAGE, Json, Problem, Problems

FORMAT = 1
MOST_MOVED = 8
"""So many of what moved are named; the others are counted."""


class SavedPlan(NamedTuple):
    """What a plan rests on, and what it would do; bodies and values are hashes, so that it holds no secret."""

    folder: str
    """The output folder, absolute."""
    gateway: str
    tenant: str | None
    dialect: str
    only: list[str]
    skip: list[str]
    adopt: bool
    update_all: bool
    payloads: dict[str, str]
    """The hash of each payload file."""
    steps: dict[str, str]
    """By entity or document what is to be done, and the hash of all that it is to be."""

    @property
    def options(self) -> Options:
        """What the user had decided."""
        return Options(self.adopt, self.update_all)


def saved_plan(  # noqa: PLR0913, PLR0917 - each is a fact of its own
    folder: File,
    access: Access,
    dialect: str,
    chosen: tuple[Sequence[str], Sequence[str]],
    decided: Options,
    payloads: Mapping[str, Json],
    changes: Sequence[Change],
) -> SavedPlan:
    """A plan as it is kept; `chosen` are the endpoints that were to be taken only, and those to be left out."""
    only, skip = map(list, chosen)
    steps = {label(change.endpoint, change.name): f"{change.action} {fingerprint(change)}" for change in changes}
    hashes = {file: digest(payload) for file, payload in payloads.items()}
    gateway, tenant = access.url.rstrip("/"), access.tenant
    return SavedPlan(str(folder.resolve()), gateway, tenant, dialect, only, skip, *decided, hashes, steps)


def write_plan(file: File, saved: SavedPlan, changes: Sequence[Change]) -> None:
    """Writes a plan, readable for its owner alone; `plan` in it is what people review."""
    write_private(file, {"format": FORMAT, **saved._asdict(), "plan": plan_data(changes)})


def read_plan(file: File) -> SavedPlan:
    """The plan of a file; raises Problems if it holds none."""
    try:
        content: Any = json_value(file_text(file))
        if content["format"] != FORMAT:
            raise ValueError
        saved = SavedPlan(**{field: content[field] for field in SavedPlan._fields})
        sound = all(isinstance(value, dict) for value in (saved.payloads, saved.steps)) and isinstance(
            saved.folder, str
        )
    except (OSError, ValueError, KeyError, TypeError):
        sound = False
    if not sound:
        message = "expected a plan that `plan -o FILE` wrote, found none. Plan again."
        raise Problems([Problem(str(file), 0, 0, message)], USAGE)
    return saved


def check_unmoved(file: File, saved: SavedPlan, now: SavedPlan) -> None:
    """Raises Problems that name what moved since the plan was made, if anything did."""
    moved = list(differences(saved, now))
    same = (saved.gateway, saved.tenant, saved.payloads) == (now.gateway, now.tenant, now.payloads)
    if moved and same and all(step.startswith(f"{UNCHANGED} ") for step in now.steps.values()):
        message = "nothing was sent, for everything in this plan is on the gateway already."
        raise Problems([Problem(str(file), 0, 0, message)])
    if moved:
        more = f"; and {len(moved) - MOST_MOVED} more" if len(moved) > MOST_MOVED else ""
        message = f"nothing was sent, for this moved since the plan was made: {'; '.join(moved[:MOST_MOVED])}{more}. "
        raise Problems([Problem(str(file), 0, 0, f"{message}Plan again, and review it.")])


def differences(saved: SavedPlan, now: SavedPlan) -> Iterator[str]:
    """What moved, in words."""
    for what in ("gateway", "tenant", "dialect"):
        before, after = getattr(saved, what), getattr(now, what)
        if before != after:
            yield f"the {what} was {before or 'none'} and is {after or 'none'}"
    files = sorted(saved.payloads.keys() | now.payloads.keys())
    changed = [file for file in files if saved.payloads.get(file) != now.payloads.get(file)]
    yield from (f"payloads/{file} was changed" for file in changed)
    if not changed:  # or every entity of the file is named, too
        for name in dict.fromkeys([*saved.steps, *now.steps]):
            before, after = (steps.get(name, "nothing").partition(" ")[0] for steps in (saved.steps, now.steps))
            if before != after:
                yield f"{name} on the gateway (planned: {before}, now: {after})"
            elif saved.steps.get(name) != now.steps.get(name):
                yield f"{name} on the gateway"


def fingerprint(change: Change) -> str:
    """What a change comes to: of what stays as it is, only that it is there."""
    different: list[Json] = [list(difference) for difference in change.differences]
    return digest([change.id, *([] if change.action == UNCHANGED else [masked(change), different])])


def digest(value: Json) -> str:
    """A hash of a value, whatever the order of its fields."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
