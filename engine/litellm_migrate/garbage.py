"""Python's search for circles of garbage, which takes longer the more there is that is none."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager


def left_at_the_end() -> None:
    """Has Python leave everything as it is when the process ends: what is freed then, nobody needs any more."""
    atexit.register(gc.freeze)


@contextmanager
def uncollected() -> Iterator[None]:
    """Without that search, for work that makes many things and throws few away; what is left then counts as old."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.unfreeze()  # to the oldest: or the next search, which is for young things, would go through them all
        if before:
            gc.enable()
