"""The text of a file, held to what YAML allows: one encoding, no control characters, a bounded size."""

from __future__ import annotations

import codecs
import os
import sys
from typing import BinaryIO

from yaml.reader import Reader

from litellm_migrate.source.model import Position, Problems
from litellm_migrate.source.places import shown

STDIN = "<stdin>"
MAX_BYTES = 64 * 1024 * 1024
"""About 170,000 deployments; what is larger is a mistaken file (a database dump, a device), not a configuration."""


def read_text(file: str, stdin: BinaryIO | None = None, asked_at: Position | None = None) -> str:
    """The decoded text of `file`; a file that cannot be opened is a Problem at `asked_at`, or of the file itself."""
    data = _read(file, stdin, asked_at or Position(file, 0, 0))
    if len(data) > MAX_BYTES:
        raise _refused(file, f"at most {MAX_BYTES >> 20} MiB, found more. Check that this is the configuration.")
    text = _decode(file, data)
    # As a file opened for text: the program sees every line end as a line feed.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if control := Reader.NON_PRINTABLE.search(text):
        spot = _spot(file, text[: control.start()])
        found = f"the control character U+{ord(control.group()):04X}"
        raise Problems.at(spot, f"expected text, found {found}. Remove it, or write it as an escape in quotes.")
    return text


def _read(file: str, stdin: BinaryIO | None, at: Position) -> bytes:
    named = f"the included file {shown(file)}" if at.line else "a file to read"
    try:
        if file == STDIN:
            return (stdin or sys.stdin.buffer).read(MAX_BYTES + 1)
        if at.line and not (os.path.isfile(file) or os.path.isdir(file) or not os.path.exists(file)):
            raise OSError(0, "a pipe or a device")  # which may never end
        with open(file, "rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        found, advice = "nothing there", "Check the path."
    except (IsADirectoryError, NotADirectoryError):
        found, advice = "a folder where a file should be, or the reverse", "Check the path."
    except PermissionError:
        found, advice = "no permission to read it", "Change its permissions, or run as a user who may."
    except (OSError, ValueError) as error:
        found, advice = getattr(error, "strerror", None) or "a name that no file can have", "Check the path."
    raise Problems.at(at, f"expected {named}, found {found}. {advice}")


def _decode(file: str, data: bytes) -> str:
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if wide else "utf-8")
    except UnicodeDecodeError as error:
        line = 1 if wide else data[: error.start].count(b"\n") + 1
        found = f"{'UTF-16' if wide else 'UTF-8'}, found a byte that cannot be at offset {error.start} (line {line})"
    raise _refused(file, f"{found}. Save the file as UTF-8.", line)


def _spot(file: str, before: str) -> Position:
    return Position(file, before.count("\n") + 1, len(before) - before.rfind("\n"))


def _refused(file: str, expected: str, line: int = 0) -> Problems:
    return Problems.at(Position(file, line, 1 if line else 0), f"expected {expected}")
