"""`apply.sh` and `--apply` leave the same gateway behind, entity by entity, whoever was there before."""

from __future__ import annotations

from pathlib import Path

import pytest

from apply_run import SCRIPT
from conversion import EXAMPLES, Result, of_file, of_text, rulebook
from gateway_run import CONFIG
from gateway_same import World, both, by_script, differences, empty, folder_for, gateway, taken, used
from litellm_migrate.source.model import Problems
from sampling import marked

pytestmark = SCRIPT

CORPUS = sorted((Path(__file__).resolve().parents[2] / "shared" / "corpus").glob("*.yaml"))
OTHERS = """
general_settings: {master_key: os.environ/MASTER}
litellm_settings: {cache: true, cache_params: {type: redis-semantic, similarity_threshold: 0.9, ttl: 600}}
guardrails:
- guardrail_name: words
  litellm_params: {guardrail: litellm_content_filter, mode: pre_call, blocked_words: [{keyword: x, action: BLOCK}]}
mcp_servers:
  one: {url: "https://one.example/mcp", transport: http}
  two: {url: os.environ/MCP_URL, transport: sse, auth_type: api_key, auth_value: os.environ/MCP_KEY}
model_list:
- {model_name: a, litellm_params: {model: openai/gpt-4o, api_key: os.environ/OPENAI, rpm: 300, tpm: 50000}}
- {model_name: b, litellm_params: {model: ollama/llama3, api_base: "http://gpu:11434", rpm: 20}}
"""


def sample(name: str, dialect: str) -> Result:
    if name.endswith(".yaml"):
        return of_file(EXAMPLES / name, dialect)
    return of_text({"config": CONFIG, "others": OTHERS}[name], dialect)


PAIRS = [
    marked(("quickstart.yaml", used, "openapi-0.2", True)),
    marked(("messy.yaml", empty, "synapse", False)),
    ("config", used, "synapse", False),
    ("config", used, "openapi-0.2", True),
    ("config", used, "guides", False),
    ("others", empty, "openapi-0.2", False),
    ("others", used, "synapse", True),
]
"""Every pair of values occurs, but for the two large configurations, and for `config` on an empty gateway, of which a
test of `--apply` has more. Where nobody was, there is nothing to adopt."""


@pytest.mark.parametrize(("name", "world", "dialect", "adopt"), PAIRS)
def test_both_leave_the_same(tmp_path: Path, name: str, world: World, dialect: str, adopt: bool) -> None:
    assert differences(*both(tmp_path, sample(name, dialect), dialect, world, adopt)) == []


@pytest.mark.parametrize(("dialect", "adopt"), [("synapse", False), ("openapi-0.2", True)])
def test_what_is_somebody_elses_stops_both_before_they_write(tmp_path: Path, dialect: str, adopt: bool) -> None:
    result = sample("config", dialect)
    command, script = both(tmp_path, result, dialect, taken, adopt)
    assert command == script
    assert bool(script["models"]) == adopt


def test_the_script_takes_the_tier_of_the_gateway(tmp_path: Path) -> None:
    dialect = "synapse"  # the other one has no place for the limits that tiers are to hold
    result = sample("others", dialect)
    assert result.done.payloads["rate_limits.json"]["tier"] == "pro"
    found = [
        by_script(folder_for(tmp_path / world.__name__, result, dialect), result, gateway(result, dialect, world))
        for world in (empty, used)
    ]
    assert [one["rate_limits"]["acme"]["tier"] for one in found] == ["pro", "pro"]
    sandbox = gateway(result, dialect, used)
    sandbox.tiers = [{"name": "starter", "limits": {"rpm": 320, "tpm": 50_000}}, *sandbox.tiers[1:]]
    assert by_script(tmp_path / "used", result, sandbox)["rate_limits"]["acme"]["tier"] == "starter"
    assert sandbox.documents["routing_config"].stored[""]["rules"][-1]["modelPattern"] == "their-*"


@pytest.mark.skipif(not CORPUS, reason="the published configurations are not here")
@pytest.mark.parametrize(("first", "world", "dialect"), [marked((7, empty, "openapi-0.2")), (117, used, "synapse")])
def test_both_leave_the_same_of_published_configurations(
    tmp_path: Path, first: int, world: World, dialect: str
) -> None:
    compared = 0
    for number, file in enumerate(CORPUS[first::220]):
        try:
            result = of_file(file, dialect)
        except Problems:
            continue
        assert differences(*both(tmp_path / str(number), result, dialect, world)) == [], file.name
        compared += 1
    assert compared


def test_the_rules_have_a_table_of_tiers() -> None:
    (fit,) = [shape.call.fit for shape in rulebook().endpoints if shape.call and shape.call.fit]
    assert fit.table in rulebook().tables
