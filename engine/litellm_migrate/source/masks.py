"""Texts that look like keys where none belongs: every output shows a mask in their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from litellm_migrate.source.looks import Looks, rewritten
from litellm_migrate.source.model import Mark, Notice, Path, Position, Source
from litellm_migrate.source.records import record, replace


@record
class Mask:
    """What stands in the place of a key, and what is said of it."""

    name: str
    """Its hole `number` tells one key from another."""
    because: str
    """Its hole `name` is the mask."""
    do: str

    def named(self, number: int) -> str:
        """The name of the mask with a number."""
        return self.name.format(number=number)

    def notice(self, at: Position, name: str) -> Notice:
        """What is said of a key."""
        return Notice("looks-like-key", at, self.because.format(name=name), self.do)


class Kept(Protocol):
    """What knows the places where a secret belongs."""

    def keeps(self, path: Path, text: str) -> bool:
        """Whether a secret belongs at a path, and this text is one: it is shown nowhere anyway."""
        ...


class Masks:
    """The mask of each key, and which texts they were given to."""

    def __init__(self, looks: Looks, kept: Kept, mask: Mask, taken: Iterable[str]) -> None:
        self.looks = looks
        self.kept = kept
        self.mask = mask
        self.names: dict[str, str] = {}
        self.originals: dict[str, str] = {}
        """Mapping keys as they were written, by what is shown of them."""
        self.places: dict[str, Path] = {}
        """Where each mask stands first."""
        self._taken = " ".join(taken)

    def text(self, text: str, path: Path) -> str:
        """The text as it may be shown."""
        spans = list(self.looks.spans(text))
        return rewritten(text, spans, lambda key: self.name(key, path)) if spans else text

    def name(self, key: str, path: Path) -> str:
        """The mask of a key, the same for the same key, and nobody else's name."""
        if key not in self.names:
            number = len(self.names) + 1
            while self.mask.named(number) in self._taken or self.mask.named(number) in self.names.values():
                number += 1
            self.names[key] = self.mask.named(number)
            self.places[self.names[key]] = path
        return self.names[key]

    def value(self, value: Any, path: Path = ()) -> Any:
        """A value as it may be shown; what holds no key is the same object."""
        if isinstance(value, str):
            return value if self.kept.keeps(path, value) else self.text(value, path)
        if isinstance(value, dict):
            made = {self.key(key, path): self.value(below, (*path, key)) for key, below in value.items()}
            same = made.keys() == value.keys() and all(made[key] is below for key, below in value.items())
            return value if same else made
        if isinstance(value, list):
            items = [self.value(item, (*path, index)) for index, item in enumerate(value)]
            return value if all(new is old for new, old in zip(items, value, strict=True)) else items
        return value

    def key(self, key: Any, path: Path) -> Any:
        """A mapping's key as it may be shown."""
        shown = self.text(key, (*path, key)) if isinstance(key, str) else key
        if shown is not key and shown != key:
            self.originals[shown] = key
        return shown

    def shown(self, path: Path) -> Path:
        """A path as it may be shown."""
        return tuple(self.text(step, path) if isinstance(step, str) else step for step in path)

    def written(self, path: Path) -> Path:
        """The path of the document, from one that may be shown."""
        return tuple(self.originals.get(step, step) if isinstance(step, str) else step for step in path)


class ShownMarks(Mapping[Path, Mark]):
    """The marks of a document by the paths that may be shown."""

    def __init__(self, marks: Mapping[Path, Mark], masks: Masks) -> None:
        self._marks, self._masks = marks, masks

    def __getitem__(self, path: Path) -> Mark:
        mark = self._marks[self._masks.written(path)]
        return Mark(mark.at, self._masks.shown(mark.local))

    def __iter__(self) -> Iterator[Path]:
        return map(self._masks.shown, self._marks)

    def __len__(self) -> int:
        return len(self._marks)


def masked(source: Source, looks: Looks, kept: Kept, mask: Mask) -> Source:
    """The source without what looks like a key where none belongs, and a notice of each."""
    holder = source.marks[()].local  # of a configuration that stands inside something else
    texts = texts_of(source.value) | {step for step in holder if isinstance(step, str)}
    if not looks.any("\n".join(texts)) and not any(looks.any(one.because + one.do) for one in source.notices):
        return source
    masks = Masks(looks, kept, mask, texts)
    value = masks.value(source.value)
    masks.shown(holder)
    told = [mask.notice(source.at(path), name) for name, path in masks.places.items()]
    notices = (*(hidden(one, looks) for one in source.notices), *told)
    return Source(value, ShownMarks(source.marks, masks), notices)


def hidden(notice: Notice, looks: Looks) -> Notice:
    """A notice that shows no key."""
    return replace(notice, because=looks.hidden(notice.because), do=looks.hidden(notice.do))


def texts_of(value: Any) -> set[str]:
    """Every text in a value, keys too."""
    found: set[str] = set()
    seen: set[int] = set()
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            found.add(one)
        elif isinstance(one, (dict, list)) and id(one) not in seen:
            seen.add(id(one))
            if isinstance(one, dict):
                found.update(key for key in one if isinstance(key, str))
            stack.extend(one.values() if isinstance(one, dict) else one)
    return found
