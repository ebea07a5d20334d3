"""What an endpoint must say so that its bodies can be sent, sent again, validated and rolled back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from litellm_migrate.convert.bodies import Shape, repeated
from litellm_migrate.lint.rehearsals import ConvertedExample
from litellm_migrate.lint.violation import CALL, Violation
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.source.model import Json, value_at

OF_ENTITIES = {
    "unique_key": "the fields of a body that name an entity, so that it is found again",
    "read": "the call that lists what is there (`GET /...`), so that nothing is created twice",
    "container": "the field of the list's answer that holds the entities",
    "delete": "the call that rolls a created entity back (`DELETE /.../{id}`)",
}
"""What an endpoint that creates entities must say, and what it is good for."""
OF_DOCUMENTS = {
    "read": "the call that reads what is there (`GET /...`), so that it can be compared and kept",
    "initial": "what a gateway answers there before anything was written, so that it can be rolled back",
}
"""What an endpoint that writes one document must say."""
NOT_OF_DOCUMENTS = ("unique_key", "container", "update", "delete", "shown_once", "renew", "owned", "verify")
WITH_ID = ("update", "delete", "renew")


def check_calls(endpoints: Mapping[str, RuleNode]) -> Iterator[Violation]:
    """A violation for each word that an endpoint lacks, or has in vain."""
    for name, node in endpoints.items():
        creates = node.has("create")
        for word, use in (OF_ENTITIES if creates else OF_DOCUMENTS).items():
            if not node.has(word):
                kind = "creates entities" if creates else "writes one document"
                yield Violation.at(CALL, node, f"`{name}` {kind} and needs `{word}`: {use}. Add it.")
        for word in NOT_OF_DOCUMENTS:
            if node.has(word) and not creates:
                text = f"`{word}` is for entities, and this endpoint writes one document"
                yield Violation.at(CALL, node.at(word), f"{text}. Write `create` for `write`, or delete `{word}`.")
        for word in WITH_ID:
            if creates and node.has(word) and "{id}" not in str(node.value[word]):
                text = f"the path of `{word}` does not say which entity is meant. Write `{{id}}` where its id stands."
                yield Violation.at(CALL, node.at(word), text)


def check_sent(converted: Sequence[ConvertedExample]) -> Iterator[Violation]:
    """A violation for each endpoint of whose bodies some would not be sent, for the first example that shows it."""
    failed: set[str] = set()
    for entry in converted:
        for shape in entry.parsed.book.endpoints:
            text = unsent(shape, entry.bodies[shape.id])
            if text and shape.id not in failed:
                failed.add(shape.id)
                example = entry.example.position()
                text = f"in the example at {example.file}:{example.line}, {text}"
                yield Violation.at(CALL, entry.parsed.endpoints[shape.id], text)


def unsent(shape: Shape, bodies: Sequence[Json]) -> str:
    """Why not every body of a configuration would be sent, in words; empty if each is."""
    if shape.call is None or len(bodies) < 2:
        return ""
    fields, count = shape.call.unique_key, len(bodies)
    if not fields:
        return f"`{shape.id}` writes one document, and has {count} bodies. Group their rows, or `create` entities."
    number, _ = next(repeated(shape.call, bodies), (-1, -1))
    values = ", ".join(repr(value_at(bodies[number], tuple(field.split(".")))) for field in fields)
    text = f"several bodies of `{shape.id}` have the same {' and '.join(fields)}, {values}: one would take the place"
    return f"{text} of the other. Tell them apart, or add to `unique_key`." if number >= 0 else ""
