"""The one configuration of a file: the document itself, one of several documents, or YAML inside a document.

Nothing here knows what wraps a configuration. The rules name places where it usually stands; everywhere else it is
found by what it holds: a mapping, or a text that reads as one, with a section of the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from litellm_migrate.source.documents import read_document
from litellm_migrate.source.model import Grammar, Notice, Path, Problems
from litellm_migrate.source.positions import LINE_END, Located, Point, Shift, Spot, YamlDocument, position, quoted

ANY = "*"
"""The step of a pattern that any key or index matches."""

BEGIN = r"(?m)^---(?=\s|$)"
"""At the beginning of a line these three characters begin a document, whatever stands around them."""

CONTENT = r"(?m)^(?![ \t]*#|%)[ \t]*\S"
"""What a document has that is not empty: a line that is neither comment nor directive."""

HEREDOC = r"<<[ \t]{0,20}(['\"]?)(\w{1,40})\b\1[^\n]{0,120}\n"
"""Bounded, or a long line of such beginnings would take for ever."""

MAX_HEREDOCS = 50
"""Of one script; each is looked for to the end of the script."""

MAX_TEXTS = 500
"""Of one document that are read in search of a configuration."""

EXPANDED = r"[$`\\]"
"""What a shell expands in a heredoc without quotes: nobody can tell the result."""


class Embedded(NamedTuple):
    """A configuration, and the path and spot of what holds it; the path is empty if it is a whole document."""

    document: YamlDocument
    holder: Path
    spot: Spot
    exact: bool = True
    """Whether the positions of its lines are known."""

    @property
    def where(self) -> str:
        """What holds the configuration."""
        return quoted(".".join(map(str, self.holder))) if self.holder else "a document of its own"

    def shifted(self, shift: Shift) -> Embedded:
        """The same as part of a larger text."""
        return self._replace(document=self.document.shifted(shift), spot=shift(self.spot))

    def noticed(self, grammar: Grammar) -> YamlDocument:
        """The configuration, with a notice that says where in the file it stands."""
        begins = f"The {grammar.program} configuration is {self.where}, which begins here."
        because = f"{begins} It alone was converted, not what stands around it."
        if not self.exact:
            because += " It is not written line by line, so each of its settings is shown at this place."
        notice = Notice("unwrapped", position(self.document.file, self.spot), because)
        return self.document._replace(wrapper=notice)


def read_main(file: str, text: str, grammar: Grammar) -> YamlDocument:
    """The configuration in the text of a file, unwrapped; as it stands if there is none, for others to refuse."""
    if not (grammar.wrappers or grammar.search):
        return read_document(file, text)
    chunks = list(_documents(text))
    results: list[Embedded] = []
    refusals: list[Problems] = []
    for line, chunk in chunks:
        if len(results) > 1 or not _mentions(chunk, grammar):
            continue
        shift = _offset(line)
        try:
            configurations = _Search(read_document(file, chunk), chunk, grammar).all(grammar.search)
            results += [inside.shifted(shift) if line else inside for inside in configurations]
        except Problems as problems:
            refusals.append(_shifted(problems, shift))
    if refusals and not results:
        raise refusals[0]
    if len(results) > 1:
        raise _ambiguous(file, results, grammar)
    if not results:
        return read_document(file, text)  # which refuses several documents
    return results[0].noticed(grammar) if results[0].holder or len(chunks) > 1 else results[0].document


def _documents(text: str) -> Iterator[tuple[int, str]]:
    """Each document of a stream, with the line on which its text begins; comments go with the document below."""
    begins = [match.start() for match in re.finditer(BEGIN, text)] if "---" in text else []
    start, line = 0, 0
    for begin in begins:
        if re.compile(CONTENT).search(text, start, begin):
            yield line, text[start:begin]
            line += text.count("\n", start, begin)
            start = begin
    yield line, text[start:]


def _ambiguous(file: str, results: list[Embedded], grammar: Grammar) -> Problems:
    expected = f"expected one {grammar.program} configuration, found a second one"
    places = " and ".join(f"{inside.where} (line {inside.spot.line + 1})" for inside in results[:5])
    advice = "Save the one that is meant as a file of its own."
    return Problems.at(position(file, results[1].spot), f"{expected}: {places}. {advice}")


def _mentions(text: str, grammar: Grammar) -> bool:
    """Whether a text can hold a configuration at all."""
    return any(section in text for section in grammar.distinctive)


class _Search:
    """The search of one document; `refusals` are the reasons why a text at a usual place cannot be read."""

    def __init__(self, document: YamlDocument, text: str, grammar: Grammar) -> None:
        self.document = document
        self.text = text
        self.grammar = grammar
        self.sections = set(grammar.distinctive)
        self.refusals: list[Problems] = []
        self.texts = 0

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text of the document."""
        return re.split(LINE_END, self.text)

    def all(self, levels: int) -> list[Embedded]:
        """All configurations in it; Problems if there is none, but a text that is meant as one and cannot be read."""
        results = self._below(Located((), self.document.value, self.document.place), levels)
        if self.refusals and not results:
            raise self.refusals[0]
        return results

    def _below(self, node: Located, levels: int, usual: bool = False) -> list[Embedded]:
        if isinstance(node.value, str):
            return self._inside(node, levels, usual)
        if isinstance(node.value, dict) and not self.sections.isdisjoint(node.value):
            document = self.document._replace(value=node.value, place=node.place, prefix=node.path)
            return [Embedded(document, node.path, node.place[0])]
        if levels <= 0:
            return []
        usually = [(inside, len(path)) for path in self.grammar.wrappers for inside in _matches(node, path)]
        results = [embedded for inside, depth in usually for embedded in self._below(inside, levels - depth, True)]
        return results or [embedded for inside in node.children() for embedded in self._below(inside, levels - 1)]

    def _inside(self, node: Located, levels: int, usual: bool) -> list[Embedded]:
        if self.texts >= MAX_TEXTS or not _mentions(node.value, self.grammar):
            return []
        self.texts += 1
        text = node.value.replace("\r\n", "\n").replace("\r", "\n")
        spot = node.place[0]
        block = _block(self.lines, spot.line, text)
        for line, part in _parts(text):
            shift = _offset(block[0] + line, block[1]) if block else _constant(spot)
            try:
                inner = read_document(self.document.file, part)._replace(inside=part)
                plain = isinstance(inner.value, str)  # text that reads as text would be searched for ever
                results = [] if plain else _Search(inner, part, self.grammar).all(levels - 1)
            except Problems as problems:
                if usual and not line:
                    self.refusals.append(_shifted(problems, shift))
                continue
            if results:
                return [self._outward(inside, node, shift, block is not None) for inside in results]
        return []

    def _outward(self, inside: Embedded, node: Located, shift: Shift, exact: bool) -> Embedded:
        """What was found in the text of a node, as part of the document."""
        document = inside.document.shifted(shift)
        document = document._replace(repeats=(*self.document.repeats, *document.repeats))
        return Embedded(document, (*node.path, *inside.holder), node.place[0], exact and inside.exact)


