"""A double of LiteLLM's API: pages, refusals and masks as some versions have them, and faults on demand.

python -m live.double [--large] [--port N]    serves the made-up LiteLLM of `world`, with the key sk-test-1234
"""

from __future__ import annotations

import argparse
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from live.world import large, small

KEY = "sk-test-1234"
NOT_FOUND = 404, {"detail": "Not Found"}
PAGED = {
    "/key/list": ("keys", "keys", "size", 10, 100, "total_count"),
    "/user/list": ("users", "users", "page_size", 25, 100, "total"),
    "/v2/team/list": ("teams", "teams", "page_size", 10, 100, "total"),
    "/v2/model/info": ("models", "data", "size", 50, 1000, "total_count"),
}
"""By path: part of the world, container, word for the size, its default, the most, and the word for the total."""
SINCE = {
    "/v2/user/info": 181,
    "/credentials": 163,
    "/tag/list": 165,
    "/v2/guardrails/list": 170,
    "/v1/mcp/server": 172,
    "/prompts/list": 176,
    **dict.fromkeys(
        ("/router/settings", "/search_tools/list", "/v1/agents", "/vector_store/list", "/get/sso_settings"), 180
    ),
    **dict.fromkeys(("/get/internal_user_settings", "/get/default_team_settings"), 180),
    **dict.fromkeys(("/policies/list", "/v1/mcp/toolset", "/jwt/key/mapping/list"), 206),
    "/project/list": 181,
    "/v1/access_group": 181,
}
"""From which version on a path is there: 163 is 1.63."""


