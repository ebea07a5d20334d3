"""Compiles the steps of a relation: each verb a function of its specification and the shape of the rows so far."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litellm_migrate.convert.rows import MEMBERS, Column
from litellm_migrate.convert.steps import Step
from litellm_migrate.convert.steps.groups import GATHERS, ONE, Gathered, Group, Members
from litellm_migrate.convert.steps.joins import Join, Joined
from litellm_migrate.convert.steps.names import Name, Named, Part
from litellm_migrate.convert.steps.plain import Columns as AddColumns
from litellm_migrate.convert.steps.plain import Note, Require, RequireAnswer, Where
from litellm_migrate.convert.steps.unfold import Unfold, Unfolded, UnfoldedKey
from litellm_migrate.convert.steps.windows import Share, Stored, Within
from litellm_migrate.rulebook.columns import Columns
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.static_types import (
    ANYTHING,
    UNKNOWN,
    Answers,
    AnyOf,
    Rows,
    RowShape,
    Setting,
    StaticType,
    Value,
)


class Draft:
    """A relation while its steps are compiled: what its rows look like, and how their columns come about."""

    def __init__(self, name: str, columns: Columns, shape: RowShape, made: dict[str, Column]) -> None:
        self.id = name
        self.compile = columns
        self.shape = shape
        self.made = made
        self.shape_of: Callable[[str, RuleNode], RowShape | None]
        self.rule = name

    def add(self, spec: RuleNode, name: str, column: Column, shape: StaticType) -> None:
        """A new column; its name must be free, so that a value never means two things."""
        if name in self.shape.columns or self.shape.at(name) not in (None, ANYTHING):
            self.compile.wrong(spec, f"`{name}` is a column already. Choose another name.")
        self.shape.columns[name] = shape
        self.made[name] = column

    def several(self, spec: RuleNode) -> tuple[Column, ...]:
        """A list of columns, or one."""
        parts = [part for _, part in spec.items()] if isinstance(spec.value, list) else [spec]
        return tuple(self.compile.column(part, self.shape)[0] for part in parts if part.value is not None)


def columns(draft: Draft, spec: RuleNode) -> Step:
    """`columns: {name: column}`."""
    added: dict[str, Column] = {}
    for name, part in spec.items():
        column, shape = draft.compile.column(part, draft.shape)
        draft.add(part, name, column, shape)
        added[name] = column
    return AddColumns(added)


def where(draft: Draft, spec: RuleNode) -> Step:
    """`where: condition`."""
    return Where(draft.compile.condition(spec, draft.shape))


def require(draft: Draft, spec: RuleNode) -> Step:
    """`require: {that, else}` or `require: {look, up, by, as}`."""
    if spec.has("look"):
        look, shape = draft.compile.look(spec, draft.shape)
        draft.add(spec, str(spec.value["as"]), look, shape)
        return RequireAnswer(str(spec.value["as"]), look, draft.rule)
    otherwise = draft.compile.sentence(spec.at("else"), draft.shape)
    return Require(draft.compile.condition(spec.at("that"), draft.shape), otherwise, draft.rule)


def note(draft: Draft, spec: RuleNode) -> Step:
    """`note: {of, when, manual|skipped, do}`."""
    when = draft.compile.condition(spec.at("when"), draft.shape) if spec.has("when") else None
    return Note(draft.several(spec.at("of")), when, draft.compile.sentence(spec, draft.shape), draft.rule)


def join(draft: Draft, spec: RuleNode) -> Step:
    """`join: {to, by: {mine: theirs}, as, every, else}`."""
    target = str(spec.value["to"])
    name = str(spec.value.get("as", target))
    shape = draft.shape_of(target, spec.at("to")) or UNKNOWN
    mine, theirs = [], []
    for key, part in spec.at("by").items():
        mine.append(draft.compile.expression(part._replace(value=key), draft.shape)[0])
        theirs.append(draft.compile.expression(part, shape)[0])
    otherwise = draft.compile.sentence(spec.at("else"), draft.shape) if spec.has("else") else None
    draft.add(spec, name, Joined(name, tuple(mine)), shape)
    return Join(target, name, tuple(mine), tuple(theirs), bool(spec.value.get("every")), otherwise, draft.rule)


def group(draft: Draft, spec: RuleNode) -> Step:
    """`group: {by, sum, list, agree, disagree, count}`: the rows after it are of a new shape."""
    member = draft.shape
    by = {name: draft.compile.column(part, member) for name, part in spec.at("by").items()}
    told = [
        (verb, name, draft.compile.column(part, member)) for verb in GATHERS for name, part in spec.at(verb).items()
    ]
    disagree = draft.compile.sentence(spec.at("disagree"), member) if spec.has("disagree") else None
    draft.shape = RowShape({}, None, member.later)
    draft.made = {}
    for name, (column, shape) in by.items():
        draft.add(spec.at("by", name), name, Gathered(name, column), shape if isinstance(shape, Value) else Value())
    for verb, name, (column, shape) in told:
        kept = verb in ONE and isinstance(shape, (Answers, AnyOf))  # one member's answers stay answers
        draft.add(spec.at(verb, name), name, Gathered(name, column), shape if kept else Value())
    draft.add(spec, MEMBERS, Members(), Rows(member))
    count = spec.value.get("count")
    if count:
        draft.add(spec.at("count"), count, Stored(count), Value())
    columns_by = {name: column for name, (column, _) in by.items()}
    gathers = tuple((verb, name, column) for verb, name, (column, _) in told)
    return Group(columns_by, gathers, count, disagree, draft.made, draft.rule)


def within(draft: Draft, spec: RuleNode) -> Step:
    """`within: {by, count, lowest: {name: column}, share: {name: {of, among}}}`."""
    by = draft.several(spec.at("by"))
    lowest: dict[str, Column] = {}
    for name, part in spec.at("lowest").items():
        lowest[name] = draft.compile.column(part, draft.shape)[0]
        draft.add(part, name, Stored(name, (lowest[name],)), Value())
    shares: dict[str, Share] = {}
    for name, part in spec.at("share").items():
        among = draft.compile.column(part.at("among"), draft.shape)[0] if part.has("among") else None
        shares[name] = Share(draft.several(part.at("of")), among)
        draft.add(part, name, Stored(name, shares[name].of, (among,) if among else ()), Value())
    count = spec.value.get("count")
    if count:
        draft.add(spec.at("count"), count, Stored(count), Value())
    return Within(by, count, lowest, shares)


def unfold(draft: Draft, spec: RuleNode) -> Step:
    """`unfold: {of: setting, as: column}`: also makes the column `<as>_key`."""
    of, shape = draft.compile.column(spec.at("of"), draft.shape)
    column = str(spec.value["as"])
    draft.add(spec, column, Unfolded(column), shape.at("*") or Setting(True))
    draft.add(spec, f"{column}_key", UnfoldedKey(f"{column}_key"), Value())
    return Unfold(of, column)


def name(draft: Draft, spec: RuleNode) -> Step:
    """`name: {column: {from, told_apart_by: [{from, usual}], when_shared}}`."""
    made: dict[str, Named] = {}
    for column, part in spec.items():
        parts = [piece for _, piece in part.at("told_apart_by").items()]
        made[column] = Named(
            column,
            draft.compile.column(part.at("from"), draft.shape)[0],
            tuple(told_apart(draft, piece) for piece in parts),
            draft.compile.column(part.at("when_shared"), draft.shape)[0] if part.has("when_shared") else None,
        )
        draft.add(part, column, made[column], Value())
    return Name(made)


def told_apart(draft: Draft, spec: RuleNode) -> Part:
    """One part of a name."""
    usual = draft.compile.column(spec.at("usual"), draft.shape)[0] if spec.has("usual") else None
    return Part(draft.compile.column(spec.at("from"), draft.shape)[0], usual)


VERBS: dict[str, Callable[[Draft, RuleNode], Step]] = {
    verb.__name__: verb for verb in (columns, where, require, note, join, unfold, group, within, name)
}


def step(draft: Draft, spec: RuleNode, number: int) -> Step | None:
    """One step of a relation; None if its verb is unknown (the schema of rule files says so)."""
    verb: Any = next(iter(spec.value), None) if isinstance(spec.value, dict) else None
    draft.rule = f"{draft.id}.{number}"
    return VERBS[verb](draft, spec.at(verb)) if verb in VERBS else None
