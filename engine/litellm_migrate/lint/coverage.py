"""What examples must make happen, and what did: every branch, alternative, sentence and row of the rules."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from litellm_migrate.lint.found import COVERAGE, Found
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.source.model import Position

Item = tuple[Position, str]
"""A place in a rule file, and what must happen there."""


@dataclass
class Coverage:
    """Collects over all examples and dialects; what is stated once and used often must happen once."""

    wanted: dict[Item, str] = field(default_factory=dict)
    """By item, what the rule's author reads if it never happens."""
    happened: set[Item] = field(default_factory=set)
    paused: int = 0

    def want(self, spec: RuleNode, event: str, message: str) -> Item:
        """The item for an event at a part of a rule file."""
        item = (spec.position(), event)
        self.wanted.setdefault(item, message)
        return item

    def waive(self, spec: RuleNode, event: str) -> None:
        """Asks no longer for an event."""
        self.wanted.pop((spec.position(), event), None)

    def note(self, item: Item) -> None:
        """Notes that an item happened, unless values are only being explained."""
        if not self.paused:
            self.happened.add(item)

    @contextmanager
    def pause(self) -> Iterator[None]:
        """Until its end nothing counts: origins ask alternatives that never had their turn."""
        self.paused += 1
        try:
            yield
        finally:
            self.paused -= 1

    def missing(self) -> Iterator[Found]:
        """A finding for each item that no example makes happen."""
        for item, message in self.wanted.items():
            if item not in self.happened:
                yield Found.at(COVERAGE, item[0], f"{message} Add an example that does.")
