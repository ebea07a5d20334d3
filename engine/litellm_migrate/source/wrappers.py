"""Configurations that stand inside something else: under a key, or as a text, in a file of whatever kind.

Nothing here knows what wraps them. The rules name places where they usually stand; everywhere else they are found by
what they hold: a mapping, or a text that reads as one, with a section of the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from litellm_migrate.source.documents import read_document
from litellm_migrate.source.grammar import Grammar
from litellm_migrate.source.model import Notice, Path, Position, Problems
from litellm_migrate.source.places import Document, Node, children, matches, position, shown
from litellm_migrate.source.shifts import LINE_END, Shift, all_at, block, moved, moved_problems, within

HEREDOC = re.compile(r"<<[ \t]{0,20}(['\"]?)(\w{1,40})\b\1[^\n]{0,120}\n")
"""Bounded, or a long line of such beginnings would take for ever."""
MAX_HEREDOCS = 50
"""Of one script; each is looked for to the end of the script."""
MAX_TEXTS = 500
"""Of one document that are read in search of a configuration."""
EXPANDED = re.compile(r"[$`\\]")


class Wrapped(NamedTuple):
    """A configuration and the path of what holds it; empty if nothing does."""

    document: Document
    holder: Path
    at: Position
    exact: bool = True
    """Whether the lines of it can be told."""
    several: bool = False
    """Whether the file has other documents."""

    @property
    def where(self) -> str:
        """What holds the configuration."""
        return shown(".".join(map(str, self.holder))) if self.holder else "a document of its own"

    def told(self, grammar: Grammar) -> Document:
        """The configuration, with a notice that says where it was found unless it is all that the file has."""
        if not self.holder and not self.several:
            return self.document
        begins = f"The {grammar.program} configuration is {self.where}, which begins here."
        because = f"{begins} It alone was converted, not what stands around it."
        if not self.exact:
            because += " It is not written line by line, so each of its settings is shown at this place."
        return self.document._replace(wrapper=Notice("unwrapped", self.at, because))


@lru_cache
def _mention(sections: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sections)) or r"(?!)")


def mentions(text: str, grammar: Grammar) -> bool:
    """Whether a text can hold a configuration at all."""
    return _mention(grammar.telling).search(text) is not None


def is_configuration(value: Any, grammar: Grammar) -> bool:
    """Whether a value has a section that tells it from other documents."""
    return isinstance(value, dict) and any(section in value for section in grammar.telling)


class Search:
    """The search of one document; `refused` collects why a text at a usual place cannot be read."""

    def __init__(self, document: Document, text: str, grammar: Grammar) -> None:
        self.document = document
        self.lines = re.split(LINE_END, text)
        self.grammar = grammar
        self.refused: list[Problems] = []
        self.tried = 0

    def found(self, levels: int) -> list[Wrapped]:
        """All configurations in it; if there is none, but a text that was meant as one, why that cannot be read."""
        found = list(self._below(Node((), self.document.value, self.document.place), levels))
        if not found and self.refused:
            raise self.refused[0]
        return found

    def _below(self, node: Node, levels: int, usual: bool = False) -> Iterator[Wrapped]:
        if isinstance(node.value, str):
            yield from self._inside(node, levels, usual)
        elif is_configuration(node.value, self.grammar):
            document = self.document._replace(value=node.value, place=node.place, prefix=node.path)
            yield Wrapped(document, node.path, position(document.file, node.place[0]))
        elif levels > 0:
            usually = [(one, len(path)) for path in self.grammar.wrappers for one in matches(node, path)]
            found = [one for inside, deep in usually for one in self._below(inside, levels - deep, True)]
            yield from found
            for inside in [] if found else children(node):
                yield from self._below(inside, levels - 1)

    def _inside(self, node: Node, levels: int, usual: bool) -> Iterator[Wrapped]:
        if self.tried >= MAX_TEXTS or not mentions(node.value, self.grammar):
            return
        self.tried += 1
        text = node.value.replace("\r\n", "\n").replace("\r", "\n")
        spot = node.place[0]
        whole = block(self.lines, spot, text)
        for line, part in parts(text):
            shift = within(whole, line) if whole else all_at(spot)
            try:
                inner = read_document(self.document.file, part)
                plain = isinstance(inner.value, str)  # text that reads as text would be searched for ever
                found = [] if plain else Search(inner, part, self.grammar).found(levels - 1)
            except Problems as refused:
                if usual and not line:
                    self.refused.append(moved_problems(refused, shift))
                continue
            yield from (self._outward(one, node, shift, whole is not None) for one in found)
            if found:
                return

    def _outward(self, found: Wrapped, node: Node, shift: Shift, exact: bool) -> Wrapped:
        document = moved(found.document, shift)
        document = document._replace(repeats=(*self.document.repeats, *document.repeats))
        at = position(document.file, node.place[0])
        return Wrapped(document, (*node.path, *found.holder), at, exact and found.exact)


def parts(text: str) -> Iterator[tuple[int, str]]:
    """The text, and each file that it writes if it is a shell script, with the line on which that begins.

    Where the shell would expand what it writes, nobody can tell the result, and there is no such file.
    """
    yield 0, text
    for found in islice(HEREDOC.finditer(text), MAX_HEREDOCS):
        end = text.find(f"\n{found[2]}\n", found.end() - 1) + 1
        part = text[found.end() : end]
        if part and (found[1] or not EXPANDED.search(part)):
            yield text.count("\n", 0, found.end()), part
