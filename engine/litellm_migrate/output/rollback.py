"""The script that takes back what `apply.sh` did, with nothing but bash, curl and jq."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from litellm_migrate.convert.calls import Call, Protocol
from litellm_migrate.output.script import needs, protocol_words, script_of, words

NAME = "rollback.sh"


def render_rollback(calls: Sequence[Call], fields: Mapping[str, Sequence[str]], protocol: Protocol) -> str:
    """The text of `rollback.sh`: what refers to others first; `fields` are those that each endpoint takes."""
    steps = "\n".join(step(call, fields.get(call.id, ())) for call in reversed(calls))
    return script_of(NAME, {"NEEDS": "\n".join(needs(calls, ())), "PROTOCOL": protocol_words(protocol), "STEPS": steps})


def step(call: Call, fields: Sequence[str]) -> str:
    """The lines about one endpoint."""
    entries = bool(call.identity)
    update = f"{call.update_method} {call.update_path}" if call.update_path else ""
    lines = (
        {"endpoint": call.id, "file": call.file, "identity": " ".join(call.identity)},
        {"list": call.list_path or "", "container": call.container or ""}
        if entries
        else {"read": call.list_path or ""},
        {"delete": f"{call.delete_method} {call.delete_path}" if entries and call.delete_path else ""},
        {"restore": update if entries else f"{call.method} {call.path}"},
        {"references": " ".join(f"{field}={endpoint}" for field, endpoint in call.references.items())},
        {"variables": " ".join(call.variables), "hidden": " ".join(call.hidden)},
        {"fields": " ".join(field for field in fields if field not in call.hidden)},
    )
    return " \\\n    ".join(['  "$1"', *filter(None, map(words, lines))])
