"""Before the first write the gateway is asked what it takes, and from whom; what it refuses is named, all at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import published_spec
from conversion import rulebook
from faulty_gateway import FaultyGateway, Server, faulty
from gateway_run import CONFIG, NOBODY, SECRETS, applied, folder_of, reached, sandbox_of, writes
from litellm_migrate import shipped
from litellm_migrate.cli.main import main
from litellm_migrate.gateway.change import Change
from litellm_migrate.gateway.client import Client
from litellm_migrate.gateway.journal import Journal
from litellm_migrate.gateway.openapi import OpenApi
from litellm_migrate.gateway.payloads import read_payloads
from litellm_migrate.gateway.plan import plan
from litellm_migrate.gateway.preflight import dialects_of, preflight
from litellm_migrate.gateway.run import apply
from litellm_migrate.sandbox.operations import HttpAnswer, HttpRequest
from litellm_migrate.source.model import Problems

AZURE = """
model_list:
- {model_name: a, litellm_params: {model: azure/x, api_base: "https://1.openai.azure.com", api_key: os.environ/OPENAI}}
- {model_name: b, litellm_params: {model: azure/y, api_base: "https://2.openai.azure.com", api_key: os.environ/GROQ}}
"""


def steps_of(folder: Path, client: Client, dialect: str) -> list[Change]:
    """The plan for a folder in a dialect, which need not be the gateway's."""
    book = rulebook(dialect)
    return plan(read_payloads(folder, book, shipped("schemas")), book, client)


def found(folder: Path, sandbox: FaultyGateway, dialect: str = "synapse") -> list[str]:
    """What is said against applying a folder."""
    with reached(sandbox) as client:
        against = preflight(steps_of(folder, client, dialect), client, lambda: dialects_of(shipped("rules")))
        return [str(one) for one in against]


def test_a_gateway_that_takes_it_all_says_nothing(tmp_path: Path, dialect: str) -> None:
    sandbox = sandbox_of(dialect=dialect)
    assert found(folder_of(tmp_path / "out", dialect=dialect), sandbox, dialect) == []
    assert writes(sandbox) == []


def test_another_dialect_is_named(tmp_path: Path) -> None:
    folder, sandbox = folder_of(tmp_path / "out", AZURE), sandbox_of(dialect="openapi-0.2")
    said = found(folder, sandbox)
    places = [one.split(" ")[:2] for one in said]
    assert places == [[f"{file}.json:", "`providerType`"] for file in ("integrations", "providers", "models")]
    assert "(and 1 more): expected one of " in said[0]
    assert "GET" not in said[0]
    assert "/openapi.json, found another" in said[0]
    assert said[0].endswith("The gateway speaks the dialect openapi-0.2: convert with --dialect openapi-0.2.")
    ours = found(folder_of(tmp_path / "other", AZURE, "openapi-0.2"), sandbox_of(), "openapi-0.2")
    assert ours[0].endswith("The gateway speaks the dialect synapse: convert with --dialect synapse.")


def test_a_dialect_is_known_by_what_it_asks_for(tmp_path: Path) -> None:
    said = found(folder_of(tmp_path / "out"), sandbox_of(dialect="guides"))
    assert any("`providerId` of models" in one and "expected it by the gateway's own" in one for one in said)
    assert any("`slug` of providers" in one and "expected no such field by" in one for one in said)
    assert all(one.endswith("The gateway speaks the dialect guides: convert with --dialect guides.") for one in said)
    said = found(folder_of(tmp_path / "guides", dialect="guides"), sandbox_of(), "guides")
    assert any("`slug` of providers" in one and "expected it" in one for one in said)
    assert all(one.endswith("The gateway speaks the dialect synapse: convert with --dialect synapse.") for one in said)


