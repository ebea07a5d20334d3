"""Compiles how the gateway talks, whatever the call."""

from __future__ import annotations

from litellm_migrate.calls import Auth, Protocol
from litellm_migrate.rulebook.files import Spec


def protocol_of(spec: Spec) -> Protocol:
    """The protocol that a rule document states."""
    value = spec.value
    auth = Auth(str(value["exchange"]).split(" ", 1)[-1], str(value["send"]), str(value["receive"]))
    errors, pages = value["errors"], value["pages"]
    return Protocol(
        auth,
        message=str(errors["message"]),
        wait=str(errors["wait"]),
        page=str(pages["page"]),
        size=str(pages["size"]),
        last=str(pages["last"]),
        claim=str(value.get("tenant", "")),
    )
