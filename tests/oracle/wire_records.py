"""What LiteLLM sends for each configuration, kept in a folder by the file's content: starting LiteLLM is slow."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import hashlib
import json
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from oracle.wire_litellm import REQUESTS, record
from oracle.wire_transport import cut

SECONDS = 120
"""A configuration that takes longer counts as not loaded."""


def key(file: Path) -> str:
    """The name under which the record of a configuration is kept: its content and that of what it may include."""
    beside = sorted(part for part in file.parent.glob(f"{file.stem}_*") if part.is_file())
    return hashlib.sha256(b"\0".join(part.read_bytes() for part in [file, *beside])).hexdigest()[:24]


def records(files: Iterable[Path], cache: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The record of each configuration; what the folder does not have is asked of LiteLLM, each in its own process."""
    cache.mkdir(parents=True, exist_ok=True)
    for file in files:
        kept = cache / f"{key(file)}.json"
        if not kept.is_file():
            fork(file, kept)
        yield file, json.loads(kept.read_text(encoding="utf-8"))


@lru_cache
def ready() -> None:
    """Do once what every child would do again: the proxy is imported, and its app has built its routes."""
    cut()
    httpx: Any = import_module("httpx")
    app: Any = import_module("litellm.proxy.proxy_server").app

    async def build() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://p") as client:
            for path, _ in REQUESTS.values():
                await client.put(path)  # no such method: every route is looked at, none is run

    asyncio.run(build())
    gc.freeze()  # or else a collection in a child copies all of the memory


def fork(file: Path, kept: Path) -> None:
    """Ask LiteLLM in a process of its own, since a configuration changes the whole program.

    It is imported only once, and what a child imported besides is imported here for the next one.
    """
    ready()
    news, modules = kept.with_suffix(".modules"), {*sys.modules}
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        for name in news.read_text(encoding="utf-8").split() if news.is_file() else ():
            with contextlib.suppress(Exception):
                import_module(name)
        news.unlink(missing_ok=True)
        if not kept.is_file():
            kept.write_text(json.dumps({"error": f"LiteLLM ended or took {SECONDS} s", "values": {}, "names": {}}))
        return
    signal.alarm(SECONDS)
    with contextlib.suppress(BaseException):
        for stream in (1, 2):
            os.dup2(os.open(os.environ.get("WIRE_LOG", os.devnull), os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream)
        done = json.dumps(asyncio.run(record(file.resolve())), indent=1, default=str)
        kept.with_suffix(".part").write_text(done, encoding="utf-8")
        kept.with_suffix(".part").rename(kept)
        news.write_text("\n".join(name for name in [*sys.modules] if name not in modules), encoding="utf-8")
    os._exit(0)


if __name__ == "__main__":
    for path, requests in records(map(Path, sys.argv[2:]), Path(sys.argv[1])):
        print(path.name, len(requests["names"]), requests["error"][:100], flush=True)
