"""A configuration as the program it belongs to reads it, with the position of every path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litellm_migrate.source.grammar import Grammar, check_sections
from litellm_migrate.source.includes import read_includes
from litellm_migrate.source.streams import read_main
from litellm_migrate.source.text import STDIN, read_text

if TYPE_CHECKING:
    from typing import BinaryIO

    from litellm_migrate.source.model import Source


def read_source(name: str, grammar: Grammar, stdin: BinaryIO | None = None, outside: bool = False) -> Source:
    """The configuration in the file `name` (`-` is standard input), or Problems that say why it cannot be read.

    Files that it includes are read from its own folder and below; with `outside` from anywhere.
    """
    file = STDIN if name == "-" else name
    main = read_main(file, read_text(file, stdin), grammar)
    source = read_includes(main, grammar, outside)
    check_sections(main, source, grammar)
    return source
