"""Documents of one endpoint: one for the gateway, or one for each tenant; each is replaced as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from litellm_migrate.convert.calls import Call, Protocol
from litellm_migrate.sandbox.answers import Answer, Body, refusal
from litellm_migrate.sandbox.bodies import Bodies
from litellm_migrate.sandbox.paths import Route, route


@dataclass
class Documents:
    """What was written, by tenant (empty where the path names none); it is replaced, and never changed."""

    call: Call
    bodies: Bodies
    protocol: Protocol
    held: dict[str, Body] = field(default_factory=dict)

    def routes(self) -> Iterator[Route]:
        """The requests that are understood."""
        yield route(self.call.method, self.call.path, lambda asked, tenant, query: self.write(asked, tenant))
        if self.call.list_path:
            yield route("GET", self.call.list_path, lambda asked, tenant, query: self.read(tenant))

    def write(self, body: Any, tenant: str) -> Answer:
        """The new document."""
        wrong = self.bodies.objections(self.fresh_part(body, self.now(tenant)))
        if wrong:
            return refusal(self.protocol, 422, wrong)
        self.held[tenant] = body
        return self.read(tenant)

    def fresh_part(self, body: Any, there: Body) -> Any:
        """A document without what others wrote: parts that were there before need not be such as we write."""
        merge = self.call.merge
        if merge is None or not isinstance(body, dict):
            return body
        theirs = there.get(merge.list, [])
        made = {name: value for name, value in body.items() if name not in merge.keep or value != there.get(name)}
        if isinstance(made.get(merge.list), list):
            made[merge.list] = [one for one in made[merge.list] if one not in theirs]
        return made

    def read(self, tenant: str) -> Answer:
        """The document; before the first is written, what a fresh gateway answers."""
        if tenant in self.held:
            return Answer(200, self.held[tenant])
        if self.call.fresh is None:
            return refusal(self.protocol, 404, "nothing has been written here yet")
        return Answer(200, dict(self.call.fresh))

    def now(self, tenant: str = "") -> Body:
        """The document as a plain value."""
        answer = self.read(tenant)
        body: Body = answer.body if answer.status == 200 else {}
        return body
