"""Conversions of the rule language: what they give, what they refuse, and that nothing else can happen."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litellm_migrate.convert.functions import FUNCTIONS, KIND_FUNCTIONS, texts
from litellm_migrate.convert.functions.numbers import decimal
from litellm_migrate.convert.functions.values import Refused, kind_of
from tiny.bookshop import entry

ALL = {
    **FUNCTIONS,
    **{
        f"{name} {word}": (function, 1)
        for name, (_, words) in KIND_FUNCTIONS.items()
        for word, function in words.items()
    },
}
"""Every function, with the number of its arguments; those that ask for a kind once for each kind."""
GIVES: list[tuple[str, tuple[Any, ...], Any]] = [
    ("today", (), "2026-11-04"),
    ("as number", ("1e-06",), 1e-06),
    ("as number", (" 5 ",), 5),
    ("as number", (2.0,), 2),
    ("as whole number", ("600",), 600),
    ("as whole number", (6e2,), 600),
    ("as whole number", (0,), 0),
    ("as number", (10**18,), 10**18),
    ("as number", (0,), 0),
    ("as text", ("",), ""),
    ("words", (5,), "5"),
    ("words", (True,), "True"),
    ("as flag", (False,), False),
    ("per_1k", (0.0000025,), 0.0025),
    ("per_1k", ("1e-07",), 0.0001),
    ("per_1k", (0,), 0),
    ("days", ("1mo",), Decimal(30)),
    ("days", ("12h",), Decimal("0.5")),
    ("days", ("weekly",), Decimal(7)),
    ("days", ("hourly",), Decimal(1) / 24),
    ("days", ("daily",), Decimal(1)),
    ("days", ("monthly",), Decimal(30)),
    ("days", ("3d",), Decimal(3)),
    ("days", ("2w",), Decimal(14)),
    ("cents_per_month", (1, "1s"), 259_200_000),
    ("cents_per_month", (1, "1440m"), 3000),
    ("cents_per_month", (0, "1d"), 0),
    ("cents_per_month", ("0.125", "1mo"), 12),
    ("cents_per_month", (100, "30d"), 10000),
    ("cents_per_month", (10, "1d"), 30000),
    ("cents_per_month", ("0.1", "1mo"), 10),
    ("percent", (0.7,), 70),
    ("percent", (1 / 3,), 33.333333),
    ("smallest", ([3, "1e0", 2.5],), "1e0"),
    ("smallest", ([],), None),
    ("smallest", (5,), 5),
    ("scaled", (0.5, 0.5, 0.25), 0.25),
    ("scaled", (0.5, 0, 0.25), 0.0),
    ("scaled", (1, 3, 1), 0.333333333),
    ("present", ("",), None),
    ("present", (0,), 0),
    ("clean_url", ("https://user:word@Host:8080/v1/?key=x#y",), "https://host:8080/v1"),
    ("host", ("HTTPS://Api.Example/v1",), "api.example"),
    ("host", ("api.example/v1",), None),
    ("url_path", ("https://api.example/a/b/",), "a/b"),
    ("url_path", ("https://api.example",), None),
    ("url_secret", ("https://api.example/v1?key=x",), True),
    ("url_secret", ("https://api.example/v1",), False),
    ("url_secret", ("https://user@api.example",), True),
    ("url_secret", ("https://:word@api.example",), True),
    ("url_secret", ("https://api.example/v1;key=x",), True),
    ("url_secret", ("https://api.example/v1#x",), True),
    ("url_secret", ("api.example/v1?key=x",), False),
    ("slug", ("Grüße an Äpfel/2",), "gr-e-an-pfel-2"),
    ("slug", ("///",), None),
    ("env_name", ("my-key 2",), "MY_KEY_2"),
    ("env_name", ("2nd",), "_2ND"),
    ("env_name", ("$(x)",), "X"),
    ("env_name", ("///",), "VALUE"),
    ("variable", ("already_fine",), "already_fine"),
    ("variable", ("not fine\n",), "NOT_FINE"),
    ("reference", ("NAME",), "${NAME}"),
    ("renamed", ("a-7", "a-*", "b/*/x"), "b/7/x"),
    ("renamed", ("a-7", "a-*", "b"), None),
    ("renamed", ("a-7", "b-*", "b-*"), None),
    ("renamed", ("a", "a*a", "a*a"), None),
    ("renamed", ("a", "a", "b"), "b"),
    ("renamed", ("a-b-c-d", "*-*", "*+*"), "a-b-c+d"),
    ("renamed", ("a-b", "*-*-*", "***"), None),
    ("renamed", ("a[1]", "*[1]", "*"), "a"),
    ("specificity", ("a.b-*",), 10),
    ("specificity", ("ab",), 2),
    ("glob", ("a[1]?*", "*?["), "a[[]1][?][*]"),
    ("glob", ("a*", "[?"), "a*"),
    ("plus", (1, "0.5"), 1.5),
    ("plus", (1000, 7), 1007),
    ("before", ("a/b/c", "/"), "a"),
    ("before", ("abc", "/"), None),
    ("after", ("a/b/c", "/"), "b/c"),
    ("after", ("a/", "/"), None),
    ("contains", ("a*b", "*"), True),
    ("contains", ([1, 2], 2), True),
    ("contains", (5, 5), False),
    ("starts_with", ("azure", "az"), True),
    ("starts_with", ("azure", "zu"), False),
    ("ends_with", (5, "x"), False),
    ("ends_with", ("azure", "re"), True),
    ("ends_with", ("azure", "ur"), False),
    ("contains", ("ab", "*"), False),
    ("length", ({"a": 1},), 1),
    ("keys", ({"a": 1, 5: 2},), ["a", "5"]),
    ("keys", (5,), None),
    ("only", ({"a": 1},), 1),
    ("only", ([1, 2],), None),
    ("only", ([5],), 5),
    ("only", ({},), None),
    ("only", ("a",), None),
    ("join", (", ", ["a", 1, None]), "a, 1, null"),
    ("join", (", ", "a"), "a"),
    ("intersection", (["a", "b", "c"], ["c", "a"]), ["a", "c"]),
    ("intersection", (["a"], ["b"]), []),
    ("merged", (["a", "b"], ["b", "c"]), ["a", "b", "c"]),
    ("without", (["a", "b"], ["b"]), ["a"]),
    ("cents", ("10.559",), 1055),
    ("cents", (1234.56,), 123456),
    ("cents", (0,), 0),
    ("lowered", ("Ann@A.example",), "ann@a.example"),
    ("shortened", ("0123456789", 8), "01234567"),
    ("moment", ("2026-12-31T01:00:00.5+01:00",), "2026-12-31T00:00:00Z"),
    ("moment", ("2026-12-31T01:00:00.000000Z",), "2026-12-31T01:00:00Z"),
    ("moment", ("2026-12-31 01:00:00",), "2026-12-31T01:00:00Z"),
    ("abridged", (["a", "b", "c"], 2), "a, b and 1 more"),
    ("abridged", (["a", "b"], 2), "a, b"),
    ("abridged", ([], 2), None),
    ("join", (", ", [{date(2026, 1, 2): "secret"}, [b"secret"], {"secret"}]), "a mapping, a list, a set"),
    ("quoted", ('a"`b\n',), '"a\\"\\u0060b\\n"'),
    ("texts", (["a"],), ["a"]),
    ("decimals", ("1e-06",), "0.000001"),
    ("decimals", (2.5,), "2.5"),
    ("dig", ({"a": [{"b": 5}]}, "a.0.b"), 5),
    ("dig", ({"a": [1]}, "a.7"), None),
    ("dig", (5, "a"), None),
    ("dig", ({"5": 1}, "5"), 1),
    ("dig", ([1], "x"), None),
    ("date_time", ("2026-12-31",), "2026-12-31T00:00:00Z"),
    ("prefix", ("a/b/c",), "a"),
    ("prefix", ("a/",), None),
    ("prefix", ("a",), None),
    ("prefix", (["a/b"],), None),
    ("is text", ("",), True),
    ("is text", (5,), False),
    ("is number", (True,), False),
    ("is number", (1.5,), True),
    ("is flag", (0,), False),
    ("is list", ([],), True),
    ("is mapping", ({},), True),
    ("type", (True,), "flag"),
    ("type", (1.5,), "number"),
]

REFUSES: list[tuple[str, tuple[Any, ...], str]] = [
    ("moment", ("one day",), "a date and a time"),
    ("intersection", ([["a"]], ["a"]), "a list of single values"),
    ("merged", ("a", ["a"]), "a list of single values"),
    ("shortened", ("a", "b"), "a whole number"),
    ("as number", (True,), "a number"),
    ("as number", ("5 per minute",), "a number"),
    ("as number", ([1],), "a number"),
    ("as number", (float("nan"),), "a finite number"),
    ("as number", ("1e9999",), "a number of a sensible size"),
    ("as number", (10**5000,), "a number of a sensible size"),
    ("as number", ("1_000",), "a number"),
    ("as number", ("1e99999999999999999999",), "a number"),
    ("as number", (10**19,), "a number of a sensible size"),
    ("as number", (date(2026, 1, 2),), "a number"),
    ("as whole number", (-1,), "a whole number"),
    ("as whole number", (1.5,), "a whole number"),
    ("as text", (5,), "a text"),
    ("words", ([],), "a single value"),
    ("as flag", ("true",), "true or false"),
    ("per_1k", (-0.1,), "a cost that is not negative"),
    ("per_1k", (-0.0001,), "a cost that is not negative"),
    ("days", ("0d",), "a period such as 24h, 7d or 1mo"),
    ("days", (30,), "a period such as 24h, 7d or 1mo"),
    ("days", ("soon",), "a period such as 24h, 7d or 1mo"),
    ("cents_per_month", (-1, "1d"), "an amount that is not negative"),
    ("smallest", ([1, "many"],), "a number"),
    ("clean_url", ("api.example",), "a URL with scheme and host"),
    ("clean_url", ("https:///v1",), "a URL with scheme and host"),
    ("clean_url", ("http://h:99999",), "a URL with scheme and host"),
    ("clean_url", ("https://h/v1 ",), "a URL with http or https, a host and no spaces"),
    ("clean_url", ("https://h ost/v1",), "a URL with http or https, a host and no spaces"),
    ("clean_url", ("ftp://h/v1",), "a URL with http or https, a host and no spaces"),
    ("length", (5,), "a text or a list"),
    ("slug", ([],), "a single value"),
    ("contains", ("text", 5), "a text"),
    ("before", ("text", ""), "a separator"),
    ("texts", (["a", 5],), "a list of texts"),
    ("texts", (["a", ""],), "a list of texts"),
    ("date_time", ("soon",), "a day such as 2026-12-31"),
]

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        ["1e400", "-0", "9" * 5000 + "d", "http://[", "http://a:b@[::1]:x", "\ud800", "٣", "os.environ/", ""]
    ),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
    st.dates(),
    st.binary(max_size=3),
)


def asked(name: str, *arguments: Any) -> Any:
    """What a rule's expression gives for these arguments."""
    given = {f"a{place}": argument for place, argument in enumerate(arguments)}
    function, _, word = name.partition(" ")
    return entry(given).value(f"{function}({', '.join([*given, *([repr(word)] if word else [])])})")


