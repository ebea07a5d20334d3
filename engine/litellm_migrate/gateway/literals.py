"""The values of variables that take the place of keys written into the configuration."""

from __future__ import annotations

from litellm_migrate.convert.run import Conversion
from litellm_migrate.rulebook.types import Rulebook

LITERAL = "literal"


def literals(done: Conversion, book: Rulebook) -> dict[str, str]:
    """The key that each such variable stands for, where the configuration has exactly one of them.

    Only texts at places that may hold a secret count; they go to the gateway and nowhere else.
    """
    found: dict[str, str] = {}
    for variable in done.variables:
        if variable.origin == LITERAL:
            texts = {book.secrets.secret_at(done.source, path) for path in variable.paths} - {None}
            if len(texts) == 1:
                found[variable.name] = str(texts.pop())
    return found
