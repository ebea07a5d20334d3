"""Of all patterns that cover a setting, the most specific decides."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litellm_migrate.convert.dispositions import Disposition, Dispositions
from litellm_migrate.convert.outcomes import SKIPPED, Outcome


def patterns(*texts: str) -> Dispositions:
    """Dispositions with these patterns."""
    return Dispositions(Disposition(tuple(text.split(".")), Outcome(SKIPPED, text)) for text in texts)


def decider(known: Dispositions, *path: Any) -> str | None:
    """The pattern that decides on a path."""
    found = known.of(path)
    return found.rule if found else None


@pytest.mark.parametrize(
    ("texts", "path", "winner"),
    [
        (["a"], ("a",), "a"),
        (["a"], ("a", "b", 0, "c"), "a"),
        (["a"], ("b",), None),
        (["a.b"], ("a",), None),
        (["a", "a.b"], ("a", "b", "c"), "a.b"),
        (["a.*", "a.b"], ("a", "b"), "a.b"),
        (["a.*", "a.b*"], ("a", "bc"), "a.b*"),
        (["a.b*", "a.bc*"], ("a", "bcd"), "a.bc*"),
        (["a.*_x", "a.*"], ("a", "b_x"), "a.*_x"),
        (["a.*.c", "a.b"], ("a", "b", "c"), "a.*.c"),
        (["a.*.c", "a.b.*"], ("a", "b", "c"), "a.b.*"),
        (["*.b", "a"], ("a", "b"), "*.b"),
        (["a.*.c"], ("a", 0, "c"), "a.*.c"),
        (["a.*"], ("a", "b.c"), "a.*"),
        (["a.True"], ("a", True), None),
        (["a.true"], ("a", True), "a.true"),
        (["a.5"], ("a", 5), "a.5"),
        (["a.B"], ("a", "b"), None),
    ],
)
def test_the_most_specific_wins(texts: list[str], path: tuple[Any, ...], winner: str | None) -> None:
    for order in (texts, texts[::-1]):
        assert decider(patterns(*order), *path) == winner


@pytest.mark.parametrize(
    ("default", "path", "value", "holds"),
    [
        (False, ("a", "b"), False, True),
        (False, ("a", "b"), 0, False),
        (False, ("a", "b"), "false", False),
        (False, ("a", "b"), True, False),
        (False, ("a", "b", "c"), False, False),
        (0, ("a", "b"), 0.0, True),
        (0, ("a", "b"), False, False),
        (None, ("a", "b"), None, False),
    ],
)
def test_a_default_is_of_the_setting_itself_and_of_its_kind(
    default: object, path: tuple[str, ...], value: object, holds: bool
) -> None:
    assert Disposition(("a", "*"), Outcome(SKIPPED, "a"), default).is_default(path, value) is holds


SEGMENTS = st.sampled_from(["a", "b", "ab", "*", "a*", "*b"])
NAMES = st.lists(st.sampled_from(["a", "b", "ab"]), min_size=1, max_size=3)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(SEGMENTS, min_size=1, max_size=3), min_size=1, max_size=6, unique_by=tuple), NAMES)
def test_a_pattern_decides_only_what_it_covers_and_none_is_forgotten(written: list[list[str]], path: list[str]) -> None:
    known = patterns(*[".".join(one) for one in written])

    def covers(pattern: list[str]) -> bool:
        fits = {"*": {"a", "b", "ab"}, "a*": {"a", "ab"}, "*b": {"b", "ab"}}
        pairs = zip(pattern, path, strict=False)
        return len(pattern) <= len(path) and all(name in fits.get(segment, {segment}) for segment, name in pairs)

    covering = [one for one in written if covers(one)]
    found = known.of(tuple(path))
    assert (found is None) == (not covering)
    if found:
        assert list(found.pattern) in covering
        assert len(found.pattern) == max(map(len, covering))
