"""What a verb works on: the folder with its rules and payloads, the gateway and its key, and what the user decided."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Mapping
from pathlib import Path as File

from litellm_migrate import shipped
from litellm_migrate.cli.keys import key_in
from litellm_migrate.cli.options import rules_folder
from litellm_migrate.cli.outcomes import detail
from litellm_migrate.gateway.access import Access
from litellm_migrate.gateway.change import Options
from litellm_migrate.gateway.names import variables
from litellm_migrate.gateway.payloads import literals, read_payloads
from litellm_migrate.output import DATA, KEY, PAYLOADS, TENANT, URL
from litellm_migrate.output.write import check_whole
from litellm_migrate.rulebook.build import rulebook_of
from litellm_migrate.rulebook.types import Rulebook, select
from litellm_migrate.source.files import file_text, json_value
from litellm_migrate.source.model import USAGE, Json, Problem, Problems


def book_of(options: argparse.Namespace) -> Rulebook:
    """The rules of the dialect that the output folder is written in, or of `--dialect` if the folder names none."""
    folder = File(options.output)
    if not os.path.isdir(folder):
        what = "a file" if os.path.exists(folder) else "nothing there"
        raise Problems([Problem(str(folder), 0, 0, f"expected the folder that a conversion wrote, found {what}.")])
    dialect = report_of(folder, "dialect")
    if options.dialect and dialect not in (None, options.dialect):
        message = f"expected {dialect}, in which {folder} is written, found {options.dialect}. Leave --dialect out, "
        raise Problems([Problem("--dialect", 0, 0, f"{message}or convert again with it.")], USAGE)
    book = rulebook_of(rules_folder(options.rules), shipped("schemas"), options.dialect or dialect)
    return select(book, options.only, options.skip)


def payloads_of(options: argparse.Namespace, book: Rulebook) -> Mapping[str, Json]:
    """The payloads of the output folder by file name; raises Problems for all that is wrong."""
    check_whole(File(options.output))
    payloads = read_payloads(File(options.output), book, shipped("schemas"))
    for file in payloads:
        detail(options, f"read {File(options.output) / PAYLOADS / file}")
    return payloads


def report_of(folder: File, word: str) -> str | None:
    """A text of the report in a folder: `dialect` is that of the payloads; None if it does not state it."""
    try:
        return str(json_value(file_text(folder / DATA))[word])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def access_of(options: argparse.Namespace) -> Access:
    """How the gateway is reached; raises Problems (exit 2) if an address or a key is missing."""
    url, key = options.gateway_url or os.environ.get(URL, ""), api_key_of(options)
    problems = []
    if not url:
        problems.append(Problem("--gateway-url", 0, 0, f"expected the gateway's address. Add it, or set {URL}."))
    if not key:
        problems.append(Problem("--api-key-file", 0, 0, f"expected the gateway's key. Set {KEY}, or name a file."))
    if problems:
        raise Problems(problems, USAGE)
    return Access(
        url=url,
        key=key,
        tenant=options.tenant or os.environ.get(TENANT) or None,
        ca_bundle=options.ca_bundle,
        insecure_http=options.insecure_http,
        timeout=options.timeout,
        concurrency=options.concurrency,
    )


def api_key_of(options: argparse.Namespace) -> str:
    """The gateway's key: of the option, of the file, or of the environment."""
    if options.key or not options.key_file:
        return options.key or os.environ.get(KEY, "")
    return key_in("--api-key-file", options.key_file)


def decisions_of(options: argparse.Namespace) -> Options:
    """What the user decided about changes."""
    return Options(adopt=options.adopt, everything=options.update_all)


def literals_of(options: argparse.Namespace) -> dict[str, str]:
    """The keys that stand in the configuration itself, by variable, if there is an input that can be read again."""
    if not options.input or options.input == "-":
        return {}
    from litellm_migrate.cli.convert import converted  # noqa: PLC0415 - not needed to apply what is there

    return literals(*converted(options))


def secrets_of(book: Rulebook, payloads: Mapping[str, Json]) -> Iterator[str]:
    """The values that payloads ask for and that no message may repeat, as far as they are in the environment."""
    for call in (endpoint.call for endpoint in book.endpoints if endpoint.call):
        payload = payloads.get(call.file)
        for body in payload if isinstance(payload, list) else [payload] if payload else []:
            for name in variables(call, body).values():
                yield os.environ.get(name, "")