@pytest.mark.parametrize(("name", "arguments", "result"), GIVES)
def test_a_function_gives(name: str, arguments: tuple[Any, ...], result: Any) -> None:
    found = ALL[name][0](*arguments)
    assert (found, type(found)) == (result, type(result))


@pytest.mark.parametrize(("name", "arguments", "expected"), REFUSES)
def test_a_function_refuses(name: str, arguments: tuple[Any, ...], expected: str) -> None:
    with pytest.raises(Refused) as refused:
        ALL[name][0](*arguments)
    assert str(refused.value) == expected
    assert asked(name, *arguments) is None


def test_every_function_is_tested() -> None:
    assert {*ALL} - {"fingerprint"} <= {name for name, *_ in GIVES}


@pytest.mark.parametrize("name", ALL)
def test_null_in_null_out(name: str) -> None:
    count = ALL[name][1]
    for place in range(count):
        assert asked(name, *(None if other == place else "30d" for other in range(count))) is None


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(ALL)), st.lists(ODD, min_size=3, max_size=3))
def test_whatever_it_is_given_it_answers_or_refuses(name: str, values: list[Any]) -> None:
    found = asked(name, *values[: ALL[name][1]])
    assert found is None or kind_of(found) in {"text", "number", "flag", "list", "mapping", "date", "bytes"}
    if isinstance(found, (int, float)):
        json.dumps(found, allow_nan=False)


