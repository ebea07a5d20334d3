"""Real requests, as clients send them: answered with where they were led, by nobody who could say more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from litellm_migrate.convert.calls import Protocol, Smoke
from litellm_migrate.sandbox.answers import Answer, Body, refusal
from litellm_migrate.sandbox.paths import Handler, Route, route


class Traffic:
    """Answers requests for the names of entities, or for names that lead to one."""

    def __init__(self, smoke: Smoke, protocol: Protocol, held: list[Body], led: Callable[[str], str]) -> None:
        self.smoke = smoke
        self.protocol = protocol
        self.held = held
        self.led = led

    def routes(self) -> Iterator[Route]:
        """The requests that are understood."""
        for method, path in sorted({(method, path) for method, path, _ in self.smoke.requests.values()}):
            yield route(method, path, self.handler((method, path)))

    def handler(self, here: tuple[str, str]) -> Handler:
        """What answers at one of these paths."""
        return lambda asked, found, query: self.answer(asked, here)

    def answer(self, body: Any, here: tuple[str, str]) -> Answer:
        """Where the request was led, if an entity of a kind that is asked here has that name."""
        name = body.get(self.smoke.send) if isinstance(body, dict) else None
        if not isinstance(name, str):
            return refusal(self.protocol, 422, f"/{self.smoke.send}: type")
        target = self.led(name)
        kinds = [one.get(self.smoke.kind) for one in self.held if one.get(self.smoke.name) == target]
        fitting = [self.smoke.requests[str(kind)][:2] for kind in kinds if str(kind) in self.smoke.requests]
        if here not in fitting:
            return refusal(self.protocol, 404, "nothing that answers this has that name")
        return Answer(200, {self.smoke.send: target})
