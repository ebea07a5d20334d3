"""What examples must make happen, and what they did: every branch, alternative, sentence and row of the rules.

What must happen is derived from the index of a rulebook; what happens is observed while its examples are converted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from litellm_migrate.convert.columns import First, When
from litellm_migrate.convert.expressions import true
from litellm_migrate.convert.outcomes import Outcome
from litellm_migrate.convert.rows import KEY, Answer, Row, Watch
from litellm_migrate.convert.steps import AddColumns
from litellm_migrate.convert.tables import Table
from litellm_migrate.lint.rehearsals import ConvertedExample
from litellm_migrate.lint.violation import COVERAGE, EXPRESSION, Violation
from litellm_migrate.rulebook.findings import CLASSES
from litellm_migrate.rulebook.index import Site, Sites
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.steps import PARTS
from litellm_migrate.source.model import Path, Position

Event = tuple[Position, str]
"""A place in a rule file, and what must happen there for one of the rules that use the place (an anchor, a row)."""
Awaited = tuple[Event, Callable[[object], bool]]
"""An event, and whether it happens with a value of its declaration."""
BRANCHES = "in no example `{}` holds.", "in no example `{}` fails."


class Coverage:
    """Events by the declarations in which they happen, over all dialects and examples."""

    def __init__(self) -> None:
        self._messages: dict[Event, str] = {}
        """By event, what the rule's author reads if it never happens."""
        self._forbidden: set[Event] = set()
        """Events that must not happen; what the rule's author reads if one does is its name."""
        self._happened: set[Event] = set()
        self._events: dict[int, list[Awaited]] = {}
        """By identity of a declaration, its events that have not happened yet."""
        self.rows: list[tuple[AddColumns, list[Row]]] = []
        """The columns that a step added, and the rows that have them."""
        self.converted: list[ConvertedExample] = []
        """What the examples were converted to."""

    def want(
        self, declaration: object, node: RuleNode, name: str, message: str, happens: Callable[[object], bool]
    ) -> None:
        """Asks for an event of a declaration, which stands at `node` and must outlive this coverage."""
        event = (node.position(), name)
        self._messages.setdefault(event, message)
        self._events.setdefault(id(declaration), []).append((event, happens))

    def forbid(self, declaration: object, node: RuleNode, message: str, happens: Callable[[object], bool]) -> None:
        """Asks that an event of a declaration never happens in an example."""
        event = (node.position(), message)
        self._forbidden.add(event)
        self._events.setdefault(id(declaration), []).append((event, happens))

    def observer(self, declaration: object) -> Watch | None:
        """What notes the events of a declaration while examples are converted; None where nothing has to happen."""
        if isinstance(declaration, AddColumns):
            return lambda rows: self.rows.append((declaration, rows))
        if isinstance(declaration, Table):
            return partial(self._reply, declaration)
        awaited = self._events.get(id(declaration))
        return partial(self._happen, awaited) if awaited else None

    def _happen(self, awaited: list[Awaited], value: object) -> None:
        for entry in [entry for entry in awaited if entry[1](value)] if awaited else ():
            self._happened.add(entry[0])
            awaited.remove(entry)

    def _reply(self, table: Table, reply: Answer | Outcome | None) -> None:
        row = table.rows[str(reply[KEY])] if isinstance(reply, Answer) else reply
        for declaration in (table, row):
            self._happen(self._events.get(id(declaration), []), reply)

    def work_out_columns(self) -> None:
        """Works out the columns that no field and no step asked for, also of rows that a later step left out."""
        steps, self.rows = self.rows, []
        for step, rows in steps:
            for row in rows:
                for name in step.columns:
                    row.value(name)

    def missing(self) -> Iterator[Violation]:
        """A violation for each event that no example makes happen, and for each that one must not."""
        for place, message in self._forbidden & self._happened:
            yield Violation.at(EXPRESSION, place, message)
        for event, message in self._messages.items():
            if event not in self._happened:
                yield Violation.at(COVERAGE, event[0], f"{message} Add an example that does.")

    def want_all(self, sites: Sites) -> None:
        """Asks that each condition holds and fails, each alternative wins, each column has a value, all is said."""
        for site in sites.conditions:
            holds, fails = (text.format(site.node.value) for text in BRANCHES)
            self.want(site.declaration, site.node, "holds", holds, true)
            self.want(site.declaration, site.node, "fails", fails, untrue)
        for site in sites.columns:
            self._want_value(site)
        for site in sites.texts:
            if site.node.value is not None and {*CLASSES} & {*site.node.path[-1:], *site.node.path[-2:-1]}:
                self.want(site.declaration, site.node, "said", "no example makes the rules say this.", present)

    def _want_value(self, site: Site) -> None:
        """Asks that each alternative of a list wins once, and that any other column has a value once."""
        node, column = site.node, site.declaration
        if isinstance(column, First) and isinstance(node.value, list) and node.value:
            for number, alternative in enumerate(column.alternatives):
                message = f"no example gets alternative {number + 1} of `{name_of(node.path)}`."
                self.want(alternative, node.at(number), "won", message, present)
            # Once a list comes to its last alternative, that may always be there.
            if isinstance(alternative, When):
                for event, _ in self._events.get(id(alternative.condition), ()):
                    self._messages.pop(event, None) if event[1] == "fails" else None
        elif states(node.path) and node.value is not None and not isinstance(column, First):
            # null is a column that another relation has, for a union
            self.want(column, node, "there", f"in no example has `{name_of(node.path)}` a value.", present)


def present(value: object) -> bool:
    """Whether a value is there."""
    return value is not None


def untrue(value: object) -> bool:
    """Whether a condition with this value fails."""
    return not true(value)


def states(path: Path) -> bool:
    """Whether a part of a rule file states a value of its own, and is no mere piece of one."""
    above = path[-2] if len(path) > 1 else None
    named = ("columns", "by", "body", "variables", "environment")
    return above == PARTS or (above in named and isinstance(path[-1], str))


def name_of(path: Path) -> str:
    """What a value is called: the last word of its path that names something."""
    return next((name for name in reversed(path) if isinstance(name, str) and not name.endswith("()")), "")
