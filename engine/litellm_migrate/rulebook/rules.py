"""What a rulebook is: everything that a folder of rule files says, ready to use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litellm_migrate.convert.bodies import Shape
from litellm_migrate.convert.calls import Protocol
from litellm_migrate.convert.classify import Words
from litellm_migrate.convert.columns import Text
from litellm_migrate.convert.dispositions import Dispositions
from litellm_migrate.convert.relations import Relation
from litellm_migrate.convert.tables import Table
from litellm_migrate.source.model import Grammar, Notice
from litellm_migrate.source.records import record
from litellm_migrate.source.redact import Secrets


@record
class Guide:
    """A chapter of the report, filled from a row."""

    title: str
    each: str
    text: Text


@record
class View:
    """A table of the report: what it shows, and the words above its columns."""

    shape: Shape
    title: str
    intro: str
    heads: Mapping[str, str]
    """Heading by field; a field of a list's items counts as one of its own."""


@record
class Rulebook:
    """All rules, ready to use."""

    catalog: str
    """Where facts come from that configurations do not state."""
    program: str
    """Name and version of the program whose configurations are read."""
    grammar: Grammar
    universe: Any
    tables: Mapping[str, Table]
    relations: Mapping[str, Relation]
    endpoints: tuple[Shape, ...]
    """In the order in which they are applied."""
    views: Mapping[str, View]
    guides: tuple[Guide, ...]
    dispositions: Dispositions
    secrets: Secrets
    words: Words
    protocol: Protocol
    dialect: str
    schemas: str | None
    """The folder of the dialect's own schemas."""
    notices: tuple[Notice, ...] = ()
    """Which shipped rules others took the place of."""
