"""`litellm-migrate sandbox`: serves a gateway in memory until Ctrl-C."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Sequence
from pathlib import Path as File

from litellm_migrate import shipped
from litellm_migrate.rulebook.load import load
from litellm_migrate.sandbox.faults import Faults, fault_of
from litellm_migrate.sandbox.gateway import Sandbox
from litellm_migrate.sandbox.server import Server
from litellm_migrate.source.model import Problem, Problems


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    made = argparse.ArgumentParser(
        prog="litellm-migrate sandbox",
        description="Serve a gateway in memory on this machine: it takes what Synapse takes, and forgets it.",
        allow_abbrev=False,
    )
    made.add_argument("--port", type=int, default=0, metavar="N", help="the port to listen on (any that is free)")
    made.add_argument("--dialect", default="synapse", metavar="NAME", help="synapse (default) or openapi-0.2")
    made.add_argument("--rules", metavar="DIR", help="a folder of rules in the place of the shipped ones")
    made.add_argument("--latency", type=float, default=0, metavar="MS", help="milliseconds before each answer")
    made.add_argument("--only-tokens", action="store_true", help="refuse the key itself: it has to be exchanged")
    made.add_argument("--reads-only", action="store_true", help="the key may not write")
    made.add_argument(
        "--fail", action="append", default=[], metavar="KIND@N", help="fail the N-th request: 503, lost, ..."
    )
    return made


def sandbox_command(words: Sequence[str]) -> int:
    """Serves until it is interrupted, and answers the exit code."""
    given = parser().parse_args(words)
    book = load(File(given.rules) if given.rules else shipped("rules"), shipped("schemas"), given.dialect)
    faults = Faults([fault_of(text) for text in given.fail])
    sandbox = Sandbox(
        book,
        shipped("schemas"),
        only_tokens=given.only_tokens,
        reads_only=given.reads_only,
        latency=given.latency / 1000,
        faults=faults,
    )
    try:
        with Server(sandbox, given.port) as server:
            print(f"GATEWAY_URL={server.url}", flush=True)
            print(f"SYNAPSE_API_KEY={sandbox.key}", flush=True)
            print(f"SYNAPSE_TENANT={sandbox.tenant}", flush=True)
            print("Ctrl-C stops it, and it forgets everything.", flush=True)
            threading.Event().wait()
    except KeyboardInterrupt:
        return 0
    except (OSError, OverflowError) as error:
        message = f"expected a port that is free, found {given.port}. Name another, or leave it out."
        raise Problems([Problem("--port", 0, 0, message)], 2) from error
    return 0
