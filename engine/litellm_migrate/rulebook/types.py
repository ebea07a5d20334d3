"""What a rulebook is: everything that a folder of rule files says, ready to use."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from litellm_migrate.source.model import USAGE, Notice, Problem, Problems

if TYPE_CHECKING:
    from litellm_migrate.convert.bodies import Shape
    from litellm_migrate.convert.calls import Call, Protocol
    from litellm_migrate.convert.columns import Text
    from litellm_migrate.convert.dispositions import Dispositions
    from litellm_migrate.convert.outcomes import Code, CodeClass
    from litellm_migrate.convert.relations import Relation
    from litellm_migrate.convert.tables import Table
    from litellm_migrate.convert.verdicts import Words
    from litellm_migrate.reading.records import Reading, Snapshot
    from litellm_migrate.source.model import Grammar
    from litellm_migrate.source.redact import Secrets


class Guide(NamedTuple):
    """A chapter of the report, filled from the first row of the relation `each`; absent if that has none."""

    title: str
    each: str
    text: Text


class Question(NamedTuple):
    """A line of what the report answers at a glance, filled from the first row of the relation `each`."""

    question: str
    each: str
    answer: Text
    see: tuple[str, ...]
    """Codes of findings that say more."""


class Flow(NamedTuple):
    """A picture of a table's rows: bands that lead from field to field."""

    steps: tuple[str, ...]
    """The fields, from left to right."""
    widths: tuple[str, ...]
    """The fields with a share, as which a band's width can be shown."""


class HandOut(NamedTuple):
    """How the rows of a table find the secrets that the gateway shows once, and who gets each."""

    endpoint: str
    name: str
    """The field of a row that names the entity."""
    receiver: str
    """The field of a row that names who gets its secret."""


class Membership(NamedTuple):
    """How the rows of a table say which entities belong into another, by a field that few gateways publish."""

    endpoint: str
    names: str
    """The field of a row that lists the names of those that belong into one."""
    into: str
    """The endpoint of what they belong into."""
    name: str
    """The field of a row that names it."""
    field: str
    """The field of their bodies that takes its id."""


class View(NamedTuple):
    """A table of the report: its rows, and the words above its columns."""

    shape: Shape
    title: str
    intro: str
    heads: Mapping[str, str]
    """Heading by field; a field of a list's items counts as one of its own. Without any, people are not shown it."""
    flow: Flow | None = None
    """How the page draws its rows as a picture; None if it does not."""
    sort: str | None = None
    """The field by whose values its rows are sorted, least first; None if they stay in their order."""
    file: str = ""
    """The name of its own files, without their ends; empty for what the report shows."""
    hands_out: HandOut | None = None
    """None if no secret belongs to its rows."""
    puts_into: Membership | None = None
    """None if its rows put nothing into another entity."""


class Rulebook(NamedTuple):
    """All rules, ready to use."""

    catalog: str
    """Where facts come from that configurations do not state."""
    program: str
    """Name and version of the program whose configurations are read."""
    grammar: Grammar
    universe: Any
    """The JSON Schema of all known settings."""
    tables: Mapping[str, Table]
    relations: Mapping[str, Relation]
    endpoints: tuple[Shape, ...]
    """In the order in which they are applied."""
    views: Mapping[str, View]
    guides: tuple[Guide, ...]
    questions: tuple[Question, ...]
    dispositions: Dispositions
    secrets: Secrets
    words: Words
    codes: Mapping[str, Code]
    """What each code of outcomes means."""
    classes: Mapping[str, CodeClass]
    """The classes of codes, most urgent first."""
    entry_names: Mapping[str, str]
    """By section that lists entries, the setting that names an entry."""
    protocol: Protocol
    dialect: str
    schemas: tuple[str, ...]
    """The folders of the schemas of bodies; the first that has one counts."""
    readings: tuple[Reading, ...] = ()
    """How each section of a running program is read."""
    snapshot: Snapshot | None = None
    """The words of the document that they fill."""
    notices: tuple[Notice, ...] = ()
    """Which shipped rules gave way to those of an overlay."""

    def levels(self, call: Call) -> dict[str, dict[str, float]] | None:
        """The levels of the table that a call chooses from; None if it chooses none, or there is no such table."""
        fit = call.fit
        return fit.levels(self.tables[fit.table].rows) if fit and fit.table in self.tables else None


def select(book: Rulebook, only: Collection[str], skip: Collection[str]) -> Rulebook:
    """The rulebook with some endpoints only; raises Problems (exit 2) for unknown names and for lost references."""
    endpoints = [endpoint.id for endpoint in book.endpoints]
    chosen = [name for name in endpoints if (not only or name in only) and name not in skip]
    problems = [*unknown("--only", only, endpoints), *unknown("--skip", skip, endpoints), *lost(book, chosen)]
    if problems:
        raise Problems(problems, USAGE)
    return book._replace(endpoints=tuple(endpoint for endpoint in book.endpoints if endpoint.id in chosen))


def unknown(option: str, names: Collection[str], endpoints: list[str]) -> Iterator[Problem]:
    """A problem for each name that is no endpoint."""
    from litellm_migrate.rulebook.static_types import suggestion  # noqa: PLC0415 - only when something is wrong

    for name in sorted(set(names) - set(endpoints)):
        text = f"expected one of {', '.join(endpoints)}, found `{name}`{suggestion(name, endpoints)}"
        yield Problem(option, 0, 0, text)


def lost(book: Rulebook, chosen: list[str]) -> Iterator[Problem]:
    """A problem for each endpoint whose bodies refer to one that is left out."""
    for endpoint in book.endpoints:
        for target in sorted(set(endpoint.call.references.values() if endpoint.call else ())):
            if endpoint.id in chosen and target not in chosen:
                text = f"`{endpoint.id}` refers to `{target}`, which is left out. Take both or neither."
                yield Problem("--only, --skip", 0, 0, text)
