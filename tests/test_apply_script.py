"""`apply.sh` does what the payloads say, once, whatever they hold."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from apply_run import (
    CALLS,
    PROVIDER_KEY,
    SCRIPT,
    Folder,
    asked,
    everything,
    integration,
    model,
    protocol,
    provider,
)
from gateway_double import GatewayDouble
from litellm_migrate.convert.calls import Variable
from litellm_migrate.output.scripts import render_script

pytestmark = SCRIPT

NASTY = "$(touch pwned)'\"; rm -rf x\n* %s \\n `touch pwned` ${HOME} ü }"


@pytest.fixture
def double() -> Iterator[GatewayDouble]:
    with GatewayDouble() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "out put")


def test_everything_is_created_with_ids_wired(double: GatewayDouble, folder: Folder) -> None:
    done = folder.write(everything()).run(double)
    assert (done.returncode, done.stderr) == (0, "")
    (account,) = double.store["integrations"]
    assert account["apiKey"] == PROVIDER_KEY
    assert [entry["integrationId"] for entry in double.store["providers"]] == [account["id"]]
    assert [entry["modelId"] for entry in double.store["models"]] == ["main", "other"]
    assert double.catalog.routing["rules"][0]["routeTo"] == "main"
    assert double.catalog.limits == {"acme": {"tier": "pro"}}
    assert done.stdout.splitlines()[0].split() == ["created", "integrations", '"main"']
    assert done.stdout.endswith("done: 5 created, 2 updated, 0 unchanged.\n")


def test_a_second_run_changes_nothing(double: GatewayDouble, folder: Folder) -> None:
    folder.write(everything()).run(double)
    double.requests.clear()
    again = folder.run(double)
    assert again.stdout.endswith("done: 0 created, 0 updated, 7 unchanged.\n")
    assert asked(double, "POST", "PUT", "DELETE") == []


def test_what_differs_is_updated_and_nothing_else(double: GatewayDouble, folder: Folder) -> None:
    folder.write(everything()).run(double)
    changed = everything()
    changed["models"][0]["pricing"]["inputCostPer1kTokens"] = 0.003
    double.requests.clear()
    done = folder.write(changed).run(double)
    assert done.stdout.endswith("done: 0 created, 1 updated, 6 unchanged.\n")
    (entry,) = [entry for entry in double.store["models"] if entry["modelId"] == "main"]
    assert entry["pricing"] == {"inputCostPer1kTokens": 0.003}
    assert asked(double, "POST", "PUT") == [("PUT", f"/api/v1/model-catalog/models/{entry['id']}")]


def test_a_changed_key_reaches_the_gateway_when_all_is_updated(double: GatewayDouble, folder: Folder) -> None:
    folder.write({"integrations": [integration("main")]}).run(double)
    folder.run(double, PROVIDER_KEY="sk-rotated")
    assert double.store["integrations"][0]["apiKey"] == PROVIDER_KEY
    folder.run(double, PROVIDER_KEY="sk-rotated", UPDATE_ALL="1")
    assert [entry["apiKey"] for entry in double.store["integrations"]] == ["sk-rotated"]


def test_names_are_data(double: GatewayDouble, folder: Folder) -> None:
    for expected in ("done: 5 created", "done: 0 created"):
        done = folder.write(everything(NASTY)).run(double)
        assert done.returncode == 0, done.stderr
        assert expected in done.stdout
    assert double.store["models"][0]["modelId"] == NASTY
    assert double.store["keys"][0]["allowedModels"] == [NASTY]
    assert double.store["providers"][0]["integrationId"] == double.store["integrations"][0]["id"]
    assert list(folder.path.parent.rglob("pwned")) == []
    assert all(line.startswith(("created", "updated", "unchanged", "done", " ")) for line in done.stdout.splitlines())


def test_only_whole_references_in_listed_fields_are_resolved(double: GatewayDouble, folder: Folder) -> None:
    text = "costs ${PROVIDER_KEY}"
    payload = [integration("main", description="${PROVIDER_KEY}", endpointUrl=f"https://host/{text}", config={})]
    payload[0]["config"] = {"region": "${REGION}", "apiVersion": "${PROVIDER_KEY}\n"}
    folder.variables += (Variable("REGION", "reference"),)
    folder.write({"integrations": payload}).run(double, REGION="eu-west-1")
    (sent,) = [request.body for request in double.requests if request.method == "POST"]
    assert (sent["apiKey"], sent["config"]["region"]) == (PROVIDER_KEY, "eu-west-1")
    assert sent["description"] == "${PROVIDER_KEY}"
    assert sent["endpointUrl"] == f"https://host/{text}"
    assert sent["config"]["apiVersion"] == "${PROVIDER_KEY}\n"


def test_a_variable_may_have_any_name(double: GatewayDouble, folder: Folder) -> None:
    names = ["body", "token", "status", "id", "what", "work", "url", "step", "questions", "name"]
    folder.variables = tuple(Variable(name, "reference") for name in names)
    folder.values = {name: f"sk-of-{name}" for name in names}
    done = folder.write({"integrations": [integration(f"with {name}", name) for name in names]}).run(double)
    assert done.returncode == 0, done.stderr
    kept = {account["name"]: account["apiKey"] for account in double.store["integrations"]}
    assert kept == {f"with {name}": f"sk-of-{name}" for name in names}


def test_all_pages_of_what_is_there_are_read(folder: Folder) -> None:
    payloads = {"models": [model(f"model-{number}") for number in range(3)]}
    with GatewayDouble(page_size=1) as double:
        folder.write(payloads).run(double)
        double.requests.clear()
        assert "3 unchanged" in folder.run(double).stdout
        assert len(asked(double, "GET")) == 3


@pytest.mark.parametrize("published", [False, True])
def test_new_secrets_are_kept_for_their_owner_only(folder: Folder, published: bool) -> None:
    with GatewayDouble(published_keys=published) as double:
        keys = [{"name": "main", "allowedModels": ["main"]}]
        done = folder.write({"virtual_keys": keys}).run(double)
        folder.write({"virtual_keys": [*keys, {"name": "second"}]}).run(double)
    kept = folder.path / "virtual_key_secrets.json"
    held = json.loads(kept.read_text("utf-8"))
    assert [*held] == ["main", "second"]
    assert all(secret.startswith("sk-syn-") for secret in held.values())
    assert not any(secret in done.stdout + done.stderr for secret in held.values())
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_secret_of_another_gateway_is_not_lost(folder: Folder) -> None:
    for _ in range(2):
        with GatewayDouble() as double:
            assert folder.write({"virtual_keys": [{"name": "main"}]}).run(double).returncode == 0
    held = json.loads((folder.path / "virtual_key_secrets.json").read_text("utf-8"))
    assert [name.split(" (until")[0] for name in held] == ["main", "main"]
    assert len(set(held.values())) == 2


def test_a_document_is_backed_up_before_it_is_replaced(double: GatewayDouble, folder: Folder) -> None:
    double.catalog.routing = {"strategy": "quality_first", "rules": []}
    folder.write({"routing_config": everything()["routing_config"]}).run(double)
    (backup,) = (folder.path / "backup").glob("routing_config.*.json")
    assert json.loads(backup.read_text("utf-8"))["strategy"] == "quality_first"
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_nothing_is_left_behind(double: GatewayDouble, folder: Folder, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    folder.write(everything()).run(double, TMPDIR=str(scratch))
    assert list(scratch.iterdir()) == []


def test_an_entry_that_refers_to_nothing_stops_it(double: GatewayDouble, folder: Folder) -> None:
    done = folder.write({"providers": [provider("openai", "gone")]}).run(double)
    assert done.returncode == 1
    assert 'providers "openai": ' in done.stderr
    assert 'integrations "gone"' in done.stderr
    assert asked(double, "POST") == []


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="needs shellcheck")
def test_shellcheck_has_nothing_to_say(folder: Folder) -> None:
    places = ("a\nrm -rf x.yaml:1", "$(b)'\"`\\.yaml:2")
    folder.variables += (Variable("SECOND", "default", places), Variable("THIRD", "literal", places * 3))
    folder.write(everything())
    checked = subprocess.run(
        ["shellcheck", "-s", "bash", str(folder.script)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.stdout == ""


def test_only_calls_with_a_payload_are_made() -> None:
    text = render_script(CALLS, {"models.json"}, (), protocol())
    assert "models.json" in text
    assert "integrations.json" not in text
    assert "need SYNAPSE_TENANT" not in text


def test_a_name_that_no_shell_can_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="name"):
        render_script(CALLS, set(), (Variable("A;rm -rf x", "reference"),), protocol())