def test_where_no_dialect_fits_that_is_said(tmp_path: Path) -> None:
    sandbox = sandbox_of()
    path = sandbox.spec["paths"]["/api/v1/model-catalog/models"]["post"]["requestBody"]["content"]["application/json"]
    path["schema"]["properties"]["modelType"]["enum"] = ["OTHER"]
    (said,) = found(folder_of(tmp_path / "out"), sandbox)
    assert said.startswith("models.json: `modelType` of models ")
    assert "No dialect fits" in said


def test_a_call_that_the_gateway_does_not_know_is_named(tmp_path: Path) -> None:
    sandbox = sandbox_of()
    del sandbox.spec["paths"]["/api/v1/virtual-keys"]["post"]
    del sandbox.spec["paths"]["/api/v1/routing/config"]
    said = found(folder_of(tmp_path / "out"), sandbox)
    assert [one.split(":")[0] for one in said] == ["POST /api/v1/virtual-keys", "PUT /api/v1/routing/config"]
    assert "(--skip virtual_keys)" in said[0]


class Silent(FaultyGateway):
    """A gateway that does not say what it takes."""

    told: HttpAnswer = HttpAnswer(404)

    def answer(self, request: HttpRequest, bearer: str) -> HttpAnswer:
        return self.told if request.path == "/openapi.json" else super().answer(request, bearer)


@pytest.mark.parametrize(
    "told",
    [
        HttpAnswer(404),
        HttpAnswer(401),
        HttpAnswer(503),
        HttpAnswer(0),
        faulty(HttpAnswer(200), "page"),
        HttpAnswer(200, []),
        HttpAnswer(200, {}),
    ],
    ids=lambda told: f"{told.status} {told.body}",
)
def test_a_gateway_that_does_not_say_is_written_to(tmp_path: Path, told: HttpAnswer) -> None:
    sandbox = Silent(rulebook(), shipped("schemas"), tenant="acme")
    sandbox.told = told
    assert applied(folder_of(tmp_path / "out"), sandbox).complete
    assert len([one for one in sandbox.requests if one.path == "/openapi.json"]) <= 3


@pytest.mark.parametrize("more", [{}, {"only_tokens": True}], ids=["by a question", "by its role"])
def test_a_key_that_may_not_write_is_found_before_the_first_write(tmp_path: Path, more: dict[str, Any]) -> None:
    folder, sandbox = folder_of(tmp_path / "out"), sandbox_of(reads_only=True, **more)
    with pytest.raises(Problems) as refused:
        applied(folder, sandbox)
    said = [str(one) for one in refused.value.problems]
    if more:
        assert said == [
            "SYNAPSE_API_KEY: expected a key that may write, found one whose role (viewer) only reads. Use another."
        ]
    else:
        assert said[0].startswith("PUT /api/v1/model-catalog/integrations/{id}: expected a key that may change integr")
        assert len(said) == len({"integrations", "providers", "models", "virtual_keys"})
    assert not (folder / "journal.jsonl").exists()
    assert [one for one in writes(sandbox) if "auth" not in one[1]] == []


def test_all_that_stands_against_it_is_said_at_once(tmp_path: Path) -> None:
    folder, sandbox = folder_of(tmp_path / "out", AZURE), sandbox_of(dialect="openapi-0.2", reads_only=True)
    with reached(sandbox) as client, Journal(folder, "http://sandbox") as journal:
        steps = steps_of(folder, client, "synapse")
        with pytest.raises(Problems) as refused:
            apply(steps, client, journal, {}, problems=preflight(steps, client))
    said = str(refused.value)
    assert "may change integrations" in said
    assert "`providerType`" in said
    assert "GROQ: expected a value in the environment" in said
    assert "OPENAI: expected a value in the environment" in said


def test_nothing_is_asked_where_nothing_changes(tmp_path: Path) -> None:
    folder, sandbox = folder_of(tmp_path / "out"), sandbox_of()
    applied(folder, sandbox)
    before = len(sandbox.requests)
    applied(folder, sandbox)
    assert not [one for one in sandbox.requests[before:] if one.path == "/openapi.json" or NOBODY in one.path]


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[FaultyGateway, list[str]]]:
    """A gateway of the other dialect, and the arguments that lead there."""
    sandbox = sandbox_of(dialect="openapi-0.2")
    for name, value in {**SECRETS, "SYNAPSE_API_KEY": sandbox.key, "SYNAPSE_TENANT": "acme"}.items():
        monkeypatch.setenv(name, value)
    with Server(sandbox) as server:
        yield sandbox, ["--gateway-url", server.url]


