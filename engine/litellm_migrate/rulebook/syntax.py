"""The text of a value: JMESPath with three changes, and calls of forms, which are more than functions of values.

    lookup('shelves', book).floor    if(lent, borrower)    first(a, b)    list(a, b)    text('{a}-{b}')    unless(a, b)

A form says where a value comes from, so that each call of one is a column of its own. Windows look at all rows of a
step, and aggregates at all members of a group: `share: share_per(shelf, true, weight)`, `weights: sum(weight)`.

The changes of JMESPath: numbers, `true`, `false` and `null` are themselves, `!a.b` is `!(a.b)`, and projections,
filters and slices are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple, cast

from jmespath import ast
from jmespath.exceptions import JMESPathError
from jmespath.lexer import Lexer
from jmespath.parser import Parser

from litellm_migrate.convert.expressions import SyntaxNode, closure, paths_read
from litellm_migrate.convert.functions import FUNCTIONS, KIND_FUNCTIONS
from litellm_migrate.source.model import Path

LOOKUP, ROWS, AMONG = "lookup", "rows", "among"
MANY = 1000
FORMS: dict[str, tuple[str, str, int, int]] = {
    AMONG: (
        "among('RELATION.COLUMN', LIST, 'EXACT', 'STARRED')",
        "that column of all rows of a relation that a list names: by a text of the list EXACT, or with stars in the "
        "list by one of STARRED, which are columns of the relation",
        4,
        4,
    ),
    "first": ("first(VALUE, VALUE, …)", "the first that is there", 2, MANY),
    "if": ("if(CONDITION, VALUE)", "the value, where the condition holds", 2, 2),
    "list": ("list(VALUE, …)", "a list of those that are there", 1, MANY),
    LOOKUP: (
        "lookup('TABLE', KEY).CELL",
        "a cell of the table's row that answers (`.key` is the row's key), or of the first row of a relation with "
        "that `key`; 'RELATION.COLUMN' finds by that column, without KEY it is the first row; without a cell, the row",
        1,
        MANY,
    ),
    ROWS: (
        "rows('RELATION', KEY, …)",
        "all rows of a relation with that key, to unfold; rows('TABLE.CELL', VALUE): those of a table with that cell",
        1,
        MANY,
    ),
    "unless": ("unless(VALUE, USUAL)", "the value, where it departs from what is usual", 2, 2),
    "text": ("text('… {VALUE} …')", "a text, where all of its holes have a value", 1, 1),
}
"""By name, how a form is called, what it gives, and how many arguments it takes at least and at most."""
WINDOWS: dict[str, tuple[str, str, int, int]] = {
    "count_per": ("count_per(KEY, …)", "how many rows have the same keys, with this row", 0, MANY),
    "lowest_per": (
        "lowest_per(KEY, LEVEL)",
        "whether no row with the same key has a lower level; without a level false where another row has one, and "
        "true in all rows where none has",
        2,
        2,
    ),
    "share_per": (
        "share_per(KEY, AMONG, MEASURE, …)",
        "the row's part, from 0 to 1, of the rows with the same key for which AMONG holds, by the first measure that "
        "any of them has",
        3,
        MANY,
    ),
    "unique": (
        "unique(NAME, PART, …)",
        "the name with the parts that are there appended, and numbered where rows still clash",
        1,
        MANY,
    ),
    "unshared": ("unshared(NAME, INSTEAD)", "the name, or the other one where several rows have the same", 2, 2),
}
"""The calls that look at all rows of a step; each is the whole value of a column."""
AGGREGATE_CALLS: dict[str, tuple[str, str, int, int]] = {
    "agreed": (
        "agreed(VALUE, OTHERWISE)",
        "the value of the members that have one, if they agree; with the second, that of all members, of which those "
        "without a value count with it, or with none",
        1,
        2,
    ),
    "count": ("count()", "how many members there are", 0, 0),
    "distinct": ("distinct(VALUE)", "a list of the different values of the members", 1, 1),
    "earliest": ("earliest(VALUE)", "the value of the first member that has one", 1, 1),
    "sum": ("sum(VALUE)", "the sum of the members' numbers", 1, 1),
}
"""The calls that look at all members of a group; each is the whole value of one of its columns."""
CALLS = {**FORMS, **WINDOWS, **AGGREGATE_CALLS}
CONSTANTS: dict[str, Any] = {"true": True, "false": False, "null": None}
DECIMAL = re.compile(r"-?\d+\.\d+")
BEGINS_CALL = re.compile(rf"\b(?:{'|'.join(CALLS)})\s*\(")
BEGINS_CONSTANT = re.compile(r"\s*(?:['`\d-]|true\b|false\b|null\b)")
CLOSING = {"lparen": "rparen", "lbrace": "rbrace", "lbracket": "rbracket", "filter": "rbracket"}
"""By token that opens a bracket, the one that closes it."""
AFTER_CALL = frozenset({"dot", "lparen", "lbracket", "lbrace", "flatten", "filter"})
Token = Mapping[str, Any]  # as `jmespath` makes them: type, value, start
END: Token = {"type": "eof"}
FUNCTION_NAMES = frozenset({*FUNCTIONS, *KIND_FUNCTIONS})


class ValueParser(Parser):
    """JMESPath's parser with the changes of the rule language."""

    BINDING_POWER = {**Parser.BINDING_POWER, "not": Parser.BINDING_POWER["dot"] - 1}  # noqa: RUF012 - as its parent's
    _CACHE: dict[str, Any] = {}  # noqa: RUF012 - else it would be its parent's
    _MAX_SIZE = 10_000

    def parse(self, expression: str) -> Any:
        """The syntax tree of a text."""
        self.text = expression
        return super().parse(expression)

    def _token_nud_number(self, token: Token) -> SyntaxNode:
        number, parser = token["value"], cast("Any", self)  # of whose tokens its types know nothing
        if parser._current_token() == "dot" and (match := DECIMAL.match(self.text, token["start"])):
            number = float(match[0])
            parser._advance()
            parser._advance()
        return ast.literal(number)

    def _token_nud_literal(self, token: Token) -> SyntaxNode:
        written = self.text[token["start"] :]
        if written[0] == "`" and isinstance(token["value"], str) and not written[1:].lstrip().startswith('"'):
            raise ValueError(f"in backticks stands JSON, and `{token['value']}` is none")
        return ast.literal(token["value"])

    def _token_nud_unquoted_identifier(self, token: Token) -> SyntaxNode:
        name: Any = token["value"]
        return ast.literal(CONSTANTS[name]) if name in CONSTANTS else ast.field(name)