def _matches(node: Located, pattern: Path) -> Iterator[Located]:
    """The nodes that a pattern of steps leads to."""
    if not pattern:
        yield node
        return
    for child in node.children():
        if pattern[0] == ANY or (child.path[-1] == pattern[0] and isinstance(node.value, dict)):
            yield from _matches(child, pattern[1:])


def _offset(lines: int, columns: int = 0) -> Shift:
    """The shift of a text that stands so many lines down and columns to the right, unchanged otherwise."""
    return lambda spot: Point(spot.line + lines, spot.column + columns)


def _shifted(problems: Problems, shift: Shift) -> Problems:
    """The problems of a text, at the places that it has in the file."""
    moved = []
    for problem in problems.problems:
        spot = shift(Point(max(problem.line - 1, 0), max(problem.column - 1, 0)))
        moved.append(problem._replace(line=spot.line + 1, column=spot.column + 1))
    return Problems(moved, problems.exit_code)


def _constant(spot: Spot) -> Shift:
    """The shift of a text whose lines cannot be told: each of them stands where the whole text begins."""
    return lambda _: spot


def _block(lines: list[str], line: int, text: str) -> tuple[int, int] | None:
    """Lines and columns from a text to where it stands below `line`, line by line, as a block scalar; else None.

    Compares instead of parsing: wherever the lines stand word for word, behind one indent, this is right.
    """
    written = re.split(LINE_END, text.rstrip("\n"))
    filled = next((number for number, content in enumerate(written) if content.strip()), None)
    if filled is None:
        return None
    for start in range(line + 1, line + 4):  # the key, the `|` and its comment may take a line each
        first = lines[start + filled] if start + len(written) <= len(lines) else ""
        indent = max(len(first) - len(written[filled]), 0)
        behind = [content[indent:] for content in lines[start : start + len(written)]]
        if first and not first[:indent].strip() and behind == written:
            return start, indent
    return None


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """The text, and each file that it writes if it is a shell script, with the line on which that begins."""
    yield 0, text
    for match in islice(re.finditer(HEREDOC, text), MAX_HEREDOCS):
        end = text.find(f"\n{match[2]}\n", match.end() - 1) + 1
        part = text[match.end() : end]
        if part and (match[1] or not re.search(EXPANDED, part)):
            yield text.count("\n", 0, match.end()), part
