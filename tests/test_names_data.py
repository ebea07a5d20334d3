"""`names`, `models` and their neighbours in `migration_report.json`: what works, and by which deployments."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from jsonschema import Draft202012Validator

from conversion import Result, of_text
from litellm_migrate import shipped

TEXT = """\
model_list:
- {model_name: a, litellm_params: {model: openai/gpt-4o, weight: 3, rpm: 90}}
- {model_name: a, litellm_params: {model: groq/llama-3.1-8b-instant, weight: 1, tpm: 700}}
- {model_name: "mistral/codestral-*", litellm_params: {model: mistral/codestral-*}}
- {model_name: "x-*", litellm_params: {model: openai/gpt-4o}}
- {model_name: lost, litellm_params: {model: petals/some-model}}
router_settings: {model_group_alias: {old: a, dead: nobody, part: x-1, hidden: {model: a, hidden: true}}}
general_settings: {master_key: os.environ/MASTER}
"""


def result() -> Result:
    return of_text(TEXT)


def names() -> dict[str, Any]:
    data = result().data
    schema = json.loads((shipped("schemas") / "report" / "migration_report.json").read_text("utf-8"))
    assert not list(Draft202012Validator(schema).iter_errors(data))
    return {row["name"]: row for row in data["names"]}


def test_every_name_alias_and_wildcard_says_whether_it_works() -> None:
    assert {name: (row["kind"], row["works"]) for name, row in names().items()} == {
        "a": ("name", "yes"),
        "mistral/codestral-*": ("wildcard", "partly"),
        "x-*": ("wildcard", "yes"),
        "lost": ("name", "no"),
        "old": ("alias", "yes"),
        "dead": ("alias", "no"),
        "part": ("alias", "yes"),
        "hidden": ("alias", "yes"),
    }
    assert all(("because" in row) == (row["works"] != "yes") for row in names().values())


def test_a_name_has_a_leg_for_each_deployment_and_an_alias_those_of_its_target() -> None:
    first, second = names()["a"]["legs"]
    assert (first["path"], first["model"], first["account"]) == ("/model_list/0", "gpt-4o", "openai")
    assert (first["share_litellm"], first["share_synapse"], first["price"]) == (0.75, 0.75, "2.5 / 10")
    assert (first["rpm"], second["tpm"], "tpm" in first) == (90, 700, False)
    assert names()["old"]["legs"] == names()["hidden"]["legs"] == names()["a"]["legs"]
    assert [leg["path"] for leg in names()["part"]["legs"]] == ["/model_list/3"]
    assert names()["dead"]["legs"] == []
    assert "model" not in names()["lost"]["legs"][0]


def test_targets_lead_to_entities_and_settings_to_their_entry() -> None:
    data = result().data
    names_of_entries = {setting["entry"] for setting in data["settings"]}
    assert {"a", "x-*", ""} <= names_of_entries
    for setting in data["settings"]:
        for target in setting["targets"]:
            if target["file"] in data["entities"]:
                assert data["entities"][target["file"]][int(target["pointer"].split("/")[1])]
    accounts = [body["slug"] for body in result().many("providers")]
    assert data["entities"]["providers.json"] == accounts


def test_the_master_key_ends_of_models_and_what_the_report_is_about() -> None:
    data = result().data
    assert data["master_key"] == [{"origin": "reference", "variable": "MASTER"}]
    assert data["digest"]["configuration"] == hashlib.sha256(TEXT.encode()).hexdigest()
    assert of_text(TEXT.replace("rpm: 90", "rpm: 91")).data["digest"]["payloads"] != data["digest"]["payloads"]
    assert {model["id"]: model["names"] for model in data["models"]}["gpt-4o"] == ["a", "x-*"]
    ended = of_text(
        "model_list: [{model_name: a, litellm_params: {model: openai/x}, model_info: {deprecation_date: 2026-01-31}}]"
    )
    assert ended.data["names"][0]["legs"][0]["ended"] is True
    assert ended.data["models"] == [{"id": "x", "ends": "2026-01-31", "state": "past", "names": ["a"]}]
