"""The compiled rules: rulebooks of the shipped rules as plain data, so that a run need not read a hundred files.

Each dialect has one file beside the rules, `rules/.compiled/DIALECT.rules`, and the one that is taken where none is
named is also in `default.rules`. A wheel brings them along; a checkout writes one anew when a file of the rules, the
schemas or the program has changed. Other folders of rules are compiled in memory.

A file holds a checksum, then by `marshal` the inputs and the encoded rulebook. It is used only if the checksum is right
and the inputs are as they were: by path, size and date of change, for which nothing must be opened. A wheel's file
knows no dates, which are those of each installation: there, sizes must be equal, and nothing changed after it was
installed. The version of Python does not matter: `marshal` of plain data, without code, is the same since Python 3.4.
"""

from __future__ import annotations

import marshal
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path as File
from time import monotonic_ns
from typing import TYPE_CHECKING
from zlib import crc32

from litellm_migrate import PACKAGE, shipped
from litellm_migrate.rulebook.encoding import decode, encode

if TYPE_CHECKING:
    from litellm_migrate.rulebook.types import Rulebook

COMPILED = ".compiled"
NO_INPUTS = (COMPILED, "__pycache__")
"""The folders of compiled rules and of compiled modules."""
DEFAULT = "default"
"""The name of the file with the rulebook of the dialect that is the default one."""
MARSHAL = 4
"""The format of `marshal`, which later versions of Python read, too."""
CHECKSUM = 4
"""Bytes of the checksum."""
INSTALLATION = 10 * 60 * 10**9
"""Nanoseconds within which an installer writes all files of a package."""

Inputs = dict[str, tuple[int, int]]
"""By name of a file that rulebooks are made of: its size, and its date in nanoseconds; 0 if that is not known yet."""


def rulebook_of(rules: File, schemas: File, dialect: str | None = None, catalog: File | None = None) -> Rulebook:
    """The rulebook of a folder in a dialect, as `load` gives it; raises Problems if something is wrong with the rules.

    That of the shipped rules is read as it was compiled before; if it has to be compiled now, it is kept if possible.
    """
    file, inputs = compiled_file(dialect), Inputs()
    if catalog is None and (rules, schemas) == (shipped("rules"), shipped("schemas")):
        with suppress(OSError):  # of a file that cannot be looked at: whoever reads the rules says so
            inputs = dict(input_files())
    if inputs and (book := read(file, inputs)) and dialect in (None, book.dialect):
        return book
    from litellm_migrate.rulebook.load import load  # noqa: PLC0415 - what compiles rules is seldom needed

    book = load(rules, schemas, dialect, catalog)
    if inputs:
        with suppress(OSError):  # the next run compiles again
            write(file, book, inputs)
    return book


def compiled_file(dialect: str | None) -> File:
    """Where the compiled rulebook of a dialect, or of the default one, is."""
    return shipped("rules") / COMPILED / f"{dialect or DEFAULT}.rules"


def compile_shipped(folder: File) -> Iterator[File]:
    """Files with the rulebooks of all dialects, written into a folder, that are right wherever they are installed."""
    from litellm_migrate.rulebook.load import documents_of, parse  # noqa: PLC0415 - only when a package is built
    from litellm_migrate.rulebook.nodes import by_id  # noqa: PLC0415

    rules, schemas = shipped("rules"), shipped("schemas")
    inputs = {name: (size, 0) for name, (size, _) in sorted(input_files())}
    nodes = documents_of(rules, schemas)
    for dialect in (None, *by_id(nodes, "dialect")):
        file = folder / compiled_file(dialect).name
        write(file, parse(nodes, schemas, dialect).book, inputs)
        yield file


def input_files() -> Iterator[tuple[str, tuple[int, int]]]:
    """Name, size and date of each file that rulebooks are made of."""
    for root, ends in ((PACKAGE, ".py"), (shipped("rules"), (".yaml", ".json")), (shipped("schemas"), ".json")):
        for entry in files_below(os.fspath(root)):
            if entry.name.endswith(ends):
                stat = entry.stat()
                name = f"{root.name}{entry.path[len(os.fspath(root)) :]}".replace(os.sep, "/")
                yield name, (stat.st_size, stat.st_mtime_ns)


def files_below(folder: str) -> Iterator[os.DirEntry[str]]:
    """The files below a folder, but for what is compiled."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                yield entry
            elif entry.name not in NO_INPUTS:
                yield from files_below(entry.path)


def read(file: File, inputs: Inputs) -> Rulebook | None:
    """The rulebook in a compiled file; None if there is none, it is damaged, or it was made of other inputs."""
    try:
        with open(file, "rb") as stream:
            content, written = stream.read(), os.fstat(stream.fileno()).st_mtime_ns
        body = memoryview(content)[CHECKSUM:]
        if crc32(body) != int.from_bytes(content[:CHECKSUM], "big"):
            return None
        built_of, encoded = marshal.loads(body)  # noqa: S302 - plain data, of which nothing is run
        book: Rulebook | None = decode(encoded) if unchanged(built_of, inputs, written) else None
    except (OSError, EOFError, ValueError, TypeError, LookupError, AttributeError, ImportError):
        return None
    return book


def unchanged(built_of: Inputs, inputs: Inputs, written: int) -> bool:
    """Whether inputs are those that a file states that was written at a date."""
    return built_of == inputs or (
        built_of.keys() == inputs.keys()
        and all(built_of[name] == (size, 0) and date <= written + INSTALLATION for name, (size, date) in inputs.items())
    )


def write(file: File, book: Rulebook, inputs: Inputs) -> None:
    """Writes a compiled file, at once for whoever reads it; raises OSError where that is not possible."""
    body = marshal.dumps((inputs, encode(book)), MARSHAL)
    file.parent.mkdir(exist_ok=True)
    fresh = file.with_name(f"{file.name}.{os.getpid()}.{monotonic_ns()}")
    try:
        with open(fresh, "xb") as stream:
            stream.write(crc32(body).to_bytes(CHECKSUM, "big") + body)
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
