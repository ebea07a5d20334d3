"""Overlays: a folder that holds only what differs from the shipped rules, without a line of Python."""

from __future__ import annotations

import io
import json
from pathlib import Path
from textwrap import dedent

import pytest

from conversion import NESTED, Result
from litellm_migrate import shipped
from litellm_migrate.cli.convert import convert_checked
from litellm_migrate.lint.check import audit
from litellm_migrate.rulebook.load import load
from litellm_migrate.rulebook.types import Rulebook
from litellm_migrate.source.model import Problems
from litellm_migrate.source.read import read_source
from rule_copies import Mistake, untold

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
from: config.badges
steps:
- columns: {text: "as(label, 'text')", points: "as(size, 'whole number')"}
- findings: [{when: "!text", drop: silently}]
---
kind: endpoint
id: badges
create: POST /api/v1/badges
read: GET /api/v1/badges
update: PUT /api/v1/badges/{id}
delete: DELETE /api/v1/badges/{id}
container: badges
file: badges.json
from: badge
unique_key: [label]
optional: true
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
    return Result(done)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return overlay(tmp_path_factory.mktemp("overlay") / "acme", OWN)


@pytest.fixture(scope="module")
def own_book(own: Path) -> Rulebook:
    return load(own, shipped("schemas"), "synapse")


@pytest.mark.parametrize("dialect", NESTED)
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


def test_what_is_replaced_is_reported_and_what_is_added_is_not(own: Path, own_book: Rulebook) -> None:
    result = converted(own_book)
    told = [one for one in result.data["notices"] if one["code"] == "rule-override"]
    assert [one["line"] for one in told] == [5, 5, 15]
    assert all(one["file"] == str(own / "own.yaml") for one in told)
    assert ["rows.groq.type" in told[0]["because"], "rows.groq.base_url" in told[1]["because"]] == [True, True]
    assert "shipped rule in tables/providers.yaml:" in told[0]["because"]
    assert "litellm_settings.drop_params" in told[2]["because"]
    assert "rows.groq" in result.output.texts["migration_report.md"]


def test_the_new_section_alone_is_a_configuration(own_book: Rulebook) -> None:
    assert converted(own_book, "badges: [{label: x}]").many("badges")


@pytest.mark.full
def test_check_rules_passes_and_asks_only_for_the_overlay(own: Path) -> None:
    assert [str(one) for one in audit(own, shipped("schemas"))] == []


@pytest.mark.full
def test_check_rules_passes_where_a_field_may_be_anything(own: Path) -> None:
    file = next(file for file in own.rglob("*.yaml") if SIZE in file.read_text(encoding="utf-8"))
    anything = "properties: {label: true, size: {type: integer, minimum: 1}}"
    file.write_text(file.read_text(encoding="utf-8").replace(SIZE, anything), encoding="utf-8")
    assert [str(one) for one in audit(own, shipped("schemas"))] == []


def test_a_body_is_held_against_the_stated_schema(own_book: Rulebook) -> None:
    with pytest.raises(Problems, match=r"badges.json/0/size: expected a number of at least 1"):
        converted(own_book, "badges: [{label: x, size: 0}]")


SIZE = "properties: {label: {type: string}, size: {type: integer, minimum: 1}}"
WRONG = [
    Mistake(name, "own.yaml", old, new, (says,), at)
    for name, old, new, says, at in [
        ("column", "size: points}\nexamples", "size: pionts}\nexamples", "`pionts` is no column", "pionts"),
        ("word of an endpoint", "from: badge\n", "from: badge\neach_of: badge\n", "`each_of` is no word", "each_of"),
        ("word of a schema", "  required:", "  requierd:", "is no word here; did you mean `required`", ""),
        ("pattern of a schema", SIZE, "properties: {label: {pattern: '('}}", "expected a JSON Schema", "schema:\n  t"),
        ("place", 'under: ""', "under: litellm_setings", "is no known setting; did you mean", ""),
        ("setting", "  drop_params:", "  drop_parms:", "did you mean `drop_params`", ""),
        ("target", "relation: gateway", "relation: gatway", "`gatway` is no relation; did you mean", ""),
        ("answer", "env: ACME", "evn: ACME", "`evn` of `acme` is no column of table `providers`; did", "acme: {"),
    ]
]  # fmt: skip


@pytest.fixture(scope="module")
def wrong_untold(tmp_path_factory: pytest.TempPathFactory) -> dict[Mistake, str]:
    folder = tmp_path_factory.mktemp("wrong")
    return untold(WRONG, lambda: overlay(folder, OWN))