@settings(max_examples=200, deadline=None)
@given(st.decimals(min_value=0, max_value=100, places=12))
def test_money_is_exact(cost: Decimal) -> None:
    for written in (str(cost), float(cost)):
        assert Decimal(repr(ALL["per_1k"][0](written))) == Decimal(repr(float(decimal(written) * 1000)))
    assert ALL["as number"][0](str(cost)) == pytest.approx(float(cost))


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1))
def test_names_are_safe(text: str) -> None:
    assert re.fullmatch(r"[A-Z_][A-Z0-9_]*", ALL["env_name"][0](text))
    assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", ALL["variable"][0](text))
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", ALL["slug"][0](text) or "x")
    assert json.loads(ALL["quoted"][0](text)) == text
    assert re.fullmatch(r"[0-9a-f]{4}", ALL["fingerprint"][0](text))


@settings(max_examples=100, deadline=None)
@given(st.from_regex(r"[a-z]{4,9}", fullmatch=True), st.from_regex(r"[A-Z0-9]{5,9}", fullmatch=True))
def test_a_clean_url_hides_what_may_be_secret(host: str, secret: str) -> None:
    url = f"https://u:{secret}@{host}.example/v1?key={secret}#{secret}"
    assert ALL["clean_url"][0](url) == f"https://{host}.example/v1"
    assert ALL["url_secret"][0](url)


@given(st.text("ab", max_size=8), st.text("ab*", max_size=6))
def test_a_star_stands_for_what_a_regular_expression_would_take(value: str, pattern: str) -> None:
    fits = re.fullmatch("(.*)".join(map(re.escape, pattern.split("*"))), value)
    expected = "|".join(["", *fits.groups()]) if fits else None
    assert texts.renamed(value, pattern, "|*" * pattern.count("*")) == expected
