"""The environment variables that payloads refer to, and the settings that ask for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import chain

from litellm_migrate.convert.bodies import Body
from litellm_migrate.convert.calls import REFERENCE, Variable
from litellm_migrate.convert.document import Document
from litellm_migrate.convert.origins import Origin, resolve, union
from litellm_migrate.convert.rows import Column, Compiler
from litellm_migrate.source.model import Json, Path, Source, value_at

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}\Z")


def referred_in(value: Json) -> str | None:
    """The name of the variable that a value refers to as a whole; None if it refers to none."""
    match = VARIABLE.match(str(value))
    return match[1] if match else None


class Variables:
    """Collects the variables of some fields of payloads; `hidden` says whether a path may hold a secret."""

    def __init__(self, source: Source, document: Document, hidden: Callable[[Path], bool], compiler: Compiler) -> None:
        self.source = source
        self.document = document
        self.hidden = hidden
        self.compiler = compiler
        self._reasons: dict[str, tuple[str, set[Path]]] = {}
        """By name, why something is a variable, and the settings behind it."""

    def read(self, fields: Mapping[str, Column], bodies: Iterable[Body], name_in: Callable[[Json], str | None]) -> None:
        """Takes the variables that fields of bodies name: each field with the reason, and what reads the name in it."""
        columns = [(tuple(name.split(".")), self.compiler(column)) for name, column in fields.items()]
        for body in bodies if columns else ():
            for target, reason in columns:
                if name := name_in(value_at(body.value, target)):
                    value, origin = reason(body.row)
                    _, paths = self._reasons.setdefault(name, (str(value or REFERENCE), set()))
                    of_field = union([field.origin for field in body.fields if field.pointer == target])
                    paths.update(self._settings(origin) or self._settings(of_field))

    def _settings(self, origin: Origin) -> Iterable[Path]:
        """The settings behind a value: those that may hold a secret, else those it is made of, else the deciding."""
        carried, decided, facts = resolve(origin)
        paths = {self.document.path(place) for place in chain(carried, decided)}
        if not paths and not facts:
            return ()
        hidden = {path for path in paths if self.hidden(path)}
        return hidden or {self.document.path(place) for place in carried} or paths

    def all(self) -> tuple[Variable, ...]:
        """Every variable, by name."""
        return tuple(sorted(self._variable(name, *reason) for name, reason in self._reasons.items()))

    def _variable(self, name: str, origin: str, paths: set[Path]) -> Variable:
        lines = sorted({self.source.at(path)[:2] for path in paths})
        return Variable(name, origin, tuple(f"{file}:{line}" for file, line in lines), tuple(sorted(paths, key=str)))
