"""Objects as plain data that `marshal` can write, and back: values, containers, and instances of own classes.

What is plain stays as it is. Anything else is an item of a list, after the items that it holds:

    encode([Outcome("manual", "No.")])
    == (["litellm_migrate.convert.outcomes:Outcome", "list"], [(0, ["manual", "No.", "", ""], ()), (1, [0], (0,))])

An item is the number of a class, the values of its fields, and which of these are the numbers of other items. Data
cannot run code of its own when it is decoded: all that it can name is classes of this package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from importlib import import_module
from typing import Any

PACKAGE = __name__.partition(".")[0]
SCALARS = frozenset({type(None), bool, int, float, str, bytes})
CONTAINERS: dict[str, Callable[[list[Any]], Any]] = {
    "tuple": tuple,
    "list": list,
    "frozenset": frozenset,
    "dict": lambda parts: dict(zip(parts[0], parts[1:], strict=True)),
}
"""By name of a type, what makes one of its parts; of a mapping these are its keys and then each value."""

Part = tuple[Any, bool]
"""Plain data; or, and then the second is true, the number of an item."""
Item = tuple[int, list[Any], tuple[int, ...]]
Encoded = tuple[list[str], list[Item]]
"""The names of classes, and the items, of which the last holds the whole."""


def encode(value: Any) -> Encoded:
    """An object as plain data; TypeError if it holds what is neither plain data nor of this package."""
    encoder = Encoder()
    encoder.item("tuple", [encoder.part(value)])
    return list(encoder.names), encoder.items


class Encoder:
    """Encodes an object with all that it holds; what is equal, and of equal types, is written once."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.items: list[Item] = []
        self.parts_by_id: dict[int, tuple[Part, Any]] = {}
        """By identity, what a value became, and the value itself, so that no other one gets its identity."""
        self.equal: dict[tuple[Any, ...], Any] = {}
        """By type and parts, what a container of plain data, or the number of an item, is."""

    def part(self, value: Any) -> Part:
        """What a value becomes where another one holds it."""
        if type(value) in SCALARS:
            return value, False
        if id(value) not in self.parts_by_id:
            self.parts_by_id[id(value)] = self.container(value), value
        return self.parts_by_id[id(value)][0]

    def container(self, value: Any) -> Part:
        """A container of plain data as it is; of anything else, and an instance, as an item."""
        kind = type(value)
        if kind.__module__ != "builtins":
            if not kind.__module__.startswith(f"{PACKAGE}."):
                raise TypeError(f"a {kind.__name__} cannot be compiled")
            fields = value if isinstance(value, tuple) else (lasting(value),)
            return self.item(f"{kind.__module__}:{kind.__qualname__}", map(self.part, fields))
        make = CONTAINERS[kind.__name__]
        parts = list(map(self.part, (tuple(value), *value.values()) if kind is dict else value))
        if any(refers for _, refers in parts):
            return self.item(kind.__name__, parts)
        if not value:  # not one for all: an empty mapping may be what an instance fills later
            return kind(), False
        return self.unique(kind, parts, lambda: make([part for part, _ in parts])), False

    def item(self, name: str, parts: Iterable[Part]) -> Part:
        """The number of an item, which is a new one unless there is an equal one."""
        parts = list(parts)
        places = tuple(place for place, (_, refers) in enumerate(parts) if refers)

        def add() -> int:
            self.items.append((self.names.setdefault(name, len(self.names)), [part for part, _ in parts], places))
            return len(self.items) - 1

        return self.unique(name, parts, add), True

    def unique(self, kind: Any, parts: list[Part], make: Callable[[], Any]) -> Any:
        """What was made of equal parts before, or is made now."""
        content = [(type(part), part if type(part) in SCALARS else id(part), refers) for part, refers in parts]
        key = (kind, *content)
        if key not in self.equal:
            self.equal[key] = make()
        return self.equal[key]


def lasting(value: object) -> dict[str, Any]:
    """The attributes of an instance without those that it works out when they are asked for."""
    kind = type(value)
    return {
        name: part for name, part in vars(value).items() if not isinstance(getattr(kind, name, None), cached_property)
    }


def decode(encoded: Encoded) -> Any:
    """The object again; changes the data. Whatever is wrong with them raises some exception."""
    names, items = encoded
    makers = [CONTAINERS.get(name) or maker(name) for name in names]
    values: list[Any] = []
    for number, parts, places in items:
        for place in places:
            parts[place] = values[parts[place]]
        values.append(makers[number](parts))
    return values[-1][0]


def maker(name: str) -> Callable[[list[Any]], Any]:
    """What makes an instance of its fields; ValueError for a class that is not of this package."""
    module, _, path = name.partition(":")
    if not module.startswith(f"{PACKAGE}."):
        raise ValueError(f"{name} is no class of {PACKAGE}")
    kind = getattr(import_module(module), path)

    def instance(parts: list[Any]) -> Any:
        value = kind.__new__(kind)
        vars(value).update(parts[0])
        return value

    return (lambda parts: tuple.__new__(kind, parts)) if issubclass(kind, tuple) else instance
