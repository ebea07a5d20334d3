"""In the report names are data: no name ends a table's row, adds a cell, or becomes markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversion import DIALECTS, rulebook
from litellm_migrate import shipped
from litellm_migrate.cli.convert import convert_checked, output_of
from properties import NASTY, Config, configurations, source_of

ANCHOR = re.compile(r'<a id="lm[0-9]+"></a>')
SPAN = re.compile(r"(?<![`\\])(`+)(?!`)(.*?)(?<!`)\1(?!`)")


def report(config: Config, dialect: str) -> str:
    book = rulebook(dialect)
    return output_of(convert_checked(book, source_of(config), shipped("schemas")), "-", "0").texts[
        "migration_report.md"
    ]


def outside_fences(text: str) -> Iterator[str]:
    """The lines that are no code block."""
    fenced = False
    for line in text.split("\n"):
        if line.startswith("```"):
            fenced = not fenced
        elif not fenced:
            yield line
    assert not fenced


def cells(line: str) -> int:
    """How many cells a row has: an escaped pipe separates nothing, not even in code."""
    return len(re.split(r"(?<!\\)\|", line.strip())) - 2


def check(text: str) -> None:
    assert text.splitlines() == text.split("\n")[:-1]
    head = 0
    for line in outside_fences(text):
        if not line.startswith("|"):
            head = 0
            continue
        head = head or cells(line)
        assert cells(line) == head, line
    for line in outside_fences(text):
        plain = SPAN.sub("", ANCHOR.sub("", line))
        assert not re.search(r"(?<!\\)<[A-Za-z/!?]", plain), line
        assert "`" not in plain.replace("\\`", ""), line


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(configurations(), st.sampled_from(DIALECTS))
def test_no_name_breaks_the_report(config: Config, dialect: str) -> None:
    check(report(config, dialect))


def test_each_nasty_name_is_shown_as_it_is() -> None:
    config: Config = {
        "model_list": [
            {"model_name": name, "litellm_params": {"model": f"groq/{name}", "x_odd": name}} for name in NASTY
        ],
        "router_settings": {"fallbacks": [{name: [name]} for name in NASTY if "${" not in name and "{{" not in name]},
    }
    text = report(config, "synapse")
    check(text)
    assert "\u202e" not in text
    assert "\x1b" not in text
