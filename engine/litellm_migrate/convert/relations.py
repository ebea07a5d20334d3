"""Relations: rows of the document, or of other relations, and the steps that make them what a rule file says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from litellm_migrate.convert.columns import Entry, EntryKey, EntryPlace, WholeEntry
from litellm_migrate.convert.document import Document, Place, Subtree
from litellm_migrate.convert.functions import kind_of
from litellm_migrate.convert.lookups import Matcher, hashable
from litellm_migrate.convert.outcomes import Outcome
from litellm_migrate.convert.rows import Column, Compiler, Contest, Row, Stage, link_descendants
from litellm_migrate.convert.steps import Finding, Step, StepRun
from litellm_migrate.source.model import Path


class Each(NamedTuple):
    """Entries of the document: a list's items, a mapping's pairs, or the document itself."""

    path: Path
    """The keys that lead to the list or mapping; `*` stands for all of them."""
    wants: str
    """`list`, `mapping`, or `document`."""
    fields: frozenset[str] | None
    """The settings that an entry may have; None if an entry is any value."""

    def columns(self) -> dict[str, Column]:
        """The columns that rows start with."""
        if self.wants == "mapping":
            return {"key": EntryKey(), "value": WholeEntry(), "place": EntryPlace()}
        if self.fields is None:
            return {"value": WholeEntry(), "place": EntryPlace()}
        names = sorted(self.fields)  # in one order, so that compiled rules are the same each time
        return {**{name: Entry(name) for name in names}, "place": EntryPlace()}

    def accepts(self, entry: object) -> bool:
        """Whether an entry has the type that columns can be read from."""
        return self.wants == "mapping" or self.fields is None or isinstance(entry, dict)


class Relation(NamedTuple):
    """Named rows and how they come about."""

    id: str
    each: tuple[Each, ...]
    """Where entries of the document become rows; of several places, all have the same columns."""
    rows: tuple[str, ...]
    """The relations whose rows it starts from."""
    first: Mapping[str, Column]
    """The columns before a step groups the rows."""
    steps: tuple[Step, ...]
    needs: frozenset[str]
    """Relations whose rows must be there first."""


class Program:
    """The relations of a rulebook, each compiled when its rows are first asked for."""

    def __init__(
        self,
        relations: Mapping[str, Relation],
        mistyped: Outcome,
        unanswered: Outcome,
        compiler: Compiler | None = None,
    ) -> None:
        self.relations = relations
        self.compiler = compiler or Compiler()
        self.mistyped = mistyped
        """What the rules say of a setting of another type than is read there."""
        self.unanswered = unanswered
        """What they say of a value that no row of a table answers."""
        self._compiled: dict[str, tuple[Stage, list[StepRun]]] = {}

    def steps_of(self, name: str) -> tuple[Stage, list[StepRun]]:
        """The columns that rows of a relation begin with, and its steps as functions."""
        if name not in self._compiled:
            relation = self.relations[name]
            steps = [step.compiled(self.compiler) for step in relation.steps]
            self._compiled[name] = Stage(relation.first, self.compiler), steps
        return self._compiled[name]


class Relations:
    """The rows of every relation over one document, made when they are asked for, and the findings on the way."""

    def __init__(self, program: Program, document: Document) -> None:
        self.program = program
        self.document = document
        self.findings: list[Finding] = []
        self.contests: list[Contest] = []
        self._rows: dict[str, list[Row]] = {}
        self._by_key: dict[tuple[str, tuple[int, ...]], Mapping[tuple[object, ...], list[Row]]] = {}
        """By relation and identity of the key's columns."""
        self._matchers: dict[tuple[str, tuple[int, ...]], Matcher] = {}

    def all(self) -> None:
        """Makes every relation, so that every finding is there."""
        for name in self.program.relations:
            self.rows_of(name)

    def rows_of(self, name: str) -> list[Row]:
        """The rows of a relation, in the order of the document."""
        if name not in self._rows:
            relation = self.program.relations[name]
            for need in sorted(relation.needs):
                self.rows_of(need)
            stage, steps = self.program.steps_of(name)
            rows = [row for each in relation.each for row in self._entries(each, stage)]
            rows += self._based(relation, stage)
            for step in steps:
                rows = step(rows, self)
            self._rows[name] = rows
            link_descendants(name, rows)
        return self._rows[name]

    def rows_by_key(self, relation: str, keys: tuple[Column, ...]) -> Mapping[tuple[object, ...], list[Row]]:
        """The rows of a relation by the values of some of its columns; no row has a list or a mapping as a key."""
        name = relation, tuple(map(id, keys))
        if name not in self._by_key:
            evaluators = [self.program.compiler(key) for key in keys]
            index: dict[tuple[object, ...], list[Row]] = defaultdict(list)
            for row in self.rows_of(relation):
                values = tuple([evaluator(row)[0] for evaluator in evaluators])
                if hashable(values):
                    index[values].append(row)
            self._by_key[name] = dict(index)
        return self._by_key[name]

    def matcher(self, relation: str, columns: tuple[Column, Column, Column]) -> Matcher:
        """What lists name of the rows of a relation, by three columns of it."""
        name = relation, tuple(map(id, columns))
        if name not in self._matchers:
            value, exact, starred = (self.program.compiler(column) for column in columns)
            rows = self.rows_of(relation)
            self._matchers[name] = Matcher([(value(row)[0], exact(row)[0], starred(row)[0]) for row in rows])
        return self._matchers[name]

    def find(
        self, places: Iterable[Place], outcome: Outcome, rule: str, row: Row | None = None, dropped: bool = False
    ) -> None:
        """Notes an outcome for some places."""
        self.findings.append(Finding(frozenset(places), outcome, rule, row, dropped))

    def unanswered(self, places: Iterable[Place], value: object) -> None:
        """Notes that no row of a table answers a value."""
        words = self.program.unanswered
        self.find(places, words._replace(because=words.because.format(found=kind_of(value))), "words.unused")

    def wrong_type(self, place: Place, expected: str, value: object) -> None:
        """Notes that a setting is of another type than is read there."""
        words = self.program.mistyped
        because = words.because.format(expected=expected, found=kind_of(value))
        self.find([place], words._replace(because=because), "words.wrong_type")

    def _based(self, relation: Relation, stage: Stage) -> Iterator[Row]:
        for name in relation.rows:
            for base in self.rows_of(name):
                row = Row(stage, self)
                row.base, row.path, row.place = base, base.path, base.place
                yield row

    def _entries(self, each: Each, stage: Stage) -> Iterator[Row]:
        """A row for each entry of the document; what has the wrong type becomes a finding."""
        for path, value, place in self._below((), self.document.value, self.document.root, each.path, each.wants):
            if each.accepts(value):
                row = Row(stage, self)
                row.path, row.entry, row.place = path, value, place
                yield row
            else:
                self.wrong_type(place, "a mapping", value)

    def _below(
        self, path: Path, value: object, place: Place, rest: Path, wants: str
    ) -> Iterator[tuple[Path, object, Place]]:
        """The entries below a value: path, value and place of each."""
        if value is None:
            return
        if not rest and wants == "document":
            yield path, value, place
            return
        expected = wants if not rest else "list" if rest[0] == "*" and not isinstance(value, dict) else "mapping"
        if kind_of(value) != expected:
            self.wrong_type(place, f"a {expected}", value)
        elif isinstance(place, Subtree) and isinstance(value, (dict, list)):
            children = value.items() if isinstance(value, dict) else enumerate(value)
            for key, child in children if not rest or rest[0] == "*" else named(value, rest[0]):
                entry = (*path, key), child, place.children[key]
                if rest:
                    yield from self._below(*entry, rest[1:], wants)
                else:
                    yield entry


def named(value: object, key: object) -> Iterator[tuple[object, object]]:
    """The pair of a mapping under a key, if it is there."""
    if isinstance(value, dict) and key in value:
        yield key, value[key]
