"""Parses the steps of a relation: each a function of its specification and the shape of the rows so far."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, repeat
from typing import Any

from jmespath.exceptions import JMESPathError

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
from litellm_migrate.rulebook.syntax import AGGREGATE_CALLS, WINDOWS, FormCall, form_calls

PARTS, OF_WINDOWS, MEASURES = "unique()", "window()", "share()"
"""The words of a path below which an argument is appended to a name, only decides a window, or measures a share."""
ROLES = {
    "count_per": (OF_WINDOWS,),
    "lowest_per": (OF_WINDOWS,),
    "share_per": (OF_WINDOWS, OF_WINDOWS, MEASURES),
    "unique": ("", PARTS),
    "unshared": ("", PARTS),
}
"""By window, what its arguments are for; the last word is that of all that follow, and "" that of the value itself."""
MAKERS: dict[str, Callable[[list[Column]], Window]] = {
    "count_per": lambda columns: CountPer(tuple(columns)),
    "lowest_per": lambda columns: LowestPer(*columns),
    "share_per": lambda columns: SharePer(columns[0], columns[1], tuple(columns[2:])),
    "unique": lambda columns: Unique(columns[0], tuple(columns[1:])),
    "unshared": lambda columns: Unshared(*columns),
}


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


def call_in(spec: RuleNode, names: dict[str, Any]) -> FormCall | None:
    """The call of one of some names that is a whole value; None if the value is anything else."""
    if not isinstance(spec.value, str):
        return None
    try:
        calls = form_calls(spec.value)
    except (JMESPathError, ValueError):  # which whoever parses the whole text says
        return None
    whole = len(calls) == 1 and spec.value.strip() == spec.value[calls[0].start : calls[0].end]
    return calls[0] if whole and calls[0].name in names else None


def columns(draft: RelationDraft, spec: RuleNode) -> Step:
    """`columns: {name: value}`."""
    added: dict[str, Column] = {}
    windows: dict[str, Window] = {}
    for name, part in spec.items():
        call = call_in(part, WINDOWS)
        if call:
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
    *roles, rest = ROLES[call.name]
    columns = []
    for number, (argument, role) in enumerate(zip(arguments, chain(roles, repeat(rest)), strict=False)):
        path = (*spec.path, role, number) if role else spec.path
        columns.append(draft.parse.column(argument._replace(path=path), draft.shape)[0])
    return MAKERS[call.name](columns)


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
    call = call_in(spec, AGGREGATE_CALLS)
    if call is None:
        usages = ", ".join(usage for usage, *_ in AGGREGATE_CALLS.values())
        draft.parse.wrong(spec, f"expected {usages}; found `{spec.value}`. What members agree on stands in `by`.")
        return Aggregate(COUNT, None), Value()
    arguments = draft.parse.arguments(spec, call)
    if not arguments:
        return Aggregate(COUNT, None), Value()
    column, shape = draft.parse.column(arguments[0]._replace(path=spec.path), member)
    is_answer = call.name in OF_A_MEMBER and isinstance(shape, (Answers, AnyOf))
    return Aggregate(call.name, column), shape if is_answer else Value()


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
