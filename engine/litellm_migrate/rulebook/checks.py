"""Compiles how the gateway itself tells whether what was sent works."""

from __future__ import annotations

from typing import Any

from litellm_migrate.convert.calls import Simulate, Smoke, Verify


def verify_of(value: Any) -> Verify | None:
    """How an entity is verified, where its endpoint says so."""
    return Verify(*request_of(value), str(value["good"]), str(value["why"])) if value else None


def simulate_of(value: Any) -> Simulate | None:
    """How routing is simulated, where the endpoint says so."""
    if not value:
        return None
    return Simulate(*request_of(value), value["ask"], str(value["target"]), str(value["rules"]), value["rule"])


def smoke_of(value: Any) -> Smoke | None:
    """How a real request is sent to an entity, where its endpoint says so."""
    if not value:
        return None
    requests = {kind: (*request_of(one), one["body"]) for kind, one in value["requests"].items()}
    headers = tuple(value["headers"])
    return Smoke(str(value["name"]), str(value["kind"]), str(value["send"]), requests, headers)


def request_of(value: Any) -> tuple[str, str]:
    """Method and path of a `call`."""
    method, path = str(value["call"]).split(" ", 1)
    return method, path
