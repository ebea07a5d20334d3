"""A misspelt name in a rule file is an error at load: with file, line and the nearest right name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from litellm_migrate.source.model import Problems
from rule_copies import Mistake, lent_rules, problems_of, untold
from tiny.bookshop import Library

KEYS, ACCOUNTS, LIMITS = "relations/keys.yaml", "relations/accounts.yaml", "relations/limits.yaml"
ROUTES, CATALOG, TIERS = "endpoints/routing.yaml", "endpoints/catalog.yaml", "tables/routing.yaml"
PROVIDERS, DIALECT, SOURCE = "tables/providers.yaml", "dialects/openapi-0.2.yaml", "source.yaml"
SETTINGS, SECRETS = "dispositions/router_settings/settings.yaml", "secrets.yaml"

NAMES = [
    Mistake("column", LIMITS, "{requests: sum(rpm)", "{requests: sum(rmp)", ("`rmp`", "`rpm`")),
    Mistake(
        "setting below",
        KEYS,
        "(general_settings.master_key)",
        "(general_settings.master_ky)",
        ("`master_ky`", "`master_key`"),
    ),
    Mistake("function", KEYS, "file_key: present(", "file_key: presnt(", ("`presnt` is no function", "`present`")),
    Mistake(
        "arguments", LIMITS, "unlimited_count: length(", "unlimited_count: length('x', ", ("takes 1 argument", "not 2")
    ),
    Mistake("table", LIMITS, "lookup('tiers'", "lookup('teirs'", ("`teirs` is no table", "`tiers`")),
    Mistake("answer", LIMITS, "}).key", "}).kye", ("answers no `kye`", "`key`")),
    Mistake(
        "answer read",
        ACCOUNTS,
        "usual_location: provider.location",
        "usual_location: provider.locatoin",
        ("`locatoin`", "`location`"),
    ),
    Mistake(
        "answer that nobody reads",
        PROVIDERS,
        "openai: {type:",
        "openai: {tipe:",
        ("`tipe`", "`type`"),
    ),
    Mistake("form", LIMITS, "lookup(", "lokup(", ("`lokup` is no function", "`lookup`")),
    Mistake("key of a way", LIMITS, "lookup('tiers', {rpm:", "lookup('tiers', {rmp:", ("answers no `rmp`", "`rpm`")),
    Mistake(
        "relation", ACCOUNTS, "lookup('budget'", "lookup('bugdet'", ("`bugdet` is no table or relation", "`budget`")
    ),
    Mistake("relation of rows", LIMITS, "from: deployment", "from: deploiment", ("`deploiment`", "`deployment`")),
    Mistake(
        "relation of an endpoint", CATALOG, "from: account", "from: acount", ("`acount` is no relation", "`account`")
    ),
    Mistake("endpoint", CATALOG, "depends_on: [providers]", "depends_on: [provider]", ("no endpoint", "`providers`")),
    Mistake(
        "reference", CATALOG, "refers_to: integrations", "refers_to: integration", ("no endpoint", "`integrations`")
    ),
    Mistake("identity", CATALOG, "unique_key: [slug]", "unique_key: [slog]", ("no field of the body", "`slug`")),
    Mistake("variables", CATALOG, "  apiKey: key_origin", "  apiKy: key_origin", ("no field of the body", "`apiKey`")),
    Mistake("file", CATALOG, "file: providers.json", "file: provider.json", ("no schema", "`providers.json`")),
    Mistake(
        "from",
        ACCOUNTS,
        "from: config.router_settings.",
        "from: config.router_setings.",
        ("no known setting", "`router_settings`"),
    ),
    Mistake(
        "setting", SETTINGS, "  polling_interval:", "  poling_interval:", ("no known setting", "`polling_interval`")
    ),
    Mistake(
        "setting above", SETTINGS, "  model_group_alias.*.hid", "  model_group_alia.*.hid", ("`model_group_alias`",)
    ),
    Mistake("section", SOURCE, "- model_list\n", "- modle_list\n", ("no known setting", "`model_list`")),
    Mistake(
        "place of a secret",
        SECRETS,
        "- general_settings.master_key",
        "- general_setings.master_key",
        ("known setting",),
    ),
    Mistake("universe", SOURCE, "universe: litellm.json", "universe: litelm.json", ("no schema", "`litellm.json`")),
    Mistake("hole of a text", CATALOG, "litellm:{vendor}", "litellm:{vendr}", ("`vendr`", "`vendor`")),
    Mistake(
        "hole of a sentence",
        SOURCE,
        "that of line {lines}.",
        "that of line {line}.",
        ("expected no holes but", "`{lines}`"),
    ),
    Mistake(
        "hole of a mask's sentence",
        SECRETS,
        "Outputs show {name}",
        "Outputs show {nam}",
        ("expected no holes but", "`{name}`"),
    ),
    Mistake(
        "mask that looks like a key",
        SECRETS,
        "masked-key-{number}",
        "sk-1234567890abcdef{number}",
        ("looks like no key",),
    ),
    Mistake(
        "mask that is stated twice",
        SECRETS,
        "kind: secrets",
        "kind: secrets\nid: more\npaths: []\nmask: {name: 'key {number}', because: A key was here., do: Take it out.}"
        "\n---\nkind: secrets",
        ("also stated in", "Keep one"),
        "mask:\n",
    ),
    Mistake("rank", ROUTES, "highest_first: rank", "highest_first: rnk", ("`rnk` is no column", "`rank`")),
    Mistake(
        "cell",
        DIALECT,
        "azure: {type:",
        "azure: {typ:",
        ("`typ` of `azure` is no column", "`type`"),
    ),
    Mistake("row of a cell", DIALECT, "    groq: ", "    grok: ", ("has no row `grok`", "`groq`")),
    Mistake("table of cells", DIALECT, "  strategies:", "  strategis:", ("is no table", "`strategies`")),
    Mistake(
        "endpoint of a dialect",
        DIALECT,
        "\n  providers:\n    tags:",
        "\n  provides:\n    tags:",
        ("`providers`",),
        "  provides:",
    ),
]

WORDS = [
    Mistake("kind", LIMITS, "kind: relation", "kind: relatoin", ("found `relatoin`", "`relation`")),
    Mistake("word", LIMITS, "\nsteps:", "\nstep:", ("`step` is no word here", "`steps`"), "step:"),
    Mistake("step", LIMITS, "- findings:", "- finding:", ("`finding` is no word here", "`findings`")),
    Mistake(
        "word of a step", LIMITS, "columns: {requests", "column: {requests", ("`column` is no word here", "`columns`")
    ),
    Mistake(
        "word of an endpoint", ROUTES, "depends_on: [", "depend_on: [", ("`depend_on` is no word here", "`depends_on`")
    ),
    Mistake("word of an outcome", SETTINGS, "    do: >-", "    doo: >-", ("`doo`", "`do`")),
    Mistake("mask like a template", SECRETS, "masked-key-{number}", "<key {number}>", ("of the form", "number")),
    Mistake("mask without a number", SECRETS, "masked-key-{number}", "masked-key", ("of the form", "number")),
    Mistake("word of a mask", SECRETS, "  because: ", "  becaus: ", ("`becaus` is no word here", "`because`")),
    Mistake("word left out", LIMITS, "\nid: group_limits", "", ("expected `id` here",), "kind: relation"),
]


@cache
def all_untold() -> dict[Mistake, str]:
    """What is not told, worked out once for all tests."""
    return untold([*NAMES, *WORDS])


@pytest.mark.parametrize("mistake", [*NAMES, *WORDS], ids=lambda one: one.name)
def test_a_misspelt_name_is_found_where_it_stands(mistake: Mistake) -> None:
    assert mistake not in all_untold(), all_untold()[mistake]


def test_what_keys_look_like_is_not_told_without_what_stands_for_them(tmp_path: Path) -> None:
    with pytest.raises(Problems, match=r"rules.yaml:3:1: expected `mask` beside `looks`"):
        Library(tmp_path).rules("kind: secrets\nid: more\nlooks: [key-.*]\npaths: []\n")


def test_misspelt_names_are_told_at_once_in_their_order() -> None:
    rules = lent_rules()
    chosen = [one for one in NAMES if one.name in {"column", "function", "table", "setting", "rank", "section"}]
    assert [one.name for one in chosen if not one.make(rules)] == []
    found = problems_of(rules)
    assert all(one.told(rules, found) for one in chosen)
    assert list(found) == sorted(found)


def test_the_shipped_rules_have_no_problem() -> None:
    rules = lent_rules()
    assert problems_of(rules) == problems_of(rules, "openapi-0.2") == ()
