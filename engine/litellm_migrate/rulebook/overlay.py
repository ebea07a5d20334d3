"""Overlays: folders of rules that are laid over the shipped ones. What gives way is reported."""

from __future__ import annotations

from pathlib import Path as File

from litellm_migrate.rulebook.layers import LAID_OVER, REPLACE, Layers, replaces
from litellm_migrate.rulebook.nodes import RuleNode, of_kind
from litellm_migrate.rulebook.static_types import suggestion
from litellm_migrate.rulebook.universe import patterns_of
from litellm_migrate.source.model import Notice, Path, Problem, Problems

ROWS_OF_TABLE = ("tables",)
DIALECT, DISPOSITIONS, EXAMPLES = "dialect", "dispositions", "examples"


def is_overlay(nodes: list[RuleNode]) -> bool:
    """Whether documents say nothing of the source as a whole: then they are laid over some that do."""
    return not of_kind(nodes, "source")


class Overlay:
    """The documents of an overlay laid over those of the folder `root`."""

    def __init__(self, base: list[RuleNode], root: File) -> None:
        self.documents = list(base)
        self.root = root
        self.notices: dict[str, list[Notice]] = {}
        """Which parts of the base gave way: by the dialect that stated them, or under the empty text."""
        self.problems: list[Problem] = []
        self.layers = Layers(self.problems, self.replaced)
        self.name = ""
        """The document that is being laid over another."""
        self.dialect = ""
        """The dialect that gives way, if one does."""

    def lay(self, nodes: list[RuleNode]) -> list[RuleNode]:
        """All documents; raises Problems for what the overlay itself states twice."""
        for node in sorted(nodes, key=lambda node: bool(node.value["kind"] == DIALECT)):
            if node.value["kind"] == DISPOSITIONS:
                self.dispositions(node)
            elif node.value["kind"] != EXAMPLES:
                self.document(node)
        if self.problems:
            raise Problems(self.problems)
        return [*self.documents, *of_kind(nodes, EXAMPLES)]

    def document(self, node: RuleNode) -> None:
        """Lays one document over that of its kind and id, or adds it."""
        kind, name = node.value["kind"], node.value["id"]
        self.name, self.dialect = f"{kind} {name}", name if kind == DIALECT else ""
        for place, base in enumerate(self.documents):
            if (base.value["kind"], base.value.get("id")) == (kind, name):
                self.documents[place] = self.layers.document(base, node)
                break
        else:
            self.documents.append(self.layers.document(node._replace(value=None), node))
        for word, part in LAID_OVER.get(kind, ()):
            for place, base in enumerate(self.documents):
                if base.value["kind"] == DIALECT and base.at(word).has(name):
                    self.dialect = base.value["id"]
                    over = node.at(part) if part else node
                    rest = self.yielding(base.at(word, name), over, bool(node.value.get(REPLACE)))
                    others = {key: below for key, below in base.at(word).items() if key != name}
                    below = base.at(word).having({**others, **({name: rest} if rest.value else {})})
                    self.documents[place] = base.having({**dict(base.items()), word: below})

    def yielding(self, base: RuleNode, over: RuleNode, whole: bool) -> RuleNode:
        """What a dialect states but for what an overlay states, too, whose rows, cells and fields win."""
        stay = {}
        for key, part in base.items():
            if not (whole or over.has(key)):
                stay[key] = part
            elif not whole and base.path[:-1] == ROWS_OF_TABLE and not replaces(part, over.at(key)):
                rest = self.yielding(part, over.at(key), False)
                stay.update({key: rest} if rest.value else {})
            else:
                self.replaced(part, over.at(key))
        return base.having(stay)

    def dispositions(self, node: RuleNode) -> None:
        """Adds dispositions; the same pattern elsewhere gives way."""
        self.name, self.dialect = DISPOSITIONS, ""
        patterns = dict(patterns_of(node))
        known = set()
        for place, base in enumerate(self.documents):
            if base.value["kind"] == DISPOSITIONS:
                settings = dict(base.at("settings").items())
                for pattern, part in patterns_of(base):
                    if pattern in patterns:
                        known.add(pattern)
                        self.replaced(settings.pop(part.path[-1]), patterns[pattern], pattern)
                rest = base.at("settings").having(settings)
                self.documents[place] = base.having({**dict(base.items()), "settings": rest})
        settings = {part.path[-1]: part for part in patterns.values() if part.value is not None}
        for pattern, part in patterns.items():
            if part.value is None and pattern not in known:
                text = f"no rule speaks of `{'.'.join(pattern)}`, so there is nothing to take away."
                self.problems.append(part.problem(text))
        if settings:
            rest = node.at("settings").having(settings)
            self.documents.append(node.having({**dict(node.items()), "settings": rest}))

    def replaced(self, base: RuleNode, over: RuleNode, name: Path | None = None) -> None:
        """Reports what gives way; a problem if the overlay itself stated it."""
        position = base.position()
        try:
            file = File(position.file).relative_to(self.root).as_posix()
        except ValueError:
            self.problems.append(over.problem(f"this is also stated in {position}. Keep one of the two."))
            return
        parts = ".".join(map(str, over.path if name is None else name))
        rule = f"{self.name}{': ' if parts else ''}{parts}"
        what = "takes away" if over.value is None else "takes the place of"
        text = f"{rule} {what} the shipped rule in {file}:{position.line}."
        self.notices.setdefault(self.dialect, []).append(Notice("rule-override", over.position(), text))


def with_examples(nodes: list[RuleNode]) -> list[RuleNode]:
    """The documents with the examples that stand in documents of their own; raises Problems for those of nothing."""
    documents = [node for node in nodes if node.value["kind"] != EXAMPLES]
    problems: list[Problem] = []
    for node in of_kind(nodes, EXAMPLES):
        kind = next(word for word in node.value if word not in ("kind", EXAMPLES))
        places = {base.value["id"]: place for place, base in enumerate(documents) if base.value["kind"] == kind}
        name = node.value[kind]
        if name not in places:
            problems.append(node.at(kind).problem(f"`{name}` is no {kind}{suggestion(name, places)}"))
            continue
        base = documents[places[name]]
        examples = [*base.at(EXAMPLES).items(), *node.at(EXAMPLES).items()]
        both = node.at(EXAMPLES).having(dict(enumerate(example for _, example in examples)))
        documents[places[name]] = base.having({**dict(base.items()), EXAMPLES: both})
    if problems:
        raise Problems(problems)
    return documents
