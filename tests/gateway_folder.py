"""An output folder that is applied, validated and rolled back against the double, in this process."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apply_run import integration, model, provider
from conversion import rulebook
from gateway_double import GatewayDouble
from litellm_migrate import shipped
from litellm_migrate.cli.main import main
from litellm_migrate.gateway.access import Access
from litellm_migrate.gateway.change import Change, Options
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.journal import Journal
from litellm_migrate.gateway.payloads import read_payloads
from litellm_migrate.gateway.plan import plan
from litellm_migrate.gateway.run import GatewayRun, apply

MARK = "managed-by:litellm-migrate"
VALUES = {"PROVIDER_KEY": "sk-provider-5f1c"}


def payloads() -> dict[str, Any]:
    """Two models that share a name, each part of what a conversion writes, and a limit."""
    split = {"modelPattern": "chat", "experimentId": "chat", "priority": 2000}
    return {
        "integrations": [integration("main"), integration("spare")],
        "providers": [{**provider(name, name), "tags": [MARK]} for name in ("main", "spare")],
        "models": [
            model("big", modelType="CHAT", pricing={"inputCostPer1kTokens": 0.0025}),
            model("small", modelType="CHAT"),
            model("words", modelType="EMBEDDING"),
        ],
        "virtual_keys": [{"name": "master", "allowedModels": ["chat", "embed"]}],
        "routing_config": {
            "strategy": "balanced",
            "rules": [
                {**split, "routeTo": "big", "variant": "big", "weight": 75},
                {**split, "routeTo": "small", "variant": "small", "weight": 25},
                {"modelPattern": "embed", "routeTo": "words", "priority": 2000},
                {"modelPattern": "openai/*", "routeTo": "small", "priority": 1000},
            ],
        },
        "rate_limits": {"tier": "pro", "models": [{"model": "chat", "rpm": 800}]},
    }


@dataclass
class Output:
    """The folder, and the gateway that it is for."""

    path: Path
    double: GatewayDouble
    held: dict[str, Any] = field(default_factory=payloads)

    def write(self) -> Output:
        """Writes the payloads as they are now."""
        folder = self.path / "payloads"
        folder.mkdir(parents=True, exist_ok=True)
        for file in folder.iterdir():
            file.unlink()
        for name, payload in self.held.items():
            (folder / f"{name}.json").write_text(json.dumps(payload), "utf-8")
        return self

    def client(self) -> Client:
        """A client of the double that does not wait, and sends one after the other: entities come in their order."""
        access = Access(self.double.url, self.double.api_key, self.double.tenant, concurrency=1)
        return Client(access, rulebook("synapse").protocol, sleep=lambda seconds: None)

    def plan(self, adopt: bool = False) -> list[Change]:
        """What applying would do."""
        with self.client() as client, Journal(self.path, self.double.url) as journal:
            return plan(self.read(), rulebook("synapse"), client, journal, Options(adopt=adopt))

    def apply(self, adopt: bool = False) -> GatewayRun:
        """Applies the payloads."""
        self.write()
        with self.client() as client, Journal(self.path, self.double.url) as journal:
            steps = plan(self.read(), rulebook("synapse"), client, journal, Options(adopt=adopt))
            done = apply(steps, client, journal, VALUES)
        assert done.complete, done.results
        return done

    def read(self) -> Any:
        """The payloads as they lie there."""
        return read_payloads(self.path, rulebook("synapse"), shipped("schemas"))

    def validate(self, *more: str) -> tuple[int, Any]:
        """Exit code and data of a validation."""
        code = main(["--validate", *self.usual(), *more])
        return code, json.loads((self.path / "validation_report.json").read_text("utf-8"))

    def rollback(self, *more: str) -> int:
        """The exit code of a rollback."""
        return main(["rollback", *self.usual(), *more])

    def usual(self) -> list[str]:
        """The arguments that both commands take."""
        reached = ["--gateway-url", self.double.url, "--api-key", self.double.api_key, "--tenant", self.double.tenant]
        return ["--output", str(self.path), *reached, "--timeout", "10", "--concurrency", "4"]

    @property
    def report(self) -> str:
        """The validation report for people."""
        return (self.path / "validation_report.md").read_text("utf-8")


def state(double: GatewayDouble) -> dict[str, Any]:
    """Everything that is on the gateway."""
    made: dict[str, Any] = json.loads(
        json.dumps({**double.store, "routing": double.catalog.routing, "limits": double.catalog.limits})
    )
    return made
