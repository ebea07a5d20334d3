"""The configuration itself, with comments that say what became of each setting: `annotated.yaml`.

Comments, order and layout stay. Only what may be a secret is masked, in the place of the value; so a program that reads
the copy reads what it reads in the configuration.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Any, NamedTuple, TypeAlias

import yaml
from yaml import tokens

from litellm_migrate.output.markdown import visible
from litellm_migrate.output.masked_text import MaskedText
from litellm_migrate.output.places import MASKED, Places
from litellm_migrate.output.remarks import Remarks
from litellm_migrate.output.report import Report
from litellm_migrate.source.positions import LINE_END

WIDTH = 118

ScanToken: TypeAlias = Any
"""A token of the scanner, known by its class."""


class Edit(NamedTuple):
    """What stands in the place of a part of a text; the part may be empty."""

    start: int
    end: int
    text: str


def annotated(report: Report, names: Mapping[str, str], written: str) -> dict[str, str]:
    """The annotated copies by their names, which `names` has by the name of the file that was read.

    `written` is the text of all other files of the output.
    """
    conversion = report.conversion
    source, places = conversion.source, Places(conversion)
    masked = MaskedText(source, conversion.book.secrets, report.settings, places, written)
    remarks = Remarks(report)
    texts = {}
    for number, (file, name) in enumerate(names.items()):
        inside = source.inside if number == 0 else None
        text = (source.texts[file] if inside is None else inside).removeprefix("\ufeff")
        above, beside = remarks.of_file(file, text if inside is not None else None)
        head = remarks.head(file) if number == 0 else []
        texts[name] = Annotator(text, masked).annotated(head, above, beside)
    return texts


class Annotator:
    """One text, its tokens, and what has to change in it."""

    def __init__(self, text: str, masked: MaskedText) -> None:
        self._text = text
        self._masked = masked
        self._ends = [match.start() for match in re.finditer(LINE_END, text)]
        self._names: dict[str, str] = {}
        """What stands for each key or anchor that is masked."""
        self._spans: list[tuple[int, int]] = []
        """The parts inside of which no comment may begin: from their second sign to their last."""

    def annotated(self, head: list[str], above: Mapping[int, list[str]], beside: Mapping[int, list[str]]) -> str:
        """The text with comments before it, above lines and beside them."""
        edits = list(self._masks())
        edits += [Edit(0, 0, "".join(comment_lines(text, ""))) for text in head]
        for line, texts in above.items():
            start = self._outside(self._start(line), False)
            indent = re.compile(r" *").match(self._text, start)
            lines = "".join(part for text in texts for part in comment_lines(text, indent[0] if indent else ""))
            edits.append(Edit(start, start, lines))
        for line, texts in beside.items():
            end = self._outside(self._end(line), True)
            edits.append(Edit(end, end, "".join(f"  # {visible(text)}" for text in texts)))
        return "".join(self._parts(edits))

    def _parts(self, edits: list[Edit]) -> Iterator[str]:
        end = 0
        for edit in sorted(edits, key=lambda edit: edit[:2]):
            yield self._text[end : edit.start]
            yield edit.text
            end = edit.end
        yield self._text[end:]

    def _start(self, line: int) -> int:
        return self._ends[line - 2] + 1 if line > 1 else 0

    def _end(self, line: int) -> int:
        return self._ends[line - 1] if line <= len(self._ends) else len(self._text)

    def _outside(self, offset: int, after: bool) -> int:
        """The nearest beginning or end of a line where a comment may stand."""
        for start, end in self._spans if after else reversed(self._spans):
            if start < offset < end:
                edge = next((line for line in self._ends if line >= end), len(self._text))
                offset = edge if after else max((line + 1 for line in self._ends if line < start), default=0)
        return offset

    def _masks(self) -> Iterator[Edit]:
        """What is masked; learns where no comment may begin."""
        keys, is_key, last = [""], False, 0
        tags: list[ScanToken] = []
        for token in scanned(self._text):
            kind, start, end = token.__class__, token.start_mark.index, token.end_mark.index
            yield from self._comments(last, start)
            last = max(last, end)
            if kind in (tokens.KeyToken, tokens.ValueToken):
                is_key = kind is tokens.KeyToken
            elif kind in STARTS:
                keys.append("")
                is_key = False
            elif kind in ENDS:
                keys.pop()
            elif kind is tokens.ScalarToken:
                yield from self._scalar(token, is_key, keys, tags)
                keys[-1] = token.value if is_key else keys[-1]
                is_key = False
            elif kind in (tokens.AnchorToken, tokens.AliasToken):
                yield from self._edited(start + 1, end, self._name(token.value))
            elif kind in HARMLESS and self._masked.name(self._text[start:end]) == MASKED:
                yield Edit(start, end, HARMLESS[kind])
            if kind is tokens.TagToken:
                tags = [token]
            elif kind is not tokens.AnchorToken:
                tags = []

    def _scalar(self, token: ScanToken, is_key: bool, keys: list[str], tags: list[ScanToken]) -> Iterator[Edit]:
        """The edits of a scalar: all of it if it is masked; of a block that is shown, the comment on its first line."""
        start, end = token.start_mark.index, token.end_mark.index
        raw = self._text[start:end].rstrip()
        copied = self._name(token.value) if is_key else self._masked.value(token.value, keys)
        header = re.split(LINE_END, raw)[0] if token.style in BLOCKS else ""
        inside = start if copied != token.value or not header else start + len(header)
        if len(self._ends) and re.search(LINE_END, raw):
            self._spans.append((inside, start + len(raw)))
        if copied != token.value:
            yield from (Edit(tag.start_mark.index, tag.end_mark.index, "!!str") for tag in tags)
            yield Edit(start, start + len(raw), json.dumps(visible(copied), ensure_ascii=False))
        elif header:
            yield from self._comments(start, start + len(header))

    def _comments(self, start: int, end: int) -> Iterator[Edit]:
        for comment in COMMENT.finditer(self._text, start, end):
            yield from self._edited(*comment.span(), self._masked.comment(comment[0]))

    def _edited(self, start: int, end: int, text: str) -> Iterator[Edit]:
        if text != self._text[start:end]:
            yield Edit(start, end, text)

    def _name(self, name: str) -> str:
        """A key or an anchor as it may be seen; what is masked is told apart by a number."""
        if self._masked.name(name) == name:
            return name
        return self._names.setdefault(name, f"masked-{len(self._names) + 1}")


STARTS = (
    tokens.BlockMappingStartToken,
    tokens.BlockSequenceStartToken,
    tokens.FlowMappingStartToken,
    tokens.FlowSequenceStartToken,
)
ENDS = (tokens.BlockEndToken, tokens.FlowMappingEndToken, tokens.FlowSequenceEndToken)
HARMLESS = {tokens.TagToken: "!masked", tokens.DirectiveToken: "# masked"}
"""What stands for one that may be a secret; documents that are read have none."""
BLOCKS = ("|", ">")
COMMENT = re.compile(r"#[^\n\x85\u2028\u2029]*")


def scanned(text: str) -> list[ScanToken]:
    """The tokens of a text, by the quicker scanner if there is one that can read it."""
    try:
        return list(yaml.scan(text, Loader=yaml.CSafeLoader))
    except (AttributeError, yaml.YAMLError, UnicodeEncodeError):
        return list(yaml.scan(text, Loader=yaml.SafeLoader))


def comment_lines(text: str, indent: str) -> Iterator[str]:
    """A text as lines of comments."""
    for line in wrap(visible(text), max(WIDTH - len(indent), 40), break_long_words=False, break_on_hyphens=False):
        yield f"{indent}# {line}\n"
