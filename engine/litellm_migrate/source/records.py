"""Records: classes that are the values of their annotated names, as dataclasses are, and ready at once.

`dataclasses` writes the methods of each class as source and compiles that at every start, a third of a millisecond for
each of a hundred classes. Here the methods are written once and shared. That nobody changes a record is what the type
checker says; at run time nothing stands guard.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_said: bool) -> Callable[[Any], Any]:
        """Nothing: these words are for type checkers."""
        return lambda decorator: decorator


Class = TypeVar("Class", bound=type)
One = TypeVar("One")


@dataclass_transform(frozen_default=True, order_default=True)
def record(stated: Class) -> Class:
    """The class as a record with slots; a default is one object for all."""
    return shaped(stated, slots=True)


@dataclass_transform(frozen_default=True, order_default=True)
def open_record(stated: Class) -> Class:
    """The class as a record without slots: one that keeps what it has worked out."""
    return shaped(stated, slots=False)


def shaped(stated: Class, slots: bool) -> Class:
    """A class of the same name with the methods of records; those that it states itself stay."""
    body = {name: part for name, part in vars(stated).items() if name not in ("__dict__", "__weakref__")}
    kinds = body.get("__annotations__", {})
    own = [name for name, kind in kinds.items() if not str(kind).startswith("ClassVar")]
    body["__match_args__"] = (*getattr(stated, "__match_args__", ()), *own)
    body["__defaults__"] = {
        **getattr(stated, "__defaults__", {}),
        **{name: body.pop(name) for name in own if name in body},
    }
    if slots:
        body["__slots__"] = own
    made: Any = type(stated)(stated.__name__, stated.__bases__, {**METHODS, **body})
    made.__qualname__ = stated.__qualname__
    return made  # type: ignore[no-any-return]


def values(made: Any) -> dict[str, Any]:
    """The values of a record by their names, in order."""
    return {name: getattr(made, name) for name in made.__match_args__}


def replace(made: One, **changes: Any) -> One:
    """The record with other values under some names."""
    return type(made)(**{**values(made), **changes})


def begin(self: Any, *given: Any, **named: Any) -> None:
    """Takes the values in order or by name; what is left out has a default, or TypeError."""
    wanted = self.__match_args__
    whole = given if len(given) == len(wanted) and not named else completed(type(self), given, named)
    for name, value in zip(wanted, whole):  # noqa: B905 - as many as there are names
        setattr(self, name, value)


def completed(kind: Any, given: tuple[Any, ...], named: dict[str, Any]) -> list[Any]:
    """Every value of a record of which some are given by name, or not at all."""
    wanted = kind.__match_args__
    known = {**kind.__defaults__, **dict(zip(wanted, given)), **named}  # noqa: B905 - the first of them
    if len(given) > len(wanted) or known.keys() != set(wanted) or not named.keys().isdisjoint(wanted[: len(given)]):
        raise TypeError(f"{kind.__name__} takes the values {', '.join(wanted)}")
    return [known[name] for name in wanted]


def equals(self: Any, other: Any) -> bool:
    """Whether the other is such a record, with equal values."""
    return values(self) == values(other) if type(self) is type(other) else NotImplemented


def ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Any]:
    """A comparison of records, value by value."""

    def compared(self: Any, other: Any) -> Any:
        both = (tuple(values(one).values()) for one in (self, other))
        return compare(*both) if type(self) is type(other) else NotImplemented

    return compared


def hashed(self: Any) -> int:
    """The hash of the values."""
    return hash(tuple(values(self).values()))


def shown(self: Any) -> str:
    """The record as it is written down."""
    return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in values(self).items())})"


METHODS: dict[str, Any] = {
    "__init__": begin,
    "__eq__": equals,
    "__lt__": ordered(lt),
    "__le__": ordered(le),
    "__gt__": ordered(gt),
    "__ge__": ordered(ge),
    "__hash__": hashed,
    "__repr__": shown,
}
