"""The lock of a folder: runs in it keep each other out, whatever they do there. Its scripts take the same one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path as File

from litellm_migrate.source.model import Problem, Problems


@contextmanager
def locked(folder: File, shared: bool = False) -> Iterator[bool]:
    """Keeps other runs out of a folder, or (`shared`) only those that write; raises Problems if one is in it.

    It ends with the process, however that ends. What cannot be locked (a folder that is not there, every folder of
    Windows, some network file systems) is not, and False comes: whatever is done next says what is wrong.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        yield False
        return
    try:
        alone = lock(descriptor, shared)
        if alone is False:
            message = "expected to be alone, found another run at work in this folder. Wait for its end."
            raise Problems([Problem(str(folder), 0, 0, message)])
        yield bool(alone)
    finally:
        os.close(descriptor)


def lock(descriptor: int, shared: bool) -> bool | None:
    """Whether an open folder could be locked; None if it cannot be locked here at all."""
    try:
        import fcntl  # noqa: PLC0415 - not on every system

        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except (ImportError, OSError):
        return None
    return True
