"""How the engine is built, against the goals it was built to: `python tests/house.py [--details]` prints a table.

Lines by room, loose files, names without content, `Any`, the longest function and file, import circles, class names
with two meanings, and which room imports which. `--details` lists every place behind a figure that misses its goal.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

PACKAGE = "litellm_migrate"
ENGINE = Path(__file__).resolve().parents[1] / "engine" / PACKAGE
BUDGETS = {
    "cli": 450,
    "source": 1030,
    "rulebook": 1400,
    "convert": 2100,
    "output": 1050,
    "gateway": 1450,
    "reading": 900,
    "sandbox": 430,
    "lint": 520,
    "authoring": 450,
}
"""The most lines of each room. Their sum is less than the budget of all, which holds `__init__` and `__main__` too."""
ALL_LINES, FUNCTION_LINES, FILE_LINES = 9100, 60, 300
CONTENTLESS_PERCENT, ANY_PER_1000 = 1.5, 20
LOOSE_FILES = {"__init__.py", "__main__.py"}

CONTENTLESS = frozenset(
    word
    for line in (
        "one ones found made known said given seen told tell there done asked held stated own led became shown shows",
        "say taken got wanted tried kept left several other others thing things stuff some mine theirs ours here what",
        "this that",
    )
    for word in line.split()
)
"""Words that say nothing of what a name stands for."""

IMPORTS = {
    "source": set(),
    "convert": {"source"},
    "output": set(BUDGETS) - {"rulebook", "gateway", "cli"},
    "lint": {"source", "convert", "rulebook"},
    "authoring": {"source", "convert", "rulebook"},
    "gateway": set(BUDGETS) - {"cli"},
    "sandbox": set(BUDGETS) - {"cli"},
    "rulebook": set(BUDGETS) - {"cli"},
    "reading": set(BUDGETS) - {"cli"},
}
"""The rooms that each room may import; `cli`, which nobody imports, may import all."""
TYPES_ONLY = {("convert", "rulebook")}
"""Where classes may be imported, and nothing else."""


class Check(NamedTuple):
    """One goal: its figure, what it should be at most, and the places that count."""

    name: str
    figure: float
    goal: float
    places: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the goal is met."""
        return self.figure <= self.goal


class Import(NamedTuple):
    """One imported name: `from source import name`."""

    source: str
    name: str
    line: int
    typing_only: bool


