"""What whoever sends payloads must know of an endpoint, and of the variables that payloads refer to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from litellm_migrate.source.model import Json, Path, value_at


class Verify(NamedTuple):
    """How the gateway itself tries one entity: where to ask, and the answer's fields for well and for why not."""

    method: str
    path: str
    good: str
    why: str


class Simulate(NamedTuple):
    """How the gateway says where a request would go: the call, its words, and the document's words for its rules."""

    method: str
    path: str
    ask: Mapping[str, str]
    """Request fields by meaning: `name` (of the model asked for), `text` (the prompt), `tenant`."""
    target: str
    """The answer's field that names where the request goes."""
    rules: str
    """The field of the document that lists its rules."""
    rule: Mapping[str, str]
    """Fields of one rule by meaning: `pattern`, `target`, `weight`, `experiment`, `rank`."""


class SmokeRequest(NamedTuple):
    """One request as it is sent: method, path and body."""

    method: str
    path: str
    body: Mapping[str, Any]


class Smoke(NamedTuple):
    """How one real request to an entity is sent: the request by the entity's kind, and the headers worth showing."""

    name: str
    """The field of an entity by which a routing rule's target names it."""
    kind: str
    """The field of an entity that says which of `requests` it answers; of a list, the first that is known."""
    send: str
    """The field of a request that names the model."""
    requests: Mapping[str, SmokeRequest]
    """By kind."""
    headers: tuple[str, ...]

    def request(self, kind: Any) -> SmokeRequest | None:
        """The request for what an entity has in its field `kind`, if one is known."""
        kinds = map(str, kind if isinstance(kind, list) else [kind])
        return next((self.requests[name] for name in kinds if name in self.requests), None)


class Owned(NamedTuple):
    """How entities that were made here are known from others: a list field, and the text that it holds."""

    field: str
    mark: str


class Merge(NamedTuple):
    """What others own in a document that is written as a whole.

    Items of the list `list` are theirs unless one of the fields `by` has a value that an item of ours has, too; and
    the fields `keep` are theirs where we say nothing.
    """

    list: str
    by: tuple[str, ...]
    keep: tuple[str, ...] = ()


class Fit(NamedTuple):
    """How a document's level is chosen among those of the gateway: the smallest that holds the sum over its items."""

    path: str
    """Where the gateway shows its levels, in the list `container`, each with its `name`."""
    container: str
    name: str
    field: str
    """The document's field for the level."""
    over: str
    """The document's list whose items are summed."""
    limits: Mapping[str, tuple[str, ...]]
    """Fields of an item that are summed, and the dotted fields of a level that may hold the limit."""
    table: str
    """The table of levels that the conversion chose from."""

    def levels(self, rows: Mapping[str, Any]) -> dict[str, dict[str, float]]:
        """The levels of the rules' own table (its rows by name), each with its limits that are numbers."""
        named = {name: row for name, row in rows.items() if isinstance(row, dict)}
        return {
            name: {limit: most for limit in self.limits if (most := number(row.get(limit))) is not None}
            for name, row in named.items()
        }


class Call(NamedTuple):
    """One endpoint as its rule file states it: where bodies go, and how to find what is already there.

    `method` and `path` send one body. A call with `unique_key` creates entities: each body of `file` is one, found
    again by the values of its `unique_key` fields under `container` of the list's answer, and changed by
    `update_method` and `update_path` (`{id}` is the entity's). A call without `unique_key` replaces one document:
    `file` holds one body and `read_path`, if any, reads what is there now. Paths may hold `{tenant}`.
    """

    id: str
    file: str
    method: str
    path: str
    read_path: str | None = None
    container: str | None = None
    update_method: str | None = None
    update_path: str | None = None
    unique_key: tuple[str, ...] = ()
    shown_once: str | None = None
    """A field of the create answer that is shown only once and must be kept (a new key), if there is one."""
    renew: str | None = None
    """Method and path of the call that shows a new one in its place."""
    references: Mapping[str, str] = {}
    """Dotted body fields that hold `${ref:<endpoint>/<key>}`, and the endpoint whose id they take."""
    variables: tuple[str, ...] = ()
    """Dotted body fields that may be, as a whole, `${NAME}`: the value of the environment variable NAME."""
    owned: Owned | None = None
    merge: Merge | None = None
    fit: Fit | None = None
    delete_method: str | None = None
    delete_path: str | None = None
    verify: Verify | None = None
    simulate: Simulate | None = None
    smoke: Smoke | None = None
    write_only: tuple[str, ...] = ()
    """Body fields that the gateway takes and never shows again."""
    not_secret: tuple[str, ...] = ()
    """Fields of `variables` whose values may be shown."""
    pages: Mapping[str, str] = {}
    """What is spelt otherwise where its list is read: the names of fields of Protocol, with its words."""
    initial: Mapping[str, Any] | None = None
    """What a gateway that nobody has set up yet answers where the document is read."""

    @property
    def confidential(self) -> tuple[str, ...]:
        """Dotted body fields that may hold a secret."""
        return tuple(field for field in self.variables if field not in self.not_secret)

    @property
    def secrets_file(self) -> str:
        """The file of the output folder that keeps what `shown_once` names: `virtual_key_secrets.json`."""
        return f"{self.file.removesuffix('.json').removesuffix('s')}_secrets.json"


def identity_of(call: Call, body: Json) -> str:
    """What tells an entity from others, for comparisons: 1 and true, or 1 and "1", are two."""
    return repr([value_at(body, tuple(field.split("."))) for field in call.unique_key])


def number(value: Any) -> float | None:
    """A value that is a number, and no boolean; else None."""
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


REFERENCE, DEFAULT, LITERAL = "reference", "default", "literal"


class Variable(NamedTuple):
    """An environment variable that payloads refer to, and where the configuration asked for it."""

    name: str
    origin: str
    """REFERENCE (the configuration names it), DEFAULT (its program reads it), or LITERAL (it replaces a value)."""
    places: tuple[str, ...] = ()
    """`file:line` of each setting it stands for."""
    paths: tuple[Path, ...] = ()
    """Where those settings are in the configuration."""


class Auth(NamedTuple):
    """How a key is exchanged for a short-lived token: the path, the field that holds the key, the answer's token."""

    path: str
    send: str
    receive: str


class Role(NamedTuple):
    """How a token names the role of whoever has it, in a claim and in the answer that brings it."""

    claim: str
    reads: tuple[str, ...]
    """The roles that may not write."""


class Protocol(NamedTuple):
    """How the gateway talks, whatever the call: its token, its errors (dotted fields) and its pages (words)."""

    auth: Auth
    message: str
    """The field of an error's answer that says in words what is wrong."""
    wait: str
    """The field of an error's answer that says after how many seconds to try again."""
    page: str
    """The query word for the number of a list's page, from 1."""
    size: str
    """The query word for the number of entities on one page."""
    last: str
    """The field of a list's answer that says how many pages there are."""
    total: str
    """The field of a list's answer that says how many entities there are on all pages."""
    claim: str = ""
    """The claim of a token that names the tenant, if tokens have one."""
    spec: str = ""
    """Where the gateway says what it accepts (an OpenAPI document), if it says so anywhere."""
    role: Role | None = None
    nobody: str = ""
    """An id that no entity has."""

    def of(self, call: Call) -> Protocol:
        """The protocol with the words for pages that a call spells otherwise."""
        page, size, last, total = (
            call.pages.get(word, usual)
            for word, usual in (("page", self.page), ("size", self.size), ("last", self.last), ("total", self.total))
        )
        return self._replace(page=page, size=size, last=last, total=total)
