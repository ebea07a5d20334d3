"""Overlays: a folder that holds only what differs from the shipped rules, without a line of Python."""

from __future__ import annotations

import io
import json
from pathlib import Path
from textwrap import dedent

import pytest

from conversion import Result
from litellm_migrate import shipped
from litellm_migrate.cli.convert import convert_checked, output_of
from litellm_migrate.lint.check import audit
from litellm_migrate.rulebook.load import load
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import Problems
from litellm_migrate.source.read import read_source

OWN = """\
kind: table
id: providers
rows:
  acme: {type: CUSTOM, base_url: https://llm.acme.example/v1, env: ACME_API_KEY}
  groq: {type: CUSTOM, base_url: https://groq.acme.example/v1, env: GROQ_API_KEY}
---
kind: table
id: strategies
rows:
  acme-routing: {strategy: balanced, differs: The router of Acme is a plug-in; balanced comes near it.}
---
kind: dispositions
under: litellm_settings
settings:
  drop_params: {skipped: The clients of Acme send only parameters that every model takes.}
---
kind: settings
id: acme
under: ""
schema:
  properties:
    badges:
      type: array
      items: {type: object, properties: {label: {type: string}, size: {type: integer}, note: true}}
---
kind: dispositions
under: badges
settings:
  "*.note": {skipped: A note for people only; nothing ever reads it.}
---
kind: relation
id: badge
each: badges
steps:
- columns: {text: text(label), points: whole(size)}
- where: text
---
kind: endpoint
id: badges
call: POST /api/v1/badges
list: GET /api/v1/badges
update: PUT /api/v1/badges/{id}
delete: DELETE /api/v1/badges/{id}
container: badges
file: badges.json
each: badge
identity: [label]
extra: true
schema:
  type: object
  properties: {label: {type: string}, size: {type: integer, minimum: 1}}
  required: [label]
  additionalProperties: false
body: {label: text, size: points}
examples:
- config: {badges: [{label: gold, size: 3, note: shiny}, {size: 1}]}
  bodies: [{label: gold, size: 3}]
---
kind: examples
relation: gateway
examples:
- config: {router_settings: {routing_strategy: acme-routing}}
  rows: [{}]
---
kind: secrets
id: secrets
paths: [badges.*.note]
"""
CONFIG = """\
model_list:
- {model_name: a, litellm_params: {model: acme/turbo}}
- {model_name: b, litellm_params: {model: groq/x}}
router_settings: {routing_strategy: acme-routing}
litellm_settings: {drop_params: true}
badges: [{label: gold, size: 3, note: hi}]
"""


