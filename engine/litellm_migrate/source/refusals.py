"""Why a text is not a YAML document, in plain words: no message quotes the text, which may hold secrets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from litellm_migrate.source.model import Position, Problems
from litellm_migrate.source.positions import LINE_END, Located, Spot, YamlDocument, position

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaml.error import YAMLError

# What PyYAML says, what that means, what to do. The first that matches counts.
# fmt: off
WORDS = [
    (r"character '\\t'", "a tab where only spaces may stand", "Replace the tab by spaces."),
    (r"cannot start|directive", "a value that begins with a reserved character", "Put the value in quotes."),
    ("mapping values are not", "a second `: ` where only a value may stand", "Quote the value, or correct the indent."),
    (r"(keys|entries) are not", "a `- ` or `? ` where none can begin", "Begin the list or mapping on its own line."),
    (r"expected ':'", "a line that is neither `key: value` nor part of a value", "Add the colon, or indent the line."),
    ("expected ',' or|flow node.*stream end", "a `[` or `{` that is not closed", "Close it, or add the missing comma."),
    ("block end|document start|unclosed",
     "text that does not continue what stands above it", "Check indent and quotes."),
    (r"node content", "punctuation where a value should stand", "Put the value in quotes."),
    (r"quoted scalar.*(end of stream|separator)", "quotes that are never closed", "Close the quotes that open here."),
    (r"escape", "a backslash sequence that double quotes do not know", "Double the backslash, or use single quotes."),
    (r"duplicate anchor", "an anchor (`&name`) that is defined twice", "Give each anchor a name of its own."),
    (r"alias", "an alias (`*name`) without its anchor", "Define the anchor above it, or quote the value."),
    (r" tag", "a tag (`!name`, a bare `<<` or `=`) without a meaning", "Remove it, or put the value in quotes."),
    (r"unhashable key", "a list or a mapping used as a key", "Quote a value that begins with `{` or `[`."),
    (r"for merging", "a merge key (`<<`) that names no mapping", "Name the anchor of a mapping."),
    (r"type does not allow", "a value that its type does not allow, such as a date", "Correct it, or quote it."),
]
# fmt: on
DEFAULT = ("text that breaks its rules", "Check this line and the one above it.")
# Here PyYAML's second mark, where the trouble began, helps more than the first, where it showed.
BEGINS = re.compile(r"quoted scalar.*(end of stream|separator)|expected ':'")

MARKER = re.compile(r"""^[^#"']*\{[{%]""")
STATEMENT = re.compile(r"^\s*(?:- +)?\{[{%]")
PLACEHOLDER = re.compile(r"\$\{[^{}]*\}")


def refusal(file: str, text: str, error: YAMLError) -> Problems:
    """One Problem for a text that PyYAML refuses."""
    reason = f"{getattr(error, 'context', '')} {getattr(error, 'problem', '')}"
    marks = [mark for mark in (getattr(error, "problem_mark", None), getattr(error, "context_mark", None)) if mark]
    if BEGINS.search(reason):
        marks.reverse()
    at = position(file, marks[0]) if marks else Position(file, 0, 0)
    if "another document" in reason:
        advice = "Keep the document with the configuration and save it as a file of its own."
        return Problems.at(at, f"expected one YAML document, found a second one. {advice}")
    line = _template_line(re.split(LINE_END, text), [mark.line for mark in marks])
    if line is not None:
        return _unrendered(Position(file, line + 1, 1))
    meaning, advice = next(((sense, do) for words, sense, do in WORDS if re.search(words, reason)), DEFAULT)
    return Problems.at(at, f"expected YAML, found {meaning}. {advice}")


def check_rendered(document: YamlDocument, text: str) -> None:
    """Raises Problems if a placeholder (`${NAME}`) stands where a section or a whole block belongs.

    Below the sections a key may be anybody's name, and is data.
    """
    if isinstance(document.value, str) and PLACEHOLDER.fullmatch(document.value):
        raise _unrendered(document.at)
    lines = re.split(LINE_END, text)
    for spot in _placeholders(Located((), document.value, document.place), lines):
        raise _unrendered(position(document.file, spot))


def _unrendered(at: Position) -> Problems:
    advice = "Render the template first, and convert its result."
    return Problems.at(at, f"expected YAML, found a template that is not filled in. {advice}")


def _template_line(lines: list[str], errors: list[int]) -> int | None:
    """The line whose template syntax made the error: at the error, just above it, or a statement further up."""
    places = {line - back for line in errors for back in (0, 1)}
    for number, line in enumerate(lines[: max(errors, default=-1) + 1]):
        if STATEMENT.match(line) or (number in places and (MARKER.match(line) or PLACEHOLDER.fullmatch(line.strip()))):
            return number
    return None


def _placeholders(node: Located, lines: list[str], sections: bool = True) -> Iterator[Spot]:
    """Where a placeholder stands in the place of a section (at the top) or of a block."""
    for child in node.children():
        spot, key = child.place[0], str(child.path[-1])
        line = lines[spot.line]
        is_key = sections and PLACEHOLDER.fullmatch(key) and line[spot.column :].startswith(key)
        alone = line.rstrip().endswith(":") and lines[spot.line + 1 : spot.line + 2]
        if is_key or (alone and alone[0].strip() == child.value and PLACEHOLDER.fullmatch(child.value)):
            yield spot
        yield from _placeholders(child, lines, sections=False)
