"""A converted folder and runs of `--apply` from it against a sandbox: for the tests of the gateway."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from conversion import rulebook
from faulty_gateway import FaultyGateway, Server
from litellm_migrate import shipped
from litellm_migrate.cli.convert import convert_checked
from litellm_migrate.gateway.access import Access
from litellm_migrate.gateway.change import Change, Options
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.journal import Journal
from litellm_migrate.gateway.payloads import read_payloads
from litellm_migrate.gateway.plan import plan
from litellm_migrate.gateway.preflight import preflight
from litellm_migrate.gateway.run import GatewayRun, Result, apply
from litellm_migrate.output.json_text import render_json
from litellm_migrate.output.write import write
from litellm_migrate.source.read import read_source

CONFIG = """
general_settings: {master_key: os.environ/MASTER}
model_list:
- {model_name: fast, litellm_params: {model: openai/gpt-4o-mini, api_key: os.environ/OPENAI, rpm: 60, weight: 3}}
- {model_name: fast, litellm_params: {model: groq/llama-3.1-8b, api_key: os.environ/GROQ, rpm: 30, weight: 1}}
- {model_name: big, litellm_params: {model: anthropic/claude-3-5-sonnet-20241022, rpm: 20, tpm: 9000}}
"""
NOBODY = "00000000-0000-0000-0000-000000000000"
SECRETS = {name: f"sk-value-of-{name}" for name in ("OPENAI", "GROQ", "ANTHROPIC_API_KEY", "MASTER")}


@cache
def converted(text: str, dialect: str) -> Mapping[str, Any]:
    """The payloads of a conversion."""
    book = rulebook(dialect)
    return convert_checked(book, read_source("-", book.grammar, io.BytesIO(text.encode())), shipped("schemas")).payloads


def folder_of(path: Path, text: str = CONFIG, dialect: str = "synapse") -> Path:
    """A folder with the payloads of a conversion."""
    texts = {f"payloads/{file}": render_json(body) for file, body in converted(text, dialect).items()}
    write(path, texts, frozenset(texts))
    return path


def sandbox_of(*faults: str, dialect: str = "synapse", **more: Any) -> FaultyGateway:
    """A sandbox that fails as it is told."""
    return FaultyGateway(rulebook(dialect), shipped("schemas"), *faults, tenant="acme", **more)


@contextmanager
def reached(sandbox: FaultyGateway, **more: Any) -> Iterator[Client]:
    """A client of a sandbox that waits for nothing."""
    with Server(sandbox) as server:
        access = Access(**{"url": server.url, "key": sandbox.key, "tenant": sandbox.tenant, "concurrency": 1, **more})
        with Client(access, sandbox.book.protocol, sleep=lambda seconds: None) as client:
            yield client


def planned(folder: Path, client: Client, sandbox: FaultyGateway, options: Options | None = None) -> list[Change]:
    """The plan for a folder."""
    payloads = read_payloads(folder, sandbox.book, shipped("schemas"))
    return plan(payloads, sandbox.book, client, Journal(folder, "http://sandbox"), options or Options())


def applied(
    folder: Path,
    sandbox: FaultyGateway,
    options: Options | None = None,
    show: Callable[[Result], object] = lambda outcome: None,
    **more: Any,
) -> GatewayRun:
    """One run of `--apply`."""
    payloads = read_payloads(folder, sandbox.book, shipped("schemas"))
    with reached(sandbox, **more) as client, Journal(folder, "http://sandbox") as journal:
        steps = plan(payloads, sandbox.book, client, journal, options or Options())
        return apply(steps, client, journal, SECRETS, show, preflight(steps, client))


def state(sandbox: FaultyGateway) -> dict[str, Any]:
    """Everything that a gateway holds, in one order, with names in the place of ids."""
    known = {body["id"]: f"{name} {body.get('name')}" for name, one in sandbox.entities.items() for body in one.stored}
    text = json.dumps(sandbox.state())
    for ident, name in known.items():
        text = text.replace(str(ident), name)
    held: dict[str, Any] = json.loads(text)
    return {name: sorted(below, key=json.dumps) if isinstance(below, list) else below for name, below in held.items()}


def writes(sandbox: FaultyGateway) -> list[tuple[str, str]]:
    """The requests so far that could have changed something."""
    return [(one.method, one.path) for one in sandbox.requests if one.method != "GET" and NOBODY not in one.path]