class Module:
    """One file of the engine."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.path = file.relative_to(ENGINE)
        self.text = file.read_text("utf-8")
        self.tree = ast.parse(self.text)
        self.nodes = list(ast.walk(self.tree))
        self.lines = self.text.count("\n")
        self.room = self.path.parts[0] if len(self.path.parts) > 1 else ""
        parts = (PACKAGE, *self.path.with_suffix("").parts)
        self.name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def imports(self) -> list[Import]:
        """The names imported from the engine itself, wherever the statement stands."""
        typing_only = {
            id(below)
            for node in self.nodes
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
            for below in ast.walk(node)
        }
        imports = []
        for node in self.nodes:
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == PACKAGE:
                names = [(str(node.module), alias.name) for alias in node.names]
            elif isinstance(node, ast.Import):
                names = [(alias.name, "") for alias in node.names if alias.name.split(".")[0] == PACKAGE]
            else:
                continue
            imports += [Import(source, name, node.lineno, id(node) in typing_only) for source, name in names]
        return imports

    def bound_names(self) -> Iterator[tuple[str, int]]:
        """Every name that this file binds, with its line: classes, functions, parameters, variables, attributes."""
        for node in self.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield node.name, node.lineno
            elif isinstance(node, ast.arg):
                yield node.arg, node.lineno
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id, node.lineno
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                yield node.attr, node.lineno

    def class_names(self) -> Iterator[tuple[str, int]]:
        """Classes, and aliases of types at the top of the file."""
        for node in self.nodes:
            if isinstance(node, ast.ClassDef):
                yield node.name, node.lineno
        for statement in self.tree.body:
            if isinstance(statement, ast.Assign | ast.AnnAssign):
                targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                for target in targets:
                    if isinstance(target, ast.Name) and re.fullmatch(r"[A-Z]\w*[a-z]\w*", target.id):
                        yield target.id, statement.lineno


def modules() -> list[Module]:
    """The files of the engine."""
    return [Module(file) for file in sorted(ENGINE.rglob("*.py"))]


def contentless(name: str) -> bool:
    """Whether a word of a name says nothing: `found`, `all_led`, `KeptPaths`."""
    words = re.findall(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]*", name)
    return any(word.lower() in CONTENTLESS for word in words)


def checks(engine: list[Module]) -> Iterator[Check]:
    """Every goal with its figure."""
    yield from line_checks(engine)
    yield from name_checks(engine)
    yield any_check(engine)
    yield from size_checks(engine)
    yield circle_check(engine)
    yield class_check(engine)
    for room in sorted(IMPORTS):
        yield import_check(engine, room)
    yield cli_check(engine)


def line_checks(engine: list[Module]) -> Iterator[Check]:
    """Lines of each room and of all, and files that stand in no room."""
    for room, budget in BUDGETS.items():
        files = sorted((module.lines, str(module.path)) for module in engine if module.room == room)
        yield Check(f"lines of {room}", sum(lines for lines, _ in files), budget, tuple(f"{p}: {n}" for n, p in files))
    yield Check("lines of all", sum(module.lines for module in engine), ALL_LINES)
    loose = [module.path.name for module in engine if not module.room and module.path.name not in LOOSE_FILES]
    rooms = {module.room for module in engine if module.room} - BUDGETS.keys()
    yield Check("loose files and unknown rooms", len(loose) + len(rooms), 0, (*loose, *sorted(rooms)))


def name_checks(engine: list[Module]) -> Iterator[Check]:
    """The share of names without content, in per cent."""
    total, empty, rooms = 0, Counter[str](), Counter[str]()
    for module in engine:
        for name, _ in module.bound_names():
            total += 1
            if contentless(name):
                empty[name] += 1
                rooms[module.room or "(loose)"] += 1
    worst = ", ".join(f"{name} {count}" for name, count in empty.most_common(40))
    places = (*(f"{room}: {count}" for room, count in rooms.most_common()), worst)
    share = 100 * empty.total() / total
    yield Check("names without content, %", round(share, 2), CONTENTLESS_PERCENT, places)


def any_check(engine: list[Module]) -> Check:
    """`Any` per 1,000 lines; the import of the name does not count."""
    counts: Counter[str] = Counter()
    for module in engine:
        uses = [node for node in module.nodes if isinstance(node, ast.Name) and node.id == "Any"]
        counts[str(module.path)] += len(uses)
    lines = sum(module.lines for module in engine)
    places = tuple(f"{path}: {count}" for path, count in counts.most_common(20))
    return Check("Any per 1,000 lines", round(1000 * counts.total() / lines, 1), ANY_PER_1000, places)


def size_checks(engine: list[Module]) -> Iterator[Check]:
    """The longest function and the longest file."""
    functions = sorted(
        (int(node.end_lineno or 0) - node.lineno + 1, f"{module.path}:{node.lineno} {node.name}")
        for module in engine
        for node in module.nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    files = sorted((module.lines, str(module.path)) for module in engine)
    for name, sizes, goal in (
        ("lines of the longest function", functions, FUNCTION_LINES),
        ("lines of the longest file", files, FILE_LINES),
    ):
        yield Check(name, sizes[-1][0], goal, tuple(f"{place}: {lines}" for lines, place in sizes[:-6:-1]))


def circle_check(engine: list[Module]) -> Check:
    """Groups of modules that import each other, at the top or in functions; imports that only types need are free."""
    names = {module.name for module in engine}
    graph: dict[str, set[str]] = {name: set() for name in names}
    for module in engine:
        for entry in module.imports:
            full = f"{entry.source}.{entry.name}"
            target = full if full in names else entry.source
            if not entry.typing_only and target in names - {module.name}:
                graph[module.name].add(target)
    circles = [sorted(group) for group in components(graph) if len(group) > 1]
    return Check("import circles", len(circles), 0, tuple(" <-> ".join(group) for group in circles))


def components(graph: dict[str, set[str]]) -> Iterator[set[str]]:
    """The strongly connected components of a graph."""
    reached = {name: reachable(graph, name) for name in graph}
    pending = set(graph)
    while pending:
        name = pending.pop()
        group = {name, *(target for target in reached[name] if name in reached[target])}
        pending -= group
        yield group


def reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    """All nodes that a path leads to."""
    reached: set[str] = set()
    queue = [start]
    while queue:
        new = graph[queue.pop()] - reached
        reached |= new
        queue += new
    return reached


def class_check(engine: list[Module]) -> Check:
    """Names that two classes or type aliases of the engine share."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for module in engine:
        for name, line in module.class_names():
            places[name].append(f"{module.path}:{line}")
    shared = {name: sites for name, sites in sorted(places.items()) if len(sites) > 1}
    listed = tuple(f"{name}: {', '.join(sites)}" for name, sites in shared.items())
    return Check("class names with two meanings", len(shared), 0, listed)


def import_check(engine: list[Module], room: str) -> Check:
    """What a room imports of rooms that it should not know."""
    forbidden = []
    for module in engine:
        for entry in module.imports if module.room == room else ():
            parts = f"{entry.source}.{entry.name}".split(".")
            target = next((part for part in parts[1:2] if part in BUDGETS), room)
            types = (room, target) in TYPES_ONLY and is_class(entry)
            if target not in {room, *IMPORTS[room]} and not types:
                forbidden.append(f"{module.path}:{entry.line} {entry.source} {entry.name}")
    return Check(f"forbidden imports of {room}", len(forbidden), 0, tuple(forbidden))


def is_class(entry: Import) -> bool:
    """Whether what is imported is a class: `Rulebook`, neither a function nor a constant."""
    return re.fullmatch(r"[A-Z]\w*[a-z]\w*", entry.name) is not None


def cli_check(engine: list[Module]) -> Check:
    """Who imports the command line; only `__main__` may."""
    guests = tuple(
        f"{module.path}:{entry.line}"
        for module in engine
        for entry in module.imports
        if f"{entry.source}.{entry.name}".startswith(f"{PACKAGE}.cli")
        and module.room != "cli"
        and module.path.name != "__main__.py"
    )
    return Check("imports of cli from outside", len(guests), 0, guests)


def main() -> int:
    """Prints the table; exit code 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--details", action="store_true", help="list the places behind each figure that is missed")
    options = parser.parse_args()
    results = list(checks(modules()))
    print(f"{'':36} {'figure':>9} {'goal':>9}")
    for check in results:
        print(f"{check.name:36} {check.figure:>9,} {check.goal:>9,}{'' if check.holds else '  missed'}")
        for place in check.places if options.details and not check.holds else ():
            print(f"      {place}")
    missed = sum(not check.holds for check in results)
    print(f"{len(results) - missed} of {len(results)} goals are met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