class FormCall(NamedTuple):
    """A call of a form in a text: where it begins and ends, and where its arguments do."""

    name: str
    start: int
    end: int
    arguments: tuple[tuple[int, int], ...]
    cell: str = ""
    """The name after the call, as in `lookup(…).cell`."""


@lru_cache(maxsize=10_000)  # dialects have most texts in common
def syntax_tree(text: str, condition: bool = False) -> tuple[SyntaxNode, tuple[Path, ...]]:
    """The syntax tree of a text without forms, and the paths that it reads.

    Raises JMESPathError, ValueError or LookupError (an unknown function) for the rule's author.
    """
    tree = ValueParser().parse(text).parsed
    every = [*nodes(tree)]
    for node in every:
        if node["type"] == "function_expression" and node["value"] not in FUNCTION_NAMES:
            raise LookupError(node["value"])
    if not condition and any(node["type"] == "or_expression" for node in every):
        raise ValueError("`||` hides which side won. Write first(a, b), or a list: the first that is there")
    reads = tuple(dict.fromkeys(paths_read(tree)))
    closure(tree, reads)
    return tree, reads


def constant_of(text: str) -> SyntaxNode | None:
    """The literal that a text is; None if it is anything else, or no expression at all."""
    try:
        tree = syntax_tree(text)[0] if BEGINS_CONSTANT.match(text) else None
    except (JMESPathError, ValueError, LookupError):
        return None
    return tree if tree and tree["type"] == "literal" else None


