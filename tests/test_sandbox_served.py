"""The sandbox over HTTP: it fails as it is told, and the command serves it until Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import httpx
import pytest

from faulty_gateway import Server
from gateway_run import sandbox_of

MODELS = "/api/v1/model-catalog/models"
CONFIG = "/api/v1/routing/config"
MODEL = {"modelId": "m", "displayName": "m", "providerType": "OPEN_AI"}
FAILURES = {
    "503": httpx.HTTPStatusError,
    "reset": httpx.RemoteProtocolError,
    "lost": httpx.RemoteProtocolError,
    "truncated": httpx.RemoteProtocolError,
    "slow": httpx.ReadTimeout,
    "page": ValueError,
    "expired": httpx.HTTPStatusError,
}
DONE = {"lost", "truncated", "slow", "page"}


@pytest.mark.parametrize("kind", FAILURES)
def test_it_fails_as_it_is_told(kind: str) -> None:
    ours = sandbox_of(f"{kind}@2")
    ours.faults.waiting[0].wait = 0.5
    with Server(ours) as server, httpx.Client(timeout=0.25) as client:

        def create(name: str) -> None:
            headers = {"Authorization": f"Bearer {ours.key}"}
            answer = client.post(f"{server.url}{MODELS}", json={**MODEL, "modelId": name}, headers=headers)
            answer.raise_for_status().json()

        create("first")
        with pytest.raises(FAILURES[kind]):
            create("second")
        create("third")
    there = [entity["modelId"] for entity in ours.entities["models"].stored]
    assert there == ["first", *(["second"] if kind in DONE else []), "third"]


def test_the_command_serves_until_ctrl_c() -> None:
    code = "from litellm_migrate.cli.main import main; raise SystemExit(main(['sandbox']))"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=os.environ) as running:
        assert running.stdout is not None
        said = dict(running.stdout.readline().strip().split("=", 1) for _ in range(3))
        headers = {"Authorization": f"Bearer {said['SYNAPSE_API_KEY']}"}
        assert httpx.get(f"{said['GATEWAY_URL']}{CONFIG}", headers=headers).json() == {
            "strategy": "balanced",
            "rules": [],
        }
        running.send_signal(signal.SIGINT)
        assert running.wait(10) == 0
