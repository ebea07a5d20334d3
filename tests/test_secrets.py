"""A secret of the configuration is in nothing that the command writes or says."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from command import tree
from conversion import rulebook
from litellm_migrate.cli import main as cli

CANARY = "Canary-7f3a9c2e41-secret"
KEY = f"sk-{CANARY}"
JSON = f'{{"type": "service_account", "private_key": "{CANARY}", "client_email": "x@y.iam"}}'

MODEL = "model_list:\n- model_name: a\n  litellm_params:\n    model: openai/gpt-4o\n"
AZURE = MODEL.replace("openai/", "azure/") + "    api_base: https://east.openai.azure.com\n"
AWS = MODEL.replace("openai/gpt-4o", "bedrock/amazon.nova-pro-v1:0")
GOOGLE = MODEL.replace("openai/gpt-4o", "vertex_ai/gemini-2.5-pro")
CREDENTIAL = "    litellm_credential_name: c\ncredential_list:\n- credential_name: c\n  credential_values:\n"

CONFIGURATIONS = {
    "key": f"{MODEL}    api_key: {KEY}\n",
    "key of Azure": f"{AZURE}    api_key: {KEY}\n",
    "key as a list": f"{MODEL}    api_key: [{KEY}]\n",
    "key as a mapping": f"{MODEL}    api_key: {{value: {KEY}}}\n",
    "key in braces": f"{MODEL}    api_key: ${{{KEY}}}\n",
    "default of a dollar reference": f"{MODEL}    api_key: ${{X:-{KEY}}}\n",
    "address in a dollar reference": f"{MODEL}    api_base: ${{X:-https://u:{CANARY}@x}}\n",
    "reference inside a text": f"{MODEL}    api_key: Bearer os.environ/X {KEY}\n",
    "key of many lines": f"{MODEL}    api_key: |\n      -----BEGIN\n      {CANARY}\n",
    "key beside": f"{MODEL}  api_key: {KEY}\n",
    "two entries' key": f"{MODEL}    api_key: {KEY}\n{MODEL[12:].replace('4o', '5')}    api_key: {KEY}\n",
    "password in a URL": f"{MODEL}    api_base: https://user:{CANARY}@llm.example/v1\n",
    "user in a URL": f"{MODEL}    api_base: https://{CANARY}@llm.example/v1\n",
    "query of a URL": f"{MODEL}    api_base: https://llm.example/v1?code={CANARY}\n",
    "fragment of a URL": f"{MODEL}    api_base: https://llm.example/v1#{CANARY}\n",
    "parameter of a URL": f"{MODEL}    api_base: https://llm.example/v1;token={CANARY}\n",
    "URL without a scheme": f"{MODEL}    api_base: user:{CANARY}@llm.example/v1\n",
    "URL with a bad port": f"{MODEL}    api_base: https://user:{CANARY}@llm.example:port/v1\n",
    "base_url": f"{AZURE.replace('api_base', 'base_url')}    api_base: https://u:{CANARY}@x.example\n",
    "header": f"{MODEL}    extra_headers: {{Authorization: Bearer {CANARY}}}\n",
    "headers": f"{MODEL}    headers: {{x-key: {CANARY}}}\n",
    "organization's key": f"{MODEL}    organization: org-1\n    api_key: {KEY}\n",
    "AWS": f"{AWS}    aws_access_key_id: AKIA{CANARY}\n    aws_secret_access_key: {KEY}\n",
    "AWS session": f"{AWS}    aws_session_token: {CANARY}\n    aws_secret_access_key: os.environ/X\n",
    "AWS token": f"{AWS}    aws_web_identity_token: {CANARY}\n    aws_external_id: {CANARY}\n",
    "service account": f"{GOOGLE}    vertex_credentials: '{JSON}'\n",
    "service account as a mapping": f"{GOOGLE}    vertex_credentials: {JSON}\n",
    "Entra ID": f"{AZURE}    tenant_id: t\n    client_id: c\n    client_secret: {KEY}\n    azure_ad_token: {CANARY}\n",
    "password of Entra ID": f"{AZURE}    azure_username: me\n    azure_password: {CANARY}\n",
    "credential": f"{MODEL}{CREDENTIAL}    api_key: {KEY}\n    api_base: https://u:{CANARY}@x.example/v1\n",
    "credential of AWS": f"{AWS}{CREDENTIAL}    aws_access_key_id: {CANARY}\n    aws_secret_access_key: {KEY}\n",
    "credential of Google": f"{GOOGLE}{CREDENTIAL}    vertex_credentials: '{JSON}'\n",
    "credential's other values": f"{MODEL}{CREDENTIAL}    something: {KEY}\n    client_secret: {CANARY}\n",
    "credential that is missing": f"{MODEL}    litellm_credential_name: none\n    api_key: {KEY}\n",
    "master key": f"{MODEL}general_settings:\n  master_key: {KEY}\n",
    "master key as a list": f"{MODEL}general_settings:\n  master_key: [{KEY}]\n",
    "master key elsewhere": f"{MODEL}litellm_settings:\n  master_key: {KEY}\n",
    "database": f"{MODEL}general_settings:\n  database_url: postgresql://me:{CANARY}@db/x\n",
    "alerts": f"{MODEL}general_settings:\n  alerting_args: {{url: {CANARY}}}\n",
    "environment": f"{MODEL}environment_variables:\n  OPENAI_API_KEY: {KEY}\n  LANGFUSE_SECRET_KEY: {CANARY}\n",
    "environment of a reference": f"{MODEL}    api_key: os.environ/MY_KEY\nenvironment_variables: {{MY_KEY: {KEY}}}\n",
    "cache": f"{MODEL}litellm_settings:\n  cache_params: {{password: {CANARY}, url: 'redis://:{CANARY}@r'}}\n",
    "router's cache": f"{MODEL}router_settings:\n  redis_password: {CANARY}\n  redis_url: redis://:{CANARY}@r\n",
    "unknown setting": f"{MODEL}    my_own_setting: {CANARY}\nmy_section: {{password: {CANARY}}}\n",
    "strategy": f"{MODEL}router_settings: {{routing_strategy: {KEY}}}\n",
    "guardrail": f"{MODEL}guardrails:\n- guardrail_name: g\n  litellm_params: {{guardrail: lakera, api_key: {KEY}}}\n",
    "MCP server": f"{MODEL}mcp_servers:\n  s: {{url: 'https://x/?k={CANARY}', authentication_token: {CANARY}}}\n",
    "second document": f"{MODEL}---\napi_key: {KEY}\n",
    "comment": f"# {KEY}\n{MODEL}    api_key: os.environ/X  # {KEY}\n",
    "given twice": f"{MODEL}    api_key: {KEY}\n    api_key: sk-other-{CANARY}\n",
    "merged": f"x-base: &base {{api_key: {KEY}}}\n{MODEL}    <<: *base\n",
    "fallback with a key": f"{MODEL}router_settings: {{fallbacks: [{{a: [{{model: b, api_key: {KEY}}}]}}]}}\n",
    "default fallback with a key": f"{MODEL}litellm_settings: {{default_fallbacks: [{{model: b, api_key: {KEY}}}]}}\n",
    "wrong type": f"{MODEL}    weight: {CANARY}\n    input_cost_per_token: {CANARY}\n    max_budget: {CANARY}\n",
    "wrong type of a limit": f"{MODEL}    rpm: {CANARY}\n    tpm: [{CANARY}]\n",
    "wrong types of sections": f"{MODEL}router_settings: {CANARY}\ngeneral_settings: [{CANARY}]\n",
    "entry without a model": f"model_list:\n- model_name: a\n  litellm_params: {{api_key: {KEY}}}\n- {CANARY}\n",
    "provider without a type": f"{MODEL.replace('openai/gpt-4o', 'auto_router/x')}    api_key: {KEY}\n",
    "no provider": f"{MODEL.replace('openai/', 'nobody/')}    api_key: {KEY}\n    api_base: https://u:{CANARY}@x\n",
}

REFUSED = {
    "bracket": f"model_list: [{{api_key: {KEY}\n",
    "quotes": f'model_list:\n- api_key: "{KEY}\n',
    "tab": f"model_list:\n\t- api_key: {KEY}\n",
    "colon": f"model_list:\n- api_key: {KEY}: {CANARY}\n",
    "no colon": f"model_list:\n  api_key {KEY}\n  x: 1\n",
    "escape": f'model_list: "{KEY}\\q"\n',
    "alias": f"model_list: *{CANARY}\n",
    "tag": f"model_list: !{CANARY} x\n",
    "anchor twice": f"a: &{CANARY} 1\nb: &{CANARY} 2\nmodel_list: []\n",
    "two configurations": f"model_list: [{{api_key: {KEY}}}]\n---\nmodel_list: [{{api_key: {KEY}}}]\n",
    "no section": f"api_key: {KEY}\n",
    "no mapping": f"{KEY}\n",
    "a list": f"- {KEY}\n",
    "template": f"model_list:\n{{% if {CANARY} %}}\n- {{}}\n",
    "control character": f"model_list: {KEY}\x07\n",
    "include": f"include: [{{{CANARY}: 1}}]\nmodel_list: []\n",
}


def shapes(secret: str) -> list[str]:
    """The secret as it could be shown: plain, encoded, or in part."""
    encoded = base64.b64encode(secret.encode()).decode().rstrip("=")
    return [secret, secret.lower(), secret.replace("-", "_").upper(), quote(secret, safe=""), encoded, "7f3a9c2e41"]


Leaks = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def leaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Leaks:
    """Converts a text, and answers the exit code and the places where the secret is to be seen."""
    monkeypatch.setattr("litellm_migrate.rulebook.load.load", lambda _rules, _schemas, dialect, *_: rulebook(dialect))

    def converted(text: str, dialect: str = "synapse") -> tuple[int, list[str]]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        words = ["--input", "-", "--output", str(tmp_path / "out"), "--json", "--annotate", "--dialect", dialect]
        code = cli.main(words)
        said, written = capsys.readouterr(), tree(tmp_path)
        seen = {"stdout": said.out, "stderr": said.err, "names": " ".join(written)}
        seen |= {name: content.decode() for name, content in written.items()}
        return code, [name for name, shown in seen.items() if any(shape in shown for shape in shapes(CANARY))]

    return converted


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_no_output_shows_a_secret(name: str, leaks: Leaks, dialect: str) -> None:
    assert CANARY in CONFIGURATIONS[name]
    assert leaks(CONFIGURATIONS[name], dialect) == (0, [])


@pytest.mark.parametrize("name", REFUSED)
def test_no_error_shows_a_secret(name: str, leaks: Leaks) -> None:
    assert leaks(REFUSED[name]) == (1, [])


def test_no_payload_that_is_refused_shows_a_secret(leaks: Leaks, monkeypatch: pytest.MonkeyPatch) -> None:
    impossible = {"additionalProperties": {"type": "boolean"}, "maxProperties": 0, "required": ["x"]}
    monkeypatch.setattr("litellm_migrate.rulebook.endpoint_schemas.read_schema", lambda _file: impossible)
    for text in CONFIGURATIONS.values():
        assert leaks(text) == (1, [])


def test_an_included_file_shows_no_secret(leaks: Leaks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path / "in")
    for text, code in ((CONFIGURATIONS["key"], 0), (REFUSED["quotes"], 1)):
        Path("more.yaml").write_text(text)
        assert leaks("include: [more.yaml]\n") == (code, ["in/more.yaml"])


def test_the_check_sees_what_is_shown(leaks: Leaks) -> None:
    assert leaks(MODEL.replace("model_name: a", f"model_name: {CANARY}"))[1]
