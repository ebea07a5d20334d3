"""Generated facts: thousands of rows of which one run asks for a few, so a row is read when it is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from litellm_migrate.source.model import Problem, Problems

OPENS, CLOSES = '"rows": {', "}}"


class Facts(Mapping[str, Any]):
    """The rows of a JSON file that has one on each line; raises Problems for one that cannot be read."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.places: dict[str, int] = {}
        """Where the line of each key begins."""
        start = 0
        for line in text.split("\n"):
            key, colon, _ = line.partition('":')
            if colon:
                self.places[json.loads(f'{key}"') if "\\" in key else key[1:]] = start
            start += len(line) + 1

    def __getitem__(self, key: str) -> Any:
        start = self.places[key]
        line = self.text[start : self.text.find("\n", start)].rstrip(",\r")
        try:
            return json.loads(f"{{{line}}}")[key]
        except (ValueError, KeyError) as error:
            message = "expected a row of facts as JSON. Write the file again with the command that made it."
            raise Problems([Problem(self.file, self.text.count("\n", 0, start) + 2, 1, message)]) from error

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)


def facts_of(text: str, file: str) -> Any:
    """What a JSON file says: its rows unread if each has a line of its own, else all at once; ValueError if no JSON."""
    head, _, rest = text.partition("\n")
    body = rest.rstrip()
    if not head.rstrip().endswith(OPENS) or not body.endswith(f"\n{CLOSES}"):
        return json.loads(text)
    return {**json.loads(f"{head}{CLOSES}"), "rows": Facts(body.removesuffix(CLOSES), file)}
