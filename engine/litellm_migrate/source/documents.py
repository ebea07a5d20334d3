"""One document of one file: its text, refused where it is no YAML, and its value with the place of every node.

Of three readers the fastest that can read a text reads it. Where they disagree, that of PyYAML decides, for it is the
one that the program uses.
"""

from __future__ import annotations

import codecs
import os
import re
import sys
from collections.abc import Callable
from typing import BinaryIO

from yaml.error import YAMLError
from yaml.reader import Reader

from litellm_migrate.source.model import Position, Problems
from litellm_migrate.source.nodes import PureReader
from litellm_migrate.source.positions import YamlDocument, quoted

ReadDocument = Callable[[str, str], YamlDocument]

FAST: tuple[ReadDocument, ...] = ()
try:
    from litellm_migrate.source.events import Unusual, read_events, read_nodes
except ImportError:  # PyYAML was built without libyaml
    pass
else:
    FAST = (read_events, read_nodes)


STDIN = "<stdin>"
MAX_BYTES = 64 * 1024 * 1024
"""About 170,000 deployments; what is larger is a mistaken file (a database dump, a device), not a configuration."""

# Where libyaml's parser reads otherwise than PyYAML's, which is the program's: by the character that it takes.
DISPUTED = {
    "\t": r"(?m)^(?! *#[^\x85\u2028\u2029]*$).*\t",  # libyaml accepts it after a value
    "\ufeff": r"(?!\A)\ufeff",  # libyaml drops it
    # libyaml loses its way after `[? ]`; what stands first on its line may follow comments
    "?": r"(?m)(?:[\[{,]\s*|(?:^|[\x85\u2028\u2029])[ \t]*)\?(?=[\s\]},:])",
}


def read_text(file: str, stdin: BinaryIO | None = None, included_at: Position | None = None) -> str:
    """The decoded text of `file`; Problems if it cannot be opened, at `included_at` or of the file itself."""
    data = _bytes(file, stdin, included_at or Position(file, 0, 0))
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


def _bytes(file: str, stdin: BinaryIO | None, at: Position) -> bytes:
    try:
        if file == STDIN:
            return (stdin or sys.stdin.buffer).read(MAX_BYTES + 1)
        if at.line and not (os.path.isfile(file) or os.path.isdir(file) or not os.path.exists(file)):
            raise OSError(0, "a pipe or a device")  # which may never end
        with open(file, "rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        cause, advice = "nothing there", "Check the path."
    except IsADirectoryError:
        cause, advice = "a folder", "Name a file in it."
    except NotADirectoryError:
        cause, advice = "a file where a folder should be", "Check the path."
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


def read_document(file: str, text: str) -> YamlDocument:
    """The value of `text` as `yaml.safe_load` reads it, with the place of every node; Problems if it is refused."""
    document = _read(file, text)
    if "${" in text:
        from litellm_migrate.source.refusals import check_rendered  # noqa: PLC0415 - seldom needed

        check_rendered(document, text)
    return document


def _read(file: str, text: str) -> YamlDocument:
    disputed = any(character in text and re.search(pattern, text) for character, pattern in DISPUTED.items())
    for read in () if disputed else FAST:
        try:
            return read(file, text)
        except Unusual:
            continue
        except (YAMLError, UnicodeEncodeError):  # half a surrogate pair, escaped in the JSON that holds the text
            break
    try:
        return PureReader(file, text).document()
    except YAMLError as error:
        from litellm_migrate.source.refusals import refusal  # noqa: PLC0415 - only when something is wrong

        raise refusal(file, text, error) from None
