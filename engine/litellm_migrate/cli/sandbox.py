"""`litellm-migrate sandbox`: serves a gateway in memory until Ctrl-C."""

from __future__ import annotations

import argparse
import sys
import threading
from contextlib import ExitStack, suppress

from litellm_migrate import shipped
from litellm_migrate.cli.options import rules_folder
from litellm_migrate.cli.outcomes import SUCCESS, VerbResult, print_to
from litellm_migrate.output import KEY, TENANT, URL
from litellm_migrate.rulebook.load import load
from litellm_migrate.sandbox.gateway import Sandbox
from litellm_migrate.sandbox.server import Server
from litellm_migrate.source.model import USAGE, Problem, Problems


def sandbox_command(options: argparse.Namespace) -> VerbResult:
    """Serves until it is interrupted."""
    book = load(rules_folder(options.rules), shipped("schemas"), options.dialect)
    gateway = Sandbox(book, shipped("schemas"))
    with ExitStack() as stack:
        try:
            server = stack.enter_context(Server(gateway, options.port))
        except OSError as error:
            message = f"expected a port that is free, found {options.port}. Name another, or leave it out."
            raise Problems([Problem("--port", 0, 0, message)], USAGE) from error
        lines = f"{URL}={server.url}", f"{KEY}={gateway.key}", f"{TENANT}={gateway.tenant}"
        print_to("\n".join([*lines, "Ctrl-C stops it, and it forgets everything."]), sys.stdout)
        with suppress(KeyboardInterrupt):
            threading.Event().wait()
    return VerbResult(SUCCESS, None)
