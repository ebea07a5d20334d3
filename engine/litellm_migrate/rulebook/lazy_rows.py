"""Generated facts: thousands of rows of which one run asks for a few, so a row is read when it is asked for."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path as File
from typing import Any

from litellm_migrate import shipped
from litellm_migrate.source.model import Problem, Problems

OPENS, CLOSES = '"rows": {', "}}"


class Facts(Mapping[str, Any]):
    """The rows of a JSON file that has one on each line; asking for one raises Problems if it cannot be read."""

    def __init__(self, text: str, file: str) -> None:
        rules = shipped("rules")
        path = File(os.path.abspath(file))
        self.file = path.relative_to(rules).as_posix() if path.is_relative_to(rules) else str(path)
        """Its path, absolute; of a shipped file, below the shipped rules, wherever these lie once it is decoded."""
        self.places: dict[str, int] = {}
        """Where the line of each key begins, in characters after the first line."""
        start = 0
        for line in rows_in(text).split("\n"):
            key, colon, _ = line.partition('":')
            if colon:
                self.places[json.loads(f'{key}"') if "\\" in key else key[1:]] = start
            start += len(line) + 1

    @cached_property
    def text(self) -> str:
        """The lines of the rows; raises Problems where the file has gone."""
        file = shipped("rules") / self.file
        try:
            return rows_in(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise Problems([Problem(str(file), 0, 0, f"cannot be read: {error}. Install the rules again.")]) from error

    def __getitem__(self, key: str) -> Any:
        start = self.places[key]
        line = self.text[start : self.text.find("\n", start)].rstrip(",\r")
        try:
            return json.loads(f"{{{line}}}")[key]
        except (ValueError, KeyError) as error:
            message = "expected a row of facts as JSON. Write the file again with the command that made it."
            place = str(shipped("rules") / self.file), self.text.count("\n", 0, start) + 2, 1
            raise Problems([Problem(*place, message)]) from error

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)


def facts_of(text: str, file: str) -> Any:
    """The value of a JSON file: its rows unread if each has a line of its own, else whole; ValueError if no JSON."""
    head, _, rest = text.partition("\n")
    if not head.rstrip().endswith(OPENS) or not rest.rstrip().endswith(f"\n{CLOSES}"):
        return json.loads(text)
    return {**json.loads(f"{head}{CLOSES}"), "rows": Facts(text, file)}


def rows_in(text: str) -> str:
    """The lines between the first of a JSON file and the end of its rows."""
    return text.partition("\n")[2].rstrip().removesuffix(CLOSES)
