"""The columns that tables declare: every row is held to them when rules are loaded, and a mistake is said once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from litellm_migrate import shipped
from litellm_migrate.lint.check import audit
from litellm_migrate.rulebook.load import documents_of, load
from litellm_migrate.rulebook.nodes import by_id
from litellm_migrate.source.model import Problems
from rule_copies import Mistake, lent_rules, problems_of

ADDRESS = "an address that begins with https:// or http:// and does not end in a slash or /chat/completions"
VARIABLE = "the name of an environment variable in capitals"
TYPE = "a provider type of Synapse"
ROWS = {
    "no-scheme: {type: CUSTOM, base_url: api.acme.example/v1, env: K}": ("base_url", ADDRESS, "`api.acme.example/v1`"),
    "slash: {type: CUSTOM, base_url: https://a.example/v1/, env: K}": ("base_url", ADDRESS, "`https://a.example/v1/`"),
    "call: {type: CUSTOM, base_url: https://a/v1/chat/completions/, env: K}": ("base_url", ADDRESS, "completions/`"),
    "call-too: {type: CUSTOM, base_url: https://a/v1/chat/completions, env: K}": ("base_url", ADDRESS, "completions`"),
    "password: {type: CUSTOM, base_url: 'https://u:p@a.example/v1', env: K}": ("base_url", ADDRESS, "`https://…@a.example/v1`"),
    "dash: {type: CUSTOM, env: acme-key}": ("env", VARIABLE, "`acme-key`"),
    "small: {type: CUSTOM, env: acme_key}": ("env", VARIABLE, "`acme_key`"),
    "number: {type: CUSTOM, env: 7}": ("env", VARIABLE, "the number `7`"),
    "flag: {type: CUSTOM, keyless: 'yes'}": ("keyless", "true or false", "`yes`"),
    "no-type: {env: K}": ("type", TYPE, "lacks `type`"),
    "no-key: {type: CUSTOM}": ("env", VARIABLE, "lacks `env` or `keyless`"),
    "type: {type: CUSTM, env: K}": ("type", TYPE, "`CUSTM`; did you mean `CUSTOM`?"),
    "elsewhere: {type: CUSTOM, elsewhere: 5, env: K}": ("elsewhere", TYPE, "the number `5`"),
    "unknown: {type: CUSTOM, env: K, base-url: x}": ("base-url", "", "is no column of table `providers`; did"),
    "sentence: {type: CUSTOM, env: K, differs: true}": ("differs", "a sentence", "the flag `true`"),
}  # fmt: skip
"""Rows of providers, each with its mistake: the cell, what is expected, and the rest of what is said."""


def own(folder: Path, text: str) -> Path:
    """A folder with one file of rules."""
    folder.mkdir(exist_ok=True)
    (folder / "own.yaml").write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path, dialect: str = "synapse") -> list[str]:
    """What loading a folder says, each with its place but for the folder."""
    with pytest.raises(Problems) as raised:
        load(folder, shipped("schemas"), dialect)
    return [str(problem).replace(f"{folder}/", "") for problem in raised.value.problems]


def test_each_cell_that_does_not_fit_is_one_problem_at_its_place(tmp_path: Path) -> None:
    rows = "".join(f"  {row}\n" for row in ROWS)
    folder = own(tmp_path / "o", f"kind: table\nid: providers\nrows:\n{rows}")
    found = [violation.problem for violation in audit(folder, shipped("schemas"))]
    assert len(found) == len(ROWS), "\n".join(map(str, found))
    for line, (problem, (row, (cell, expected, rest))) in enumerate(zip(found, ROWS.items(), strict=True), 4):
        key = row.partition(":")[0]
        column = 3 if rest.startswith("lacks") else next(re.finditer(rf"[{{ ]{cell}: ", row)).start() + 4
        assert problem.file == str(folder / "own.yaml")
        assert (problem.line, problem.column) == (line, column), row
        assert f"`{key}`" in problem.message
        assert f"`{cell}`" in problem.message
        assert expected in problem.message
        assert rest in problem.message
        assert "^" not in problem.message


SHIPPED = [
    Mistake(
        "column",
        "tables/routing.yaml",
        "picks: the deployment with the fewest requests",
        "pick: the deployment with the fewest requests",
        ("`pick` of `least-busy` is no column of table `strategies`; did you mean `picks`?",),
    ),
    Mistake(
        "word",
        "tables/routing.yaml",
        "strategy: latency_sensitive",
        "strategy: latency_sensitiv",
        ("`strategy` of `latency-based-routing` in table `strategies`: expected a strategy of Synapse, found",),
    ),
    Mistake(
        "number",
        "tables/routing.yaml",
        "starter: {rps: 10, rpm: 100,",
        "starter: {rps: 10, rpm: many,",
        ("`rpm` of `starter` in table `tiers`: expected a whole number above 0, found `many`.",),
    ),
    Mistake(
        "type",
        "tables/providers.yaml",
        "{type: GROQ,",
        "{type: GROK,",
        ("`type` of `groq` in table `providers`: expected",),
    ),
    Mistake(
        "column of a host",
        "tables/hosts.yaml",
        "{vendor: helicone}",
        "{vendr: x}",
        ("`vendr` of `ai-gateway.helicone.ai` is no column of",),
    ),
    Mistake(
        "column that the rest gives",
        "tables/spellings.yaml",
        "gives: vendor",
        "gives: vender",
        ("`vender` is no column of table `azure_foreign`; did",),
    ),
]


def test_shipped_rows_are_held_to_their_columns() -> None:
    rules = lent_rules()
    assert [mistake.name for mistake in SHIPPED if not mistake.make(rules)] == []
    found = problems_of(rules)
    assert [mistake.name for mistake in SHIPPED if not mistake.told(rules, found)] == [], "\n".join(map(str, found))
    assert len(found) == len(SHIPPED)


def test_cells_of_dialects_are_held_to_the_columns_in_that_dialect(tmp_path: Path) -> None:
    cells = "{gemini: {type: GOGLE}, mistral: {env: m-key}, cohere: {type: GROQ}}"
    folder = own(tmp_path / "o", f"kind: dialect\nid: openapi-0.2\ntables:\n  providers: {cells}\n")
    found = problems(folder, "openapi-0.2")
    assert [problem.split(":")[:2] for problem in found] == [["own.yaml", "4"]] * 3
    assert "`GOGLE`; did you mean `GOOGLE`" in found[0]
    assert "`env` of `mistral` in table `providers`" in found[1]
    assert "found `GROQ`, which dialect `openapi-0.2` does not have." in found[2]


def test_rows_laid_over_generated_facts_have_the_cells_that_rules_ask_for(tmp_path: Path) -> None:
    folder = own(tmp_path / "o", "kind: table\nid: prices\nrows: {gpt-4o: {input_cost_per_tokn: 1.0e-06}}\n")
    assert (
        "`input_cost_per_tokn` of `gpt-4o` is no column of table `prices`; did you mean `input_cost"
        in problems(folder)[0]
    )


@pytest.mark.parametrize(
    "columns",
    [
        {"{about: The colour of it., type: string}": "no rule asks table `tiers` for `hue0`"},
        {
            "{about: The colour of it., form: a colour, field: modls.family}": "`modls` is no endpoint; did you mean",
            "{about: The colour of it., form: a colour, field: models.famly}": "`famly` is no field in the schema of",
        },
        {"{about: The colour of it., type: string, form: a colour, pattern: '('}": "expected a JSON Schema"},
        {"{about: The colour of it., type: string, pattern: 'x'}": "form"},
    ],
    ids=["unread", "of no field", "no schema", "no form"],
)
def test_a_column_that_cannot_be_is_a_problem(tmp_path: Path, columns: dict[str, str]) -> None:
    lines = "".join(f"  hue{number}: {column}\n" for number, column in enumerate(columns))
    found = problems(own(tmp_path / "o", f"kind: table\nid: tiers\ncolumns:\n{lines}"))
    for line, (problem, says) in enumerate(zip(found, columns.values(), strict=True), 4):
        assert problem.startswith(f"own.yaml:{line}:")
        assert says in problem


def test_a_table_of_ones_own_may_declare_columns_and_need_not(tmp_path: Path) -> None:
    rows = "rows: {starter: {rpm: 5, hue: red}}"
    assert "`hue` of `starter` is no column" in problems(own(tmp_path / "o", f"kind: table\nid: tiers\n{rows}\n"))[0]
    whole = f"kind: table\nid: tiers\nreplace: true\n{rows.replace('rpm: 5', 'rps: 1, rpm: 5, tpm: 6, rpd: 7')}\n"
    assert "no rule asks table `tiers` for `hue`" in problems(own(tmp_path / "o", whole))[0]


def test_every_table_that_is_written_by_hand_declares_its_columns() -> None:
    tables = by_id(documents_of(shipped("rules"), shipped("schemas")), "table")
    assert [name for name, node in tables.items() if node.file.endswith(".yaml") and not node.has("columns")] == []
