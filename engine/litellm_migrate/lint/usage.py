"""Nothing in vain: settings have an answer, dispositions decide, relations and columns are read."""

from __future__ import annotations

from collections.abc import Iterator

from litellm_migrate.convert.groups import Group
from litellm_migrate.convert.steps import Findings, Step
from litellm_migrate.lint.violation import DISPOSITION, UNIVERSE, UNUSED, Violation
from litellm_migrate.rulebook.index import ColumnKey, Parsed, column_keys
from litellm_migrate.rulebook.nodes import RuleNode, by_id, of_kind
from litellm_migrate.rulebook.static_types import Setting
from litellm_migrate.rulebook.universe import KnownSettings, Pattern, matching, patterns_of, settings
from litellm_migrate.source.model import Position

COLUMN_DEPTH = 4
"""The length of the path of a column: `steps`, number, `columns`, name."""


def check_settings(nodes: list[RuleNode], dialects: list[Parsed]) -> Iterator[Violation]:
    """A violation for each setting that no rule reads and no disposition covers, and for each pattern in vain.

    A setting may have both: the disposition then speaks where the value is one that cannot be carried.
    """
    book = dialects[0].book
    source, *_ = of_kind(nodes, "source")
    added = of_kind(nodes, "settings")
    universe = Setting(book.universe)
    include = universe.names().get(source.value.get("include"))  # the reader itself reads it
    leaves = list(settings(universe, settings_read(dialects) | {id(include)}))
    for path, read in leaves:
        if not read and book.dispositions.of(path) is None:
            text = f"no rule reads `{'.'.join(path)}`, and no disposition covers it. Add one under `{path[0]}`."
            yield Violation.at(UNIVERSE, added[-1] if added else source.at("universe"), text)
    deciding = {disposition.pattern for path, _ in leaves if (disposition := book.dispositions.of(path))}
    known_settings = KnownSettings(book.universe)
    for node in of_kind(nodes, "dispositions"):
        yield from patterns_in_vain(node, known_settings, deciding, added)


def settings_read(dialects: list[Parsed]) -> set[int]:
    """The schemas of settings that rules read, by identity; a condition on a whole section reads none of it."""
    reads = [read for parsed in dialects for read in parsed.sites.reads]
    return {
        id(setting.schema) for read in reads for setting in read.settings if not (read.condition and setting.known())
    }


def patterns_in_vain(
    document: RuleNode, known_settings: KnownSettings, deciding: set[Pattern], added: list[RuleNode]
) -> Iterator[Violation]:
    """A violation for each disposition that never decides, or whose document calls foreign what is known.

    `added` are the documents that make settings known: where there are some, they are to blame for the latter.
    """
    for pattern, node in patterns_of(document):
        name, key = ".".join(pattern), pattern[-1] if pattern else ""
        sections = known_settings.matches(pattern[:-1])
        named = [(*path, match) for path, section in sections for match in matching(key, section.names())]
        free = any(section.at(key) and not matching(key, section.names()) for _, section in sections)
        if document.value.get("foreign") and named and added:
            text = f"`{'.'.join(named[0])}` is known here, and {node.position()} says that it is not"
            yield Violation.at(
                DISPOSITION, added[-1], f"{text}. Take that disposition away by `null`, or state another."
            )
        elif document.value.get("foreign") and named:
            text = f"`{name}` is said to be foreign, but `{'.'.join(named[0])}` is known. Move it to the others."
            yield Violation.at(DISPOSITION, node, text)
        elif not document.value.get("foreign") and pattern not in deciding and not free:
            text = f"`{name}` never decides: longer patterns cover every setting that it matches. Delete it."
            yield Violation.at(DISPOSITION, node, text)


def check_relations(nodes: list[RuleNode], dialects: list[Parsed]) -> Iterator[Violation]:
    """A violation for each relation that no endpoint, view, guide or other relation reads and that states nothing."""
    used = {name for node in nodes if node.value["kind"] != "relation" for name in projected(node.value)}
    for parsed in dialects:
        used |= {name for node in parsed.endpoints.values() for name in projected(node.value)}
        used |= parsed.sites.relations
        for name, relation in parsed.book.relations.items():
            used |= relation.needs
            if any(states(step) for step in relation.steps):
                used.add(name)
    for name, node in by_id(nodes, "relation").items():
        if name not in used:
            yield Violation.at(UNUSED, node, f"nothing reads relation `{name}`. Delete it, or use it.")


def states(step: Step) -> bool:
    """Whether a step says something of settings, although nothing may read its rows."""
    return bool(step.states if isinstance(step, Findings) else isinstance(step, Group) and step.disagree)


def projected(value: object) -> Iterator[str]:
    """Every relation that a document is a projection of."""
    if isinstance(value, dict):
        if isinstance(value.get("from"), str):
            yield value["from"]
        value = list(value.values())
    for below in value if isinstance(value, list) else ():
        yield from projected(below)


def check_columns(dialects: list[Parsed]) -> Iterator[Violation]:
    """A violation for each column that nothing reads in any dialect."""
    columns: dict[Position, RuleNode] = {}
    read: set[Position] = set()
    for parsed in dialects:
        keys = columns_read(parsed)
        for site in parsed.sites.columns:
            if site.node.path[2:3] == ("columns",) and len(site.node.path) == COLUMN_DEPTH:
                columns[site.node.position()] = site.node
                if (id(site.row.columns), site.node.path[-1]) in keys:
                    read.add(site.node.position())
    for position in sorted(set(columns) - read):
        text = f"nothing reads the column `{columns[position].path[-1]}`. Delete it, or use it."
        yield Violation.at(UNUSED, columns[position], text)


def columns_read(parsed: Parsed) -> set[ColumnKey]:
    """The columns that rules read; of a union, those of each part."""
    keys = {key for read in parsed.sites.reads for key in read.columns}
    for name, relation in reversed(list(parsed.book.relations.items())):  # each comes after those it is made from
        base = parsed.rows[name].base
        if len(relation.rows) > 1 and base is not None:
            for column in [column for row, column in keys if row == id(base.columns)]:
                keys.update(key for source in relation.rows for key in column_keys(parsed.rows[source], column))
    return keys