@pytest.mark.parametrize("mistake", WRONG, ids=lambda one: one.name)
def test_problems_name_the_lines_of_the_overlay(mistake: Mistake, wrong_untold: dict[Mistake, str]) -> None:
    assert mistake not in wrong_untold, wrong_untold[mistake]


def test_a_mask_of_ones_own_stands_in_the_place_of_keys(tmp_path: Path) -> None:
    mask = "{name: 'own-key-{number}', because: 'Company policy forbids this, see {name}.', do: Ask the security team.}"
    folder = overlay(tmp_path / "o", f"kind: secrets\nid: secrets\npaths: []\nmask: {mask}\n")
    key = "sk-Zx7f3a9c2e41b8d60"
    result = converted(
        load(folder, shipped("schemas"), "synapse"), CONFIG.replace("model_name: b", f"model_name: {key}")
    )
    assert result.routing["rules"][0]["modelPattern"] == "own-key-1"
    (told,) = [one for one in result.data["notices"] if one["code"] == "looks-like-key"]
    assert (told["because"], told["do"]) == ("Company policy forbids this, see own-key-1.", "Ask the security team.")


def test_stated_twice_in_one_overlay_is_a_problem(tmp_path: Path) -> None:
    folder = overlay(tmp_path / "o", OWN)
    (folder / "too.yaml").write_text(OWN.partition("---")[0].replace("llm.", "other."), encoding="utf-8")
    with pytest.raises(Problems, match=r"too.yaml:4:24: this is also stated in .*own.yaml:4:24"):
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


COMPANY = """\
kind: table
id: strategies
rows:
  latency-based-routing: {strategy: balanced, differs: Acme weighs cost as much as latency.}
---
kind: table
id: providers
rows:
  openai: {base_url: https://egress.acme.example/v1}
  bedrock: {type: CUSTOM, base_url: https://bedrock.acme.example/v1, env: BEDROCK_KEY}
  xai: {replace: true, type: CUSTOM, base_url: https://x.acme.example/v1, keyless: true}
"""
ROUTED = """\
model_list:
- {model_name: a, litellm_params: {model: groq/x, rpm: 5, tpm: 6}}
- {model_name: b, litellm_params: {model: openai/gpt-4o}}
- {model_name: c, litellm_params: {model: bedrock/x}}
- {model_name: d, litellm_params: {model: xai/x}}
router_settings: {routing_strategy: latency-based-routing}
"""


def overridden(result: Result) -> list[str]:
    """What the report says of rules that gave way."""
    return [one["because"] for one in result.data["notices"] if one["code"] == "rule-override"]


@pytest.fixture(scope="module")
def routed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    folder = overlay(tmp_path_factory.mktemp("company"), COMPANY)
    return {name: converted(load(folder, shipped("schemas"), name), ROUTED) for name in NESTED}


@pytest.mark.parametrize("dialect", NESTED)
def test_a_row_keeps_the_cells_that_an_overlay_does_not_state(routed: dict[str, Result], dialect: str) -> None:
    result = routed[dialect]
    assert result.routing["strategy"] == "balanced"
    setting = result.setting("/router_settings/routing_strategy")
    assert "Acme weighs cost" in json.dumps(setting)
    assert "refuses nothing" not in result.output.texts["migration_report.md"]
    made = {body["endpointUrl"]: body for body in result.many("integrations") if "endpointUrl" in body}
    by_key = {body["apiKey"]: body["providerType"] for body in result.many("integrations")}
    assert by_key["${OPENAI_API_KEY}"] in {"OPEN_AI", "CUSTOM"}
    assert made["https://bedrock.acme.example/v1"]["providerType"] == "CUSTOM"
    assert made["https://x.acme.example/v1"]["apiKey"] == "not-needed"


def test_an_overlay_wins_over_a_dialect_and_says_so_there_only(routed: dict[str, Result]) -> None:
    told = {dialect: overridden(result) for dialect, result in routed.items()}
    assert not any("dialects/" in text for text in told["synapse"])
    of_dialect = [text for text in told["openapi-0.2"] if text not in told["synapse"]]
    parts = [
        text.partition(" takes the place of the shipped rule in dialects/openapi-0.2.yaml:")[0] for text in of_dialect
    ]
    assert sorted(parts) == [
        "table providers: rows.bedrock",
        "table providers: rows.xai",
        "table strategies: rows.latency-based-routing.strategy",
    ]


@pytest.mark.full
def test_check_rules_passes_for_rows_of_some_cells(tmp_path: Path) -> None:
    assert [str(one) for one in audit(overlay(tmp_path / "o", COMPANY), shipped("schemas"))] == []


