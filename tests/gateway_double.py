"""A Synapse on loopback: it holds every body against the endpoint schemas and remembers every request.

    with GatewayDouble(dialect="synapse") as double:
        ...                       # send to double.url with `Authorization: Bearer <double.api_key>`
        double.store["models"]    # what is there now, with what cannot be read back
        double.requests           # everything that was asked, refused or not, in order
        double.fail_next(503, after=2)

Bodies arrive as a gateway sees them, with every `${...}` replaced: one that is left over is refused.
"""

from __future__ import annotations

import base64
import json
import threading
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from faulty_gateway import Server, faulty
from gateway_catalog import Body, Catalog, HttpAnswer, HttpRequest, refusal


@dataclass
class Fault:
    """A programmed failure: `after` requests pass, then `times` fail."""

    answer: HttpAnswer
    headers: dict[str, str]
    after: int
    times: int


def token_for(tenant: str) -> str:
    """A JWT that names the tenant; nothing vouches for it."""
    parts = ({"alg": "none"}, {"tenant_id": tenant}, {"jti": uuid.uuid4().hex})
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)


@dataclass
class GatewayDouble:
    """The gateway, which serves from entering to leaving this context manager.

    `page_size` caps the length of every list page. With `only_tokens` the key itself is no bearer and has to be
    exchanged first. The answer to a new virtual key is the entity with its new secret under `key`; with
    `published_keys` it has the published shape, the entity under `key` and the new secret under `secret`.
    """

    dialect: str = "synapse"
    api_key: str = "sk-syn-double"
    tenant: str = "acme"
    page_size: int = 100
    only_tokens: bool = False
    published_keys: bool = False
    url: str = ""
    requests: list[HttpRequest] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.catalog = Catalog(self.dialect, self.page_size, self.published_keys)
        self._lock = threading.Lock()

    @property
    def store(self) -> dict[str, list[Body]]:
        """What is there, by container: integrations, providers, models, keys."""
        return self.catalog.store

    def __enter__(self) -> GatewayDouble:
        self._server = Server(self).__enter__()
        self.url = self._server.url
        return self

    def __exit__(self, *_: object) -> None:
        self._server.__exit__()

    def fail_next(
        self,
        status: int,
        times: int = 1,
        headers: dict[str, str] | None = None,
        after: int = 0,
        retry_after_secs: float | None = None,
    ) -> None:
        """Let `after` requests pass and fail the next `times` with `status`; status 0 hangs up without an answer."""
        more = {} if retry_after_secs is None else {"retry_after_secs": retry_after_secs}
        self.faults.append(Fault(refusal(status, "programmed failure", **more), headers or {}, after, times))

    def serve(self, request: HttpRequest, bearer: str) -> HttpAnswer:
        """The answer to one request (one at a time) and its extra headers."""
        with self._lock:
            self.requests.append(request)
            fault = self._due()
            return faulty(fault.answer, headers=fault.headers) if fault else self._answer(request, bearer)

    def _due(self) -> Fault | None:
        fault = next((fault for fault in self.faults if fault.after == 0), None)
        for waiting in self.faults:
            waiting.after = max(0, waiting.after - 1)
        if fault:
            fault.times -= 1
        self.faults = [left for left in self.faults if left.times > 0]
        return fault

    def _answer(self, request: HttpRequest, bearer: str) -> HttpAnswer:
        asked = (request.method, urlsplit(request.path).path)
        if asked == ("GET", "/health"):
            return HttpAnswer(200, {"status": "healthy"})
        if asked == ("POST", "/api/v1/auth/token"):
            return self._exchange(request.body)
        if bearer in self.tokens or (bearer == self.api_key and not self.only_tokens):
            return self.catalog.answer(request)
        return refusal(401, "the bearer is not known")

    def _exchange(self, body: Any) -> HttpAnswer:
        if not isinstance(body, dict) or body.get("api_key") != self.api_key:
            return refusal(401, "the key is not known")
        token = token_for(self.tenant)
        self.tokens.add(token)
        return HttpAnswer(200, {"access_token": token, "token_type": "Bearer", "expires_in": 86_400})
