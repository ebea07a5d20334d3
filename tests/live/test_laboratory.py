"""A real LiteLLM with its database, end to end: read, converted, rehearsed, planned, applied, validated, rolled back.

tests/live/laboratory/run.sh ROOT                makes one in an empty folder, and runs this
LITELLM_LAB=ADDRESS LITELLM_API_KEY=KEY pytest   where one runs already; what is there stays
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from command import run_inside
from faulty_gateway import Server
from live.test_apply import sandbox_of

LAB = os.environ.get("LITELLM_LAB", "")
CANARY = "sk-canary-of-the-laboratory-1"
pytestmark = pytest.mark.skipif(not LAB, reason="no laboratory here")


def asked(method: str, path: str, body: Any = None) -> Any:
    """The answer of LiteLLM; that of a refusal where what is made is there already."""
    headers = {"Authorization": f"Bearer {os.environ['LITELLM_API_KEY']}", "Content-Type": "application/json"}
    request = Request(LAB + path, json.dumps(body).encode() if body else None, headers, method=method)
    try:
        with urlopen(request, timeout=120) as response:
            return json.load(response)
    except HTTPError as refusal:
        return json.load(refusal)


@pytest.fixture(scope="module")
def viewer() -> str:
    """A key of a reader who changes nothing, in a LiteLLM that has one of each."""
    parameters = {"model": "openai/gpt-4o-mini", "api_key": CANARY}
    asked("POST", "/model/new", {"model_name": "lab-small", "litellm_params": parameters})
    team = {
        "team_id": "lab-team",
        "team_alias": "lab",
        "models": ["lab-small"],
        "max_budget": 5,
        "budget_duration": "30d",
    }
    asked("POST", "/team/new", {**team, "rpm_limit": 60})
    person = {"user_id": "lab-ann", "user_email": "ann@lab.example", "auto_create_key": False}
    asked("POST", "/user/new", {**person, "user_role": "internal_user", "teams": ["lab-team"]})
    asked("POST", "/user/new", {"user_id": "lab-viewer", "user_role": "proxy_admin_viewer", "auto_create_key": False})
    names = [row["key_alias"] for row in asked("GET", "/key/list?size=100&return_full_object=true")["keys"]]
    keys: dict[str, Any] = {
        "lab-app": {"team_id": "lab-team", "models": ["all-team-models"], "rpm_limit": 600},
        "lab-zero": {"team_id": "lab-team", "max_budget": 0},
        "lab-odd": {"team_id": "lab-team", "models": ["no-such-model"]},
    }
    for name, body in keys.items():
        if name not in names:
            asked("POST", "/key/generate", {"key_alias": name, **body})
    key: str = asked("POST", "/key/generate", {"user_id": "lab-viewer", "duration": "1h"})["key"]
    return key


def test_a_real_litellm_is_moved_to_the_sandbox_and_back(
    viewer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, snapshot = tmp_path / "out", tmp_path / "snapshot.json"
    monkeypatch.setenv("LITELLM_API_KEY", viewer)
    ran = run_inside("snapshot", "--from-url", LAB, "-o", snapshot, "--timeout", "120")
    assert ran.code == 0, ran.err
    head = json.loads(snapshot.read_text())["litellm_snapshot"]
    assert head["reader_role"] == "proxy_admin_viewer"
    ran = run_inside("convert", snapshot, "--output", folder)
    assert ran.code == 0, ran.err
    for file in [snapshot, *folder.rglob("*")]:
        assert file.is_dir() or not {CANARY, viewer} & {word for word in (CANARY, viewer) if word in file.read_text()}
    keys = {body["name"]: body for body in json.loads((folder / "payloads" / "virtual_keys.json").read_text())}
    assert keys["lab-app"]["allowedModels"][0] == "lab-small"
    assert keys["lab-app"]["rateLimitRpm"] == 60
    assert not {"lab-zero", "lab-odd"} & keys.keys()
    withheld = {row["key"] for row in json.loads((folder / "withheld.json").read_text())}
    assert {"lab-zero", "lab-odd"} <= withheld
    for row in json.loads((folder / "migration_report.json").read_text())["secrets"]:
        monkeypatch.setenv(row["variable"], f"value-of-{row['variable']}")
    ran = run_inside("rehearse", "--output", folder)
    assert ran.code == 0, ran.err + ran.out
    sandbox = sandbox_of()
    with Server(sandbox) as server:
        monkeypatch.setenv("GATEWAY_URL", server.url)
        monkeypatch.setenv("SYNAPSE_API_KEY", sandbox.key)
        monkeypatch.setenv("SYNAPSE_TENANT", sandbox.tenant)
        for verb in (["plan"], ["apply", "--yes"], ["validate"], ["plan", "--detailed-exitcode"]):
            ran = run_inside(*verb, "--output", folder)
            assert ran.code == 0, (verb, ran.err, ran.out)
        assert {row["name"] for row in sandbox.entities["virtual_keys"].stored} == set(keys)
        ran = run_inside("rollback", "--yes", "--output", folder)
        assert ran.code == 0, ran.err
        assert not sandbox.entities["virtual_keys"].stored
        assert not sandbox.entities["teams"].stored
