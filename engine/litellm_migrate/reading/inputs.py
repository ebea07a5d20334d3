"""Which rows of a snapshot a configuration file beside it has already."""

from __future__ import annotations

from collections.abc import Iterable

from litellm_migrate.reading.records import Reading
from litellm_migrate.reading.sections import field_at
from litellm_migrate.source.join import RowTest
from litellm_migrate.source.model import Yaml


def in_file(readings: Iterable[Reading]) -> RowTest:
    """Tells whether a row of a section comes from the configuration file."""
    by_section = {reading.section: reading.written for reading in readings if reading.written}

    def known(section: str, row: Yaml) -> bool:
        written = by_section.get(section)
        return written is not None and isinstance(row, dict) and field_at(row, written.field) in written.values

    return known
