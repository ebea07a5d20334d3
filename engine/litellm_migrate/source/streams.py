"""The one configuration of a file: the document itself, what it carries inside, or one of several documents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from litellm_migrate.source.documents import read_document
from litellm_migrate.source.grammar import Grammar
from litellm_migrate.source.model import Problems
from litellm_migrate.source.places import Document, position
from litellm_migrate.source.shifts import Here, further, moved, moved_problems
from litellm_migrate.source.wrappers import Search, Wrapped, is_configuration, mentions

# At the beginning of a line these three characters begin a document, whatever stands around them.
BEGIN = re.compile(r"^---(?=\s|$)", re.MULTILINE)
CONTENT = re.compile(r"^(?![ \t]*#|%)[ \t]*\S", re.MULTILINE)


def read_main(file: str, text: str, grammar: Grammar) -> Document:
    """The configuration in the text of a file, unwrapped; as it stands if there is none, for others to refuse."""
    if not (grammar.wrappers or grammar.search):
        return read_document(file, text)
    chunks = list(documents(text))
    if len(chunks) == 1:
        document = read_document(file, text)
        if is_configuration(document.value, grammar) or not mentions(text, grammar):
            return document
        return chosen(Search(document, text, grammar).found(grammar.search), grammar) or document
    found, refused = _found(file, chunks, grammar)
    if not found and refused:
        raise refused[0]
    return chosen(found, grammar) or read_document(file, text)  # which refuses several documents


def chosen(found: list[Wrapped], grammar: Grammar) -> Document | None:
    """The only one of the configurations found, if there is any; Problems if there are several."""
    if len(found) > 1:
        expected = f"expected one {grammar.program} configuration, found a second one"
        places = " and ".join(f"{one.where} (line {one.at.line})" for one in found[:5])
        advice = "Save the one that is meant as a file of its own."
        raise Problems.at(found[1].at, f"{expected}: {places}. {advice}")
    return found[0].told(grammar) if found else None


def documents(text: str) -> Iterator[tuple[int, str]]:
    """Each document of a stream, with the line on which its text begins; comments go with the document below."""
    begins = [found.start() for found in BEGIN.finditer(text)] if "---" in text else []
    start, line = 0, 0
    for begin in begins:
        if CONTENT.search(text, start, begin):
            yield line, text[start:begin]
            line += text.count("\n", start, begin)
            start = begin
    yield line, text[start:]


def _found(file: str, chunks: list[tuple[int, str]], grammar: Grammar) -> tuple[list[Wrapped], list[Problems]]:
    found: list[Wrapped] = []
    refused: list[Problems] = []
    for line, chunk in chunks:
        if len(found) > 1:  # one too many already
            break
        if not mentions(chunk, grammar):
            continue
        shift = further(line)
        try:
            document = read_document(file, chunk)
            inside = Search(document, chunk, grammar).found(grammar.search)
        except Problems as problems:
            refused.append(moved_problems(problems, shift))
            continue
        for one in inside:
            spot = shift(Here(one.at.line - 1, one.at.column - 1))
            found.append(one._replace(document=moved(one.document, shift), at=position(file, spot), several=True))
    return found, refused
