"""JMESPath syntax trees as Python closures: the part of the language that rules use, with JMESPath's own meaning.

A tree is compiled once and called with the values at the paths that it reads; what it answers is what
`jmespath.search` answers (a test compares the two). Projections, filters and slices are not part of the rule language:
relations and their steps say those.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from operator import ge, gt, itemgetter, le, lt
from typing import Any

from litellm_migrate.convert.functions import FUNCTIONS
from litellm_migrate.source.model import Path

Node = Mapping[str, Any]
Closure = Callable[[Sequence[Any]], Any]
"""What an expression gives for the values at the paths that it reads."""


def closure(node: Node, reads: Sequence[Path] = ()) -> Closure:
    """The function that a syntax tree stands for, of the values at `reads`; ValueError if the rules may not say it."""
    maker = MAKERS.get(node["type"])
    if maker is None:
        raise ValueError(f"a {node['type'].replace('_', ' ')} is no part of the rule language; write it as steps")
    return maker(node, reads)


def field(node: Node, reads: Sequence[Path]) -> Closure:
    """A name, or a path: what was read there."""
    return itemgetter(reads.index(path_of(node)))


def path_of(node: Node) -> Path:
    """The names of a path; ValueError if it is made of anything else."""
    if node["type"] == "field":
        return (node["value"],)
    if any(child["type"] != "field" for child in node["children"]):
        raise ValueError("a path of the rule language is made of names; write the rest as columns")
    return tuple(child["value"] for child in node["children"])


def literal(node: Node, reads: Sequence[Path]) -> Closure:
    """A constant."""
    constant = node["value"]
    return lambda _: constant


def negation(node: Node, reads: Sequence[Path]) -> Closure:
    """True for what is nothing."""
    inner = closure(node["children"][0], reads)
    return lambda value: not true(inner(value))


def both(node: Node, reads: Sequence[Path]) -> Closure:
    """The second if the first is something, else the first."""
    first, second = (closure(child, reads) for child in node["children"])

    def run(value: Any) -> Any:
        found = first(value)
        return second(value) if true(found) else found

    return run


def either(node: Node, reads: Sequence[Path]) -> Closure:
    """The first if it is something, else the second."""
    first, second = (closure(child, reads) for child in node["children"])

    def run(value: Any) -> Any:
        found = first(value)
        return found if true(found) else second(value)

    return run


def comparison(node: Node, reads: Sequence[Path]) -> Closure:
    """Equality of anything; order of numbers and of texts, null between others."""
    first, second = (closure(child, reads) for child in node["children"])
    word = node["value"]
    if word == "eq":
        return lambda value: equal(first(value), second(value))
    if word == "ne":
        return lambda value: not equal(first(value), second(value))
    compare = {"lt": lt, "lte": le, "gt": gt, "gte": ge}[word]

    def run(value: Any) -> Any:
        left, right = first(value), second(value)
        return compare(left, right) if comparable(left, right) else None

    return run


def call(node: Node, reads: Sequence[Path]) -> Closure:
    """A function of the rule language: null if an argument is null."""
    name, given = node["value"], [closure(child, reads) for child in node["children"]]
    function, count = FUNCTIONS[name]  # an unknown name is a LookupError
    if count != len(given):
        raise ValueError(f"{name} takes {count} argument{'' if count == 1 else 's'}, not {len(given)}")
    if count == 1:
        only = given[0]
        return lambda value: None if (argument := only(value)) is None else function(argument)

    def run(value: Any) -> Any:
        arguments = [argument(value) for argument in given]
        return None if any(argument is None for argument in arguments) else function(*arguments)

    return run


def true(value: Any) -> bool:
    """Whether a value is something: JMESPath's own notion, in which 0 is."""
    return not (value is None or value is False or (isinstance(value, (str, list, dict)) and not value))


def equal(left: Any, right: Any) -> bool:
    """Equality, in which 1 is not true and 0 is not false."""
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def comparable(left: Any, right: Any) -> bool:
    """Whether two values have an order: two numbers, or two texts."""
    if isinstance(left, str):
        return isinstance(right, str)
    return all(isinstance(one, (int, float, Decimal)) and not isinstance(one, bool) for one in (left, right))


MAKERS: dict[str, Callable[[Node, Sequence[Path]], Closure]] = {
    "field": field,
    "subexpression": field,
    "literal": literal,
    "not_expression": negation,
    "and_expression": both,
    "or_expression": either,
    "comparator": comparison,
    "function_expression": call,
}
