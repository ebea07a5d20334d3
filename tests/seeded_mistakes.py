"""Seeded mistakes: one for each kind that `check-rules` must catch, and the check that is meant to catch it.

Mistakes of one stage stand together in one copy of the shipped rules: everything wrong is reported at once.
"""

# ruff: noqa: E501 - one mistake a line

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from litellm_migrate import shipped
from litellm_migrate.lint.check import audit
from litellm_migrate.lint.violation import Violation

MODELS, ACCOUNTS, LIMITS = "relations/models.yaml", "relations/accounts.yaml", "relations/limits.yaml"
ROUTING, FALLBACKS, ENTRIES = "relations/routing.yaml", "relations/fallbacks.yaml", "relations/deployments.yaml"
CATALOG, ROUTES, KEYS = "endpoints/catalog.yaml", "endpoints/routing.yaml", "relations/keys.yaml"
PROVIDERS, HOSTS, TIERS = "tables/providers.yaml", "tables/hosts.yaml", "tables/routing.yaml"
SPELLINGS, WRITTEN, NAMES = "tables/spellings.yaml", "tables/written.yaml", "catalog/names.json"
DIALECT, PROXY, ROUTER = (
    "dialects/openapi-0.2.yaml",
    "dispositions/litellm_settings/requests.yaml",
    "dispositions/router_settings/settings.yaml",
)
FOREIGN, MODEL_INFO, SOURCE = (
    "dispositions/general_settings/misplaced.yaml",
    "dispositions/model_info/settings.yaml",
    "source.yaml",
)
SECRETS, BUDGETS = "secrets.yaml", "dispositions/litellm_settings/keys_and_budgets.yaml"


@dataclass(frozen=True)
class Seed:
    """One mistake: a replacement in a rule file, and what must be said of it."""

    kind: str
    check: str
    file: str
    old: str
    new: str
    says: tuple[str, ...]
    seen: str = ""
    """A text of the changed file whose line is the one that is named; else the line where the change begins."""
    seen_in: str = ""
    """The file that is named, if it is another one."""

    def plant(self, rules: Path) -> None:
        """Makes the mistake in a copy of the rules."""
        file = rules / self.file
        text = file.read_text(encoding="utf-8")
        assert self.old in text, f"{self.kind}: {self.file} no longer holds {self.old!r}"
        file.write_text(text.replace(self.old, self.new, 1), encoding="utf-8")

    def place(self, rules: Path) -> tuple[str, int]:
        """The file and the line that must be named, once all mistakes are planted."""
        file = rules / (self.seen_in or self.file)
        wanted = self.seen or self.new
        text = file.read_text(encoding="utf-8")
        assert wanted in text, f"{self.kind}: {wanted!r} is not in {file}"
        start = text.index(wanted) + len(wanted) - len(wanted.lstrip("\n"))
        return str(file), text[:start].count("\n") + 1

    def caught(self, found: list[Violation], rules: Path) -> Violation | None:
        """What the check that is meant for it says, at its place."""
        place = self.place(rules)
        here = [one for one in found if (one.problem.file, one.problem.line) == place and one.check == self.check]
        return next((one for one in here if all(text in one.problem.message for text in self.says)), None)


