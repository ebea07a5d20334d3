"""JMESPath expressions of rule files as closures over the values that they read.

A syntax tree is compiled once and called with the values at the paths that it reads; the result is what
`jmespath.search` gives (a test compares the two). Projections, filters and slices are not part of the rule language:
relations and their steps say those. Parsing belongs to whoever loads rules; here nothing but the tree is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from operator import ge, gt, itemgetter, le, lt
from typing import Any, NamedTuple

from litellm_migrate.convert.functions import FUNCTIONS, KIND_FUNCTIONS, Refused
from litellm_migrate.convert.origins import REFUSED, Origin, Union, marked
from litellm_migrate.convert.rows import ABSENT, Cell, Column, Compiler, Evaluator, Row, inside
from litellm_migrate.source.model import Path

SyntaxNode = Mapping[str, Any]  # a syntax tree as `jmespath` parses it: type, children, value
Closure = Callable[[Sequence[Any]], Any]
"""The result of an expression for the values at the paths that it reads: whatever documents hold, so untyped."""


PLACEHOLDER = "("
"""What the name of a column inside an expression begins with, before its number; no other name does."""


class Expression(NamedTuple):
    """One expression: its text, its syntax tree, the paths of a row that it reads, and the columns inside it."""

    text: str
    tree: SyntaxNode
    reads: tuple[Path, ...]
    columns: tuple[Column, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether it is a path and nothing else."""
        return self.tree["type"] in {"field", "subexpression"}

    def compiled(self, compiler: Compiler) -> Evaluator:
        """The value with the origins of all that it reads; if a function refuses a value, None and refused origins."""
        readers = [self.reader(path, compiler) for path in self.reads]
        if self.plain:
            return readers[0]
        evaluate = closure(self.tree, self.reads)

        def result(values: Sequence[object], origin: Origin) -> Cell:
            try:
                return evaluate(values), origin
            except Refused as refusal:
                return None, marked(REFUSED, str(refusal), origin)

        nothing = [None] * len(readers)
        of_nothing = result(nothing, None)

        def read_single(row: Row) -> Cell:
            cell = reader(row)
            return of_nothing if cell is ABSENT else result((cell[0],), cell[1])

        def read(row: Row) -> Cell:
            values: list[object] = []
            origins: list[Origin] = []
            for reader in readers:
                value, origin = reader(row)
                values.append(value)
                if origin is not None:
                    origins.append(origin)
            if origins:
                return result(values, origins[0] if len(origins) == 1 else Union(origins))
            return of_nothing if values == nothing else result(values, None)

        if len(readers) != 1:
            return read
        (reader,) = readers
        return read_single

    def reader(self, path: Path, compiler: Compiler) -> Evaluator:
        """What a row holds at a path, or what a column gives whose placeholder it is."""
        name = str(path[0])
        return compiler(self.columns[int(name[1:])]) if name.startswith(PLACEHOLDER) else path_reader(path)


def path_reader(path: Path) -> Evaluator:
    """What a row holds at a path."""
    if len(path) == 1:
        return itemgetter(path[0])
    head, *names = path

    def read(row: Row) -> Cell:
        cell = row[head]
        for name in names:
            if cell is ABSENT:
                return ABSENT
            cell = inside(cell, name)
        return cell

    return read


def paths_read(node: SyntaxNode) -> Iterator[Path]:
    """Every path that a syntax tree reads."""
    if node["type"] in {"field", "subexpression"}:
        yield path_of(node)
    else:
        for child in node["children"]:
            yield from paths_read(child)


def closure(node: SyntaxNode, reads: Sequence[Path] = ()) -> Closure:
    """The function that a syntax tree stands for, of the values at `reads`; ValueError if the rules may not say it."""
    maker = MAKERS.get(node["type"])
    if maker is None:
        raise ValueError(f"a {node['type'].replace('_', ' ')} is no part of the rule language; write it as steps")
    return maker(node, reads)


def field(node: SyntaxNode, reads: Sequence[Path]) -> Closure:
    """A name, or a path: the value there."""
    return itemgetter(reads.index(path_of(node)))


