"""Moves an LLM gateway from LiteLLM to Synapse, by rules."""

from pathlib import Path

__version__ = "0.1.0"

INTERRUPTED = 130
"""The exit code that shells report of a program that Ctrl-C ended."""

PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """The folder `name` (`rules` or `schemas`) that came with this program.

    It lies inside the installed package, or two levels above it in a checkout.
    """
    installed = PACKAGE / name
    return installed if installed.is_dir() else PACKAGE.parents[1] / name