def nodes(node: SyntaxNode) -> Iterator[SyntaxNode]:
    """A node of a syntax tree and all below it."""
    yield node
    for child in node["children"]:
        if isinstance(child, dict):  # a slice holds plain numbers
            yield from nodes(child)


@lru_cache(maxsize=10_000)
def form_calls(text: str) -> tuple[FormCall, ...]:
    """The calls of forms in a text that are not inside another one.

    Raises JMESPathError for what has no tokens, and ValueError for a call that something reads into.
    """
    tokens = [*Lexer().tokenize(text)] if BEGINS_CALL.search(text) else []
    calls: list[FormCall] = []
    for number, (token, following) in enumerate(pairwise(tokens)):
        is_call = token["type"] == "unquoted_identifier" and following["type"] == "lparen"
        if is_call and token["value"] in CALLS and (not calls or token["start"] >= calls[-1].end):
            if number and tokens[number - 1]["type"] == "dot":
                raise ValueError(f"after a dot stands a name, not a call of {token['value']}")
            calls.append(form_call(tokens, number))
    return tuple(calls)


def whole_call(value: object) -> FormCall | None:
    """The call that a value is as a whole; None for anything else, also for a text that cannot be parsed."""
    try:
        calls = form_calls(value) if isinstance(value, str) else ()
    except (JMESPathError, ValueError):  # which whoever parses the whole text says
        return None
    is_whole = len(calls) == 1 and str(value).strip() == str(value)[calls[0].start : calls[0].end]
    return calls[0] if is_whole else None


def form_call(tokens: Sequence[Token], first: int) -> FormCall:
    """The call whose name is a token; ValueError if its parenthesis is not closed."""
    start, closing, arguments = tokens[first + 1]["start"] + 1, list[str](), list[tuple[int, int]]()
    for number in range(first + 1, len(tokens)):
        kind, place = tokens[number]["type"], tokens[number]["start"]
        if kind in CLOSING:
            closing.append(CLOSING[kind])
        elif kind in CLOSING.values() and kind != closing.pop():
            break
        if not closing or (kind == "comma" and len(closing) == 1):
            arguments += [(start, place)] if number > first + 2 or closing else []
            start = place + 1
        if not closing:
            dot, name, after = [*tokens[number + 1 : number + 4], END, END][:3]
            has_cell = dot["type"] == "dot" and name["type"] == "unquoted_identifier"
            if (after if has_cell else dot)["type"] in AFTER_CALL:
                raise ValueError(f"of a call of {tokens[first]['value']} nothing can be read but a cell of lookup")
            cell = str(name["value"]) if has_cell else ""
            end = name["start"] + len(cell) if has_cell else place + 1
            return FormCall(tokens[first]["value"], tokens[first]["start"], end, tuple(arguments), cell)
    raise ValueError(f"the parenthesis of {tokens[first]['value']} is not closed, or a bracket inside it")


def parts_of_mapping(text: str) -> dict[str, tuple[int, int, int]] | None:
    """Where each name of `{a: x, b: y}` begins, and its text begins and ends; None if the text is no mapping.

    Raises JMESPathError or ValueError for one that is not written like that.
    """
    if not text.startswith("{"):
        return None
    tokens = [*Lexer().tokenize(text)]
    depth, parts, start = 0, dict[str, tuple[int, int, int]](), 1
    for number, token in enumerate(tokens):
        depth += (token["type"] in CLOSING) - (token["type"] in CLOSING.values())
        if not depth or (token["type"] == "comma" and depth == 1):
            name, colon = tokens[start], tokens[start + 1]
            if not name["type"].endswith("identifier") or colon["type"] != "colon" or name["value"] in parts:
                break
            parts[name["value"]] = (name["start"], colon["start"] + 1, token["start"])
            start = number + 1
        if not depth:
            break
    if start == len(tokens) - 1:
        return parts
    raise ValueError("a mapping is written {NAME: VALUE, …}, each name once")
