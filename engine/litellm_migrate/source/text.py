"""The text of a file, held to what YAML allows: one encoding, no control characters, a bounded size."""

from __future__ import annotations

import codecs
import os
import sys
from typing import BinaryIO

from yaml.reader import Reader

from litellm_migrate.source.model import Position, Problems
from litellm_migrate.source.positions import quoted

STDIN = "<stdin>"
MAX_BYTES = 64 * 1024 * 1024
"""About 170,000 deployments; what is larger is a mistaken file (a database dump, a device), not a configuration."""


def read_text(file: str, stdin: BinaryIO | None = None, included_at: Position | None = None) -> str:
    """The decoded text of `file`; Problems if it cannot be opened, at `included_at` or of the file itself."""
    data = _read(file, stdin, included_at or Position(file, 0, 0))
    if len(data) > MAX_BYTES:
        message = f"expected at most {MAX_BYTES >> 20} MiB, found more. Check that this is the configuration."
        raise Problems.at(Position(file, 0, 0), message)
    text = _decode(file, data)
    # As a file opened for text: the program sees every line end as a line feed.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if control := Reader.NON_PRINTABLE.search(text):
        before = text[: control.start()]
        at = Position(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        cause = f"the control character U+{ord(control.group()):04X}"
        raise Problems.at(at, f"expected text, found {cause}. Remove it, or write it as an escape in quotes.")
    return text


def _read(file: str, stdin: BinaryIO | None, at: Position) -> bytes:
    try:
        if file == STDIN:
            return (stdin or sys.stdin.buffer).read(MAX_BYTES + 1)
        if at.line and not (os.path.isfile(file) or os.path.isdir(file) or not os.path.exists(file)):
            raise OSError(0, "a pipe or a device")  # which may never end
        with open(file, "rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        cause, advice = "nothing there", "Check the path."
    except (IsADirectoryError, NotADirectoryError):
        cause, advice = "a folder where a file should be, or the reverse", "Check the path."
    except PermissionError:
        cause, advice = "no permission to read it", "Change its permissions, or run as a user who may."
    except (OSError, ValueError) as error:
        cause, advice = getattr(error, "strerror", None) or "a name that no file can have", "Check the path."
    expected = f"the included file {quoted(file)}" if at.line else "a file to read"
    raise Problems.at(at, f"expected {expected}, found {cause}. {advice}")


def _decode(file: str, data: bytes) -> str:
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if wide else "utf-8")
    except UnicodeDecodeError as error:
        line = 1 if wide else data[: error.start].count(b"\n") + 1
        cause = f"found a byte that cannot be at offset {error.start} (line {line})"
    message = f"expected {'UTF-16' if wide else 'UTF-8'}, {cause}. Save the file as UTF-8."
    raise Problems.at(Position(file, line, 1), message)