class Double:
    """What is served, how, and what was asked."""

    def __init__(
        self, world: dict[str, Any], version: int = 206, role: str = "proxy_admin", licence: bool = True
    ) -> None:
        self.world = world
        self.version = version
        self.role = role
        self.licence = licence
        self.fail_each = 0
        """Of so many requests the last is answered with 503."""
        self.moves_to = ""
        """An address that every request is sent on to."""
        self.grows = False
        """A key is made while the list is read."""
        self.broken: dict[str, tuple[int, Any]] = {}
        """By path, what is answered in any case."""
        self.reader_has_row = True
        """The key that asks is one of the database; the master key is not."""
        self.asked: Counter[tuple[str, str]] = Counter()
        """How often each method and target was asked for with success."""
        self.requests = 0

    def answer(self, method: str, target: str, bearer: str) -> tuple[int, Any]:
        """Status and body."""
        self.requests += 1
        url = urlsplit(target)
        query = dict(parse_qsl(url.query))
        if self.fail_each and self.requests % self.fail_each == 0:
            return 503, {"error": {"message": "try later"}}
        if url.path == "/openapi.json" and url.path not in self.broken:
            return 200, {"info": {"version": f"1.{self.version % 100 + 100 * (self.version > 199)}.2"}}
        if bearer != KEY:
            return 401, {"error": {"message": f"Authentication Error, no such key: {bearer}"}}
        if url.path in self.broken:
            return self.broken[url.path]
        if self.version < SINCE.get(url.path, 0):
            return NOT_FOUND
        self.asked[method, target] += 1
        listed = self.page if url.path in PAGED else self.single
        return self.reader(url.path, query) or listed(url.path, query)

    def reader(self, path: str, query: dict[str, str]) -> tuple[int, Any] | None:
        """What is answered of the key that asks and its user; None for another call."""
        if path == "/user/info" and query.get("user_id") == "u-root":
            return 200, {"user_id": "u-root", "user_info": {"user_id": "u-root", "user_role": self.role}, "keys": []}
        if path == "/v2/user/info" and not self.reader_has_row:
            return 200, {"user_id": "default_user_id", "user_role": "internal_user"}
        if path == "/key/info" and "key" not in query:
            row = 200, {"info": {"key_alias": "reader", "user_id": "u-root"}}
            return row if self.reader_has_row else (404, {"error": {"message": "Key not found"}})
        return None

    def page(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        """One page of a list."""
        part, container, word, usual, most, total = PAGED[path]
        known = {"page", "size", "key_alias", "team_id", "user_id"}
        if path == "/key/list" and self.version < 161 and set(query) - known:
            return 400, {"error": {"message": f"Unsupported parameter(s): {', '.join(set(query) - known)}"}}
        size, number = int(query.get(word, usual)), int(query.get("page", 1))
        if size > most:
            return 422, {"detail": [{"msg": f"Input should be less than or equal to {most}"}]}
        rows = self.world[part]
        if part == "models" and self.version < 181:
            return 200, {"data": rows}
        body = {
            container: rows[(number - 1) * size : number * size],
            total: len(rows),
            "total_pages": -(-len(rows) // size),
        }
        if part == "keys" and "return_full_object" not in query:
            body[container] = [row["token"] for row in body[container]]
        if part == "keys" and self.grows:
            self.grows = False
            rows.insert(0, {**rows[0], "token": "f" * 64, "key_alias": "newcomer"})
        return 200, body

    def single(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        """What is no list by pages."""
        world = self.world
        viewer = self.role == "proxy_admin_viewer"
        if path == "/organization/list" and not self.licence:
            return 403, {"detail": {"error": "Organizations are only available for LiteLLM Enterprise users."}}
        if path == "/key/info":
            rows = [row for row in world["keys"] if row["token"] == query.get("key")]
            hidden = {name: value for name, value in rows[0].items() if name != "token"} if rows else {}
            return (
                (200, {"key": query["key"], "info": hidden}) if rows else (404, {"error": {"message": "Key not found"}})
            )
        if path == "/team/info":
            detail = world["team_details"].get(query.get("team_id", ""))
            return (200, detail) if detail else (404, {"error": {"message": "Team not found"}})
        masked = [{**row, "credential_values": {"api_key": "az****-1"}} for row in world["credentials"]]
        answers: dict[str, Any] = {
            "/health/license": {"license_type": "enterprise" if self.licence else "community"},
            "/v2/user/info": {"user_id": "u-root", "user_role": self.role},
            "/team/list": world["teams"],
            "/organization/list": world["organizations"],
            "/credentials": {"credentials": masked},
            "/v1/mcp/server": [{**row, "env": {}, "static_headers": None} for row in world["mcp"]]
            if viewer
            else world["mcp"],
            "/router/settings": {"current_values": world["router"], "source": world["router_source"]},
            "/config/pass_through_endpoint": {"endpoints": [] if viewer else world["pass_through"]},
            "/v1/agents": [] if viewer else world["agents"],
            "/get/config/callbacks": {"callbacks": [], "router_settings": world["router"]},
            "/v2/guardrails/list": {"guardrails": []},
            "/vector_store/list": {"data": [], "total_count": 0, "total_pages": 0},
            "/jwt/key/mapping/list": {"mappings": [], "total_count": 0, "total_pages": 0},
            "/config/list": [{"field_name": "allowed_ips", "field_value": None, "source": "unset"}],
            **{
                path: []
                for path in (
                    "/project/list",
                    "/budget/list",
                    "/customer/list",
                    "/tag/list",
                    "/v1/access_group",
                    "/v1/mcp/toolset",
                )
            },
            **{
                path: {name: []}
                for path, name in (
                    ("/search_tools/list", "search_tools"),
                    ("/prompts/list", "prompts"),
                    ("/policies/list", "policies"),
                )
            },
            **{
                path: {"values": {}}
                for path in ("/get/internal_user_settings", "/get/default_team_settings", "/get/sso_settings")
            },
        }
        return (200, answers[path]) if path in answers else NOT_FOUND


class Handler(BaseHTTPRequestHandler):
    """Answers for the double of its server."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *words: object) -> None:
        """Says nothing."""

    def handle_one(self) -> None:
        """Answers one request, whatever its method."""
        double: Double = self.server.double  # type: ignore[attr-defined]
        if double.moves_to:
            self.send_response(302)
            self.send_header("Location", double.moves_to + self.path)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
        status, body = double.answer(self.command, self.path, bearer)
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = handle_one  # noqa: N815 - the names that the library calls


@contextmanager
def served(double: Double, port: int = 0) -> Iterator[str]:
    """The address of a double while it runs."""
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.double = double  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def main() -> None:
    """Serves until Ctrl-C."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--port", type=int, default=4000)
    options = parser.parse_args()
    with served(Double(large() if options.large else small()), options.port) as address:
        print(f"{address}, key {KEY}")
        threading.Event().wait()


if __name__ == "__main__":
    main()
