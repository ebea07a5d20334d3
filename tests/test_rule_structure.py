"""Mistakes in the build of a rule file are errors at load: twice the same, circles, what JMESPath hides, no YAML."""

from __future__ import annotations

from functools import cache

import pytest

from rule_copies import Mistake, untold

KEYS, ACCOUNTS, LIMITS = "relations/keys.yaml", "relations/accounts.yaml", "relations/limits.yaml"
ROUTING, CATALOG, TABLES = "relations/routing.yaml", "endpoints/catalog.yaml", "tables/routing.yaml"
SPELLINGS, SETTINGS = "tables/spellings.yaml", "dispositions/router_settings/settings.yaml"
PATTERNS = "  polling_interval:"
SENTENCE = '{skipped: "Nothing is to be done about it here."}'

TWICE = [
    Mistake("key", LIMITS, "id: limited\n", "id: limited\nid: other\n", ("`id`", "once"), "id: other"),
    Mistake(
        "id",
        LIMITS,
        "id: limited\n",
        "id: total\n",
        ("the relation `total` is also in",),
        "kind: relation\nid: total   ",
    ),
    Mistake("row", TABLES, "  starter: ", "  pro: {rpm: 1}\n  starter: ", ("`pro`", "once"), "  pro: {rps: 50"),
    Mistake(
        "pattern",
        SETTINGS,
        PATTERNS,
        f"  polling_interval.: {SENTENCE}\n{PATTERNS}",
        ("is also decided in",),
        f"{PATTERNS}\n",
    ),
    Mistake(
        "pattern of nothing",
        SETTINGS,
        PATTERNS,
        f"  '*olling_interva': {SENTENCE}\n  'olling_interva*': {SENTENCE}\n{PATTERNS}",
        ("`olling_interva*`", "no known setting"),
        "  'olling_interva*'",
    ),
    Mistake(
        "globs",
        SETTINGS,
        PATTERNS,
        f"  '*olling_interval': {SENTENCE}\n  'polling_interva*': {SENTENCE}\n{PATTERNS}",
        ("`router_settings.polling_interval` fits", "as specific", "Make one of them longer"),
        "  'polling_interva*'",
    ),
    Mistake("column", LIMITS, "    many_tokens:", "    many_requests :", ("each key once",)),
    Mistake("column of before", LIMITS, "    level:", "    tokens:", ("`tokens` is a column already", "another name")),
    Mistake(
        "column of the source",
        KEYS,
        "    file_key: present",
        "    model_list: present",
        ("`model_list` is a column already",),
    ),
]

CIRCLES = [
    Mistake(
        "relation",
        LIMITS,
        "from: group_limits",
        "from: total",
        ("in a circle", "limited needs total"),
    ),
    Mistake("relation looks itself up", ACCOUNTS, "lookup('budget'", "lookup('account'", ("account needs account",)),
    Mistake(
        "endpoints",
        CATALOG,
        "depends_on: [integrations]",
        "depends_on: [models]",
        ("endpoints in a circle", "providers depends on"),
    ),
]

HIDDEN = [
    Mistake("row", ROUTING, '"!deployment.model.id"', '"!deployment.model"', ("reads a whole row",)),
    Mistake("or", LIMITS, "{requests: sum(rpm)", "{requests: sum(rpm || tpm)", ("`||` hides", "list")),
    Mistake(
        "syntax",
        KEYS,
        "file_key: present(general_settings.master_key)",
        "file_key: present(general_settings.master_key",
        ("expected an expression",),
    ),
    Mistake(
        "below a value",
        KEYS,
        "names: client_names.names",
        "names: client_names.names.x",
        ("`x` is no column", "in `client_names.names`"),
    ),
]

TEXTS = [
    Mistake("pattern", SPELLINGS, '"gpt-image.*"', '"gpt-(image.*"', ("regular expression", "`gpt-(image.*`")),
    Mistake("no YAML", LIMITS, "from: deployment", "from: [deployment", ("expected YAML",), "steps:"),
    Mistake("a tab", LIMITS, "from: deployment", "from:\n\t- deployment", ("expected YAML",), "\t- dep"),
    Mistake("yes", LIMITS, "from: deployment", "from: deployment\non: {}", ("text as key", "flag", "Quote"), "on: {}"),
    Mistake(
        "list as key", LIMITS, "from: deployment", "from: deployment\n? [a]\n: b", ("text as key", "list"), "? [a]"
    ),
    Mistake("merge", TABLES, "{rps: 10,", "{<<: {}, rps: 10,", ("no merge key (`<<`)", "Write its keys out")),
    Mistake("kind", LIMITS, "kind: relation", "kind: [relation]", ("expected a kind of rule file", "['relation']")),
    Mistake("date", TABLES, "{rps: 10,", "{rps: 2026-01-01,", ("a number", "date", "Quote it")),
    Mistake("infinity", TABLES, "{rps: 10,", "{rps: .inf,", ("a number", "Quote it")),
    Mistake("tag", TABLES, "{rps: 10,", "{rps: !!python/object:os.system 1,", ("YAML", "Quote it")),
    Mistake(
        "empty document",
        LIMITS,
        "kind: relation",
        "---\n---\nkind: relation",
        ("expected a kind of rule file",),
        "---\nkind",
    ),
]


MISTAKES = [*TWICE, *CIRCLES, *HIDDEN, *TEXTS]


@cache
def all_untold() -> dict[Mistake, str]:
    """What is not told, worked out once for all tests."""
    return untold(MISTAKES)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one.name)
def test_a_mistake_is_found_where_it_stands(mistake: Mistake) -> None:
    assert mistake not in all_untold(), all_untold()[mistake]
