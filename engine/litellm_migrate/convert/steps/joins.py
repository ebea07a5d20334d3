"""The verb `join`: a row of another relation beside each row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litellm_migrate.convert.batches import demoted, united
from litellm_migrate.convert.frames import Frame
from litellm_migrate.convert.outcomes import Finding, Sentence
from litellm_migrate.convert.own import all_settled, moved, near, numbers
from litellm_migrate.convert.rows import Column, Given, Row
from litellm_migrate.convert.steps import Scene
from litellm_migrate.convert.trace import NOTHING, Trace, union
from litellm_migrate.source.model import Path
from litellm_migrate.source.records import record


@record
class Joined(Given):
    """The matching row."""

    name: str
    mine: tuple[Column, ...]

    def traces(self, frame: Frame, rest: Path = ()) -> list[Trace]:
        """What is read of the match; what matched only decided."""
        keys = [demoted(frame.traces_of(column)) for column in self.mine]
        matches = zip(frame.rows(), frame.read((self.name,)), strict=True)
        return united(frame.count, [*keys, [told_of(match, rest, row) if match else NOTHING for row, match in matches]])


def told_of(match: Row, rest: Path, row: Row) -> Trace:
    """What decided that a match exists, and what is read of it, as the row tells it."""
    found = union((match.why(), match.trace(rest) if rest else NOTHING))
    return near(moved(found, match.spots, row.spots), numbers(row.spots)) if found is not NOTHING else found


@record
class Join:
    """Finds for each row the row of another relation with equal values; with `every`, one row per match."""

    to: str
    name: str
    mine: tuple[Column, ...]
    theirs: tuple[Column, ...]
    every: bool
    otherwise: Sentence | None
    rule: str

    def run(self, frame: Frame, scene: Scene) -> Frame:
        """The rows with their matches; with `otherwise`, only those that have one."""
        if not frame.count:
            return frame
        others = scene.frame_of(self.to)
        index: dict[tuple[Any, ...], list[int]] = {}
        for at, known in enumerate(keys_of(others, self.theirs)):
            if hashable(known):
                index.setdefault(known, []).append(at)
        kept: list[int] = []
        matched: list[Row | None] = []
        for at, key in enumerate(keys_of(frame, self.mine)):
            matches = [] if self.mine and None in key else index.get(key, []) if hashable(key) else []
            if not matches and self.otherwise:
                scene.findings.append(self.alone(frame.row(at), self.otherwise))
                continue
            chosen = matches if self.every else matches[:1]
            matched.extend(map(others.row, chosen) if chosen else [None])
            kept.extend([at] * (len(chosen) or 1))
        frame.pick(kept)
        frame.add(self.name, matched)
        return frame

    def alone(self, row: Row, otherwise: Sentence) -> Finding:
        """The finding for a row without a match."""
        places = union(row.origins(column) for column in self.mine).carried
        return Finding(all_settled(places or row.spots, row.spots), otherwise.on(row), self.rule)


def keys_of(frame: Frame, columns: tuple[Column, ...]) -> Iterable[tuple[Any, ...]]:
    """What several columns give, row by row."""
    return zip(*[frame.values_of(column) for column in columns], strict=True) if columns else [()] * frame.count


def hashable(key: tuple[Any, ...]) -> bool:
    """Whether a key can be looked up: lists, mappings and sets match nothing."""
    try:
        hash(key)
    except TypeError:
        return False
    return True
