"""Where values come from: a graph that grows with the values, and is resolved once where a payload field ends it.

An origin is None (no setting), a place of the document, or a node:

    Union(parts)                 all of its parts
    Decides(origin)              what carried below only decides
    Marked(kind, note, origin)   REFUSED, ANSWERED: nothing carries; the note is a fact about each place that carried
                                 DIFFERS: what carried still does; the note, an outcome, is a fact about the value
                                 IN_VAIN: nothing carries; what decided is left (of an alternative without a value)
                                 FACTS_ONLY: only facts are left (of a group none of whose members has a value)
    MemberOrigins(row, origins)  what each member of a group says
    Restricted(row, members, origin)
                                 the same graph, in which the group `row` has no members but the ones numbered there

Nodes are never changed and never copied: a row refers to the nodes of the rows that it was made from. What a node
resolves to is kept in it, so that what many fields share is worked out once.

Example: the column `number(copies)` guarded by `when: title` has the origin `Union([Decides(title), copies])`; it
resolves to a provenance that carries the leaf of `copies` and is decided by the leaf of `title`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from litellm_migrate.convert.document import Place, Subtree
from litellm_migrate.convert.outcomes import DIFFERS

REFUSED = "refused"
"""A conversion cannot use the setting's value; the note says what it expects."""
ANSWERED = "answered"
"""A table answers the setting with an outcome; the note is that outcome."""
IN_VAIN, FACTS_ONLY = "in vain", "facts only"
"""What is left of the origin of something that gave no value; see above."""
NO_PLACES: frozenset[Place] = frozenset()


class Fact(NamedTuple):
    """Something known about the setting at a place, or, without a place, about the value itself."""

    kind: str
    place: Place | None
    note: object


NO_FACTS: frozenset[Fact] = frozenset()


class Provenance(NamedTuple):
    """The places of the document behind a value, by what they did for it."""

    carried: frozenset[Place] = NO_PLACES
    """The setting's value reaches the result."""
    decided: frozenset[Place] = NO_PLACES
    """The setting only decided: a condition, a grouping key."""
    facts: frozenset[Fact] = NO_FACTS


NOTHING = Provenance()


class Restriction:
    """Which members are left of a group, and what nodes resolve to under that."""

    def __init__(self, row: object, members: list[int], outer: Restriction | None) -> None:
        self.row = row
        self.members = members
        self.outer = outer
        self.resolved: dict[int, Provenance] = {}

    def members_of(self, row: object) -> list[int] | None:
        """The members that are left of a group; None if it is not restricted."""
        scope: Restriction | None = self
        while scope is not None and scope.row is not row:
            scope = scope.outer
        return None if scope is None else scope.members


class OriginNode:
    """A node of the graph; it keeps what it resolves to where no group is restricted."""

    __slots__ = ("resolved",)

    def __init__(self) -> None:
        self.resolved: Provenance | None = None

    def resolve(self, scope: Restriction | None) -> Provenance:
        """The provenance of the node."""
        raise NotImplementedError


Origin = None | int | Subtree | OriginNode


class Union(OriginNode):
    """All of several origins."""

    __slots__ = ("parts",)

    def __init__(self, parts: list[Origin]) -> None:
        self.resolved = None
        self.parts = parts

    def resolve(self, scope: Restriction | None) -> Provenance:
        """The union of the parts' sets, most of which are empty."""
        places: list[Place] = []
        carried, decided, facts = NOTHING
        for part in self.parts:
            if part is None:
                continue
            if not isinstance(part, OriginNode):
                places.append(part)
                continue
            below = part.resolved if scope is None and part.resolved is not None else resolve(part, scope)
            if below.carried and not below.carried <= carried:
                carried = carried | below.carried if carried else below.carried
            if below.decided and not below.decided <= decided:
                decided = decided | below.decided if decided else below.decided
            if below.facts:
                facts = facts | below.facts if facts else below.facts
        return Provenance(carried.union(places) if places else carried, decided, facts)


class Decides(OriginNode):
    """What carried below only decides."""

    __slots__ = ("origin",)

    def __init__(self, origin: Origin) -> None:
        self.resolved = None
        self.origin = origin

    def resolve(self, scope: Restriction | None) -> Provenance:
        """Nothing carries, and nothing differs."""
        carried, decided, facts = resolve(self.origin, scope)
        if carried:
            return Provenance(NO_PLACES, carried | decided if decided else carried, about_places(facts))
        return Provenance(NO_PLACES, decided, about_places(facts)) if decided or facts else NOTHING


