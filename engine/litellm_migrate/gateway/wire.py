"""One request on the wire: its answer, within bounds of time and size, or why none came that can be used."""

from __future__ import annotations

import json
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from threading import Thread
from typing import TYPE_CHECKING

from litellm_migrate.gateway.retry import Exchange, Response
from litellm_migrate.source.files import DEEPEST, TooDeepError, json_value
from litellm_migrate.source.model import Json

if TYPE_CHECKING:
    import httpx

MOST_BYTES = 32 * 1024 * 1024
"""Of one answer, unpacked; a page of a list has some hundred entities."""


def exchange(  # noqa: PLR0913, PLR0917 - each is a part of the request
    http: httpx.Client, method: str, url: str, headers: Mapping[str, str], query: Mapping[str, str] | None, body: Json
) -> Exchange:
    """What came of a request; what is not there in time is left to itself, for time-outs count single bytes.

    A success whose text cannot be read is as good as lost.
    """
    done: Future[Exchange] = Future()

    def work() -> None:
        try:
            done.set_result(sent(http, method, url, headers, query, body))
        except BaseException as error:
            done.set_exception(error)

    Thread(target=work, daemon=True).start()
    seconds = (http.timeout.connect or 0.0) + (http.timeout.read or 0.0)
    try:
        return done.result(seconds)
    except FutureTimeout:
        return Exchange(None, f"found none (no answer within {seconds:g} s)", timed_out=True)


def sent(  # noqa: PLR0913, PLR0917 - each is a part of the request
    http: httpx.Client, method: str, url: str, headers: Mapping[str, str], query: Mapping[str, str] | None, body: Json
) -> Exchange:
    """The same, for as long as it takes."""
    import httpx  # noqa: PLC0415 - conversions need no network

    seconds = http.timeout.read or 0.0
    text = None
    if body is not None:  # halves of characters, which gateways and files may hold, go as escapes
        text, headers = json.dumps(body, separators=(",", ":")), {**headers, "Content-Type": "application/json"}
    try:
        with http.stream(method, url, params=query, headers=headers, content=text) as response:
            content = received(response, time.monotonic() + seconds)
    except httpx.TimeoutException as error:
        connecting = isinstance(error, httpx.ConnectTimeout)
        reason = f"no connection within {http.timeout.connect:g} s" if connecting else f"no answer within {seconds:g} s"
        return Exchange(None, f"found none ({reason})", timed_out=not connecting)
    except (httpx.TransportError, httpx.DecodingError) as error:
        return Exchange(None, *failure(error))
    if content is None:
        return Exchange(None, f"found one of more than {MOST_BYTES // 1024**2} MB", response.headers, final=True)
    return read(response, content)


def read(response: httpx.Response, content: bytes) -> Exchange:
    """An answer whose body has arrived."""
    try:
        value = json_value(content) if content else None
    except TooDeepError:
        return Exchange(None, f"found JSON of more than {DEEPEST} levels", response.headers, final=True)
    except ValueError:
        if response.is_success:
            return Exchange(None, "found a page that is no JSON", response.headers)
        value = content.decode(errors="replace")
    return Exchange(Response(response.status_code, value, response.headers), headers=response.headers)


def received(response: httpx.Response, deadline: float) -> bytes | None:
    """The unpacked body; None if it is too long. Raises a time-out where it comes too slowly."""
    import httpx  # noqa: PLC0415

    parts, size = [], 0
    for part in response.iter_bytes():
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            return None
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout("the whole answer took too long")
    return b"".join(parts)


def failure(error: BaseException) -> tuple[str, Mapping[str, str], bool, bool]:
    """Why nothing came, in words; no headers, no time-out; and whether it would be the same again."""
    causes = list(chain(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            reason = f"its certificate is not trusted: {cause.verify_message or cause.reason}"
            return f"found none ({reason}). Name the authority's certificates with --ca-bundle FILE", {}, False, True
        if isinstance(cause, socket.gaierror):
            return "found none (its name is not known)", {}, False, cause.errno == socket.EAI_NONAME
    reasons = [text for cause in causes if (text := getattr(cause, "strerror", None) or getattr(cause, "reason", None))]
    return f"found none ({reasons[-1] if reasons else 'the connection broke off'})", {}, False, False


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what caused it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
