"""`litellm-migrate handout`: the secrets that the gateway showed once, in one private file for each who gets some."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

from litellm_migrate.cli.outcomes import FAILURE, SUCCESS, VerbResult, note
from litellm_migrate.cli.target import book_of
from litellm_migrate.convert.functions.texts import slug
from litellm_migrate.gateway.private_files import ignore, read_secrets, write_private
from litellm_migrate.output import HANDED_OUT
from litellm_migrate.output.files import names_of_table
from litellm_migrate.output.markdown import visible
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import USAGE, Problem, Problems

NOBODY = "nobody"
SECRET = "secret"  # noqa: S105 - the name of a field


def handout_command(options: argparse.Namespace) -> VerbResult:
    """Writes the files, and says which entities have no secret yet."""
    folder = File(options.output)
    rows, missing = joined(folder, book_of(options))
    fields = sorted({field for row in rows for field in row} - {SECRET})
    if rows and options.split_by not in fields:
        message = f"expected a field of the rows ({', '.join(fields)}), found `{options.split_by}`. Name one of them."
        raise Problems([Problem("--split-by", 0, 0, message)], USAGE)
    by_receiver: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_receiver.setdefault(str(row.get(options.split_by) or NOBODY), []).append(row)
    ignore(folder)
    written = dict(written_files(folder / HANDED_OUT, by_receiver))
    for file, receiver in written.items():
        note(options, f"{visible(file)}: {len(by_receiver[receiver])} for {visible(receiver)}")
    if missing:
        note(
            options,
            f"without a secret, so not applied yet or renewed elsewhere: {visible(', '.join(missing[:10]))}"
            + (f" and {len(missing) - 10} more" if len(missing) > 10 else ""),
        )
    return VerbResult(SUCCESS if rows and not missing else FAILURE, {"files": written, "missing": missing})


def joined(folder: File, book: Rulebook) -> tuple[list[dict[str, Any]], list[str]]:
    """Each row of a table that is handed out, with its secret; and the names of entities without one."""
    calls = {endpoint.call.id: endpoint.call for endpoint in book.endpoints if endpoint.call}
    rows: list[dict[str, Any]] = []
    missing: list[str] = []
    for view in book.views.values():
        if view.hands_out:
            endpoint, field = view.hands_out
            secrets = read_secrets(folder, calls[endpoint])
            for row in rows_of(folder / names_of_table(view.file)[0]):
                name = str(row.get(field))
                if secrets.get(name):
                    rows.append({**row, SECRET: secrets[name]})
                else:
                    missing.append(name)
    return rows, missing


def rows_of(file: File) -> list[dict[str, Any]]:
    """The rows of a table as it lies in the folder; raises Problems if they cannot be read."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        content = None
    if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
        raise Problems(
            [Problem(str(file), 0, 0, "expected the rows that a conversion wrote, found none. Convert again.")]
        )
    return content


def written_files(folder: File, by_receiver: dict[str, list[dict[str, Any]]]) -> Iterator[tuple[str, str]]:
    """Each file that is written, and who gets it."""
    taken: set[str] = set()
    for receiver, rows in sorted(by_receiver.items()):
        name = plain = slug(receiver) or NOBODY
        number = 2
        while name in taken:
            name, number = f"{plain}-{number}", number + 1
        taken.add(name)
        write_private(folder / f"{name}.json", [*rows])
        yield str(folder / f"{name}.json"), receiver