def path_of(node: SyntaxNode) -> Path:
    """The names of a path; ValueError if it is made of anything else."""
    if node["type"] == "field":
        return (node["value"],)
    if any(child["type"] != "field" for child in node["children"]):
        raise ValueError("a path of the rule language is made of names; write the rest as columns")
    return tuple(child["value"] for child in node["children"])


def literal(node: SyntaxNode, reads: Sequence[Path]) -> Closure:
    """A constant."""
    constant = node["value"]
    return lambda _: constant


def negation(node: SyntaxNode, reads: Sequence[Path]) -> Closure:
    """True for what is nothing, and for what a function refuses: `!as(title, 'text')` holds for a number."""
    inner = closure(node["children"][0], reads)

    def evaluate(values: Sequence[Any]) -> bool:
        try:
            return not true(inner(values))
        except Refused:
            return True

    return evaluate


def conjunction(node: SyntaxNode, reads: Sequence[Path]) -> Closure:
    """The second if the first is something, else the first."""
    first, second = (closure(child, reads) for child in node["children"])

    def evaluate(values: Sequence[Any]) -> Any:
        result = first(values)
        return second(values) if true(result) else result

    return evaluate


def disjunction(node: SyntaxNode, reads: Sequence[Path]) -> Closure:
    """The first if it is something, else the second."""
    first, second = (closure(child, reads) for child in node["children"])

    def evaluate(values: Sequence[Any]) -> Any:
        result = first(values)
        return result if true(result) else second(values)

    return evaluate


def comparison(node: SyntaxNode, reads: Sequence[Path]) -> Closure:
    """Equality of anything; order of numbers and of texts, null between others."""
    first, second = (closure(child, reads) for child in node["children"])
    word = node["value"]
    if word == "eq":
        return lambda values: equal(first(values), second(values))
    if word == "ne":
        return lambda values: not equal(first(values), second(values))
    compare = {"lt": lt, "lte": le, "gt": gt, "gte": ge}[word]

    def evaluate(values: Sequence[Any]) -> Any:
        left, right = first(values), second(values)
        return compare(left, right) if comparable(left, right) else None

    return evaluate


def call(node: SyntaxNode, reads: Sequence[Path]) -> Closure:
    """A function of the rule language: null if an argument is null; LookupError for an unknown name."""
    function, children = function_of(node)
    arguments = [closure(child, reads) for child in children]
    if len(arguments) == 1:
        argument = arguments[0]
        return lambda values: None if (value := argument(values)) is None else function(value)

    def evaluate(values: Sequence[Any]) -> Any:
        results = [argument(values) for argument in arguments]
        return None if None in results else function(*results)

    return evaluate


def function_of(node: SyntaxNode) -> tuple[Callable[..., Any], Sequence[SyntaxNode]]:
    """The function that a call calls, and its arguments but for the word that names a kind."""
    name, children = node["value"], node["children"]
    kind_function = KIND_FUNCTIONS.get(name)
    count = 2 if kind_function else FUNCTIONS[name][1]
    if count != len(children):
        raise ValueError(f"{name} takes {count} argument{'' if count == 1 else 's'}, not {len(children)}")
    if not kind_function:
        return FUNCTIONS[name][0], children
    value, word = children
    by_kind = kind_function.by_kind
    if word["type"] != "literal" or word["value"] not in [*by_kind]:
        raise ValueError(f"the second argument of {name} is one of '" + "', '".join(by_kind) + "'")
    return by_kind[word["value"]], [value]


def true(value: object) -> bool:
    """Whether a value is something: JMESPath's own notion, in which 0 is."""
    return not (value is None or value is False or (isinstance(value, (str, list, dict)) and not value))


def equal(left: object, right: object) -> bool:
    """Equality, in which 1 is not true and 0 is not false."""
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def comparable(left: object, right: object) -> bool:
    """Whether two values have an order: two numbers, or two texts."""
    if isinstance(left, str):
        return isinstance(right, str)
    return all(isinstance(side, (int, float, Decimal)) and not isinstance(side, bool) for side in (left, right))


MAKERS: dict[str, Callable[[SyntaxNode, Sequence[Path]], Closure]] = {
    "field": field,
    "subexpression": field,
    "literal": literal,
    "not_expression": negation,
    "and_expression": conjunction,
    "or_expression": disjunction,
    "comparator": comparison,
    "function_expression": call,
}
