"""Mutated configurations: real ones with their bytes, their structure, their types or their names changed."""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from litellm_migrate import shipped
from litellm_migrate.source.model import leaves

HERE = Path(__file__).resolve().parent
FOLDERS = (HERE / "examples", HERE.parents[1] / "shared" / "corpus")
LARGEST = 20_000
"""Larger files are cropped first, most of the time: their entries repeat each other."""

DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
BYTES = (
    b"\x00 \x07 \x1b[31m \xff \xc3 \xed\xa0\x80 \xef\xbb\xbf \xe2\x80\xae \xc2\x85 \xe2\x80\xa8 "
    b"\t \r \r\n \n--- \n...\n "
    b"&a *a << <<:\x20*a !!set !!python/name:os.system !!binary ? | > |+ : - [ ] { } , # % @ ` ' \" \\ \\x \\ud800 ~ = "
    b"{{ }} {%if%} ${X} $(id) 0x 1e999 .inf .nan 2024-02-31 1:30 on: \xf0\x9f\x98\x80 os.environ/"
).split(b" ")
NAMES = (
    "", " ", "*", "a*b*", ".", "..", "/", "a/b", "../../etc/passwd", "\x00", "\x07", "\n", "\r", "\t",
    "\u202e", "\u200b", "\ud800",
    "\uff41\uff44\uff4d\uff49\uff4e", "\u0440\u0430ypal", "|", "`", "``",
    "<b>", "[a](b)", "*a*", "$(id)", "`id`", "${HOME}", "';id;'", '"', "\\", "{{x}}", "%s%n",
    "{0}", "-rf", "#", "a=b", "null", "true", "1", "{}", "[]",
    "os.environ/", "os.environ/X", "\U0001f600", "x" * 3000, "__proto__",
)  # fmt: skip
DATE = datetime.date(2024, 2, 29)
JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 10**30, 10**400, -(10**19), 0.1, 1e308, 1e-320, float("inf"), float("nan"), -0.0,
    "", "0", "1e999",
    DATE, datetime.datetime(2024, 2, 29, 1, 2, 3), b"\x00\xff", {1, "a"}, [], {}, [[]], [None],
    {"": ""}, {None: None}, {True: 1}, {DATE: 1},
    {1.5: {2: 3}}, "http://[", "https://u:p@h:x/y?z#", "http://h:99999999/", "1e-6", "30d", "١٢٣", "5 000", "0x10",
    "1_000",
)  # fmt: skip


def files() -> list[Path]:
    """The real configurations that are mutated."""
    return [file for folder in FOLDERS if folder.is_dir() for file in sorted(folder.glob("*.yaml"))]


@lru_cache
def known() -> tuple[str, ...]:
    """The names of all settings that the source's program knows."""

    def names(schema: Any) -> Iterator[str]:
        if isinstance(schema, dict):
            yield from schema.get("properties", {})
            for below in schema.values():
                yield from names(below)

    return tuple(dict.fromkeys(names(json.loads((shipped("schemas") / "source" / "litellm.json").read_text("utf-8")))))


class Mutator:
    """Mutated texts, each by its number: the same seed and number give the same text."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.texts = [file.read_bytes() for file in files()]
        self.values = [value for text in self.texts if isinstance(value := parsed(text), dict)]

    def case(self, number: int) -> bytes:
        """One mutated configuration."""
        rng = random.Random(f"{self.seed}:{number}")
        if rng.random() < 0.4:
            data = cropped_text(rng, rng.choice(self.texts))
            for _ in range(rng.choice((1, 1, 2, 4, 8))):
                data = rng.choice(TEXTS)(rng, data, self)
            return data
        value = cropped(rng, rng.choice(self.values))
        for _ in range(rng.choice((1, 1, 2, 3, 6))):
            value = rng.choice(VALUES)(rng, value, self)
        data = written(value, rng)
        return rng.choice(TEXTS)(rng, data, self) if rng.random() < 0.1 else data


def parsed(text: bytes) -> Any:
    """The value of a text, or None if it has none."""
    try:
        return yaml.load(text, Loader=LOADER)
    except (yaml.YAMLError, ValueError):
        return None


def written(value: Any, rng: random.Random) -> bytes:
    """A value as YAML in one of its styles; what cannot be written so is written as JSON."""
    style = rng.choice((None, False, False, True))
    try:
        text = yaml.dump(
            value, Dumper=DUMPER, default_flow_style=style, allow_unicode=rng.random() < 0.8, sort_keys=False
        )
        return str(text).encode("utf-8", "surrogatepass")
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        return json.dumps(value, default=str, skipkeys=True).encode()


def cropped(rng: random.Random, value: dict[Any, Any]) -> dict[Any, Any]:
    """A configuration of which long lists keep a few neighbours."""
    most = rng.choice((1, 2, 3, 3, 5, 12))

    def crop(one: Any) -> Any:
        if isinstance(one, list) and len(one) > most:
            start = rng.randrange(len(one) - most + 1)
            return one[start : start + most]
        return one

    return {key: crop(one) for key, one in value.items()}


def cropped_text(rng: random.Random, text: bytes) -> bytes:
    """The beginning of a text that is large."""
    most = LARGEST if rng.random() < 0.05 else 2500
    return text if len(text) <= most else text[: text.rfind(b"\n", 0, rng.randrange(400, most)) + 1]


def flip(rng: random.Random, data: bytes, _: Mutator) -> bytes:
    """One byte is another one."""
    at = rng.randrange(len(data) + 1)
    return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]


def insert(rng: random.Random, data: bytes, _: Mutator) -> bytes:
    """Something nasty stands in between."""
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(BYTES) + data[at:]


def cut(rng: random.Random, data: bytes, _: Mutator) -> bytes:
    """A part is missing."""
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + rng.choice((1, 3, 20, 200, len(data))) :]


def lines(rng: random.Random, data: bytes, other: Mutator) -> bytes:
    """A line is repeated, moved, indented otherwise, joined with its neighbour, or taken from another file."""
    rows = data.split(b"\n")
    at, to = rng.randrange(len(rows)), rng.randrange(len(rows))
    kind = rng.randrange(5)
    if kind == 0:
        rows[to:to] = rows[at : at + rng.choice((1, 5, 40))]
    elif kind == 1:
        rows[at], rows[to] = rows[to], rows[at]
    elif kind == 2:
        rows[at] = b" " * rng.randrange(6) + rows[at].lstrip()
    elif kind == 3:
        rows[at : at + 2] = [b" ".join(rows[at : at + 2])]
    else:
        rows[to:to] = [rng.choice(rng.choice(other.texts).split(b"\n"))]
    return b"\n".join(rows)


def encoding(rng: random.Random, data: bytes, _: Mutator) -> bytes:
    """The same text in another encoding, with other line ends, or compressed to one line."""
    text = data.decode("utf-8", "replace")
    kind = rng.randrange(6)
    if kind < 3:
        return text.encode(("utf-16", "utf-8-sig", "utf-16-le")[kind])
    ends = (b"\r\n", b"\r", "\u2028".encode())
    return data.replace(b"\n", ends[kind - 3])


def anchored(rng: random.Random, data: bytes, _: Mutator) -> bytes:
    """Anchors, aliases and merge keys at the ends of lines."""
    rows = data.split(b"\n")
    for mark in (b" &a", b" *a", b" {<<: *a}"):
        at = rng.randrange(len(rows))
        rows[at] = rows[at].rstrip() + mark
    return b"\n".join(rows)


def paths(value: Any) -> list[tuple[Any, ...]]:
    """The paths of a value's leaves and of all that holds them; what contains itself has none."""
    try:
        return sorted({path[:end] for path, _ in leaves(value) for end in range(1, len(path) + 1)}, key=repr)
    except RecursionError:
        return []


