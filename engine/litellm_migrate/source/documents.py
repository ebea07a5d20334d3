"""One document of one file: three readers, the fastest first; where they disagree, that of PyYAML decides."""

from __future__ import annotations

import re
from collections.abc import Callable

from yaml.error import YAMLError

from litellm_migrate.source.nodes import PureReader
from litellm_migrate.source.positions import Document

Read = Callable[[str, str], Document]

FAST: tuple[Read, ...] = ()
try:
    from litellm_migrate.source.events import Unusual, read_events, read_nodes
except ImportError:  # PyYAML was built without libyaml
    pass
else:
    FAST = (read_events, read_nodes)


# Where libyaml's parser reads otherwise than PyYAML's, which is the program's: by the character that it takes.
DISPUTED = {
    "\t": r"(?m)^(?! *#[^\x85\u2028\u2029]*$).*\t",  # libyaml accepts it after a value
    "\ufeff": r"(?!\A)\ufeff",  # libyaml drops it
    # libyaml loses its way after `[? ]`; what stands first on its line may follow comments
    "?": r"(?m)(?:[\[{,]\s*|(?:^|[\x85\u2028\u2029])[ \t]*)\?(?=[\s\]},:])",
}


def read_document(file: str, text: str) -> Document:
    """The value of `text` as `yaml.safe_load` reads it, with the place of every node; Problems if it is refused."""
    document = _read(file, text)
    if "${" in text:
        from litellm_migrate.source.refusals import check_rendered  # noqa: PLC0415 - seldom needed

        check_rendered(document, text)
    return document


def _read(file: str, text: str) -> Document:
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
