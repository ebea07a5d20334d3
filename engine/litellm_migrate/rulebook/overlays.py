"""Overlays: a folder that holds only what differs, laid over the shipped rules; what gives way is reported."""

from __future__ import annotations

from pathlib import Path as File

from litellm_migrate.rulebook.dispositions import segments
from litellm_migrate.rulebook.files import Spec
from litellm_migrate.rulebook.layers import OPEN, Layer, unlisted
from litellm_migrate.source.model import Notice, Path, Problem, Problems
from litellm_migrate.source.records import replace

DECIDES, EXAMPLES = "dispositions", "examples"


def is_overlay(specs: list[Spec]) -> bool:
    """Whether documents say nothing of the source as a whole: then they are laid over some that do."""
    return not any(spec.value["kind"] == "source" for spec in specs)


class Overlay:
    """The documents of an overlay laid over others."""

    def __init__(self, base: list[Spec], root: File) -> None:
        self.documents = list(base)
        self.root = root
        """The folder of the others."""
        self.notices: list[Notice] = []
        self.busy = ""
        """The document that is being laid over another."""
        self.problems: list[Problem] = []

    def lay(self, specs: list[Spec]) -> list[Spec]:
        """All documents; raises Problems for what the overlay itself states twice."""
        for spec in specs:
            if spec.value["kind"] == DECIDES:
                self.dispositions(spec)
            elif spec.value["kind"] != EXAMPLES:
                self.document(spec)
        if self.problems:
            raise Problems(self.problems)
        return [*self.documents, *(spec for spec in specs if spec.value["kind"] == EXAMPLES)]

    def document(self, spec: Spec) -> None:
        """Lays one document over that of its kind and id, or adds it."""
        kind, name = spec.value["kind"], spec.value["id"]
        self.busy = f"{kind} {name}"
        for place, base in enumerate(self.documents):
            if (base.value["kind"], base.value.get("id")) == (kind, name):
                if kind in OPEN:
                    self.documents[place] = Layer(unlisted(base, spec, self.replaced), self.replaced).under(spec)
                else:
                    self.replaced(base, spec)
                    self.documents[place] = spec
                return
        self.documents.append(spec)

    def dispositions(self, spec: Spec) -> None:
        """Adds dispositions; the same pattern elsewhere gives way."""
        self.busy = DECIDES
        mine = {full(spec, key): part for key, part in spec.at("settings").items()}
        for place, base in enumerate(self.documents):
            if base.value["kind"] == DECIDES:
                stated = base.at("settings")
                gone = {key for key in stated.value if full(base, key) in mine}
                for key in gone:
                    self.replaced(stated.at(key), mine[full(base, key)], full(base, key))
                kept = {key: value for key, value in stated.value.items() if key not in gone}
                self.documents[place] = replace(base, value={**base.value, "settings": kept}) if gone else base
        self.documents.append(spec)

    def replaced(self, base: Spec, over: Spec, name: Path | None = None) -> None:
        """Reports what gives way; a problem if the overlay itself stated it."""
        there, here = base.position(), over.position()
        try:
            shown = File(there.file).relative_to(self.root).as_posix()
        except ValueError:
            self.problems.append(over.problem(f"this is also stated in {there}. Keep one of the two."))
            return
        parts = ".".join(map(str, over.path if name is None else name))
        rule = f"{self.busy}{': ' if parts else ''}{parts}"
        text = f"{rule} takes the place of the shipped rule in {shown}:{there.line}."
        self.notices.append(Notice("rule-override", here, text))


def full(document: Spec, key: str) -> Path:
    """A disposition's pattern from the top."""
    return (*segments(document.value.get("under", "")), *segments(key))
