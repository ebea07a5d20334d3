"""What the author of a rule should write instead, where a parser of YAML or of expressions says only what it met."""

from __future__ import annotations

import re

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
TEXT = re.compile(r"'[^']*'|`[^`]*`|\"[^\"]*\"")
EXPRESSION_ADVICE = (
    (r"(?<![=!<>])=(?!=)", "write `==` for equal"),
    (r"\b(and|or|not)\b", "write `&&` for and, `||` for or, `!` for not"),
    (r"[\w)]\s*[*+/%]", "there is no arithmetic; a function has to do it"),
)
QUOTED = re.compile(r'[=<>]\s*"([^"]*)"|"([^"]*)"\s*[=!<>]')


def yaml_advice(reason: str, rest: str) -> str:
    """What is wrong with YAML, in words; `reason` is the parser's, `rest` the text from where it stopped."""
    if rest.startswith("\t"):
        reason = "\t"
    return next((advice for words, advice in YAML_ADVICE if re.search(words, reason)), reason).rstrip(".")


def expression_advice(text: str, reason: str) -> str:
    """What is wrong with an expression that cannot be parsed, and what to write; `reason` is the parser's."""
    bare = TEXT.sub("''", text)
    if text.count("'") % 2 or bare.count("(") != bare.count(")"):
        return "a bracket or a quote is alone. In a list in square brackets a comma splits a text: quote the whole"
    return next((advice for words, advice in EXPRESSION_ADVICE if re.search(words, bare)), reason)


def name_advice(text: str, name: str) -> str:
    """What to write where a constant was taken for a name; empty if it was none."""
    if name in {match[1] or match[2] for match in QUOTED.finditer(text)}:
        return f" A text stands in single quotes: '{name}'."
    return ""
