"""Serves a gateway in memory, or anything that answers as one, over HTTP on this machine."""

from __future__ import annotations

import json
import sys
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from typing import Protocol

from litellm_migrate.sandbox.operations import HttpAnswer, HttpRequest
from litellm_migrate.source.model import Json


class Serving(Protocol):
    """Whatever can be served."""

    def serve(self, request: HttpRequest, bearer: str) -> HttpAnswer:
        """The answer to one request."""


class Handler(BaseHTTPRequestHandler):
    """Turns HTTP into requests, and answers into HTTP."""

    served: Serving
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # an answer is one packet

    def handle_any(self) -> None:
        """Answers whatever was asked."""
        length = self.headers.get("Content-Length", "")
        text = self.rfile.read(int(length) if length.isdecimal() else 0).decode("utf-8", "replace")
        body: Json = text or None
        with suppress(ValueError):
            body = json.loads(text) if text else None
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
        self.send(self.served.serve(HttpRequest(self.command, self.path, body), bearer))

    def send(self, answer: HttpAnswer) -> None:
        """Sends an answer."""
        content = b"" if answer.body is None else json.dumps(answer.body).encode()
        self.send_response(answer.status)
        if answer.status != 204:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = handle_any  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Says nothing: the terminal is the user's."""


class Server(ThreadingHTTPServer):
    """Serves from entering to leaving this context manager; port 0 takes any that is free."""

    request_queue_size = 128
    daemon_threads = True
    handler = Handler

    def __init__(self, served: Serving, port: int = 0) -> None:
        self.served = served
        self.port = port
        self.url = ""

    def __enter__(self) -> Server:
        super().__init__(("127.0.0.1", self.port), type("Bound", (self.handler,), {"served": self.served}))
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: object) -> None:
        """Says nothing of callers that have gone."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)
