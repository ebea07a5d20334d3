"""Messages about rules are plain: what to write instead, and no words of a parser or of JSON Schema."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest

from litellm_migrate import shipped
from litellm_migrate.lint.check import audit

JARGON = re.compile(
    r"oneOf|anyOf|minLength|maxProperties|minItems|dependentRequired|Parse error|token|constructor|JMESPath"
)
HEAD = "kind: relation\nid: own\n"
DEPLOYMENT = HEAD + "rows: deployment\nsteps:\n"
WRONG = {
    "a tab": (DEPLOYMENT + "- where: group\n\t- where: group\n", "a tab; YAML is indented by spaces"),
    "an exclamation mark": (DEPLOYMENT + "- where: !group\n", "begins with `!`, which YAML takes for a tag. Quote it"),
    "an indent": (DEPLOYMENT + "- columns:\n    a: group\n   b: group\n", "indented otherwise than its neighbours"),
    "a list that is open": (HEAD + "rows: [deployment\nsteps: []\n", "`[` or `{` that is not closed"),
    "an alias": (DEPLOYMENT + "- where: *group\n", "an alias without its anchor"),
    "a comma in a flow list": (DEPLOYMENT + "- columns: {a: [starts(group, name)]}\n", "quote the whole"),
    "JMESPath's name for a function of ours": (
        DEPLOYMENT + "- where: to_string(group)\n",
        "`to_string` is no function",
    ),
    "a mapping": (
        DEPLOYMENT + "- columns: {a: {look: hosts, up: group, for: vendor}}\n",
        "write lookup('TABLE', KEY).CELL",
    ),
    "a condition beside a value": (
        DEPLOYMENT + "- columns: {a: {from: group, when: group}}\n",
        "write if(CONDITION, VALUE)",
    ),
    "one equals sign": (DEPLOYMENT + "- where: group = 'a'\n", "write `==` for equal"),
    "words for signs": (DEPLOYMENT + "- where: group and group\n", "write `&&` for and"),
    "arithmetic": (DEPLOYMENT + "- columns: {a: requests * 100}\n", "there is no arithmetic"),
    "a text": (DEPLOYMENT + "- where: 'group == \"x\"'\n", "A text stands in single quotes: 'x'"),
    "two sources": (HEAD + "each: model_list\nrows: deployment\n", "expected one of `each` and `rows`, found several"),
    "two verbs": (DEPLOYMENT + "- where: group\n  columns: {a: group}\n", "expected a mapping of at most 1 keys"),
    "a short sentence": (DEPLOYMENT + "- note: {of: group, skipped: No.}\n", "a text of at least 12 characters"),
    "a kind of value": (DEPLOYMENT + "- within: {by: group}\n", "expected a list"),
    "an agreement without its end": (
        DEPLOYMENT + "- group: {by: {a: group}, agree: {b: base}}\n",
        "disagree beside agree",
    ),
    "a key that is null": (
        DEPLOYMENT + "- columns: {null: group}\n",
        "expected a text as key, found nothing. Quote it",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_told_in_plain_words(case: str, tmp_path: Path) -> None:
    text, says = WRONG[case]
    (tmp_path / "own.yaml").write_text(dedent(text), encoding="utf-8")
    messages = [str(one) for one in audit(tmp_path, shipped("schemas"))]
    assert any(says in message for message in messages), messages
    assert not any(JARGON.search(message) for message in messages), messages
