"""What `--apply` and `apply.sh` leave behind on two gateways that were alike, for the same conversion."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from conversion import Result, rulebook
from faulty_gateway import FaultyGateway, Server
from gateway_run import reached, state
from litellm_migrate import shipped
from litellm_migrate.cli.convert import levels_of
from litellm_migrate.gateway.change import Options
from litellm_migrate.gateway.journal import Journal
from litellm_migrate.gateway.payloads import read_payloads
from litellm_migrate.gateway.plan import plan
from litellm_migrate.gateway.preflight import preflight
from litellm_migrate.gateway.run import apply
from litellm_migrate.output.scripts import render_script
from litellm_migrate.output.write import write
from litellm_migrate.sandbox.operations import HttpAnswer, HttpRequest
from litellm_migrate.source.model import Problems

MARK = "managed-by:litellm-migrate"
TIERS = [{"name": "starter", "limits": {"rpm": 50, "tpm": 5_000}}] + [
    {"name": name, "requestsPerMinute": rpm, "tokensPerMinute": rpm * 1000}
    for name, rpm in (("enterprise", 30_000), ("pro", 400))
]


class Tiered(FaultyGateway):
    """A gateway that may show tiers of its own."""

    tiers: Any = None

    def answer(self, request: HttpRequest, bearer: str) -> HttpAnswer:
        """Its own tiers, where it has some."""
        if self.tiers and request.path.endswith("/tiers"):
            return HttpAnswer(200, {"tiers": self.tiers})
        return super().answer(request, bearer)


World = Callable[[Tiered, Mapping[str, Any]], None]


def empty(sandbox: Tiered, payloads: Mapping[str, Any]) -> None:
    """Nobody was here."""


def used(sandbox: Tiered, payloads: Mapping[str, Any]) -> None:
    """Others were here: entities of the same identity that are different, others of theirs, rules, and tiers."""
    sandbox.tiers = TIERS
    providers = {
        f"${{ref:providers/{body['name']}}}": ident(f"providers {at}")
        for at, body in enumerate(payloads.get("providers.json", []))
    }
    for endpoint, one in sandbox.entities.items():
        for at, body in enumerate(payloads.get(one.call.file, [])[:2]):
            stored = {**there(endpoint, deepcopy(body)), "id": ident(f"{endpoint} {at}")}
            if "providerId" in stored:
                stored["providerId"] = providers[stored["providerId"]]
            one.stored.append(stored)
        one.stored.append(
            {**dict.fromkeys(one.call.unique_key, "theirs"), "tags": ["theirs"], "id": ident(f"{endpoint} theirs")}
        )
    rules = payloads.get("routing_config.json", {}).get("rules", [])
    theirs: Any = {"modelPattern": "their-*", "routeTo": "their-model", "priority": 900, "experimentId": "theirs"}
    changed = [{**rule, "routeTo": "elsewhere"} for rule in rules[:1]]
    kept = {"cascadeConfig": {"enabled": True}, "weights": {"cost": 1.0}}
    sandbox.documents["routing_config"].stored[""] = {"strategy": "quality_first", "rules": [theirs, *changed], **kept}
    sandbox.documents["rate_limits"].stored[sandbox.tenant] = {"tier": "enterprise"}


def ident(name: str) -> str:
    """An id that is the same on both gateways."""
    return str(uuid5(NAMESPACE_URL, name))


def there(endpoint: str, body: dict[str, Any]) -> dict[str, Any]:
    """An entity of the same identity, changed by hand."""
    body.pop("limits", None)
    if endpoint == "providers":
        return {**body, "integrationId": ident("integrations theirs"), "tags": [*reversed(body.get("tags", []))]}
    if endpoint == "integrations":
        return {**body, "apiKey": "theirs", "description": "by hand", "config": {"region": "elsewhere"}}
    return {**body, "description": "by hand"}


def taken(sandbox: Tiered, payloads: Mapping[str, Any]) -> None:
    """A provider of the same name is somebody else's."""
    last = payloads["providers.json"][-1:]
    sandbox.entities["providers"].stored += [{"slug": one["slug"], "tags": ["theirs"], "id": "theirs"} for one in last]


def values_of(result: Result) -> dict[str, str]:
    """A value for every variable."""
    return {
        one.name: "https://from.the.environment/v1" if one.name.endswith(("_BASE", "_URL")) else f"value-of-{one.name}"
        for one in result.done.variables
    }


def gateway(result: Result, dialect: str, world: World) -> Tiered:
    """One of two gateways that are alike."""
    made = Tiered(rulebook(dialect), shipped("schemas"), tenant="acme")
    world(made, result.done.payloads)
    return made


def folder_for(path: Path, result: Result, dialect: str) -> Path:
    """The output of a conversion."""
    book, done = rulebook(dialect), result.done
    script = render_script(done.calls, done.payloads.keys(), done.variables, book.protocol, levels_of(book))
    write(path, {**result.output.texts, "apply.sh": script}, result.output.owned)
    return path


def by_command(folder: Path, result: Result, sandbox: Tiered, adopt: bool = False) -> dict[str, Any]:
    """The gateway after a run of `--apply`."""
    options = Options(adopt=adopt)
    payloads = read_payloads(folder, sandbox.book, shipped("schemas"))
    with reached(sandbox, concurrency=8) as client, Journal(folder, "http://sandbox") as journal:
        try:
            steps = plan(payloads, sandbox.book, client, journal, options)
            done = apply(steps, client, journal, values_of(result), problems=preflight(steps, client))
            assert done.complete, [one.note for one in done.results]
        except Problems as found:
            assert "somebody else made" in str(found)  # noqa: PT017
    return state(sandbox)


def by_script(folder: Path, result: Result, sandbox: Tiered, adopt: bool = False) -> dict[str, Any]:
    """The gateway after a run of `apply.sh`."""
    with Server(sandbox) as server:
        given = {"GATEWAY_URL": server.url, "SYNAPSE_API_KEY": sandbox.key, "SYNAPSE_TENANT": sandbox.tenant}
        more = {"PATH": os.environ["PATH"], "RETRY_BASE_SECONDS": "0.01"}
        environment = {**given, **more, **values_of(result), **({"ADOPT": "1"} if adopt else {})}
        command = ["bash", str(folder / "apply.sh")]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0 or "somebody else made" in done.stderr, done.stderr
    return state(sandbox)


def both(path: Path, result: Result, dialect: str, world: World, adopt: bool = False) -> tuple[Any, Any]:
    """The two gateways afterwards."""
    ours, theirs = gateway(result, dialect, world), gateway(result, dialect, world)
    command = by_command(folder_for(path / "command", result, dialect), result, ours, adopt)
    return command, by_script(folder_for(path / "script", result, dialect), result, theirs, adopt)


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Each endpoint that is not the same on both, with what is only here and only there."""
    found = []
    for name in one:
        if one[name] != other[name]:
            here, there_ = (value if isinstance(value, list) else [value] for value in (one[name], other[name]))
            only = (
                [json.dumps(item) for item in here if item not in there_],
                [json.dumps(item) for item in there_ if item not in here],
            )
            found.append(f"{name}: {only}")
    return found
