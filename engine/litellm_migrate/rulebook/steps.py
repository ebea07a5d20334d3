"""Parses the steps of a relation: each verb a function of its specification and the shape of the rows so far."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litellm_migrate.convert.columns import Constant
from litellm_migrate.convert.groups import GATHERS, OF_A_MEMBER, Group, Name, Share, UniqueName, Within
from litellm_migrate.convert.lookups import Look
from litellm_migrate.convert.rows import MEMBERS, Column
from litellm_migrate.convert.steps import AddColumns, Join, Note, Require, RequireAnswer, Step, Unfold, Where
from litellm_migrate.convert.tables import Table
from litellm_migrate.rulebook.columns import ColumnParser
from litellm_migrate.rulebook.nodes import RuleMarks, RuleNode
from litellm_migrate.rulebook.static_types import (
    ANYTHING,
    UNKNOWN,
    Answers,
    AnyOf,
    RowList,
    RowShape,
    Setting,
    StaticType,
    Value,
)


class RelationDraft:
    """A relation while its steps are parsed: what its rows look like, and the columns since the last grouping."""

    def __init__(self, name: str, columns: ColumnParser, shape: RowShape, computed: dict[str, Column]) -> None:
        self.id = name
        self.parse = columns
        self.shape = shape
        self.computed = computed
        self.shape_of: Callable[[str, RuleNode], RowShape | None]
        self.rule = name

    def add(self, spec: RuleNode, name: str, shape: StaticType, column: Column | None = None) -> None:
        """A new column, unless a step writes it; its name must be free, so that a value never means two things."""
        if name in self.shape.columns or self.shape.at(name) not in (None, ANYTHING):
            self.parse.wrong(spec, f"`{name}` is a column already. Choose another name.")
        self.shape.columns[name] = shape
        if column is not None:
            self.computed[name] = column

    def columns(self, spec: RuleNode) -> tuple[Column, ...]:
        """A list of columns, or one."""
        return tuple(self.parse.column(part, self.shape)[0] for part in spec.listed())


def columns(draft: RelationDraft, spec: RuleNode) -> Step:
    """`columns: {name: column}`."""
    added: dict[str, Column] = {}
    for name, part in spec.items():
        added[name], shape = draft.parse.column(part, draft.shape)
        draft.add(part, name, shape, added[name])
    return AddColumns(added)


def where(draft: RelationDraft, spec: RuleNode) -> Step:
    """`where: condition`."""
    return Where(draft.parse.condition(spec, draft.shape))


def require(draft: RelationDraft, spec: RuleNode) -> Step:
    """`require: {that, else}` or `require: {answer, as}`."""
    if spec.has("answer"):
        look, shape = draft.parse.column(spec.at("answer"), draft.shape)
        draft.add(spec, str(spec.value["as"]), shape)
        if not isinstance(look, Look) or look.answer:
            draft.parse.wrong(spec.at("answer"), f"expected lookup('TABLE', KEY); found `{spec.value['answer']}`.")
            look = Look(Table("", {}), Constant(None))
        return RequireAnswer(str(spec.value["as"]), look, draft.rule)
    otherwise = draft.parse.sentence(spec.at("else"), draft.shape)
    return Require(draft.parse.condition(spec.at("that"), draft.shape), otherwise, draft.rule)


def note(draft: RelationDraft, spec: RuleNode) -> Step:
    """`note: {of, when, manual|skipped, do}`."""
    if not spec.has("of"):
        text = "nothing says which settings this is about. Name them by `of`"
        draft.parse.wrong(spec, f"{text}; `of: []` makes it a notice of the report, about none in particular.")
    when = draft.parse.condition(spec.at("when"), draft.shape) if spec.has("when") else None
    return Note(draft.columns(spec.at("of")), when, draft.parse.sentence(spec, draft.shape), draft.rule)


def join(draft: RelationDraft, spec: RuleNode) -> Step:
    """`join: {to, by: {mine: theirs}, as, every, else}`."""
    target = str(spec.value["to"])
    name = str(spec.value.get("as", target))
    shape = draft.shape_of(target, spec.at("to")) or UNKNOWN
    by = spec.at("by").items()
    pairs = [
        (part._replace(value=key, marks=RuleMarks(part.position(), text=part.marks.key)), part) for key, part in by
    ]
    mine = tuple(draft.parse.expression(key, draft.shape)[0] for key, _ in pairs)
    theirs = tuple(draft.parse.expression(part, shape)[0] for _, part in pairs)
    otherwise = draft.parse.sentence(spec.at("else"), draft.shape) if spec.has("else") else None
    draft.add(spec, name, shape)
    return Join(target, name, mine, theirs, bool(spec.value.get("every")), otherwise, draft.rule)


def group(draft: RelationDraft, spec: RuleNode) -> Step:
    """`group: {by, sum, list, agree, first, disagree, count}`: the rows after it are of a new shape."""
    member = draft.shape
    by = {name: draft.parse.column(part, member) for name, part in spec.at("by").items()}
    gathers = [
        (word, name, draft.parse.column(part, member)) for word in GATHERS for name, part in spec.at(word).items()
    ]
    disagree = draft.parse.sentence(spec.at("disagree"), member) if spec.has("disagree") else None
    draft.shape = RowShape({}, None, member.later)
    draft.computed = {}
    for name, (_, shape) in by.items():
        draft.add(spec.at("by", name), name, shape if isinstance(shape, Value) else Value())
    for word, name, (_, shape) in gathers:
        answer = word in OF_A_MEMBER and isinstance(shape, (Answers, AnyOf))  # a member's answers stay answers
        draft.add(spec.at(word, name), name, shape if answer else Value())
    draft.add(spec, MEMBERS, RowList(member))
    count = spec.value.get("count")
    if count:
        draft.add(spec.at("count"), count, Value())
    return Group(
        {name: column for name, (column, _) in by.items()},
        tuple((word, name, column) for word, name, (column, _) in gathers),
        count,
        disagree,
        draft.computed,
        draft.rule,
    )


def within(draft: RelationDraft, spec: RuleNode) -> Step:
    """`within: {by, count, lowest: {name: column}, share: {name: {of, among}}}`."""
    by = draft.columns(spec.at("by"))
    lowest: dict[str, Column] = {}
    for name, part in spec.at("lowest").items():
        lowest[name] = draft.parse.column(part, draft.shape)[0]
        draft.add(part, name, Value())
    shares: dict[str, Share] = {}
    for name, part in spec.at("share").items():
        among = draft.parse.column(part.at("among"), draft.shape)[0] if part.has("among") else None
        shares[name] = Share(draft.columns(part.at("of")), among)
        draft.add(part, name, Value())
    count = spec.value.get("count")
    if count:
        draft.add(spec.at("count"), count, Value())
    return Within(by, count, lowest, shares)


def unfold(draft: RelationDraft, spec: RuleNode) -> Step:
    """`unfold: {of: setting, as: column, keep}`: also makes the column `<as>_key`."""
    of, shape = draft.parse.column(spec.at("of"), draft.shape)
    column = str(spec.value["as"])
    draft.add(spec, column, shape.at("*") or Setting(True))
    draft.add(spec, f"{column}_key", Value())
    return Unfold(of, column, bool(spec.value.get("keep")))


def name(draft: RelationDraft, spec: RuleNode) -> Step:
    """`name: {column: {from, told_apart_by: [value], when_shared}}`."""
    names: dict[str, UniqueName] = {}
    for column, part in spec.items():
        parts = draft.columns(part.at("told_apart_by")) if part.has("told_apart_by") else ()
        shared = draft.parse.column(part.at("when_shared"), draft.shape)[0] if part.has("when_shared") else None
        names[column] = UniqueName(draft.parse.column(part.at("from"), draft.shape)[0], parts, shared)
        draft.add(part, column, Value())
    return Name(names)


VERBS: dict[str, Callable[[RelationDraft, RuleNode], Step]] = {
    verb.__name__: verb for verb in (columns, where, require, note, join, unfold, group, within, name)
}


def step(draft: RelationDraft, spec: RuleNode, number: int) -> Step | None:
    """One step of a relation; None if its verb is unknown (the schema of rule files says so)."""
    verb: Any = next(iter(spec.value), None) if isinstance(spec.value, dict) else None
    draft.rule = f"{draft.id}.{number}"
    return VERBS[verb](draft, spec.at(verb)) if verb in VERBS else None
