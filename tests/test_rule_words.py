"""Messages about rules are plain: what to write instead, and no words of a parser or of JSON Schema."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from litellm_migrate import shipped
from litellm_migrate.lint.check import audit

JARGON = re.compile(
    r"oneOf|anyOf|minLength|maxProperties|minItems|dependentRequired|Parse error|token|constructor|JMESPath"
)
HEAD = "kind: relation\nid: mine\n"
DEPLOYMENT = HEAD + "from: deployment\nsteps:\n"
FILTER = DEPLOYMENT + "- findings: [{when: %s, drop: silently}]\n"
WRONG = {
    "a tab": (
        DEPLOYMENT + "- findings: [{when: group, drop: silently}]\n\t- findings: []\n",
        "a tab; YAML is indented by spaces",
    ),
    "an exclamation mark": (
        DEPLOYMENT + "- findings: [{when: !group, drop: silently}]\n",
        "begins with `!`, which YAML takes for a tag. Quote it",
    ),
    "an indent": (DEPLOYMENT + "- columns:\n    a: group\n   b: group\n", "indented otherwise than its neighbours"),
    "a list that is open": (HEAD + "from: [deployment\nsteps: []\n", "`[` or `{` that is not closed"),
    "an alias": (FILTER % "*group", "an alias without its anchor"),
    "a comma in a flow list": (DEPLOYMENT + "- columns: {a: [starts(group, name)]}\n", "quote the whole"),
    "JMESPath's name for a function of ours": (
        DEPLOYMENT + "- columns: {a: to_string(group)}\n",
        "`to_string` is no function",
    ),
    "a mapping": (
        DEPLOYMENT + "- columns: {a: {look: hosts, up: group, for: vendor}}\n",
        "expected a text",
    ),
    "one equals sign": (FILTER % "group = 'a'", "write `==` for equal"),
    "words for signs": (FILTER % "group and group", "write `&&` for and"),
    "arithmetic": (DEPLOYMENT + "- columns: {a: requests * 100}\n", "there is no arithmetic"),
    "a text": (
        DEPLOYMENT + "- findings: [{when: 'group == \"x\"', drop: silently}]\n",
        "A text stands in single quotes: 'x'",
    ),
    "no source": (HEAD + "steps: []\n", "expected `from` here"),
    "two steps in one": (
        DEPLOYMENT + "- unfold: {of: a, as: b}\n  columns: {a: group}\n",
        "expected a mapping of at most 1 keys",
    ),
    "a short sentence": (
        DEPLOYMENT + "- findings: [{at: group, skipped: No.}]\n",
        "a text of at least 12 characters",
    ),
    "a kind of value": (DEPLOYMENT + "- findings: group\n", "expected a list"),
    "a window inside a value": (
        DEPLOYMENT + '- columns: {a: "if(group, count_per(group))"}\n',
        "Make its call the whole value of a column",
    ),
    "a value that is no aggregate": (
        DEPLOYMENT + "- group: {by: {a: group}, columns: {b: base}}\n",
        "expected agreed(",
    ),
    "a key of another length": (
        DEPLOYMENT + "- columns: {a: \"lookup('route', group, group).model\"}\n",
        "`route` has a key of 1, and 2 are given",
    ),
    "a relation without a key": (
        DEPLOYMENT + "- columns: {a: \"lookup('gateway', group).strategy\"}\n",
        "name a column: lookup('gateway.COLUMN', KEY)",
    ),
    "an agreement without its end": (
        DEPLOYMENT + "- group: {by: {a: group}, columns: {b: agreed(base)}}\n",
        "expected `disagree` here",
    ),
    "a key that is null": (
        DEPLOYMENT + "- columns: {null: group}\n",
        "expected a text as key, found nothing. Quote it",
    ),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What is told of each mistake: of all at once, then of those that others hid, as long as there is more."""
    folder = tmp_path_factory.mktemp("own")
    files = {str(folder / f"own-{number}.yaml"): case for number, case in enumerate(WRONG)}
    for number, (file, case) in enumerate(files.items()):
        Path(file).write_text(WRONG[case][0].replace("id: mine", f"id: mine_{number}"), encoding="utf-8")
    told: dict[str, list[str]] = {}
    while len(told) < len(WRONG):
        problems = [one.problem for one in audit(folder, shipped("schemas"))]
        found = {problem.file for problem in problems}
        assert found, f"nothing is told of {WRONG.keys() - told.keys()}"
        told |= {files[file]: [str(one) for one in problems if one.file == file] for file in found}
        for file in found:
            Path(file).unlink()
    return told


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_told_in_plain_words(case: str, told: dict[str, list[str]]) -> None:
    assert any(WRONG[case][1] in message for message in told[case]), told[case]
    assert not any(JARGON.search(message) for message in told[case]), told[case]