def overlay(folder: Path, text: str) -> Path:
    """A folder with one file of rules."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "own.yaml").write_text(dedent(text), encoding="utf-8")
    return folder


def converted(book: Rulebook, text: str = CONFIG) -> Result:
    """The conversion of a text by other rules than the shipped ones."""
    done = convert_checked(book, read_source("-", book.grammar, io.BytesIO(text.encode())), shipped("schemas"))
    return Result(done, output_of(done, book, "-", "0"))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return overlay(tmp_path_factory.mktemp("overlay") / "acme", OWN)


@pytest.mark.parametrize("dialect", ["synapse", "openapi-0.2"])
def test_a_provider_a_strategy_a_section_and_an_endpoint_convert(own: Path, dialect: str) -> None:
    result = converted(load(own, shipped("schemas"), dialect))
    assert result.many("badges") == [{"label": "gold", "size": 3}]
    assert result.routing["strategy"] == "balanced"
    found = {body["name"]: body.get("endpointUrl") for body in result.many("integrations")}
    assert "https://llm.acme.example/v1" in found.values()
    assert "https://groq.acme.example/v1" in found.values()
    assert result.setting("/badges/0/note")["outcome"] == "skipped"
    assert result.setting("/badges/0/size")["targets"] == [{"file": "badges.json", "pointer": "/0/size"}]
    assert "clients of Acme" in result.setting("/litellm_settings/drop_params")["because"]
    assert "/api/v1/badges" in result.output.texts["apply.sh"]


def test_what_is_replaced_is_reported_and_what_is_added_is_not(own: Path) -> None:
    result = converted(load(own, shipped("schemas"), "synapse"))
    told = [one for one in result.data["notices"] if one["code"] == "rule-override"]
    assert [one["line"] for one in told] == [5, 15]
    assert all(one["file"] == str(own / "own.yaml") for one in told)
    assert "rows.groq" in told[0]["because"]
    assert "shipped rule in tables/providers.yaml:" in told[0]["because"]
    assert "litellm_settings.drop_params" in told[1]["because"]
    assert "rows.groq" in result.output.texts["migration_report.md"]


def test_the_new_section_alone_is_a_configuration(own: Path) -> None:
    assert converted(load(own, shipped("schemas"), "synapse"), "badges: [{label: x}]").many("badges")


def test_check_rules_passes_and_asks_only_for_the_overlay(own: Path) -> None:
    assert [str(one) for one in audit(own, shipped("schemas"))] == []


def test_check_rules_passes_where_a_field_may_be_anything(own: Path) -> None:
    file = next(file for file in own.rglob("*.yaml") if SIZE in file.read_text(encoding="utf-8"))
    anything = "properties: {label: true, size: {type: integer, minimum: 1}}"
    file.write_text(file.read_text(encoding="utf-8").replace(SIZE, anything), encoding="utf-8")
    assert [str(one) for one in audit(own, shipped("schemas"))] == []


def test_a_body_is_held_against_the_stated_schema(own: Path) -> None:
    with pytest.raises(Problems, match=r"badges.json/0/size: expected a number of at least 1"):
        converted(load(own, shipped("schemas"), "synapse"), "badges: [{label: x, size: 0}]")


SIZE = "properties: {label: {type: string}, size: {type: integer, minimum: 1}}"
WRONG = {
    "column": ("size: points}\nexamples", "size: pionts}\nexamples", "pionts", "`pionts` is no column"),
    "word of an endpoint": ("each: badge\n", "each: badge\neach_of: badge\n", "each_of", "`each_of` is no word here"),
    "word of a schema": ("  required:", "  requierd:", "requierd", "is no word here; did you mean `required`"),
    "pattern of a schema": (SIZE, "properties: {label: {pattern: '('}}", "schema:\n  type", "expected a JSON Schema"),
    "place": ('under: ""', "under: litellm_setings", "under: litellm_setings", "is no known setting; did you mean"),
    "setting": ("  drop_params:", "  drop_parms:", "drop_parms", "did you mean `drop_params`"),
    "target": ("relation: gateway", "relation: gatway", "relation: gatway", "`gatway` is no relation; did you mean"),
    "answer": ("env: ACME", "evn: ACME", "acme: {", "no rule asks table `providers` for `evn`"),
}


def test_a_mask_of_ones_own_stands_in_the_place_of_keys(tmp_path: Path) -> None:
    mask = "{name: '<key {number}>', because: 'Company policy forbids this, see {name}.', do: Ask the security team.}"
    folder = overlay(tmp_path / "o", f"kind: secrets\nid: secrets\npaths: []\nmask: {mask}\n")
    key = "sk-Zx7f3a9c2e41b8d60"
    result = converted(
        load(folder, shipped("schemas"), "synapse"), CONFIG.replace("model_name: b", f"model_name: {key}")
    )
    assert {rule["modelPattern"] for rule in result.routing["rules"]} == {"<key 1>"}
    (told,) = [one for one in result.data["notices"] if one["code"] == "looks-like-key"]
    assert (told["because"], told["do"]) == ("Company policy forbids this, see <key 1>.", "Ask the security team.")


@pytest.mark.parametrize("case", WRONG)
def test_problems_name_the_lines_of_the_overlay(tmp_path: Path, case: str) -> None:
    old, new, at, says = WRONG[case]
    assert old in OWN
    text = OWN.replace(old, new)
    folder = overlay(tmp_path / "o", text)
    with pytest.raises(Problems) as raised:
        load(folder, shipped("schemas"), "synapse")
    here = [one for one in raised.value.problems if one.file == str(folder / "own.yaml")]
    line = text[: text.index(at)].count("\n") + 1
    if at.startswith("schema:"):
        line = text[: text.index(at, text.index("kind: endpoint"))].count("\n") + 1
    assert any(one.line == line and says in one.message for one in here), str(raised.value)


def test_stated_twice_in_one_overlay_is_a_problem(tmp_path: Path) -> None:
    folder = overlay(tmp_path / "o", OWN)
    (folder / "too.yaml").write_text(OWN.partition("---")[0].replace("llm.", "other."), encoding="utf-8")
    with pytest.raises(Problems, match=r"too.yaml:4:3: this is also stated in .*own.yaml:4:3"):
        load(folder, shipped("schemas"), "synapse")


def test_a_folder_without_rules_is_no_overlay(tmp_path: Path) -> None:
    with pytest.raises(Problems, match="expected rule files, found none"):
        load(tmp_path, shipped("schemas"), "synapse")


def test_facts_stay_unread_and_can_be_replaced(tmp_path: Path) -> None:
    facts = json.dumps({"kind": "table", "id": "prices", "rows": {"gpt-4o": {"input_cost_per_token": 1e-06}}})
    (tmp_path / "prices.json").write_text(facts, encoding="utf-8")
    book = load(tmp_path, shipped("schemas"), "synapse")
    result = converted(book, "model_list: [{model_name: a, litellm_params: {model: gpt-4o}}]")
    assert result.one("models", modelId="gpt-4o")["pricing"]["inputCostPer1kTokens"] == 0.001
    assert [one.code for one in book.notices] == ["rule-override"]
