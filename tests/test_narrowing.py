"""Rules narrowed to a document give what they give whole: the same values, the same origins, the same report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversion import DIALECTS, EXAMPLES, rulebook
from litellm_migrate import shipped
from litellm_migrate.cli.convert import output_of
from litellm_migrate.convert import run as conversion
from litellm_migrate.convert.expressions import Expression
from litellm_migrate.convert.narrowing.bodies import narrowed
from litellm_migrate.convert.narrowing.presence import Present
from litellm_migrate.convert.run import convert
from litellm_migrate.source.model import Path as Place
from litellm_migrate.source.model import Problems, Source
from litellm_migrate.source.read import read_source
from properties import Config, configurations, source_of
from tiny.library import entry

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
few = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
FILES = [*sorted(EXAMPLES.glob("*.yaml")), *sorted(CORPUS.glob("*.yaml"))[::7]]


def both(source: Source, dialect: str) -> list[Any]:
    """What a conversion writes with narrowed rules, and with whole ones."""
    book, made = rulebook(dialect), []
    for narrow in (narrowed, lambda book, _document: book):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(conversion, "narrowed", narrow)
            texts = output_of(convert(book, source, shipped("schemas")), book, "config.yaml", "0").texts
            made.append({name: text.splitlines() for name, text in texts.items()})
    return made


@few
@given(configurations(), st.sampled_from(DIALECTS))
def test_a_configuration_converts_the_same(config: Config, dialect: str) -> None:
    narrow, whole = both(source_of(config), dialect)
    assert narrow == whole


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name[:40])
def test_a_file_converts_the_same(file: Path, dialect: str) -> None:
    try:
        source = read_source(str(file), rulebook(dialect).grammar)
    except Problems:
        pytest.skip("it is refused before any rule is asked")
    narrow, whole = both(source, dialect)
    assert narrow == whole


def test_what_nobody_wrote_is_gone() -> None:
    document = {"model_list": [{"model_name": "a", "litellm_params": {"model": "openai/gpt-4o"}}]}
    book = rulebook("synapse")
    left = narrowed(book, document)
    fields = {shape.id: {".".join(field.target) for field in shape.fields} for shape in left.endpoints}
    assert "apiKey" in fields["integrations"]
    assert "config.location" not in fields["integrations"]
    assert left.endpoints[0].fields != book.endpoints[0].fields


NAMES = ("a", "b", "c.d")
TEXTS = st.recursive(
    st.sampled_from((*NAMES, "`1`", "`null`", "'x'")),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(("&&", "||", "==", "!=", "<")), inner).map(
            lambda three: f"({' '.join(three)})"
        ),
        inner.map(lambda text: f"!({text})"),
        inner.map(lambda text: f"present({text})"),
    ),
    max_leaves=6,
)


@given(TEXTS, st.sets(st.sampled_from(NAMES)), st.dictionaries(st.sampled_from("abc"), st.integers(0, 2)))
def test_an_expression_without_what_is_absent_says_the_same(text: str, gone: set[str], values: dict[str, int]) -> None:
    absent = {tuple(name.split(".")) for name in gone}
    row: dict[str, Any] = {"a": values.get("a"), "b": values.get("b"), "c": {"d": values.get("c")}}
    for name, *inside in absent:
        row[name] = {} if inside else None
    whole = Expression(text, condition=True)
    assert whole.narrowed(lambda path: path in absent).value(entry(row)) == whole.value(entry(row))


@pytest.mark.parametrize(
    ("path", "absent"),
    [(("x",), False), (("x", "y"), False), (("x", "z"), True), (("list", "*", "n"), False), (("list", "*", "m"), True)],
)
def test_what_is_there_anywhere_is_present(path: Place, absent: bool) -> None:
    assert Present([{"x": 1}, {"x": {"y": None}}, {"list": [{"n": 0}]}]).absent(path) is absent