READ = [
    Seed("no YAML", "load", LIMITS, "from: deployment", "from: [deployment", ("expected YAML",), "\nsteps:"),
    Seed(
        "duplicate prefix",
        "load",
        PROVIDERS,
        "\n  groq: ",
        "\n  openai: {type: CUSTOM}\n  groq: ",
        ("each key once", "`openai`"),
    ),
    Seed(
        "a value that YAML makes a date", "load", TIERS, "{rps: 10,", "{rps: 2026-01-01,", ("found a date", "Quote it")
    ),
    Seed("a key that YAML makes a flag", "load", KEYS, "\nid: master", "\nyes: 1\nid: master", ("text as key",)),
]
WORDS = [
    Seed(
        "note about nobody knows what",
        "load",
        ENTRIES,
        '    at: base\n    manual: "Calls may',
        '    manual: "Calls may',
        ("expected `at`",),
        "  - when: endpoint_hidden",
    ),
    Seed("misspelt key", "load", MODELS, "    disagree:", "    disagre:", ("`disagre` is no word", "`disagree`")),
    Seed("unknown kind of file", "load", LIMITS, "kind: relation", "kind: relatoin", ("`relatoin`", "`relation`")),
    Seed(
        "misspelt step",
        "load",
        ROUTING,
        '- findings:\n  - {when: "!deployment.model.id"',
        '- finding:\n  - {when: "!deployment.model.id"',
        ("`finding` is no word", "`findings`"),
    ),
    Seed("word left out", "load", ROUTES, "from: gateway\n", "", ("expected `from`",), "kind: endpoint"),
    Seed(
        "row that is Manual without a step",
        "load",
        TIERS,
        "    do: Choose a strategy of Synapse in",
        "    too: Choose a strategy of Synapse in",
        ("`manual` and `do`",),
        "  provider-budget-routing:",
    ),
    Seed(
        "Manual without a step",
        "load",
        ROUTING,
        "    do: Name one model group and convert again.\n",
        "",
        ("expected `do`",),
        '  - when: "!(name && target)"',
    ),
]
LOAD = [
    Seed("misspelt column", "load", LIMITS, "columns: {requests: sum(rpm)", "columns: {requests: sum(rmp)", ("`rmp`", "`rpm`")),
    Seed("setting that does not exist", "load", ACCOUNTS, "api_version: api_version", "api_version: litellm_params.api_versoin", ("`api_versoin`", "`api_version`")),
    Seed("unknown class of a code", "load", "codes.yaml", "class: blocks", "class: urgent", ("`urgent` is no declared class",)),
    Seed("unknown function", "load", ACCOUNTS, "site: host(endpoint)", "site: hots(endpoint)", ("`hots` is no function", "`host`")),
    Seed("unknown table", "load", ACCOUNTS, "google_ref: lookup('written'", "google_ref: lookup('writen'", ("`writen` is no table or relation", "`written`")),
    Seed("unknown answer", "load", ENTRIES, "setting_key, file_key)).keyless", "setting_key, file_key)).keyles", ("answers no `keyles`", "`keyless`")),
    Seed("kind that does not exist", "load", ENTRIES, "is(organization_item, 'text')", "is(organization_item, 'txt')", ("second argument of is is one of", "'text'")),
    Seed("cell of a table not in the enum", "load", PROVIDERS, "cohere: {type: COHERE,", "cohere: {type: COHER,", ("`type` of `cohere` in table `providers`", "`COHERE`")),
    Seed("unknown relation", "load", CATALOG, "from: account\nunique_key: [slug]", "from: acount\nunique_key: [slug]", ("no relation", "`account`")),
    Seed("two dispositions for one setting", "load", ROUTER, "kind: dispositions", "kind: dispositions\nunder: router_settings\nsettings:\n  num_retries: {skipped: LiteLLM tries again.}\n---\nkind: dispositions", ("also decided",), "\n  num_retries:\n"),
    Seed("two wildcards that fit as well", "load", PROXY, "\nsettings:\n", "\nsettings:\n  drop_p*s: {skipped: LiteLLM drops what does not fit.}\n  d*params: {skipped: LiteLLM drops what does not fit.}\n", ("as specific", "longer"), "  d*params"),
    Seed("disposition for no setting", "load", MODEL_INFO, "\nsettings:\n", "\nsettings:\n  base_modle: {skipped: LiteLLM looks prices up by it.}\n", ("no known setting", "`base_model`"), "  base_modle"),
    Seed("cyclic order", "load", CATALOG, "depends_on: [integrations]", "depends_on: [models]", ("in a circle", "providers depends on")),
    Seed("alternatives hidden in `||`", "load", ROUTING, "    target: first(as(value.model", '    other: "key || key"\n    target: first(as(value.model', ("`||` hides", "list")),
    Seed("endpoint without a schema", "load", ROUTES, "file: rate_limits.json", "file: rate_limit.json", ("no schema", "`rate_limits.json`")),
    Seed("no regular expression", "load", SPELLINGS, '"gpt-image.*"', '"gpt-(image.*"', ("regular expression",)),
    Seed("name that is taken", "load", LIMITS, "    fits: \"lookup", "    requests: \"lookup", ("is a column already",)),
]  # fmt: skip
FIELDS = [
    Seed("field not in the schema", "target", CATALOG, "  displayName: upstream", "  displayNam: upstream", ("no field of models.json", "`displayName`")),
    Seed("required field that nothing writes", "target", CATALOG, "", "", ("requires `displayName`",), "body:\n  modelId:"),
    Seed("required field that may be left out", "target", CATALOG, "body:\n  name: name\n  providerType: type", "body:\n  name: name\n  providerType: if(secret, type)", ("requires `providerType`", "`if`"), "  providerType: if(secret, type)"),
    Seed("field not in a dialect's schema", "target", DIALECT, "    weights: weights", "    weight: weights", ("no field of routing_config.json in dialect openapi-0.2", "`weights`")),
    Seed("constant not in the enum", "value", ROUTING, "'cost_optimized')", "'cost_optimised')", ("'cost_optimised' does not fit", "`cost_optimized`")),
    Seed("constant of the wrong type", "value", CATALOG, "'managed-by:litellm-migrate'", "5", ("5 does not fit", "providers.json"), "  tags: list("),
    Seed("constant of the wrong type in a dialect", "value", DIALECT, "'managed-by:litellm-migrate'", "7", ("7 does not fit", "providers.json in dialect openapi-0.2"), "    tags: list("),
    Seed("body that the schema refuses", "example", ROUTES, "percent(route_weight)", "slug(pattern)", ("/rules/0/weight: expected",), "\n- config:"),
    Seed("example that is wrong", "example", ACCOUNTS, "{name: openai-other, requests: 5}", "{name: openai-othr, requests: 5}", ("expected 'openai-othr'", "'openai-other'")),
    Seed("mask that the rules take for a variable", "example", SECRETS, "name: masked-key-{number}", "name: hidden-key-{number}", ("HIDDEN_KEY_1",), "  - {providerType: GROQ, apiKey: '${API_KEY_7AB6}'}", CATALOG),
]  # fmt: skip
SETTINGS = [
    Seed("setting without an answer", "universe", PROXY, "  drop_params:\n", "  drop_params.*:\n", ("`litellm_settings.drop_params`",), "universe: ", SOURCE),
    Seed("foreign pattern for a known setting", "disposition", FOREIGN, "\nsettings:\n", "\nsettings:\n  alerting_thr*: {skipped: LiteLLM reads this threshold elsewhere only.}\n", ("foreign", "`general_settings.alerting_threshold`"), "  alerting_thr"),
    Seed("family that never decides", "disposition", BUDGETS, "  upperbound_key_generate_params.max_budget:", "  upperbound_key_generate_params: {skipped: LiteLLM has ceilings for keys.}\n  upperbound_key_generate_params.max_budget:", ("never decides",), "  upperbound_key_generate_params: {"),
    Seed("wildcard that is shadowed", "disposition", BUDGETS, "  upperbound_key_generate_params.max_budget:", "  upperbound_key_generate_params.*_budget: {skipped: LiteLLM has ceilings for keys.}\n  upperbound_key_generate_params.max_budget:", ("never decides",), "  upperbound_key_generate_params.*_budget"),
    Seed("reason that is boilerplate", "reason", FOREIGN, "  ttl:\n", "  zz_1: {skipped: Not supported by Synapse.}\n  ttl:\n", ("is boilerplate",), "  zz_1"),
    Seed("reason that says too little", "reason", FOREIGN, "  ttl:\n", "  zz_2: {skipped: It has no effect.}\n  ttl:\n", ("says too little",), "  zz_2"),
    Seed("reason that is unfinished", "reason", FOREIGN, "  ttl:\n", "  zz_3: {skipped: TODO find out what LiteLLM does with it.}\n  ttl:\n", ("is unfinished",), "  zz_3"),
    Seed("reason that is no sentence", "reason", FOREIGN, "  ttl:\n", "  zz_4: {skipped: LiteLLM reads this in another place only}\n  ttl:\n", ("complete sentence",), "  zz_4"),
    Seed("the same words for everything", "reason", FOREIGN, "  ttl:\n", "".join(f"  zy_{n}: {{skipped: LiteLLM reads this in quite another place.}}\n" for n in range(6)) + "  ttl:\n", ("stand in 6 places",), "  zy_5"),
]  # fmt: skip
TABLES = [
    Seed("row that is listed twice", "table", SPELLINGS, "- pixtral-large-latest\n", "- mistral-ocr-latest   # again\n  - pixtral-large-latest\n", ("also stands in line",)),
    Seed("key that a JSON file holds twice", "table", NAMES, '  "baseten": [', '  "ai21_chat": [],\n  "baseten": [', ("is there twice",), '  "ai21_chat": [],'),
    Seed("shares that do not sum to one", "table", TIERS, "weights: {cost: 0.2,", "weights: {cost: 0.3,", ("sum to 1.1",)),
    Seed("shares of a dialect", "table", DIALECT, "weights: {cost: 0.1,", "weights: {cost: 0.3,", ("sum to 1.2",)),
    Seed("row that no question reaches", "table", HOSTS, "  api.poe.com/v1: ", "  https://api.poe.com/v1: ", ("no question leads to", "match by host")),
    Seed("dead row", "coverage", WRITTEN, "(?P<plain>.+)): {}", "(?P<plain>.+)): {}\n  (?P<plain>x.+): {}", ("in no example does the row",), "  (?P<plain>x"),
    Seed("dead table", "unused", LIMITS, "kind: relation", "kind: table\nid: spare_table\nrows: {a: {}}\n---\nkind: relation", ("no rule asks table `spare_table`",), "kind: table"),
    Seed("dead relation", "unused", LIMITS, "kind: relation", "kind: relation\nid: spare_rows\nfrom: deployment\n---\nkind: relation", ("nothing reads relation `spare_rows`",), "kind: relation\nid: spare_rows"),
    Seed("dead column", "unused", ACCOUNTS, "    site: host(endpoint)", "    spare: host(endpoint)\n    site: host(endpoint)", ("nothing reads the column `spare`",), "    spare:"),
    Seed("alternative that never wins", "coverage", LIMITS, "tier: first(fits, 'enterprise')", "tier: first(fits, 'enterprise', 'pro')", ("alternative 3 of `tier`",), "    tier: first(fits"),
    Seed("condition that never holds", "coverage", ENTRIES, "  - when: endpoint_hidden\n", "  - when: endpoint_hidden && vendor == 'nobody'\n", ("in no example", "holds"), "  - when: endpoint_hidden &&"),
    Seed("condition that always holds", "coverage", LIMITS, 'when: "!fits"', 'when: "!(fits || tier)"', ("in no example", "holds")),
    Seed("sentence that is never said", "coverage", FALLBACKS, " && is(target, 'text') && !overridden\n", " && is(target, 'text') && !overridden && !value\n", ("no example makes the rules say this",), '    manual: "This fallback of {from} never worked'),
    Seed("rest of a table that no example takes", "coverage", "relations/guardrails.yaml", "guardrail: lakera,", "guardrail: presidio,", ("no example asks table `guard_engines`",), "kind: table\nid: guard_engines", "tables/guards.yaml"),
    Seed("missing example", "coverage", ROUTING, "{router_settings: {routing_strategy: lar1}}", "{router_settings: {routing_strategy: simple-shuffle}}", ("row `lar1`",), "  lar1:", TIERS),
]  # fmt: skip
SILENT = [
    Seed("code that is not declared", "code", LIMITS, "code: LM403", "code: LM4033", ("`LM4033` is no declared code", "`LM403`")),
    Seed("manual outcome without a code", "code", "relations/guardrails.yaml", '    code: LM311\n    drop: true\n  - when: "!synapse_action"\n    at: entity', '    drop: true\n  - when: "!synapse_action"\n    at: entity', ("expected a code", "Write `code:`"), '  - when: "!pattern && !recognizers"\n    at: entity'),
    Seed("document of manual outcomes without a code", "code", "dispositions/model_info/misplaced.yaml", "code: LM901\n", "", ("expected a code", "Write `code:`"), "  tool_calling:"),
    Seed("code of something to do on what is skipped", "code", "dispositions/environment_variables.yaml", "code: LM902", "code: LM701", ("expected a code of class `never`", "found `LM701` of class `changes`")),
    Seed("code that no outcome has", "unused", "codes.yaml", "codes:\n", "codes:\n  LM999: {name: spare, class: check, title: Nothing has this code, about: No outcome of the rules has this code.}\n", ("no outcome has the code `LM999`",), "  LM999:"),
    Seed("hole that a list fills", "expression", FALLBACKS, "and finds {from}.", "and finds {value}.", ("a list or a mapping fills the hole `{value}`",)),
    Seed("hole in doubled braces", "expression", LIMITS, "{excess} a minute", "{{excess}} a minute", ("printed as `{excess}`", "Write `{excess}`")),
    Seed("column that only an example has", "example", LIMITS, "rows: [{requests: 700, tier: pro,", "rows: [{request: null, requests: 700, tier: pro,", ("`request` is no column", "`requests`")),
    Seed("field that only an example has", "example", CATALOG, "  - {modelId: z}", "  - {modelid: null, modelId: z}", ("no field that this endpoint writes", "`modelId`")),
    Seed("misspelt setting of an example", "example", LIMITS, "{model: openai/x, rpm: 99000}", "{model: openai/x, rmp: 1, rpm: 99000}", ("`rmp` in `model_list.*.litellm_params.rmp` is no known setting", "`rpm`")),
    Seed("rest of a table that nobody asks for", "unused", TIERS, "id: tiers\n", "id: tiers\notherwise: {skipped: No tier of the gateway holds so many requests.}\n", ("`otherwise` of table `tiers` is never said",), "otherwise: {skipped: No tier"),
]  # fmt: skip
STAGES = {
    "silent": SILENT,
    "read": READ,
    "words": WORDS,
    "load": LOAD,
    "fields": FIELDS,
    "settings": SETTINGS,
    "tables": TABLES,
}


def planted(stage: str, folder: Path) -> tuple[Path, list[Violation]]:
    """A copy of the shipped rules with all mistakes of a stage, and what an audit finds in it."""
    rules = Path(shutil.copytree(shipped("rules"), folder / stage / "rules"))
    for seed in STAGES[stage]:
        seed.plant(rules)
    return rules, audit(rules, shipped("schemas"))
