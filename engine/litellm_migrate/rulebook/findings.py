"""Parses findings: what a relation, or a field of an endpoint, says of settings that are not simply carried."""

from __future__ import annotations

from litellm_migrate.convert.columns import Sentence
from litellm_migrate.convert.lookups import TableLookup
from litellm_migrate.convert.outcomes import DIFFERS, MANUAL, SKIPPED
from litellm_migrate.convert.rows import Column
from litellm_migrate.convert.steps import AnswerRule, FindingRule
from litellm_migrate.rulebook.columns import ColumnParser
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.rulebook.static_types import RowShape, suggestion

NOTICE = "notice"
CLASSES = (MANUAL, SKIPPED, NOTICE, DIFFERS)
"""The words whose sentence is an outcome; a notice is an outcome of no setting in particular."""


def sentence(columns: ColumnParser, spec: RuleNode, shape: RowShape) -> Sentence | None:
    """The outcome of a finding, whose texts may have holes; None if it has none."""
    word = next((word for word in CLASSES if spec.has(word)), None)
    if word is None:
        return None
    because, do = columns.text(spec.at(word), shape), columns.text(spec.at("do"), shape)
    return Sentence(MANUAL if word == NOTICE else word, because, do, str(spec.value.get("code", "")))


def finding(
    columns: ColumnParser, spec: RuleNode, shape: RowShape, rule: str, about: tuple[Column, ...] | None
) -> FindingRule:
    """One finding; where it has no `at`, it is about `about`."""
    when = columns.condition(spec.at("when"), shape) if spec.has("when") else None
    at = tuple(columns.column(part, shape)[0] for part in spec.at("at").listed()) if spec.has("at") else about
    drops = bool(spec.value.get("drop"))
    return FindingRule(when, () if spec.has(NOTICE) else at, sentence(columns, spec, shape), drops, rule)


def answer(columns: ColumnParser, spec: RuleNode, shape: RowShape, look: Column | None, rule: str) -> AnswerRule | None:
    """The finding that a row takes which no row of a table answers; `look` is the column that asks the table."""
    name = str(spec.value["answer"])
    if shape.at(name) is None:
        columns.wrong(spec.at("answer"), f"`{name}` is no column{suggestion(name, shape.names())}")
    elif not isinstance(look, TableLookup) or look.answer:
        columns.wrong(spec.at("answer"), f"expected a column that is lookup('TABLE', KEY), found `{name}`.")
    else:
        columns.sites.read(spec, shape, ((name,),), True)
        return AnswerRule(look, rule)
    return None
