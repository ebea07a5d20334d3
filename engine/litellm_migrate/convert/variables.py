"""The environment variables that payloads refer to, and the settings that ask for them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from litellm_migrate.convert.bodies import Item, Shape
from litellm_migrate.convert.calls import Variable
from litellm_migrate.convert.own import whole
from litellm_migrate.convert.rows import Column
from litellm_migrate.convert.trace import Trace, union
from litellm_migrate.source.model import Path, Source
from litellm_migrate.source.model import value_at as at
from litellm_migrate.source.redact import Secrets

REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}\Z")


class Asked:
    """Collects what payloads ask for."""

    def __init__(self, source: Source, secrets: Secrets) -> None:
        self.source = source
        self.secrets = secrets
        self._found: dict[str, tuple[str, set[Path]]] = {}
        """By name, why it is a variable, and the settings behind it."""

    def read_items(self, shape: Shape, items: Iterable[Item]) -> None:
        """Takes the variables of an endpoint's payloads."""
        for name, column in (shape.variables or {}).items():
            pointer = tuple(name.split("."))
            for item in items:
                value = at(item.body, pointer)
                named = REFERENCE.match(str(value)) if value is not None else None
                if named:
                    self._read(named[1], item, pointer, column)

    def _read(self, name: str, item: Item, pointer: Path, column: Column) -> None:
        origin = str(column.value(item.row) or "reference")
        behind = whole(item.row.origins(column), item.row.spots) or origin_of(item, pointer)
        self._found.setdefault(name, (origin, set()))[1].update(where(behind, self.secrets))

    def variables(self) -> tuple[Variable, ...]:
        """Every variable, by name."""
        return tuple(sorted(self._variable(name, *found) for name, found in self._found.items()))

    def _variable(self, name: str, origin: str, places: set[Path]) -> Variable:
        spots = sorted({self.source.at(path)[:2] for path in places})
        return Variable(name, origin, tuple(f"{file}:{line}" for file, line in spots), tuple(sorted(places, key=str)))


def origin_of(item: Item, pointer: Path) -> Trace:
    """The origins of one field of a body."""
    return union(field.trace for field in item.fields if field.pointer == pointer)


def where(trace: Trace, secrets: Secrets) -> Iterable[Path]:
    """Each setting behind a value: those that may hold a secret, else those it is made of, else those that decide."""
    behind = trace.carried | trace.decided
    return {path for path in behind if secrets.is_place(path)} or trace.carried or behind
