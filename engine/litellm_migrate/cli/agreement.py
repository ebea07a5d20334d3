"""The question before a gateway is changed: asked where somebody can answer, and not with --yes."""

from __future__ import annotations

import argparse
import sys

from litellm_migrate.source.model import Problem, Problems

WORD = "yes"


def is_asked(options: argparse.Namespace) -> bool:
    """Whether there is somebody to ask."""
    return not options.yes and all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def agree(options: argparse.Namespace, question: str) -> None:
    """Asks, if there is somebody to ask; raises Problems if the answer is another than yes."""
    if not is_asked(options):
        return
    print(f"\n{question}\nOnly '{WORD}' is accepted: ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip() != WORD:
        raise Problems([Problem("not agreed", 0, 0, "nothing was changed. With --yes nothing is asked.")])
