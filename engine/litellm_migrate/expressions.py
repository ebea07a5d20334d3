"""Compiled JMESPath: its value on a row, and which paths of the row it reads (a static walk of its syntax tree)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jmespath
from jmespath import functions as builtin
from jmespath.exceptions import JMESPathError
from jmespath.functions import signature
from jmespath.visitor import Options

from litellm_migrate.functions import FUNCTIONS, Refused
from litellm_migrate.model import Path
from litellm_migrate.rows import Row
from litellm_migrate.trace import Trace, refuse, union

TIGHT_NOT = re.compile(r"!\s*[A-Za-z_]\w*\.")
PLAIN = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*\Z")


def library() -> builtin.Functions:
    """JMESPath's function table holding ours only: null in, null out."""

    def method(function: Callable[..., Any], count: int) -> Callable[..., Any]:
        def call(_: Any, *given: Any) -> Any:
            return None if None in given else function(*given)

        of_any_type: list[Any] = [{"types": []}] * count
        return signature(*of_any_type)(call)

    made = {f"_func_{name}": method(function, count) for name, (function, count) in FUNCTIONS.items()}
    library: type[builtin.Functions] = type("Library", (builtin.Functions,), made)
    return library()


OPTIONS = Options(custom_functions=library())


class Expression:
    """One expression of a rule file."""

    __slots__ = ("_value", "plain", "reads", "text")

    def __init__(self, text: str, condition: bool = False) -> None:
        """Compile; raises JMESPathError, ValueError or LookupError (an unknown function) for the rule's author."""
        self.text = text
        self.plain = bool(PLAIN.match(text))
        if self.plain:
            path = tuple(text.split("."))
            self.reads: tuple[Path, ...] = (path,)
            self._value: Callable[[Row], Any] = lambda row: follow(row, path)
        else:
            if TIGHT_NOT.search(text):
                raise ValueError("JMESPath reads `!a.b` as `(!a).b`. Write `!(a.b)`")
            compiled = jmespath.compile(text)
            if not condition and "or_expression" in str(compiled.parsed):
                raise ValueError("`||` hides which side won. Write a list: the first that is there")
            self.reads = tuple(dict.fromkeys(reads(compiled.parsed)))
            self._value = lambda row: compiled.search(row, OPTIONS)

    def value(self, row: Row) -> Any:
        """What it gives; None where a conversion refuses the value."""
        try:
            return self._value(row)
        except (Refused, JMESPathError):
            return None

    def trace(self, row: Row, rest: Path = ()) -> Trace:
        """The origins of all that it reads."""
        below = rest if self.plain else ()
        found = union(row.trace((*path, *below)) for path in self.reads)
        try:
            self._value(row)
        except Refused as refused:
            return refuse(found, str(refused))
        except JMESPathError:
            return refuse(found, "another kind of value")
        return found


def follow(row: Any, path: Path) -> Any:
    """The value at a plain path; None where there is none."""
    for name in path:
        if row is None or not hasattr(row, "get"):
            return None
        row = row.get(name)
    return row


def reads(node: Mapping[str, Any], base: Path = ()) -> Iterator[Path]:
    """Every path below `base` that a syntax tree reads."""
    tail = path_of(node, base)
    if tail is not None:
        yield tail
        return
    kind, below = node["type"], node["children"]
    if kind == "function_expression":
        check_call(node["value"], len(below))
    scope = [base] * len(below)
    if kind in {"subexpression", "index_expression", "pipe", "projection", "filter_projection"}:
        yield from reads(below[0], base)
        inner = path_of(below[0], base)
        step = ("*",) if "projection" in kind else ()
        scope = [base, *[(*(inner or base), *step)] * (len(below) - 1)]
        below, scope = below[1:], scope[1:]
    for child, start in zip(below, scope, strict=True):
        if child["type"] not in {"identity", "literal", "index"}:
            yield from reads(child, start)


def path_of(node: Mapping[str, Any], base: Path) -> Path | None:
    """The path that a node of plain steps stands for; None for anything else."""
    kind, below = node["type"], node["children"]
    if kind == "field":
        return (*base, node["value"])
    if kind in {"subexpression", "index_expression"}:
        path: Path | None = base
        for child in below:
            path = None if path is None else path_of(child, path)
        return path
    if kind == "index":
        return (*base, "*")
    if kind == "projection":
        inner = path_of(below[0], base)
        if inner is not None and below[1]["type"] == "identity":
            return (*inner, "*")
        return None if inner is None else path_of(below[1], (*inner, "*"))
    return None


def check_call(name: str, count: int) -> None:
    """Hold a call against the closed set of functions."""
    if name not in FUNCTIONS:
        raise LookupError(name)
    if FUNCTIONS[name][1] != count:
        raise ValueError(f"{name} takes {FUNCTIONS[name][1]} arguments, not {count}")
