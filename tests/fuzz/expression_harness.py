"""Coverage-guided fuzzing of the expression compiler: `python tests/fuzz/expression_harness.py -max_total_time=300`.

Whatever the text is, it is refused as a rule's author is told, or answers what JMESPath itself answers. Needs atheris.
"""

from __future__ import annotations

import sys
from typing import Any

try:
    import atheris  # type: ignore[import-untyped]
except ImportError:
    sys.exit("atheris is not installed: pip install atheris")

with atheris.instrument_imports(include=["litellm_migrate", "jmespath"]):
    from jmespath.exceptions import JMESPathError

    from litellm_migrate.rulebook.columns import expression_of
    from litellm_migrate.rulebook.syntax import ValueParser, nodes
    from tiny.bookshop import entry

DOCUMENTS: tuple[dict[str, Any], ...] = (
    {},
    {"a": 1, "b": "x", "c": {"a": None, "b": [1, 2], "": False}, "d": [], "e": 0.5},
    {"a": {"a": {"a": "deep"}}, "b": None, "c": True, "d": {"x": "1"}, "e": [{"a": 1}]},
)
OWN = {"function_expression"}
"""Functions are its own, and not JMESPath's: what they answer is another test."""


def one_input(data: bytes) -> None:
    """Compiles and evaluates one text."""
    text = data.decode("utf-8", "replace")
    try:
        expression_of(text, condition=True)
    except (JMESPathError, ValueError, LookupError):
        return
    known = ValueParser().parse(text)
    ours = any(node["type"] in OWN for node in nodes(known.parsed))
    for document in DOCUMENTS:
        found = entry(document).value(text, condition=True)
        if not ours and found != answer(known, document):
            raise AssertionError(f"{text!r} answers otherwise than by jmespath")


def answer(known: Any, document: dict[str, Any]) -> Any:
    """What JMESPath answers; a comparison of a number with a text, at which its library fails, is null."""
    try:
        return known.search(document)
    except TypeError:
        return None


def main() -> None:
    """Runs until the arguments say so."""
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
