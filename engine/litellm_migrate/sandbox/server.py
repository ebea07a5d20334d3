"""Serves a sandbox, or anything that answers as one, over HTTP on this machine."""

from __future__ import annotations

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from litellm_migrate.sandbox.answers import HALF, PAGE, Answer, Request

HTML = b"<!doctype html><title>Bad gateway</title><h1>Something in between answered</h1>"


class Serving(Protocol):
    """Whatever can be served."""

    def serve(self, request: Request, bearer: str) -> tuple[Answer, dict[str, str]]:
        """The answer to one request and its extra headers."""


class Listener(ThreadingHTTPServer):
    """Takes as many callers at once as come."""

    request_queue_size = 128
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing of callers that have gone."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Server:
    """Serves from entering to leaving this context manager; port 0 takes any that is free."""

    def __init__(self, served: Serving, port: int = 0) -> None:
        self.served = served
        self.port = port
        self.url = ""

    def __enter__(self) -> Server:
        bound = type("Bound", (Handler,), {"served": self.served})
        self._listener = Listener(("127.0.0.1", self.port), bound)
        self.url = f"http://127.0.0.1:{self._listener.server_port}"
        threading.Thread(target=self._listener.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown()
        self._listener.server_close()


class Handler(BaseHTTPRequestHandler):
    """Turns HTTP into requests of a sandbox, and its answers into HTTP."""

    served: Serving
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # an answer is one packet

    def parse_request(self) -> bool:
        """Whether the request can be read; its answer is as late as it is told from here on."""
        self.came = time.monotonic()
        return super().parse_request()

    def handle_any(self) -> None:
        """Answers whatever was asked."""
        length = self.headers.get("Content-Length", "")
        text = self.rfile.read(int(length) if length.isdecimal() else 0).decode("utf-8", "replace")
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
        answer, headers = self.served.serve(Request(self.command, self.path, parsed(text)), bearer)
        time.sleep(max(0.0, self.came + answer.wait - time.monotonic()))
        self.close_connection = self.close_connection or answer.status == 0 or answer.wire == HALF
        if answer.status:
            self.send(answer, headers)

    def send(self, answer: Answer, headers: dict[str, str]) -> None:
        """Sends an answer as its `wire` says."""
        whole = b"" if answer.body is None else json.dumps(answer.body).encode()
        content = HTML if answer.wire == PAGE else whole
        kind = "text/html" if answer.wire == PAGE else "application/json"
        self.send_response(answer.status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **headers}.items():
            if answer.status != 204 or not name.startswith("Content-"):
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if answer.wire == HALF else content)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = handle_any  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Says nothing: the terminal is the user's."""


def parsed(text: str) -> Any:
    """The JSON value of a body, None for an empty one, the text itself where it is no JSON."""
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text
