"""A folder of rules that can be added to: a copy, a checkout, or an overlay, in which missing documents are begun."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path as File
from typing import NamedTuple

from ruamel.yaml.error import YAMLError

from litellm_migrate.authoring.round_trip import END, YamlFile
from litellm_migrate.rulebook.nodes import documents, read_rules
from litellm_migrate.rulebook.overlay import EXAMPLES, is_overlay
from litellm_migrate.source.model import Json, Path, Problem, Problems, leaves, value_at


class Addition(NamedTuple):
    """Something to write: into the document of which kind and id, where in it, and what."""

    kind: str
    id: str
    path: Path
    value: Json


class Folder:
    """The folder with what is to be written, until that has been tried out."""

    def __init__(self, root: File) -> None:
        self.root = root
        self.nodes = read_rules(root) if root.is_dir() else []
        self.overlay = is_overlay(self.nodes)
        self.files: dict[File, YamlFile] = {}
        """The files that change."""

    def put(self, addition: Addition, begun: str) -> None:
        """Adds to a document; an overlay that has none of that kind and id gets one, in the file `begun`."""
        head = {"kind": addition.kind, "id": addition.id}
        place = self.find(head)
        if self.overlay and place is None:
            if addition.path[0] == EXAMPLES:
                head = {"kind": EXAMPLES, addition.kind: addition.id}
            place = self.find(head) or self.begin(head, self.root / begun)
        if place is None:
            text = f"expected the {addition.kind} `{addition.id}` in a YAML file, found none. Add to an overlay."
            raise Problems([Problem(str(self.root), 0, 0, text)])
        file, number = place
        *_, key = addition.path
        if key != END and value_at(file.documents[number], addition.path) is not None:
            text = f"the {addition.kind} `{addition.id}` states `{key}` already. Change it there."
            raise Problems([Problem(str(self.root), 0, 0, text)])
        file.add(number, addition.path, addition.value)

    def find(self, head: Mapping[str, Json]) -> tuple[YamlFile, int] | None:
        """The file that holds the document of that kind and id, and the number of the document in it."""
        for file in self.files.values():
            for number, document in enumerate(file.documents):
                if begins(document, head):
                    return file, number
        numbers: Counter[str] = Counter()
        for node in self.nodes:
            if begins(node.value, head) and node.file.endswith(".yaml") and File(node.file) not in self.files:
                return self.open(File(node.file)), numbers[node.file]
            numbers[node.file] += 1
        return None

    def open(self, file: File) -> YamlFile:
        """A file that is to change; empty if it is not there yet."""
        if file not in self.files:
            try:
                self.files[file] = YamlFile(file.read_bytes().decode() if file.is_file() else "")
            except YAMLError as error:
                message = f"expected YAML that can be added to, found: {' '.join(str(error).split())}."
                raise Problems([Problem(str(file), 0, 0, message)]) from error
        return self.files[file]

    def begin(self, head: Mapping[str, Json], file: File) -> tuple[YamlFile, int]:
        """A new document at the end of a file."""
        opened = self.open(file)
        return opened, opened.begin(head)

    def texts(self) -> dict[str, str]:
        """The files that change, by path below the folder; raises Problems for a value that would change with them."""
        texts = {file: opened.text() for file, opened in self.files.items()}
        problems = []
        for file, text in texts.items():
            earlier = [node for node in self.nodes if node.file == str(file)]
            for before, after in zip(earlier, documents(str(file), text), strict=False):
                values = dict(leaves(after.value))
                problems += [
                    before.at(*path).problem("expected a value that can be written back. Put it in quotes.")
                    for path, value in leaves(before.value)
                    if value not in (None, {}, []) and values.get(path) != value
                ]
        if problems:
            raise Problems(problems)
        return {file.relative_to(self.root).as_posix(): text for file, text in texts.items()}

    def copy_to(self, copy: File) -> File:
        """A copy of the folder with the changes written in."""
        if self.root.is_dir():
            shutil.copytree(self.root, copy, dirs_exist_ok=True)
        for name, text in self.texts().items():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes(text.encode())
        return copy


def begins(document: Mapping[str, Json], head: Mapping[str, Json]) -> bool:
    """Whether a document has these words."""
    return all(document.get(word) == value for word, value in head.items())
