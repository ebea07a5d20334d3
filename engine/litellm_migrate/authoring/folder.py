"""A folder of rules that can be added to: a copy, a checkout, or an overlay, in which missing documents are begun."""

from __future__ import annotations

from pathlib import Path as File
from typing import Any

from litellm_migrate.authoring.insertion import flow, inserted, lines_of
from litellm_migrate.authoring.recipes import Entry
from litellm_migrate.rulebook.nodes import RuleNode, documents, read_rules
from litellm_migrate.rulebook.overlay import EXAMPLES, is_overlay
from litellm_migrate.source.model import Problem, Problems


class Folder:
    """The folder with what is to be written, until that has been tried out."""

    def __init__(self, root: File) -> None:
        self.root = root
        self.texts: dict[str, str] = {}
        """By path below the folder, the files that change."""
        specs = read_rules(root) if root.is_dir() else []
        self.overlay = is_overlay(specs)

    def stated(self) -> list[RuleNode]:
        """Every document as it is to be, with its file's path below the folder."""
        found: list[RuleNode] = []
        files = [file.relative_to(self.root).as_posix() for file in sorted(self.root.rglob("*.yaml"))]
        for name in sorted({*files, *self.texts}):
            found.extend(documents(name, self.text(name)))
        return found

    def text(self, name: str) -> str:
        """A file as it is to be, with the ends of its lines as they are."""
        if name in self.texts:
            return self.texts[name]
        with (self.root / name).open(encoding="utf-8", newline="") as stream:
            return stream.read()

    def put(self, entry: Entry, file: str) -> None:
        """Adds an entry to its document; an overlay that has none of it gets one, in `file`."""
        kind, name, path = entry.kind, entry.id, entry.path
        if self.overlay and path[0] == EXAMPLES and not self.find(kind, name):
            kind, name = EXAMPLES, f"{entry.kind} {entry.id}"
        document = self.find(kind, name)
        if document is None and not self.overlay:
            text = f"expected the {kind} `{name}`, found none. Name other rules."
            raise Problems([Problem(str(self.root), 0, 0, text)])
        if document is None:
            head = {entry.kind: entry.id} if kind == EXAMPLES else {"id": name}
            self.begin(file, {"kind": kind, **head}, lines_of(path, entry.value))
            return
        near = neighbour(document.at(*path[:-1]), entry) if entry.beside else None
        self.texts[document.file] = inserted(self.text(document.file), document, path, entry.value, near)

    def find(self, kind: str, name: str) -> RuleNode | None:
        """The YAML document of a kind and id; of examples, of what they are of."""
        for spec in self.stated():
            of = " ".join(f"{key} {spec.value[key]}" for key in spec.value if key not in ("kind", EXAMPLES))
            if spec.value["kind"] == kind and name in (spec.value.get("id"), of):
                return spec
        return None

    def begin(self, file: str, head: dict[str, Any], lines: list[str]) -> None:
        """Adds a document at the end of a file, which need not be there."""
        before = self.text(file) if file in self.texts or (self.root / file).is_file() else ""
        start = f"{before.rstrip()}\n---\n" if before.strip() else before
        stated = [*(f"{key}: {flow(value)}" for key, value in head.items()), *lines]
        self.texts[file] = start + "".join(f"{line}\n" for line in stated)


def neighbour(rows: RuleNode, entry: Entry) -> Any:
    """The last row that has the same in the cell by which a new one finds its place; None if there is none."""
    cell = entry.value.get(entry.beside)
    found = [key for key, row in rows.items() if isinstance(row.value, dict) and row.value.get(entry.beside) == cell]
    return found[-1] if found and cell is not None else None
