"""What rule files of kind `reading` say: which calls are made, and what of their answers becomes a section."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Pages(NamedTuple):
    """How a list comes in pages: the query words for number and size, and the answer's fields for last and total."""

    page: str
    size: str
    most: int
    """The largest page that is answered."""
    last: str = ""
    total: str = ""


class DetailCall(NamedTuple):
    """A call for each row, whose answer completes it; for a value, the call whose answer takes its place."""

    method: str
    path: str
    query: Mapping[str, str]
    """By query word, the field of the row that is sent; `@` is the row itself."""
    row: str = ""
    """Where in the answer the row stands."""
    needs: tuple[str, ...] = ()
    """Only rows are asked for that have one of these fields; without any, all."""
    take: tuple[str, ...] = ()
    """The fields that are taken; without any, all."""


class Kept(NamedTuple):
    """Which settings of a mapping count, by what another mapping of the answer says of each."""

    by: str
    values: tuple[str, ...]


class Read(NamedTuple):
    """One way to read a section."""

    method: str
    path: str
    query: Mapping[str, str] = {}
    rows: str = ""
    """Where in the answer the rows, or the value, stand; empty for the answer itself."""
    pages: Pages | None = None
    each: DetailCall | None = None
    kept: Kept | None = None
    means: Mapping[str, str] = {}
    """By value of the answer, what the section holds; without it, the value itself."""
    whole_for: tuple[str, ...] = ()
    """The roles of readers to whom the answer shows all there is; without any, those that the snapshot's words name."""
    repeats: str = ""
    """`left_out`: rows that share an identity are not rows of one kind each, and none of them counts."""


class KeptFields(NamedTuple):
    """The only fields that stay of a mapping in each row, and the field that lists further ones."""

    under: str
    names: tuple[str, ...]
    listed: str = ""


class Hidden(NamedTuple):
    """A field that is never shown, and is there wherever `when` has a value: one of `only`, and none of `unless`."""

    field: str
    when: str
    unless: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    value: str = ""
    """What it holds; without it, a reference."""


class FileRows(NamedTuple):
    """How rows are known that come from the program's configuration file, and not from its database."""

    field: str
    values: tuple[Any, ...]


class Reading(NamedTuple):
    """One section: the calls that may answer it, the first good one counts, and what stays of its rows."""

    id: str
    section: str
    read: tuple[Read, ...]
    identity: str = ""
    """The field that tells rows apart."""
    by: tuple[str, ...] = ()
    """The section is a mapping: the first of these fields that a row has is its key."""
    value: str = ""
    """Of each row this field alone counts."""
    only: Mapping[str, tuple[Any, ...]] = {}
    """By field, the values of rows that count; a row without the field counts."""
    name: tuple[str, ...] = ()
    """The first of these that a row has is in the names of variables that take the place of its secrets."""
    drop: tuple[str, ...] = ()
    """What says nothing that a conversion could use; `*` is any key or item."""
    usual: Mapping[str, Any] = {}
    """By field, the value that is written into every row, and so says nothing."""
    keep: tuple[KeptFields, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    secret: tuple[str, ...] = ()
    """What may be a secret, beside the places that the rules of kind `secrets` name."""
    written: FileRows | None = None
    needed: bool = False
    """Nothing is converted where this section does not answer."""
    since: str = ""
    """The version that is known to have it: an earlier one that has not heard of its calls has nothing to read."""


class Snapshot(NamedTuple):
    """The words of the document that readings fill."""

    section: str
    """The section that says what was read, when and from where."""
    role: str
    """The fact that names the role of the reader."""
    version: str
    """The fact that names the version of the program."""
    whole_for: tuple[str, ...]
    """The roles of readers to whom answers show all there is."""
    reference: str
    """What takes the place of a secret: `{name}` is the name of a variable."""
    masked: tuple[str, ...] = ()
    """Patterns of texts that the program shows in the place of a secret."""
    message: tuple[str, ...] = ()
    """Where a refusal says why."""
    nothing: tuple[str, ...] = ()
    """Texts in any refusal that say that there is nothing to read."""
