"""Relations narrowed to a document: their steps without the columns that are nothing in every row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from litellm_migrate.convert.closures import true
from litellm_migrate.convert.columns import Constant
from litellm_migrate.convert.narrowing.columns import Narrow, nothing
from litellm_migrate.convert.narrowing.presence import NOTHING, OPEN, SOMETHING, Beside, Known, Present, Scope
from litellm_migrate.convert.relations import Relation
from litellm_migrate.convert.rows import MEMBERS, Column
from litellm_migrate.convert.steps import Step
from litellm_migrate.convert.steps.groups import Group
from litellm_migrate.convert.steps.joins import Join, Joined
from litellm_migrate.convert.steps.names import Name
from litellm_migrate.convert.steps.plain import Columns, Note, Require, RequireAnswer, Where
from litellm_migrate.convert.steps.unfold import Unfold
from litellm_migrate.convert.steps.windows import Share, Within
from litellm_migrate.source.records import replace


class Narrowed:
    """The relations of a rulebook over one document; each is narrowed once, after those that it is made from."""

    def __init__(self, relations: Mapping[str, Relation], document: Any) -> None:
        self._relations = relations
        self._document = document
        self._scopes: dict[str, Scope] = {}
        self.made: dict[str, Relation] = {}
        for name in relations:
            self.scope(name)

    def scope(self, name: str) -> Scope:
        """What is known of a relation's rows."""
        if name not in self._scopes:
            self._scopes[name] = OPEN  # for one that asks in a circle: what rows become later
            relation = self._relations[name]
            draft = Draft(self, relation, self._start(relation))
            steps = tuple(step for step in map(draft.step, relation.steps) if step)
            self.made[name] = replace(relation, first=draft.first, steps=steps)
            self._scopes[name] = draft.scope
        return self._scopes[name]

    def _start(self, relation: Relation) -> Scope:
        bases = [self.scope(base) for base in relation.rows]
        if relation.each is None:
            return Scope({}, bases)
        found = [value for _, value in relation.each.entries((), self._document, relation.each.path, [])]
        entries = Present(found)
        columns: dict[str, Known] = dict.fromkeys(relation.each.columns(), SOMETHING)
        if relation.each.wants == "mapping" or relation.each.fields is None:
            columns["value"] = entries
        else:
            columns |= {name: entries.at(name) for name in relation.each.fields}
        return Scope(columns, bases)


class Draft:
    """A relation while its steps are narrowed one after the other."""

    def __init__(self, all_of: Narrowed, relation: Relation, scope: Scope) -> None:
        self.all = all_of
        self.scope = scope
        self.stated: Mapping[str, Column] = relation.first
        self.first: dict[str, Column] = dict(relation.each.columns() if relation.each else {})
        self.columns = self.first
        self.narrow = Narrow(scope)

    def step(self, step: Step) -> Step | None:
        """The step that is left, if there is one; its columns are then known to those after it."""
        narrow = STEPS.get(type(step))
        return narrow(self, step) if narrow else step

    def add(self, name: str, column: Any, known: Known = SOMETHING) -> None:
        """A new column."""
        self.scope.columns[name] = NOTHING if nothing(column) else known
        self.columns[name] = column

    def derive(self, step: Columns) -> Step | None:
        """`columns`."""
        kept: dict[str, Column] = {}
        for name, column in step.columns.items():
            left = self.narrow.column(column)
            self.add(name, left)
            if not nothing(left):
                kept[name] = left
        return Columns(kept) if kept else None

    def keep(self, step: Where | Require) -> Step | None:
        """`where` and `require`: a condition that holds in every row decides nothing."""
        condition = self.narrow.column(step.condition)
        if self.narrow.holds(condition):
            return None
        self.scope.decided = True
        return replace(step, condition=condition)

    def answered(self, step: RequireAnswer) -> Step:
        """`require: {look}`."""
        look = self.narrow.column(step.look)
        self.scope.decided = True
        self.add(step.name, step.look if nothing(look) else look)
        return step if nothing(look) else replace(step, look=look)

    def note(self, step: Note) -> Step | None:
        """`note`: one that is never said goes."""
        when = self.narrow.column(step.when) if step.when else None
        if isinstance(when, Constant) and not true(when.constant):
            return None
        return replace(step, when=when, of=self.narrow.there(step.of))

    def join(self, step: Join) -> Step:
        """`join`."""
        mine = tuple(self.narrow.column(column) for column in step.mine)
        silent = all(isinstance(column, Constant) for column in mine)
        known = Beside(self.all.scope(step.to)) if silent else SOMETHING
        self.add(step.name, Joined(step.name, mine), known)
        return replace(step, mine=mine)

    def group(self, step: Group) -> Step:
        """`group`: the rows after it are others."""
        members = self.narrow
        by = {name: members.column(column) for name, column in step.by.items()}
        told = tuple((verb, name, members.column(column)) for verb, name, column in step.gathers)
        self.scope = Scope({}, (), decided=True)
        self.columns, self.narrow = {}, Narrow(self.scope)
        self.stated = step.columns
        for name in (*by, *(name for _, name, _ in told)):
            self.add(name, members.column(self.stated[name]))
        self.same(MEMBERS, *([step.count] if step.count else []))
        gathers = tuple(one for one in told if not nothing(one[2]))
        return replace(step, by=by, gathers=gathers, columns=self.columns)

    def within(self, step: Within) -> Step:
        """`within`."""
        by = tuple(self.narrow.column(column) for column in step.by)
        self.scope.decided = self.scope.decided or bool(by)
        lowest = {name: self.narrow.column(column) for name, column in step.lowest.items()}
        share = {name: self.share(one) for name, one in step.share.items()}
        self.same(*lowest, *share, *([step.count] if step.count else []))
        return Within(by, step.count, lowest, share)

    def share(self, share: Share) -> Share:
        """A share's measures that are there."""
        return Share(self.narrow.there(share.of), self.narrow.column(share.among) if share.among else None)

    def unfold(self, step: Unfold) -> Step:
        """`unfold`."""
        of = self.narrow.column(step.of)
        self.same(step.name, f"{step.name}_key")
        return replace(step, of=of)

    def name(self, step: Name) -> Step:
        """`name`."""
        names = {column: self.narrow.named(named) for column, named in step.names.items()}
        for column, named in names.items():
            self.add(column, named)
        return Name(names)

    def same(self, *names: str) -> None:
        """Columns whose values a step works out."""
        for name in names:
            self.add(name, self.narrow.column(self.stated[name]))


STEPS: dict[type, Callable[[Draft, Any], Step | None]] = {
    Columns: Draft.derive,
    Where: Draft.keep,
    Require: Draft.keep,
    RequireAnswer: Draft.answered,
    Note: Draft.note,
    Join: Draft.join,
    Group: Draft.group,
    Within: Draft.within,
    Unfold: Draft.unfold,
    Name: Draft.name,
}
