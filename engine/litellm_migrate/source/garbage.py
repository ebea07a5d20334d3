"""Python's search for circles of garbage, which takes longer the more there is that is none."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager


def left_to_the_end() -> None:
    """For a process that ends with its work: nothing is searched, and at its end everything is left as it is."""
    gc.disable()
    atexit.register(gc.freeze)


@contextmanager
def uncollected() -> Iterator[None]:
    """Without that search, for work that makes many things and throws few away."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
