"""Parses columns: a rule file's way to say how a value comes about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from jmespath import compile as parse
from jmespath.exceptions import JMESPathError

from litellm_migrate.convert.columns import Constant, First, ListOf, Sentence, Text, When
from litellm_migrate.convert.expressions import Expression, SyntaxNode, closure, paths_read
from litellm_migrate.convert.functions import FUNCTIONS
from litellm_migrate.convert.lookups import Look
from litellm_migrate.convert.outcomes import MANUAL, SKIPPED, Outcome
from litellm_migrate.convert.rows import Column
from litellm_migrate.convert.tables import WAYS, Table
from litellm_migrate.rulebook.advice import expression_advice, name_advice
from litellm_migrate.rulebook.index import Site, Sites
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.static_types import (
    Answers,
    RowShape,
    StaticType,
    TableCell,
    Value,
    alternatives,
    suggestion,
    walk,
)
from litellm_migrate.source.model import Problem

HOLE = re.compile(r"\{\{|\}\}|\{([^{}]+)\}")
"""A hole of a text; doubled braces stand for themselves."""
COLUMN_WORDS = frozenset({"look", "from", "is", "text"})
"""A question to a table that has one of these words is a column, else a mapping of columns."""
TIGHT_NOT = re.compile(r"!\s*[A-Za-z_]\w*\.")


def expression_of(text: str, condition: bool = False) -> Expression:
    """The expression that a text states.

    Raises JMESPathError, ValueError or LookupError (an unknown function) for the rule's author.
    """
    if TIGHT_NOT.search(text):
        raise ValueError("JMESPath reads `!a.b` as `(!a).b`. Write `!(a.b)`")
    tree = parse(text).parsed
    if not condition and any(node["type"] == "or_expression" for node in nodes(tree)):
        raise ValueError("`||` hides which side won. Write a list: the first that is there")
    reads = tuple(dict.fromkeys(paths_read(tree)))
    closure(tree, reads)
    return Expression(text, tree, reads)


def nodes(node: SyntaxNode) -> Iterator[SyntaxNode]:
    """A node of a syntax tree and all below it."""
    yield node
    for child in node["children"]:
        if isinstance(child, dict):  # a slice holds plain numbers
            yield from nodes(child)


class ColumnParser:
    """Parses columns against the shapes of rows; collects what is wrong instead of stopping."""

    def __init__(self, tables: Mapping[str, Table], problems: list[Problem]) -> None:
        self.tables = tables
        self.problems = problems
        self.cells_read: dict[str, set[str]] = {}
        """By table, the cells that rules read."""
        self.patterns: set[str] = set()
        """The tables whose keys are patterns."""
        self.sites = Sites()

    def wrong(self, spec: RuleNode, message: str) -> None:
        """Notes a problem at a place of a rule file."""
        self.problems.append(spec.problem(message))

    def column(self, spec: RuleNode, shape: RowShape) -> tuple[Column, StaticType]:
        """The column that a part of a rule file states, and the shape of its value."""
        column: Column
        if isinstance(spec.value, str):
            column, inner = self.expression(spec, shape)
        elif isinstance(spec.value, list):
            pairs = [self.column(part, shape) for _, part in spec.items()]
            column, inner = First(tuple(column for column, _ in pairs)), alternatives(inner for _, inner in pairs)
        else:
            column, inner = self.unconditional(spec, shape)
            if spec.has("when"):
                column = When(column, self.condition(spec.at("when"), shape))
        self.sites.columns.append(Site(spec, column, shape, inner))
        return column, inner

    def unconditional(self, spec: RuleNode, shape: RowShape) -> tuple[Column, StaticType]:
        """The column that a mapping states, but for its condition."""
        if spec.has("look"):
            return self.look(spec, shape)
        if spec.has("from"):
            return self.column(spec.at("from"), shape)
        if spec.has("text"):
            return self.text(spec.at("text"), shape), Value()
        if spec.has("list"):
            return ListOf(tuple(self.column(part, shape)[0] for _, part in spec.at("list").items())), Value()
        return Constant(spec.at("is").value), Value((spec.at("is"),))

    def condition(self, spec: RuleNode, shape: RowShape) -> Expression:
        """An expression that decides something."""
        expression, inner = self.expression(spec, shape, condition=True)
        self.sites.conditions.append(Site(spec, expression, shape, inner))
        return expression

    def expression(self, spec: RuleNode, shape: RowShape, condition: bool = False) -> tuple[Expression, StaticType]:
        """A JMESPath text; every path it reads must lead somewhere."""
        try:
            expression = expression_of(str(spec.value), condition)
        except LookupError as error:
            name = str(error.args[0])
            self.wrong(spec, f"`{name}` is no function{suggestion(name, FUNCTIONS)}")
            return expression_of("place"), Value()
        except (JMESPathError, ValueError) as error:
            reason = str(error).partition("\n")[0].strip().rstrip(".:")
            advice = expression_advice(str(spec.value), reason)
            self.wrong(spec, f"expected an expression, found `{spec.value}`: {advice}.")
            return expression_of("place"), Value()
        inner: StaticType = Value()
        for path in expression.reads:
            at = walk(shape, path)
            if isinstance(at, str):
                self.wrong(spec, f"`{spec.value}`: {at}{name_advice(str(spec.value), path[0])}")
            elif isinstance(at, RowShape):
                self.wrong(spec, f"`{spec.value}` reads a whole row. Name one of its columns.")
            elif expression.plain:
                inner = at
        self.sites.read(spec, shape, expression.reads, condition)
        return expression, inner

    def look(self, spec: RuleNode, shape: RowShape) -> tuple[Look, StaticType]:
        """A question to a table."""
        name, way = str(spec.value["look"]), str(spec.value.get("by", "exact"))
        table = self.tables.get(name)
        if table is None:
            self.wrong(spec.at("look"), f"`{name}` is no table{suggestion(name, self.tables)}")
            table = Table(name, {})
        if way not in WAYS:
            self.wrong(spec.at("by"), f"`{way}` is no way to ask a table{suggestion(way, WAYS)}")
            way = "exact"
        up = spec.at("up")
        if way == "pattern":
            self.patterns.add(name)
        question: Column | dict[str, Column]
        if isinstance(up.value, dict) and not COLUMN_WORDS & set(up.value):
            question = {str(key): self.column(part, shape)[0] for key, part in up.items()}
            for key, part in up.items():
                self.read_cell(table, key, part)
        else:
            question = self.column(up, shape)[0]
        answer = spec.value.get("for")
        if answer is not None:
            self.read_cell(table, answer, spec.at("for"))
        cells = self.cells_read.setdefault(name, {"row", "rest"})
        inner = Value((TableCell(name, answer),)) if answer else Answers(name, table.columns, cells)
        look = Look(table, way, question, answer)
        self.sites.looks.append(look)
        return look, inner

    def read_cell(self, table: Table, name: str, spec: RuleNode) -> None:
        """Notes that rules read a cell, and a problem if no row of the table has it."""
        self.cells_read.setdefault(table.id, {"row", "rest"}).add(name)
        if name not in table.columns and table.rows:
            self.wrong(spec, f"table `{table.id}` answers no `{name}`{suggestion(name, table.columns)}")

    def text(self, spec: RuleNode, shape: RowShape) -> Text:
        """A text with holes, each of which holds an expression."""
        parts: list[Column] = []
        written, end = str(spec.value or ""), 0
        for match in HOLE.finditer(written):
            parts.append(Constant(written[end : match.start()]))
            end = match.end()
            hole = spec._replace(value=match[1])
            parts.append(self.expression(hole, shape)[0] if match[1] else Constant(match[0][0]))
        text = Text((*parts, Constant(written[end:])))
        self.sites.texts.append(Site(spec, text, shape, Value()))
        return text

    def sentence(self, spec: RuleNode, shape: RowShape) -> Sentence:
        """An outcome whose texts may have holes."""
        word = SKIPPED if spec.has(SKIPPED) else MANUAL
        because, do = self.text(spec.at(word), shape), self.text(spec.at("do"), shape)
        return Sentence(word, because, do, str(spec.value.get("code", "")))


def outcome(spec: RuleNode) -> Outcome | None:
    """The outcome that a part of a rule file states; None if it states none."""
    for word in (SKIPPED, MANUAL):
        if spec.has(word):
            return Outcome(word, str(spec.value[word]), str(spec.value.get("do", "")), str(spec.value.get("code", "")))
    return None
