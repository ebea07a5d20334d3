"""Compiles columns: a rule file's way to say how a value comes about."""

from __future__ import annotations

import re
from collections.abc import Mapping

from jmespath.exceptions import JMESPathError

from litellm_migrate.convert.columns import Constant, First, Look, Several, Text, When
from litellm_migrate.convert.expressions import Expression
from litellm_migrate.convert.functions import FUNCTIONS
from litellm_migrate.convert.outcomes import MANUAL, SKIPPED, Outcome, Sentence
from litellm_migrate.convert.rows import Column
from litellm_migrate.convert.tables import WAYS, Table
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.static_types import Answers, RowShape, StaticType, Value, alternatives, suggestion, walk
from litellm_migrate.source.model import Problem

HOLE = re.compile(r"\{\{|\}\}|\{([^{}]+)\}")
"""A hole of a text; doubled braces stand for themselves."""
NONE = Constant(None)


class Columns:
    """Compiles against the shapes of rows; collects what is wrong instead of stopping."""

    def __init__(self, tables: Mapping[str, Table], problems: list[Problem]) -> None:
        self.tables = tables
        self.problems = problems
        self.asked: dict[str, set[str]] = {}
        """By table, the answers that rules use."""
        self.patterns: set[str] = set()
        """The tables whose keys are patterns."""

    def wrong(self, spec: RuleNode, message: str) -> None:
        """Notes a problem at a place of a rule file."""
        self.problems.append(spec.problem(message))

    def column(self, spec: RuleNode, shape: RowShape) -> tuple[Column, StaticType]:
        """The column that a part of a rule file states, and the shape of its value."""
        value = spec.value
        if isinstance(value, str):
            return self.expression(spec, shape)
        if isinstance(value, list):
            several = [self.column(part, shape) for _, part in spec.items()]
            return First(tuple(column for column, _ in several)), alternatives(found for _, found in several)
        made: tuple[Column, StaticType] = (NONE, Value())
        if spec.has("look"):
            made = self.look(spec, shape)
        elif spec.has("from"):
            made = self.column(spec.at("from"), shape)
        elif spec.has("is"):
            made = Constant(value["is"]), Value()
        elif spec.has("text"):
            made = self.text(spec.at("text"), shape), Value()
        elif spec.has("list"):
            made = Several(tuple(self.column(part, shape)[0] for _, part in spec.at("list").items())), Value()
        if spec.has("when"):
            return When(made[0], self.condition(spec.at("when"), shape)), made[1]
        return made

    def condition(self, spec: RuleNode, shape: RowShape) -> Expression:
        """An expression that decides something."""
        return self.expression(spec, shape, condition=True)[0]

    def expression(self, spec: RuleNode, shape: RowShape, condition: bool = False) -> tuple[Expression, StaticType]:
        """A JMESPath text; every path it reads must lead somewhere."""
        try:
            made = Expression(str(spec.value), condition)
        except LookupError as error:
            name = str(error.args[0])
            self.wrong(spec, f"`{name}` is no function{suggestion(name, FUNCTIONS)}")
            return Expression("place"), Value()
        except (JMESPathError, ValueError) as error:
            self.wrong(spec, f"expected a JMESPath expression, found `{spec.value}`: {reason(error)}.")
            return Expression("place"), Value()
        found: StaticType = Value()
        for path in made.reads:
            at = walk(shape, path)
            if isinstance(at, str):
                self.wrong(spec, f"`{spec.value}`: {at}")
            elif isinstance(at, RowShape):
                self.wrong(spec, f"`{spec.value}` reads a whole row. Name one of its columns.")
            elif made.plain:
                found = at
        return made, found

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
        keys: Column | dict[str, Column]
        if isinstance(up.value, dict) and not {"look", "from", "is", "text"} & set(up.value):
            keys = {str(key): self.column(part, shape)[0] for key, part in up.items()}
            for key, part in up.items():
                self.answer(table, key, part)
        else:
            keys = self.column(up, shape)[0]
        answer = spec.value.get("for")
        if answer is not None:
            self.answer(table, answer, spec.at("for"))
        read = self.asked.setdefault(name, {"row", "rest"})
        return Look(table, way, keys, answer), Value() if answer else Answers(table.columns, read)

    def answer(self, table: Table, name: str, spec: RuleNode) -> None:
        """Notes that rules ask for an answer, and a problem if no row of the table has it."""
        self.asked.setdefault(table.id, {"row", "rest"}).add(name)
        if name not in table.columns and table.rows:
            self.wrong(spec, f"table `{table.id}` answers no `{name}`{suggestion(name, table.columns)}")

    def text(self, spec: RuleNode, shape: RowShape) -> Text:
        """A text with holes, each of which holds an expression."""
        parts: list[str | Column] = []
        written, end = str(spec.value or ""), 0
        for found in HOLE.finditer(written):
            parts.append(written[end : found.start()])
            end = found.end()
            hole = spec._replace(value=found[1])
            parts.append(self.expression(hole, shape)[0] if found[1] else found[0][0])
        return Text((*parts, written[end:]))

    def sentence(self, spec: RuleNode, shape: RowShape) -> Sentence:
        """An outcome whose texts may have holes."""
        word = SKIPPED if spec.has(SKIPPED) else MANUAL
        because, do = self.text(spec.at(word), shape), self.text(spec.at("do"), shape)
        return Sentence(word, because, do, str(spec.value.get("code", "")))


def reason(error: Exception) -> str:
    """What is wrong with an expression, on one line."""
    return str(error).partition("\n")[0].strip().rstrip(".:")


def outcome(spec: RuleNode) -> Outcome | None:
    """The outcome that a part of a rule file states; None if it states none."""
    for word in (SKIPPED, MANUAL):
        if spec.has(word):
            return Outcome(word, str(spec.value[word]), str(spec.value.get("do", "")), str(spec.value.get("code", "")))
    return None