def test_the_commands_say_it_too(
    tmp_path: Path, other: tuple[FaultyGateway, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox, words = other
    folder = str(folder_of(tmp_path / "out", AZURE))
    assert main(["plan", "--output", folder, *words]) == 1
    said = capsys.readouterr()
    assert "to create" in said.out
    assert "convert with --dialect openapi-0.2" in said.err
    assert main(["--output", folder, "--apply", *words]) == 1
    assert "convert with --dialect openapi-0.2" in capsys.readouterr().err
    assert writes(sandbox) == []
    assert main(["plan", "--output", folder, "--no-preflight", *words]) == 0
    assert main(["--output", folder, "--apply", "--no-preflight", *words]) == 1
    assert "HTTP 422" in capsys.readouterr().err


def test_a_document_is_read_as_far_as_it_goes() -> None:
    listed: Any = {"type": "string", "enum": ["A", "B"]}
    spec = OpenApi(
        {
            "servers": [{"url": "https://host/base"}, {"url": 7}, None],
            "paths": {
                "/things/{thing_id}": {"put": {"requestBody": {"$ref": "#/components/bodies/Thing"}}},
                "/odd": None,
            },
            "components": {
                "bodies": {"Thing": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/T"}}}}},
                "schemas": {
                    "T": {
                        "allOf": [{"$ref": "#/components/schemas/Missing"}, {"properties": {"kind": listed}}],
                        "properties": {
                            "list": {"items": {"properties": {"kind": listed}}},
                            "self": {"$ref": "#/components/schemas/T"},
                            "one": {"oneOf": [{"type": "integer"}, listed]},
                            "other": {"anyOf": [listed, {"enum": ["C"]}]},
                        },
                    },
                    "Circle": {"$ref": "#/components/schemas/Circle"},
                    "Turn": {"allOf": [{"$ref": "#/components/schemas/Turn"}]},
                },
            },
        }
    )
    assert spec.operation("PUT", "/base/things/{id}") is not None
    assert spec.operation("POST", "/things/{id}") is None
    assert spec.operation("GET", "/odd") is None
    schema = spec.body("PUT", "/things/7e")
    assert schema is None
    schema = spec.body("PUT", "/things/{id}")
    good: Any = {"kind": "A", "list": [{"kind": "B"}], "self": {"kind": "A"}, "one": "Z", "other": "C", "more": 1}
    assert list(spec.refused(schema, good)) == []
    bad: Any = {"kind": "X", "list": [{"kind": "B"}, {"kind": "Y"}], "self": {"self": {"kind": "Z"}}, "other": "D"}
    assert {field for field, _ in spec.refused(schema, bad)} == {"kind", "list.1.kind", "self.self.kind", "other"}
    for name in ("Circle", "Turn", "Missing"):
        assert list(spec.refused({"$ref": f"#/components/schemas/{name}"}, {"a": 1})) == []


@pytest.mark.skipif(not published_spec.available(), reason="the published specification is not at hand")
def test_the_published_specification_is_understood(tmp_path: Path) -> None:
    sandbox = sandbox_of(dialect="openapi-0.2", spec=json.loads(json.dumps(published_spec.document(), default=str)))
    assert found(folder_of(tmp_path / "ours", CONFIG, "openapi-0.2"), sandbox, "openapi-0.2") == []
    assert found(folder_of(tmp_path / "azure", AZURE, "openapi-0.2"), sandbox, "openapi-0.2") == []
    said = found(folder_of(tmp_path / "out", AZURE), sandbox)
    assert [one.endswith("convert with --dialect openapi-0.2.") for one in said] == [True]
