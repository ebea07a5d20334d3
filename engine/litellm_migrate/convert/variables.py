"""The environment variables that payloads refer to, and the settings that ask for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import chain

from litellm_migrate.convert.bodies import Body, Shape
from litellm_migrate.convert.calls import REFERENCE, Variable
from litellm_migrate.convert.document import Document
from litellm_migrate.convert.origins import Origin, resolve, union
from litellm_migrate.convert.rows import Column, Compiler, Evaluator
from litellm_migrate.source.model import Path, Source, value_at

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}\Z")
Reasons = dict[str, tuple[str, set[Path]]]
"""By name, why something is a variable, and the settings behind it."""


class Variables:
    """Collects the variables of payloads; `hidden` says whether a path may hold a secret."""

    def __init__(self, source: Source, document: Document, hidden: Callable[[Path], bool], compiler: Compiler) -> None:
        self.source = source
        self.document = document
        self.hidden = hidden
        self.compiler = compiler
        self._referred: Reasons = {}
        self._named: Reasons = {}

    def read_bodies(self, shape: Shape, bodies: Iterable[Body]) -> None:
        """Takes the variables of an endpoint's bodies."""
        referring, naming = self._compiled(shape.variables), self._compiled(shape.environment)
        for body in bodies if referring or naming else ():
            for target, reason in referring:
                if match := VARIABLE.match(str(value_at(body.value, target))):
                    self._read(self._referred, match[1], body, target, reason)
            for target, reason in naming:
                if name := value_at(body.value, target):
                    self._read(self._named, str(name), body, target, reason)

    def _compiled(self, fields: Mapping[str, Column] | None) -> list[tuple[Path, Evaluator]]:
        return [(tuple(name.split(".")), self.compiler(column)) for name, column in (fields or {}).items()]

    def _read(self, reasons: Reasons, name: str, body: Body, target: Path, reason: Evaluator) -> None:
        value, origin = reason(body.row)
        _, paths = reasons.setdefault(name, (str(value or REFERENCE), set()))
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

    def referred(self) -> tuple[Variable, ...]:
        """Every variable that payloads refer to, by name."""
        return tuple(sorted(self._variable(name, *reason) for name, reason in self._referred.items()))

    def named(self) -> tuple[Variable, ...]:
        """Every variable that the gateway reads where it runs, by name."""
        return tuple(sorted(self._variable(name, *reason) for name, reason in self._named.items()))

    def _variable(self, name: str, origin: str, paths: set[Path]) -> Variable:
        lines = sorted({self.source.at(path)[:2] for path in paths})
        return Variable(name, origin, tuple(f"{file}:{line}" for file, line in lines), tuple(sorted(paths, key=str)))
