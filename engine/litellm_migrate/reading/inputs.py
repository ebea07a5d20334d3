"""Which parts of a snapshot a configuration file beside it has already, and which it does not really show."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from litellm_migrate.reading.records import Reading
from litellm_migrate.reading.sections import field_at
from litellm_migrate.source.join import Test
from litellm_migrate.source.model import Yaml


def in_file(readings: Iterable[Reading]) -> Test:
    """Tells whether a row of a section comes from the configuration file."""
    by_section = {reading.section: reading.written for reading in readings if reading.written}

    def known(section: str, row: Yaml) -> bool:
        written = by_section.get(section)
        return written is not None and isinstance(row, dict) and field_at(row, written.field) in written.values

    return known


def is_reference(harmless: Iterable[str]) -> Test:
    """Tells whether a value only says where a secret is."""
    globs = tuple(harmless)
    return lambda _, value: isinstance(value, str) and any(fnmatchcase(value, glob) for glob in globs)
