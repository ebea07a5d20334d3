"""A folder with payloads and their `apply.sh`, and what a run of it did: for the tests of the script."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway_double import GatewayDouble
from litellm_migrate import shipped
from litellm_migrate.convert.calls import Auth, Call, Protocol, Variable
from litellm_migrate.output.scripts import render_script

NEEDS_TOOLS = pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in ("bash", "curl", "jq")), reason="needs bash, curl and jq"
)
SCRIPT = [NEEDS_TOOLS, pytest.mark.script]
"""The marks of a test that runs `apply.sh` or `rollback.sh`: slow, so `python -m pytest -m script` runs it."""
PROVIDER_KEY = "sk-provider-5f1c"
CATALOG = "/api/v1/model-catalog/"
KEYS = "/api/v1/virtual-keys"
ROUTING = "/api/v1/routing/config"
LIMITS = "/api/v1/rate-limits/{tenant}"


def entries(name: str, path: str, identity: tuple[str, ...], **more: Any) -> Call:
    """A call that creates and updates entries."""
    container = more.pop("container", name)
    return Call(name, f"{name}.json", "POST", path, path, container, "PUT", f"{path}/{{id}}", identity, **more)


CALLS = (
    entries("integrations", f"{CATALOG}integrations", ("name",), variables=("apiKey", "endpointUrl", "config.region")),
    entries("providers", f"{CATALOG}providers", ("slug",), references={"integrationId": "integrations"}),
    entries("models", f"{CATALOG}models", ("providerType", "modelId")),
    Call("routing_config", "routing_config.json", "PUT", ROUTING, ROUTING),
    Call("rate_limits", "rate_limits.json", "PUT", LIMITS, LIMITS),
    entries("virtual_keys", KEYS, ("name",), container="keys", shown_once="secret key"),
)


def protocol() -> Protocol:
    """The gateway's protocol as the shipped rule file has it."""
    rule = yaml.safe_load((shipped("rules") / "endpoints" / "auth.yaml").read_text("utf-8"))
    auth = Auth(rule["exchange"].split()[1], rule["send"], rule["receive"])
    pages = rule["pages"]
    return Protocol(
        auth,
        rule["errors"]["message"],
        rule["errors"]["wait"],
        **pages,
    )


def integration(name: str, variable: str = "PROVIDER_KEY", **more: Any) -> dict[str, Any]:
    """An integration whose key is a variable."""
    return {"name": name, "providerType": "OPEN_AI", "apiKey": f"${{{variable}}}", **more}


def provider(slug: str, account: str) -> dict[str, Any]:
    """A provider that refers to an integration by name."""
    reference = f"${{ref:integrations/{account}}}"
    return {"slug": slug, "name": slug, "providerType": "OPEN_AI", "integrationId": reference}


def model(name: str, **more: Any) -> dict[str, Any]:
    """A model."""
    return {"modelId": name, "displayName": name, "providerType": "OPEN_AI", **more}


def everything(name: str = "main") -> dict[str, Any]:
    """Payloads for all six calls."""
    return {
        "integrations": [integration(name)],
        "providers": [provider("openai", name)],
        "models": [model(name, pricing={"inputCostPer1kTokens": 0.0025}), model("other")],
        "routing_config": {"strategy": "balanced", "rules": [{"modelPattern": name, "routeTo": name, "priority": 1}]},
        "rate_limits": {"tier": "pro"},
        "virtual_keys": [{"name": name, "allowedModels": [name]}],
    }


@dataclass
class Folder:
    """An output folder; `run` applies it to a gateway."""

    path: Path
    variables: tuple[Variable, ...] = (Variable("PROVIDER_KEY", "reference", ("config.yaml:12",)),)
    values: dict[str, str] = field(default_factory=lambda: {"PROVIDER_KEY": PROVIDER_KEY})

    def write(self, payloads: dict[str, Any]) -> Folder:
        """Write the payloads, and the script that sends them."""
        (self.path / "payloads").mkdir(parents=True, exist_ok=True)
        for name, payload in payloads.items():
            (self.path / "payloads" / f"{name}.json").write_text(json.dumps(payload), "utf-8")
        self.script.write_text(self.text(payloads), "utf-8")
        return self

    def text(self, payloads: dict[str, Any]) -> str:
        """The script for these payloads."""
        return render_script(CALLS, {f"{name}.json" for name in payloads}, self.variables, protocol())

    @property
    def script(self) -> Path:
        """Where the script is."""
        return self.path / "apply.sh"

    def run(self, double: GatewayDouble, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the script from another directory, with nothing in the environment but what it asks for."""
        known = {
            "PATH": os.environ["PATH"],
            "GATEWAY_URL": double.url,
            "SYNAPSE_API_KEY": double.api_key,
            "SYNAPSE_TENANT": double.tenant,
            "RETRY_BASE_SECONDS": "0.01",
        }
        given = {name: text for name, text in {**known, **self.values, **environment}.items() if text}
        elsewhere = self.path.parent / "elsewhere"
        elsewhere.mkdir(exist_ok=True)
        command = ["bash", str(self.script)]
        return subprocess.run(
            command, env=given, cwd=elsewhere, capture_output=True, text=True, check=False, timeout=120
        )


def asked(double: GatewayDouble, *methods: str) -> list[tuple[str, str]]:
    """Method and path of the requests so far, of these methods only."""
    return [(request.method, request.path) for request in double.requests if request.method in methods]
