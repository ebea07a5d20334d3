"""A snapshot on a gateway: keys get into teams where it has a field for that, and a second one goes on from it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from command import Ran, run_inside
from conversion import rulebook
from faulty_gateway import FaultyGateway, Server
from litellm_migrate import shipped
from live.double import KEY, Double, served
from live.world import key, small

SECRETS = {"EU_AZURE_API_KEY": "az-1", "OPENAI_API_KEY": "sk-1", "LITELLM_API_KEY": KEY}


def converted(folder: Path, world: dict[str, Any]) -> Path:
    """The folder of a conversion from a double of LiteLLM."""
    with served(Double(world)) as address:
        ran = run_inside("--from-url", address, "--output", folder)
    assert ran.code == 0, ran.err
    return folder


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A conversion of the small world; tests work in a copy of it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SECRETS.items():
            patch.setenv(name, value)
        yield converted(tmp_path_factory.mktemp("live") / "out", small())


def sandbox_of(schemas: Path | None = None) -> FaultyGateway:
    """A sandbox; with other schemas it says so in its own description."""
    return FaultyGateway(rulebook(), schemas or Path(str(shipped("schemas"))))


@contextmanager
def gateway(sandbox: FaultyGateway, folder: Path) -> Iterator[Any]:
    """Runs verbs on a folder against a sandbox."""
    with Server(sandbox) as server, pytest.MonkeyPatch.context() as patch:
        for name, value in {**SECRETS, "GATEWAY_URL": server.url, "SYNAPSE_API_KEY": sandbox.key}.items():
            patch.setenv(name, value)

        def run(verb: str, *more: str) -> Ran:
            return run_inside(verb, "--output", folder, *more)

        yield run


def with_teams(folder: Path) -> Path:
    """Schemas in which a virtual key has a field for its team."""
    shutil.copytree(shipped("schemas"), folder)
    file = folder / "synapse" / "virtual_keys.json"
    schema = json.loads(file.read_text())
    schema["properties"]["teamId"] = {"type": "string"}
    file.write_text(json.dumps(schema))
    return folder


def test_keys_are_put_into_teams_where_the_gateway_says_that_it_has_the_field(first: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(first, tmp_path / "out"))
    sandbox = sandbox_of(with_teams(tmp_path / "schemas"))
    with gateway(sandbox, folder) as run:
        planned = run("plan")
        assert "teamId: the gateway has this field, so 3 virtual_keys are put into their teams." in planned.err
        assert run("apply", "--yes").code == 0
        teams = {row["id"]: row["name"] for row in sandbox.entities["teams"].stored}
        keys = {row["name"]: teams.get(row.get("teamId")) for row in sandbox.entities["virtual_keys"].stored}
        assert {name: team for name, team in keys.items() if team} == {
            "red-app": "red",
            "red-ben": "red",
            "blue-app": "blue (blue)",
        }
        assert run("plan", "--detailed-exitcode").code == 0
        assert run("validate").code == 0
        assert run("rollback", "--yes").code == 0
    assert not sandbox.entities["virtual_keys"].stored


def test_without_the_field_no_key_is_put_into_a_team(first: Path, tmp_path: Path) -> None:
    folder, sandbox = Path(shutil.copytree(first, tmp_path / "out")), sandbox_of()
    with gateway(sandbox, folder) as run:
        assert run("apply", "--yes").code == 0
    assert not any("teamId" in row for row in sandbox.entities["virtual_keys"].stored)


def test_a_second_snapshot_adds_and_changes_and_names_what_is_gone(first: Path, tmp_path: Path) -> None:
    folder, sandbox = Path(shutil.copytree(first, tmp_path / "out")), sandbox_of()
    world = small()
    gone = next(row for row in world["keys"] if row["key_alias"] == "ann")
    changed = next(row for row in world["keys"] if row["key_alias"] == "org")
    world["keys"] = [row for row in world["keys"] if row not in (gone, changed)]
    world["keys"] += [{**changed, "models": ["chat", "small"]}, key("new", "newcomer", models=["chat"])]
    world["users"] = [row for row in world["users"] if row["user_id"] == "u-ben"]
    with gateway(sandbox, folder) as run:
        assert run("apply", "--yes").code == 0
        before = {row["name"]: dict(row) for row in sandbox.entities["virtual_keys"].stored}
        secrets = json.loads((folder / "virtual_key_secrets.json").read_text())
        converted(folder, world)
        planned = run("plan")
        assert planned.out.count("no payload has it any more. It stays: delete it (DELETE /api/v1/users/{id})") == 2
        assert re.search(r"! ann\n +no payload has it any more", planned.out)
        assert "! ann@acme.example" in planned.out
        assert run("apply", "--yes").code == 0
        after = {row["name"]: row for row in sandbox.entities["virtual_keys"].stored}
        assert after.keys() - before.keys() == {"newcomer"}
        assert "ann" in after
        assert set(after["org"]["allowedModels"]) > set(before["org"]["allowedModels"])
        assert after["red-app"] == before["red-app"]
        kept = json.loads((folder / "virtual_key_secrets.json").read_text())
        assert {name: kept[name] for name in secrets} == secrets
        ran = run("validate")
        assert ran.code == 1
        assert "extra" in (folder / "validation_report.md").read_text().lower()
        assert run("rollback", "--yes").code == 0
    assert not sandbox.entities["virtual_keys"].stored
