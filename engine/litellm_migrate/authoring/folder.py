"""A folder of rules that can be added to: a copy, a checkout, or an overlay, in which missing documents are begun."""

from __future__ import annotations

from pathlib import Path as File
from typing import Any, NamedTuple

from litellm_migrate.authoring.insertion import flow, inserted, lines_of
from litellm_migrate.rulebook.nodes import RuleNode, documents, read_rules
from litellm_migrate.rulebook.overlay import EXAMPLES, is_overlay
from litellm_migrate.source.model import Path, Problem, Problems


class Addition(NamedTuple):
    """Something to write: into which document, where, what; of examples, which columns of the rows they show."""

    kind: str
    id: str
    path: Path
    value: Any  # JSON
    beside: str | None = None
    """The cell by which a new row finds its neighbours."""
    columns: tuple[str, ...] = ()


class Folder:
    """The folder with what is to be written, until that has been tried out."""

    def __init__(self, root: File) -> None:
        self.root = root
        self.texts: dict[str, str] = {}
        """By path below the folder, the files that change."""
        self.overlay = is_overlay(read_rules(root) if root.is_dir() else [])

    def text(self, name: str) -> str:
        """A file as it is to be, with the ends of its lines as they are; empty if it is not there yet."""
        if name in self.texts or not (self.root / name).is_file():
            return self.texts.get(name, "")
        with (self.root / name).open(encoding="utf-8", newline="") as stream:
            return stream.read()

    def put(self, entry: Addition, file: str) -> None:
        """Adds an entry to its document; an overlay that has none of it gets one, in `file`."""
        document = self.find(entry.kind, entry.id)
        head = {"kind": entry.kind, "id": entry.id}
        if self.overlay and entry.path[0] == EXAMPLES and document is None:
            head = {"kind": EXAMPLES, entry.kind: entry.id}
            document = self.find(EXAMPLES, f"{entry.kind} {entry.id}")
        if document is not None:
            beside = neighbour(document.at(*entry.path[:-1]), entry) if entry.beside else None
            text = self.text(document.file)
            self.texts[document.file] = inserted(text, document, entry.path, entry.value, beside)
        elif self.overlay:
            before = self.text(file)
            start = f"{before.rstrip()}\n---\n" if before.strip() else before
            lines = [*(f"{key}: {flow(value)}" for key, value in head.items()), *lines_of(entry.path, entry.value)]
            self.texts[file] = start + "".join(f"{line}\n" for line in lines)
        else:
            text = f"expected the {entry.kind} `{entry.id}`, found none. Name other rules."
            raise Problems([Problem(str(self.root), 0, 0, text)])

    def find(self, kind: str, name: str) -> RuleNode | None:
        """The YAML document of a kind and id, with its file's path below the folder; of examples, of what they are."""
        files = {file.relative_to(self.root).as_posix() for file in self.root.rglob("*.yaml")}
        for file in sorted({*files, *self.texts}):
            for node in documents(file, self.text(file)):
                of = " ".join(f"{key} {node.value[key]}" for key in node.value if key not in ("kind", EXAMPLES))
                if node.value["kind"] == kind and name in (node.value.get("id"), of):
                    return node
        return None


def neighbour(rows: RuleNode, entry: Addition) -> Any:
    """The last row that has the same in the cell by which a new one finds its place; None if there is none."""
    cell = entry.value.get(entry.beside)
    keys = [key for key, row in rows.items() if isinstance(row.value, dict) and row.value.get(entry.beside) == cell]
    return keys[-1] if keys and cell is not None else None
