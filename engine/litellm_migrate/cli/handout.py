"""`litellm-migrate handout`: the secrets that the gateway showed once, in one private file for each who gets some."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path as File
from typing import Any, NamedTuple

from litellm_migrate.cli.outcomes import FAILURE, SUCCESS, VerbResult, note
from litellm_migrate.cli.target import book_of
from litellm_migrate.convert.functions.texts import slug
from litellm_migrate.gateway.private_files import ignore, read_secrets, write_private
from litellm_migrate.output import HANDED_OUT
from litellm_migrate.output.files import names_of_table
from litellm_migrate.output.markdown import visible
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.files import file_text, json_value
from litellm_migrate.source.model import USAGE, Problem, Problems

NOBODY = "nobody"
MOST_NAMES = 10
SECRET = "secret"  # noqa: S105 - the name of a field


class Secret(NamedTuple):
    """A row of a table with its secret, and who gets it."""

    row: dict[str, Any]  # JSON
    receiver: str


def handout_command(options: argparse.Namespace) -> VerbResult:
    """Writes the files, and says which entities have no secret yet."""
    folder = File(options.output)
    secrets, missing = secrets_of(folder, book_of(options), options.split_by)
    by_receiver: dict[str, list[dict[str, Any]]] = {}
    for secret in secrets:
        by_receiver.setdefault(secret.receiver, []).append(secret.row)
    ignore(folder)
    written = dict(written_files(folder / HANDED_OUT, by_receiver))
    for file, receiver in written.items():
        note(options, f"{visible(file)}: {len(by_receiver[receiver])} for {visible(receiver)}")
    if missing:
        more = f" and {len(missing) - MOST_NAMES} more" if len(missing) > MOST_NAMES else ""
        names = visible(", ".join(missing[:MOST_NAMES]))
        note(options, f"without a secret, so not applied yet or renewed elsewhere: {names}{more}")
    return VerbResult(SUCCESS if secrets and not missing else FAILURE, {"files": written, "missing": missing})


def secrets_of(folder: File, book: Rulebook, receiver: str | None) -> tuple[list[Secret], list[str]]:
    """What is handed out, by the field `receiver` or as the rules say; and the names of entities without a secret."""
    calls = {endpoint.call.id: endpoint.call for endpoint in book.endpoints if endpoint.call}
    secrets: list[Secret] = []
    missing: list[str] = []
    for view in book.views.values():
        if not view.hands_out:
            continue
        field = receiver or view.hands_out.receiver
        if field not in view.heads:
            message = f"expected a field of the rows ({', '.join(view.heads)}), found `{field}`. Name one of them."
            raise Problems([Problem("--split-by", 0, 0, message)], USAGE)
        by_name = read_secrets(folder, calls[view.hands_out.endpoint])
        for row in rows_of(folder / names_of_table(view.file)[0]):
            name = str(row.get(view.hands_out.name))
            if by_name.get(name):
                secrets.append(Secret({**row, SECRET: by_name[name]}, str(row.get(field) or NOBODY)))
            else:
                missing.append(name)
    return secrets, missing


def rows_of(file: File) -> list[dict[str, Any]]:
    """The rows of a table as it lies in the folder; raises Problems if they cannot be read."""
    try:
        content = json_value(file_text(file))
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
