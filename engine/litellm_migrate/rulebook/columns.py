"""Parses columns: a rule file's way to say how a value comes about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from jmespath.exceptions import JMESPathError

from litellm_migrate.convert.columns import Constant, First, ListOf, Text, Unless, When
from litellm_migrate.convert.expressions import PLACEHOLDER, Expression
from litellm_migrate.convert.functions import FUNCTIONS, KIND_FUNCTIONS
from litellm_migrate.convert.outcomes import MANUAL, SKIPPED, Outcome
from litellm_migrate.convert.rows import Column
from litellm_migrate.convert.tables import Table
from litellm_migrate.rulebook.advice import expression_advice, function_advice, name_advice
from litellm_migrate.rulebook.index import Site, Sites
from litellm_migrate.rulebook.lookups import LookupParser
from litellm_migrate.rulebook.nodes import RuleMarks, RuleNode
from litellm_migrate.rulebook.static_types import (
    UNKNOWN,
    RowList,
    RowShape,
    StaticType,
    Value,
    alternatives,
    walk,
)
from litellm_migrate.rulebook.syntax import (
    AMONG,
    CALLS,
    FORMS,
    LOOKUP,
    ROWS,
    FormCall,
    constant_of,
    form_calls,
    syntax_tree,
    whole_call,
)
from litellm_migrate.source.model import Path, Problem

HOLE = re.compile(r"\{\{|\}\}|\{([^{}]+)\}|[{}]")
"""A hole of a text; doubled braces stand for themselves, and no brace stands alone."""
DOUBLE_IT = "Double it, or close the hole, in which no braces stand."
TOO_DEEP = "expected a value, found one that is nested too deep. Name parts of it as columns."
INSIDE = re.compile(rf"{re.escape(PLACEHOLDER)}\d+")
CHARACTER = re.compile(r"\\'|.", re.DOTALL)
"""A character of a text in single quotes."""


class ColumnParser:
    """Parses columns against the shapes of rows; collects what is wrong instead of stopping."""

    def __init__(self, tables: Mapping[str, Table], problems: list[Problem]) -> None:
        self.problems = problems
        self.sites = Sites()
        self.lookups = LookupParser(self, tables)

    def wrong(self, spec: RuleNode, message: str) -> None:
        """Notes a problem at a place of a rule file."""
        self.problems.append(spec.problem(message))

    def column(self, spec: RuleNode, shape: RowShape, rows: bool = False) -> tuple[Column, StaticType]:
        """The column that a part of a rule file states, and the type of its value; only `rows` allows rows."""
        column: Column
        if isinstance(spec.value, list):
            pairs = [self.column(part, shape) for _, part in spec.items()]
            column, inner = First(tuple(column for column, _ in pairs)), alternatives(inner for _, inner in pairs)
        else:
            try:
                column, inner = self.value(spec, shape)
            except RecursionError:
                self.wrong(spec, TOO_DEEP)
                column, inner = Constant(None), Value()
        if isinstance(inner, (RowShape, RowList)) and inner is not UNKNOWN and not rows:
            self.wrong(spec, f"`{spec.value}` is a whole row. Read one of its columns; rows are unfolded.")
        self.sites.columns.append(Site(spec, column, shape, inner))
        return column, inner

    def value(self, spec: RuleNode, shape: RowShape) -> tuple[Column, StaticType]:
        """The column that a text states: a call of a form, a constant, or an expression."""
        if not isinstance(spec.value, str):
            return Constant(spec.value), Value((spec,))
        call = whole_call(spec.value)
        if call:
            return self.form(spec, call, shape)
        constant = constant_of(spec.value)
        if constant is not None:
            return Constant(constant["value"]), Value((spec._replace(value=constant["value"]),))
        return self.expression(spec, shape)

    def form(self, spec: RuleNode, call: FormCall, shape: RowShape) -> tuple[Column, StaticType]:
        """The column that a call of a form states."""
        arguments = self.arguments(spec, call)
        if call.name not in FORMS:
            self.wrong(spec, f"`{call.name}` looks at several rows. Make its call the whole value of a column.")
        if arguments is None or call.name not in FORMS:
            return Constant(None), Value()
        if call.name in (LOOKUP, ROWS, AMONG):
            return self.lookups.parse(call, spec, shape)
        makers = {
            "if": self.conditional,
            "unless": self.unusual,
            "first": self.first,
            "list": self.listed,
            "text": self.filled,
        }
        return makers[call.name](arguments, shape)

    def arguments(self, spec: RuleNode, call: FormCall) -> list[RuleNode] | None:
        """The arguments of a call; None, and a problem, if there are too few or too many, or a cell where none is."""
        usage, meaning, least, most = CALLS[call.name]
        if least <= len(call.arguments) <= most and (call.name == LOOKUP or not call.cell):
            return [spec.piece(start, end) for start, end in call.arguments]
        self.wrong(spec, f"expected {usage}, {meaning}; found `{spec.value}`.")
        return None

    def conditional(self, arguments: list[RuleNode], shape: RowShape) -> tuple[Column, StaticType]:
        """`if(condition, value)`."""
        condition, value = arguments
        column, inner = self.column(value, shape)
        decides = condition._replace(path=(*condition.path[:-1], "if()"))
        return When(column, self.condition(decides, shape)), inner

    def unusual(self, arguments: list[RuleNode], shape: RowShape) -> tuple[Column, StaticType]:
        """`unless(value, usual)`."""
        value, usual = arguments
        column, inner = self.column(value, shape)
        decides = usual._replace(path=(*usual.path[:-1], "unless()", 0))
        return Unless(column, self.column(decides, shape)[0]), inner

    def first(self, arguments: list[RuleNode], shape: RowShape) -> tuple[Column, StaticType]:
        """`first(value, value, …)`, which is what a list of the rule file is."""
        marks = RuleMarks(arguments[0].position(), {number: part.marks for number, part in enumerate(arguments)})
        values = arguments[0]._replace(value=[part.value for part in arguments], marks=marks)
        return self.column(values, shape)

    def listed(self, arguments: list[RuleNode], shape: RowShape) -> tuple[Column, StaticType]:
        """`list(value, …)`."""
        pairs = [self.column(argument, shape) for argument in arguments]
        items = tuple(inner for _, inner in pairs if isinstance(inner, Value))
        return ListOf(tuple(column for column, _ in pairs)), Value(items=items)

    def filled(self, arguments: list[RuleNode], shape: RowShape) -> tuple[Column, StaticType]:
        """`text('… {value} …')`; a text without holes is a constant."""
        spec = self.literal(arguments[0])
        if spec is None:
            return Constant(None), Value()
        if "{" in spec.value or "}" in spec.value:
            return self.text(spec, shape), Value()
        return Constant(spec.value), Value((spec,))

    def literal(self, spec: RuleNode) -> RuleNode | None:
        """An argument that is a text in single quotes, without them; None if it is anything else."""
        constant = constant_of(spec.value) if spec.value.startswith("'") else None
        if constant is None:
            self.wrong(spec, f"expected a text in single quotes, found `{spec.value}`.")
            return None
        if constant["value"] == spec.value[1:-1]:
            return spec.span(1, len(spec.value) - 1)
        characters = CHARACTER.finditer(spec.value, 1, len(spec.value) - 1)
        starts = tuple((offset, spec.place(match.start())) for offset, match in enumerate(characters))
        marks = RuleMarks(spec.place(1), text=starts or None)
        return spec._replace(value=constant["value"], marks=marks, path=(*spec.path, 0))

    def condition(self, spec: RuleNode, shape: RowShape) -> Expression:
        """An expression that decides something."""
        expression, inner = self.expression(spec, shape, condition=True)
        self.sites.conditions.append(Site(spec, expression, shape, inner))
        return expression

    def expression(self, spec: RuleNode, shape: RowShape, condition: bool = False) -> tuple[Expression, StaticType]:
        """A JMESPath text; every path it reads must lead somewhere."""
        text, columns = str(spec.value), list[Column]()
        try:
            for number, call in reversed([*enumerate(form_calls(text))]):
                columns.insert(0, self.column(spec.piece(call.start, call.end), shape)[0])
                text = f'{text[: call.start]}"{PLACEHOLDER}{number}"{text[call.end :]}'
            expression = expression_of(text, condition, columns)._replace(text=str(spec.value))
        except LookupError as error:
            name = str(error.args[0])
            self.wrong(spec, f"`{name}` is no function{function_advice(name, [*FUNCTIONS, *KIND_FUNCTIONS, *CALLS])}")
            return expression_of("place"), Value()
        except (JMESPathError, ValueError) as error:
            reason = INSIDE.sub("a call", str(error).partition("\n")[0].strip().rstrip(".:"))
            advice = expression_advice(str(spec.value), reason)
            self.wrong(spec, f"expected an expression, found `{spec.value}`: {advice}.")
            return expression_of("place"), Value()
        except RecursionError:
            self.wrong(spec, TOO_DEEP)
            return expression_of("place"), Value()
        inner: StaticType = Value()
        calls = {f"{PLACEHOLDER}{number}" for number in range(len(columns))}
        for path in [path for path in expression.reads if len(path) > 1 or path[0] not in calls]:
            if path[0] in calls:
                self.wrong(spec, f"`{spec.value}` reads into a call. Only lookup('TABLE', KEY).CELL can do that.")
                continue
            at = walk(shape, path)
            if isinstance(at, str):
                self.wrong(spec, f"`{spec.value}`: {at}{name_advice(str(spec.value), path[0])}")
            elif isinstance(at, RowShape):
                self.wrong(spec, f"`{spec.value}` reads a whole row. Name one of its columns.")
            elif expression.plain:
                inner = at
        self.sites.read(spec, shape, expression.reads, condition)
        return expression, inner

    def read_path(self, spec: RuleNode, shape: RowShape, path: Path) -> None:
        """Notes that rows of another shape are read at a path, and a problem if it leads nowhere."""
        if isinstance(at := walk(shape, path), str):
            self.wrong(spec, at)
        self.sites.read(spec, shape, (path,), False)

    def text(self, spec: RuleNode, shape: RowShape) -> Text:
        """A text with holes, each of which holds an expression."""
        parts: list[Column] = []
        written, end = str(spec.value or ""), 0
        for match in HOLE.finditer(written):
            parts.append(Constant(written[end : match.start()]))
            end = match.end()
            hole = spec.piece(match.start(1), match.end(1)) if match[1] else spec
            parts.append(self.expression(hole, shape)[0] if match[1] else Constant(match[0][0]))
        alone = next((match for match in HOLE.finditer(written) if match[0] in ("{", "}")), None)
        if alone:
            self.wrong(spec.piece(*alone.span()), f"expected a hole, found a `{alone[0]}` alone. {DOUBLE_IT}")
        text = Text((*parts, Constant(written[end:])))
        self.sites.texts.append(Site(spec, text, shape, Value()))
        return text


def outcome(spec: RuleNode) -> Outcome | None:
    """The outcome that a part of a rule file states; None if it states none."""
    for word in (SKIPPED, MANUAL):
        if spec.has(word):
            return Outcome(word, str(spec.value[word]), str(spec.value.get("do", "")), str(spec.value.get("code", "")))
    return None


def expression_of(text: str, condition: bool = False, columns: Sequence[Column] = ()) -> Expression:
    """The expression that a text states, whose placeholders stand for columns.

    Raises JMESPathError, ValueError or LookupError (an unknown function) for the rule's author.
    """
    tree, reads = syntax_tree(text, condition)
    return Expression(text, tree, reads, tuple(columns))