FIELD = """\
kind: settings
id: acme
under: model_list.*.litellm_params
schema: {properties: {rpd: {type: integer}}}
---
kind: dispositions
under: model_list.*.litellm_params
settings: {rpd: null}
---
kind: relation
id: model
group: {columns: {daily_limit: "agreed(as(litellm_params.rpd, 'whole number'))"}}
columns: {daily: "if(daily_limit > 0, daily_limit)"}
---
kind: endpoint
id: models
schema: {properties: {limits: {properties: {maxRequestsPerDay: {type: integer, minimum: 1}}}}}
body: {limits.maxRequestsPerDay: daily}
examples:
- config: {model_list: [{model_name: a, litellm_params: {model: openai/x, rpd: 500}}]}
  bodies: [{modelId: x, limits: {maxRequestsPerDay: 500}}]
"""
DAILY = "model_list: [{model_name: a, litellm_params: {model: openai/x, rpd: 7}}]"


def test_a_field_more_is_a_column_a_field_and_its_schema(tmp_path: Path) -> None:
    folder = overlay(tmp_path / "o", FIELD)
    assert len(FIELD.splitlines()) < 30
    for dialect in NESTED:
        result = converted(load(folder, shipped("schemas"), dialect), DAILY)
        assert result.one("models", modelId="x")["limits"] == {"maxRequestsPerDay": 7}
        assert [text.partition(" takes away")[0] for text in overridden(result)] == [
            "dispositions: model_list.*.litellm_params.rpd"
        ]


@pytest.mark.full
def test_check_rules_passes_for_a_field_more(tmp_path: Path) -> None:
    assert [str(one) for one in audit(overlay(tmp_path / "o", FIELD), shipped("schemas"))] == []


@pytest.mark.full
def test_a_setting_that_a_shipped_rule_calls_unknown_is_named(tmp_path: Path) -> None:
    kept = FIELD.replace("kind: dispositions\nunder: model_list.*.litellm_params\nsettings: {rpd: null}\n---\n", "")
    (problem,) = [str(one) for one in audit(overlay(tmp_path / "o", kept), shipped("schemas"))]
    assert "`model_list.*.litellm_params.rpd` is known here" in problem
    assert "misplaced.yaml" in problem
    assert "by `null`" in problem


def test_null_takes_a_field_away(tmp_path: Path) -> None:
    folder = overlay(tmp_path / "o", "kind: endpoint\nid: models\nbody: {displayName: Model, family: null}\n")
    with pytest.raises(Problems, match="there is no `family` to take away"):
        load(folder, shipped("schemas"), "synapse")
    folder = overlay(tmp_path / "o", "kind: endpoint\nid: models\nbody: {limits.maxOutputTokens: null}\n")
    text = "model_list: [{model_name: a, litellm_params: {model: gpt-4o}}]"
    limits = converted(load(folder, shipped("schemas"), "synapse"), text).one("models")["limits"]
    assert list(limits) == ["maxContextLength"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("kind: relation\nid: account\ncolumns: {name: \"as(base, 'text')\"}\n", None),
        ("kind: relation\nid: tier_limit\nfrom: account\ngroup: {columns: {x: count()}}\n", "has 0 groupings"),
        ("kind: dispositions\nunder: litellm_settings\nsettings: {drop_parms: null}\n", "nothing to take away"),
        ("kind: table\nid: prices\nrows: {gpt-4o: null}\n", "no row of generated facts can be taken away"),
        ("kind: endpoint\nid: models\nbody: null\n", "expected `body` here"),
        ("kind: endpoint\nid: models\nreplace: \"true\"\n", "expected `replace: true`, found `true`"),
        ("kind: endpoint\nid: models\nbdy: {}\n", "`bdy` is no word here; did you mean `body`"),
    ],
)  # fmt: skip
def test_what_cannot_be_laid_over_is_a_problem_of_the_overlay(tmp_path: Path, text: str, says: str | None) -> None:
    folder = overlay(tmp_path / "o", text)
    with pytest.raises(Problems) as raised:
        load(folder, shipped("schemas"), "synapse")
    assert all(problem.file == str(folder / "own.yaml") for problem in raised.value.problems)
    assert (says or "") in str(raised.value)


def test_documents_that_replace_the_shipped_one_need_all_their_words(tmp_path: Path) -> None:
    folder = overlay(tmp_path / "o", "kind: endpoint\nid: models\nreplace: true\nbody: {modelId: id}\n")
    with pytest.raises(Problems, match=r"own.yaml:1:1: expected `file` and `from` here"):
        load(folder, shipped("schemas"), "synapse")