def at(value: Any, path: tuple[Any, ...]) -> Any:
    """What stands at a path."""
    for key in path:
        value = value[key]
    return value


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The same value with another one at a path."""
    if not path:
        return new
    made = value.copy()
    made[path[0]] = put(made[path[0]], path[1:], new)
    return made


def anywhere(change: Callable[[random.Random, Any, Mutator], Any]) -> Callable[[random.Random, Any, Mutator], Any]:
    """A change of one value, applied at any place of a document."""

    def changed(rng: random.Random, value: Any, other: Mutator) -> Any:
        spots = paths(value)
        if not spots:
            return value
        spot = rng.choice(spots)
        return put(value, spot, change(rng, at(value, spot), other))

    return changed


def retyped(rng: random.Random, old: Any, _: Mutator) -> Any:
    """A value of another type."""
    return rng.choice(
        (*JUNK, *NAMES, [old], {"value": old}, str(old), [old, old], {old: old} if isinstance(old, str) else old)
    )


def moved(rng: random.Random, _old: Any, other: Mutator) -> Any:
    """A value from another place of another configuration."""
    donor = rng.choice(other.values)
    return at(donor, rng.choice(paths(donor) or [()]))


def deeper(rng: random.Random, old: Any, _: Mutator) -> Any:
    """A value below many others."""
    for _level in range(rng.choice((1, 5, 95, 120, 200))):
        old = [old] if rng.random() < 0.5 else {rng.choice(("a", "model", "litellm_params", "value")): old}
    return old


def renamed(rng: random.Random, old: Any, _: Mutator) -> Any:
    """A mapping in which a key has another name, a text that is another one, or a list in another order."""
    name: Any = rng.choice((*NAMES, *NAMES, *(one for one in JUNK if not isinstance(one, (list, dict, set)))))
    if isinstance(old, dict) and old:
        gone = rng.choice(list(old))
        return {name if key == gone else key: below for key, below in old.items()}
    if isinstance(old, str):
        cut_at = rng.randrange(len(old) + 1)
        return rng.choice((name, f"{old}{name}", f"{name}{old}", old[:cut_at], old.upper(), old[::-1]))
    return old[::-1] if isinstance(old, list) else name


def settled(rng: random.Random, old: Any, _: Mutator) -> Any:
    """A mapping with more settings, known and unknown ones."""
    if not isinstance(old, dict):
        return {rng.choice(known()): old}
    return {**old, **{rng.choice(known()): rng.choice((*JUNK, *NAMES)) for _ in range(rng.choice((1, 3, 10)))}}


def shrunk(rng: random.Random, old: Any, _: Mutator) -> Any:
    """A value without one of its parts, or with one many times."""
    if isinstance(old, dict) and old:
        gone = rng.choice(list(old))
        return {key: below for key, below in old.items() if key != gone}
    if isinstance(old, list) and old:
        gone = rng.randrange(len(old))
        return [*old[:gone], *[old[gone]] * rng.choice((0, 2, 30)), *old[gone + 1 :]]
    return None


TEXTS: tuple[Callable[[random.Random, bytes, Mutator], bytes], ...] = (flip, insert, cut, lines, encoding, anchored)
VALUES = tuple(map(anywhere, (retyped, retyped, moved, deeper, renamed, renamed, settled, shrunk)))