class Marked(OriginNode):
    """Something is known of what carried below."""

    __slots__ = ("kind", "note", "origin")

    def __init__(self, kind: str, note: object, origin: Origin) -> None:
        self.resolved = None
        self.kind = kind
        self.note = note
        self.origin = origin

    def resolve(self, scope: Restriction | None) -> Provenance:
        """What the mark says."""
        carried, decided, facts = resolve(self.origin, scope)
        if self.kind is DIFFERS:
            return Provenance(carried, decided, facts | {Fact(DIFFERS, None, self.note)})
        if self.kind is FACTS_ONLY:
            return Provenance(facts=about_places(facts)) if facts else NOTHING
        if self.kind is not IN_VAIN:
            facts = facts.union([Fact(self.kind, place, self.note) for place in carried])
        return Provenance(NO_PLACES, decided, about_places(facts)) if decided or facts else NOTHING


class MemberOrigins(OriginNode):
    """The origins of a column in all members of a group."""

    __slots__ = ("origins", "row")

    def __init__(self, row: object, origins: list[Origin]) -> None:
        self.resolved = None
        self.row = row
        self.origins = origins

    def resolve(self, scope: Restriction | None) -> Provenance:
        """The union of all, or of the members that are left."""
        members = scope.members_of(self.row) if scope else None
        if members is not None:  # what a member says is older than any group that is restricted: no scope inside
            return resolve(union([self.origins[number] for number in members]), None)
        return Union(self.origins).resolve(scope)


class Restricted(OriginNode):
    """An origin in which a group has some of its members only: what the others say is not a member's doing."""

    __slots__ = ("members", "origin", "row")

    def __init__(self, row: object, members: list[int], origin: Origin) -> None:
        self.resolved = None
        self.row = row
        self.members = members
        self.origin = origin

    def resolve(self, scope: Restriction | None) -> Provenance:
        """The provenance under the restriction."""
        return resolve(self.origin, Restriction(self.row, self.members, scope))


@lru_cache(maxsize=4096)
def intern(provenance: Provenance) -> Provenance:
    """The first provenance that was equal: neighbouring nodes resolve to the same places, which are kept once."""
    return provenance


def about_places(facts: frozenset[Fact]) -> frozenset[Fact]:
    """The facts about places, without what differs."""
    return frozenset([fact for fact in facts if fact.kind is not DIFFERS]) if facts else facts


def resolve(origin: Origin, scope: Restriction | None = None) -> Provenance:
    """The provenance at the ends of a graph."""
    if not isinstance(origin, OriginNode):
        return NOTHING if origin is None else Provenance(frozenset((origin,)))
    if scope is None:
        if origin.resolved is None:
            origin.resolved = intern(origin.resolve(None))
        return origin.resolved
    provenance = scope.resolved.get(id(origin))
    if provenance is None:
        provenance = scope.resolved[id(origin)] = origin.resolve(scope)
    return provenance


def union(origins: Iterable[Origin]) -> Origin:
    """All of several origins."""
    parts: list[Origin] = [origin for origin in origins if origin is not None]
    if len(parts) < 2:
        return parts[0] if parts else None
    return Union(parts)


def both(first: Origin, second: Origin) -> Origin:
    """Two origins."""
    if first is None:
        return second
    return first if second is None or second is first else Union([first, second])


def decides(origin: Origin) -> Origin:
    """The same origins as mere deciders."""
    return origin if origin is None or origin.__class__ is Decides else Decides(origin)


def in_vain(origin: Origin) -> Origin:
    """The same origins, which gave no value: what decided that, and what is known of them, is left."""
    if not isinstance(origin, OriginNode):
        return None
    return origin if origin.__class__ is Decides else Marked(IN_VAIN, None, origin)


def marked(kind: str, note: object, origin: Origin) -> Origin:
    """The same origins with something known of them; what differs needs no setting."""
    return None if origin is None and kind is not DIFFERS else Marked(kind, note, origin)


def below(origin: Origin, key: object) -> Origin:
    """The origin of what lies under a key inside a value of this origin; a leaf holds nothing."""
    if isinstance(origin, Subtree):
        return origin.children.get(key)
    if isinstance(origin, Union):
        return union([below(part, key) for part in origin.parts])
    return None if isinstance(origin, int) else origin
