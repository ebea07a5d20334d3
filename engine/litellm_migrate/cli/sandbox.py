"""`litellm-migrate sandbox`: serves a gateway in memory until Ctrl-C."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path as File

from litellm_migrate import shipped
from litellm_migrate.cli.options import add, command_parser
from litellm_migrate.output import KEY, TENANT, URL
from litellm_migrate.rulebook.load import load
from litellm_migrate.sandbox.gateway import Sandbox
from litellm_migrate.sandbox.server import Server
from litellm_migrate.source.model import Problem, Problems


def sandbox_command(words: Sequence[str]) -> int:
    """Serves until it is interrupted, and returns the exit code."""
    description = "Serve a gateway in memory on this machine: it takes what Synapse takes, and forgets it."
    arguments = command_parser("sandbox", description)
    add(arguments, "--port", "--dialect", "--rules")
    options = arguments.parse_args(words)
    book = load(File(options.rules) if options.rules else shipped("rules"), shipped("schemas"), options.dialect)
    gateway = Sandbox(book, shipped("schemas"))
    try:
        with Server(gateway, options.port) as server:
            print(f"{URL}={server.url}", flush=True)
            print(f"{KEY}={gateway.key}", flush=True)
            print(f"{TENANT}={gateway.tenant}", flush=True)
            print("Ctrl-C stops it, and it forgets everything.", flush=True)
            threading.Event().wait()
    except KeyboardInterrupt:
        return 0
    except (OSError, OverflowError) as error:
        message = f"expected a port that is free, found {options.port}. Name another, or leave it out."
        raise Problems([Problem("--port", 0, 0, message)], 2) from error
    return 0
