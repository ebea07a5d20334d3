"""What is converted: files, folders of exported answers, what runs at an address, or several of these as one."""

from __future__ import annotations

import argparse
import os
import sys
from functools import partial, reduce
from itertools import count
from pathlib import Path as File

from litellm_migrate.output import SNAPSHOT
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import Source
from litellm_migrate.source.read import read_source


def read_inputs(options: argparse.Namespace, book: Rulebook) -> Source:
    """The configuration that the options name; what runs is read once, and kept beside what it becomes."""
    if getattr(options, "from_url", None) or any(map(os.path.isdir, options.inputs)):
        from litellm_migrate.cli.snapshot import saved_snapshot  # noqa: PLC0415 - a file needs no network

        folder = File(options.output) if getattr(options, "output", None) else None
        names = (f"{SNAPSHOT.removesuffix('.json')}{f'-{number}' if number else ''}.json" for number in count())
        fresh = partial(saved_snapshot, options, book, folder, names)
        options.inputs = [fresh(name) if os.path.isdir(name) else name for name in options.inputs]
        if getattr(options, "from_url", None):
            options.inputs, options.from_url = [*options.inputs, fresh(None)], None
    read = partial(read_source, grammar=book.grammar, stdin=sys.stdin.buffer, outside=options.allow_outside)
    sources = list(map(read, options.inputs))
    if len(sources) == 1:
        return sources[0]
    from litellm_migrate.reading.inputs import in_file  # noqa: PLC0415 - one file is usual
    from litellm_migrate.source.join import joined  # noqa: PLC0415

    in_first, refers = in_file(book.readings), book.secrets.refers
    return reduce(lambda first, second: joined(first, second, in_first, refers), sources)
