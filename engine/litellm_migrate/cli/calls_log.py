"""What `--verbose` shows of the gateway: each call with its status and time, as the client notes it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from litellm_migrate.cli.outcomes import print_to
from litellm_migrate.gateway import CALLS


class Lines(logging.Handler):
    """Prints each record as a line on standard error."""

    def emit(self, record: logging.LogRecord) -> None:
        """Prints the message of a record."""
        print_to(record.getMessage(), sys.stderr)


@contextmanager
def logged_calls() -> Iterator[None]:
    """Prints calls as they are made."""
    log, lines = logging.getLogger(CALLS), Lines()
    log.setLevel(logging.DEBUG)
    log.addHandler(lines)
    try:
        yield
    finally:
        log.removeHandler(lines)
        log.setLevel(logging.NOTSET)
