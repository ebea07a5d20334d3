"""What the author of a rule should write instead, where a parser of YAML or of expressions says only what it met."""

from __future__ import annotations

import re
from collections.abc import Iterable

from litellm_migrate.rulebook.static_types import suggestion

YAML_ADVICE = (
    (r"\t", "a tab; YAML is indented by spaces. Replace it"),
    (
        r"expected ',' or|flow|expected '[\]}]'",
        "a `[` or `{` that is not closed, or punctuation in it. Quote the text",
    ),
    (r"expected key|expected <block end>|expected '-'", "a line that is indented otherwise than its neighbours"),
    (r"tag", "a text that begins with `!`, which YAML takes for a tag. Quote it"),
    (r"alias", "a text that begins with `*`, or an alias without its anchor. Quote it, or define the anchor above"),
    (r"cannot start", "a text that begins with punctuation. Quote it"),
    (r"mapping values", "a second `: ` in one line. Quote the text"),
    (r"scalar|escape", "quotes that are not closed, or a backslash in double quotes. Use single quotes"),
)
TEXT = re.compile(r"'(?:\\.|[^'\\])*'|`[^`]*`|\"[^\"]*\"", re.DOTALL)
EXPRESSION_ADVICE = (
    (r"''\s*''", r"two texts side by side; a quote in a text is `\'`"),
    (r"(?<![=!<>])=(?!=)", "write `==` for equal"),
    (r"\b(and|or|not)\b", "write `&&` for and, `||` for or, `!` for not"),
    (r"[\w)]\s*[*+/%]", "there is no arithmetic; a function has to do it"),
)
OTHER_FUNCTIONS = {"to_number": "as(VALUE, KIND)", "to_string": "words", "not_null": "first"}
"""By names of functions in JMESPath, what does the same here."""
FEW = 7
"""From how many words on none is listed."""
QUOTED = re.compile(r'[=<>]\s*"([^"]*)"|"([^"]*)"\s*[=!<>]')


def yaml_advice(reason: str, rest: str) -> str:
    """What is wrong with YAML, in words; `reason` is the parser's, `rest` the text from where it stopped."""
    if rest.startswith("\t"):
        reason = "\t"
    return next((advice for words, advice in YAML_ADVICE if re.search(words, reason)), reason).rstrip(".")


def expression_advice(text: str, reason: str) -> str:
    """What is wrong with an expression that cannot be parsed, and what to write; `reason` is the parser's."""
    bare = TEXT.sub("''", text)
    if bare.count("'") % 2 or bare.count("(") != bare.count(")"):
        return "a bracket or a quote is alone. In a list in square brackets a comma splits a text: quote the whole"
    return next((advice for words, advice in EXPRESSION_ADVICE if re.search(words, bare)), reason)


def function_advice(name: str, functions: Iterable[str]) -> str:
    """What to write for a function that does not exist, as the end of a sentence."""
    return f"; write {OTHER_FUNCTIONS[name]}." if name in OTHER_FUNCTIONS else suggestion(name, functions)


def word_advice(name: str, words: Iterable[str]) -> str:
    """What to write for a word that is none, as the end of a sentence."""
    hint = suggestion(name, words)
    few = list(words)[:FEW]
    return hint if hint != "." or len(few) == FEW else f"; expected {' or '.join(f'`{word}`' for word in few)}."


def name_advice(text: str, name: str) -> str:
    """What to write where a constant was taken for a name; empty if it was none."""
    if name in {match[1] or match[2] for match in QUOTED.finditer(text)}:
        return f" A text stands in single quotes: '{name}'."
    return ""
