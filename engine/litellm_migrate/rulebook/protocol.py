"""Compiles how the gateway talks, whatever the call."""

from __future__ import annotations

from litellm_migrate.convert.calls import Auth, Protocol, Role
from litellm_migrate.rulebook.files import Spec


def protocol_of(spec: Spec) -> Protocol:
    """The protocol that a rule document states."""
    value = spec.value
    auth = Auth(str(value["exchange"]).split(" ", 1)[-1], str(value["send"]), str(value["receive"]))
    errors, pages, role = value["errors"], value["pages"], value.get("role")
    return Protocol(
        auth,
        message=str(errors["message"]),
        wait=str(errors["wait"]),
        page=str(pages["page"]),
        size=str(pages["size"]),
        last=str(pages["last"]),
        claim=str(value.get("tenant", "")),
        spec=str(value.get("spec", "")).split(" ", 1)[-1],
        role=Role(str(role["claim"]), tuple(role["reads"])) if role else None,
        nobody=str(value.get("nobody", "")),
    )
