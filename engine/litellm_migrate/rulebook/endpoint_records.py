"""What an endpoint's rule file says about sending its bodies, and how the gateway talks: words into typed records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from litellm_migrate.convert.bodies import Field, Scalar
from litellm_migrate.convert.calls import Auth, Call, Fit, Protocol
from litellm_migrate.reading.records import Reading, Snapshot
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.universe import KnownSettings, segments
from litellm_migrate.source.model import Problem

Built = TypeVar("Built")
REQUEST = re.compile(r"([A-Z]+) (/.*)")
FIELDS = {
    **dict.fromkeys(("call", "create", "write"), ("method", "path")),
    "exchange": ("method", "path"),
    "update": ("update_method", "update_path"),
    "delete": ("delete_method", "delete_path"),
    "read": ("read_method", "read_path"),
}
"""For each word that holds a request (`POST /users`): the fields for its method and for its path."""


def build(record: type[Built], words: Mapping[str, Any]) -> Built:
    """An instance of a NamedTuple from a mapping of words: each field in the type of its annotation, others by default.

    Lists become tuples, mappings that stand for a NamedTuple become one, and a request becomes method and path:
    `build(Verify, {"call": "POST /test", "good": "ok", "why": "error"})` is `Verify("POST", "/test", "ok", "error")`.
    """
    values = {**words, **dict(requests(words))}
    hints = get_type_hints(record)
    return record(**{name: typed(hint, values[name]) for name, hint in hints.items() if name in values})


def requests(words: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Method and path of each request of a mapping, by the names of their fields."""
    for word, fields in FIELDS.items():
        parts = REQUEST.fullmatch(words[word]) if isinstance(words.get(word), str) else None
        yield from zip(fields, parts.groups(), strict=True) if parts else ()


def typed(hint: Any, value: Any) -> Any:
    """A value as an annotation wants it: `list` as `tuple`, and a mapping as the NamedTuple that it stands for."""
    arguments = get_args(hint)
    if NoneType in arguments:
        return None if value is None else typed(arguments[0], value)
    if hasattr(hint, "_fields"):
        return value if isinstance(value, hint) else build(hint, value)
    if get_origin(hint) is tuple:
        return tuple(typed(arguments[0], item) for item in value)
    if get_origin(hint) is Mapping:
        return {str(name): typed(arguments[1], item) for name, item in value.items()}
    return value


def call_of(spec: RuleNode, fields: tuple[Field, ...], variables: tuple[str, ...]) -> Call:
    """What whoever sends the bodies of an endpoint must know."""
    value: dict[str, Any] = dict(spec.value)
    references = {".".join(field.target): field.refers_to for field in fields if isinstance(field, Scalar)}
    value |= {
        "references": {name: endpoint for name, endpoint in references.items() if endpoint},
        "variables": variables,
    }
    if value.get("fit"):
        value["fit"] = build(Fit, {**value["fit"], "call": value["fit"]["read"]})
    return build(Call, value)


def protocol_of(spec: RuleNode) -> Protocol:
    """How the gateway talks, whatever the call, as the rule document of kind `auth` states it."""
    value = spec.value
    words = {**value, **value["errors"], **value["pages"], "auth": build(Auth, value)}
    path = str(value.get("spec", "")).partition(" ")[2]
    return build(Protocol, {**words, "claim": value.get("tenant", ""), "spec": path})


def readings_of(nodes: Mapping[str, RuleNode], settings: KnownSettings, problems: list[Problem]) -> Iterator[Reading]:
    """How each section is read; what it is read into is a known setting."""
    for node in nodes.values():
        problems.extend(settings.problems(node.at("section"), segments(node.value["section"])))
        yield build(Reading, node.value)


def snapshot_of(source: RuleNode) -> Snapshot | None:
    """The words of the document that readings fill; None where nothing is read."""
    words = source.value.get("snapshot")
    return build(Snapshot, words) if words else None
