"""Parses the steps of a relation: each a function of its specification and the shape of the rows so far."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, repeat
from typing import Any

from litellm_migrate.convert.groups import AGREED, COUNT, OF_A_MEMBER, Aggregate, Group
from litellm_migrate.convert.rows import MEMBERS, Column
from litellm_migrate.convert.steps import AddColumns, AnswerRule, FindingRule, Findings, Step, Unfold
from litellm_migrate.convert.windows import CountPer, LowestPer, SharePer, Unique, Unshared, Window
from litellm_migrate.rulebook.columns import ColumnParser
from litellm_migrate.rulebook.findings import answer, finding, sentence
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.static_types import (
    ANYTHING,
    Answers,
    AnyOf,
    RowList,
    RowShape,
    Setting,
    StaticType,
    Value,
)
from litellm_migrate.rulebook.syntax import AGGREGATE_CALLS, WINDOWS, FormCall, whole_call

PARTS, OF_WINDOWS, MEASURES = "unique()", "window()", "share()"
"""The words of a path below which an argument is appended to a name, only decides a window, or measures a share."""
WindowParts = tuple[Callable[[list[Column]], Window], tuple[str, ...]]
WINDOW_PARTS: dict[str, WindowParts] = {
    "count_per": (lambda columns: CountPer(tuple(columns)), (OF_WINDOWS,)),
    "lowest_per": (lambda columns: LowestPer(*columns), (OF_WINDOWS,)),
    "share_per": (
        lambda columns: SharePer(columns[0], columns[1], tuple(columns[2:])),
        (OF_WINDOWS, OF_WINDOWS, MEASURES),
    ),
    "unique": (lambda columns: Unique(columns[0], tuple(columns[1:])), ("", PARTS)),
    "unshared": (lambda columns: Unshared(*columns), ("", PARTS)),
}
"""By name, the window of some columns, and what its arguments are for: the last word is that of all that follow, and ""
that of the value itself."""


class RelationDraft:
    """A relation while its steps are parsed: what its rows look like, and the columns since the last grouping."""

    def __init__(
        self, name: str, columns: ColumnParser, shape: RowShape, computed: dict[str, Column], document: RowShape
    ) -> None:
        self.id = name
        self.parse = columns
        self.shape = shape
        self.computed = computed
        self.document = document
        self.rule = name

    def add(self, spec: RuleNode, name: str, shape: StaticType, column: Column | None = None) -> None:
        """A new column, unless a step writes it; its name must be free, so that a value never means two things."""
        if name in self.shape.columns or self.shape.at(name) not in (None, ANYTHING):
            self.parse.wrong(spec, f"`{name}` is a column already. Choose another name.")
        self.shape.columns[name] = shape
        if column is not None:
            self.computed[name] = column


def columns(draft: RelationDraft, spec: RuleNode) -> Step:
    """`columns: {name: value}`."""
    added: dict[str, Column] = {}
    windows: dict[str, Window] = {}
    for name, part in spec.items():
        call = whole_call(part.value)
        if call and call.name in WINDOWS:
            windows[name] = window(draft, part, call)
            draft.add(part, name, Value())
        else:
            added[name], shape = draft.parse.column(part, draft.shape, rows=True)
            draft.add(part, name, shape, added[name])
    return AddColumns(added, windows)


def window(draft: RelationDraft, spec: RuleNode, call: FormCall) -> Window:
    """The window that a call states."""
    arguments = draft.parse.arguments(spec, call)
    if arguments is None:
        return CountPer(())
    maker, (*roles, rest) = WINDOW_PARTS[call.name]
    columns = []
    for number, (argument, role) in enumerate(zip(arguments, chain(roles, repeat(rest)), strict=False)):
        path = (*spec.path, role, number) if role else spec.path
        columns.append(draft.parse.column(argument._replace(path=path), draft.shape)[0])
    return maker(columns)


def findings(draft: RelationDraft, spec: RuleNode) -> Step:
    """`findings: [{when, at, manual|skipped|notice, do, code, drop}, {answer, drop}]`."""
    rules: list[FindingRule | AnswerRule | None] = []
    for part in spec.listed():
        if part.has("answer"):
            look = draft.computed.get(str(part.value["answer"]))
            rules.append(answer(draft.parse, part, draft.shape, look, draft.rule))
        else:
            rules.append(finding(draft.parse, part, draft.shape, draft.rule, None))
    return Findings(tuple(rule for rule in rules if rule))


def group(draft: RelationDraft, spec: RuleNode) -> Step:
    """`group: {by, columns, disagree}`: the rows after it are of a new shape."""
    member = draft.shape
    by = {name: draft.parse.column(part, member) for name, part in spec.at("by").items()}
    gathered = {name: aggregate(draft, part, member) for name, part in spec.at("columns").items()}
    if not spec.has("disagree") and any(part.function == AGREED for part, _ in gathered.values()):
        draft.parse.wrong(spec, "expected `disagree` here: what becomes of settings on which members do not agree.")
    draft.shape = RowShape({}, draft.document, member.later)
    draft.computed = {}
    for name, (_, shape) in by.items():
        draft.add(spec.at("by", name), name, shape if isinstance(shape, Value) else Value())
    for name, (_, shape) in gathered.items():
        draft.add(spec.at("columns", name), name, shape)
    draft.add(spec, MEMBERS, RowList(member))
    disagree = sentence(draft.parse, spec.at("disagree"), draft.shape) if spec.has("disagree") else None
    aggregates = {name: aggregate for name, (aggregate, _) in gathered.items()}
    return Group({name: column for name, (column, _) in by.items()}, aggregates, disagree, draft.computed, draft.rule)


def aggregate(draft: RelationDraft, spec: RuleNode, member: RowShape) -> tuple[Aggregate, StaticType]:
    """What a group gathers of its members, and its type: what a member answers stays an answer."""
    call = whole_call(spec.value)
    if call is None or call.name not in AGGREGATE_CALLS:
        usages = ", ".join(usage for usage, *_ in AGGREGATE_CALLS.values())
        draft.parse.wrong(spec, f"expected {usages}; found `{spec.value}`. What members agree on stands in `by`.")
        return Aggregate(COUNT, None), Value()
    arguments = draft.parse.arguments(spec, call)
    if not arguments:
        return Aggregate(COUNT, None), Value()
    column, shape = draft.parse.column(arguments[0]._replace(path=spec.path), member)
    otherwise = [draft.parse.column(part._replace(path=(*spec.path, 1)), member)[0] for part in arguments[1:]]
    is_answer = call.name in OF_A_MEMBER and isinstance(shape, (Answers, AnyOf))
    return Aggregate(call.name, column, *otherwise), shape if is_answer else Value()


def unfold(draft: RelationDraft, spec: RuleNode) -> Step:
    """`unfold: {of, as: column, keep}`: also makes the column `<as>_key`."""
    of, shape = draft.parse.column(spec.at("of"), draft.shape, rows=True)
    column = str(spec.value["as"])
    draft.add(spec, column, shape.at("*") or Setting(True))
    draft.add(spec, f"{column}_key", Value())
    return Unfold(of, column, bool(spec.value.get("keep")))


STEPS: dict[str, Callable[[RelationDraft, RuleNode], Step]] = {
    step.__name__: step for step in (columns, findings, unfold, group)
}


def step(draft: RelationDraft, spec: RuleNode, number: int) -> Step | None:
    """One step of a relation; None if its name is unknown (the schema of rule files says so)."""
    name: Any = next(iter(spec.value), None) if isinstance(spec.value, dict) else None
    draft.rule = f"{draft.id}.{number}"
    return STEPS[name](draft, spec.at(name)) if name in STEPS else None
