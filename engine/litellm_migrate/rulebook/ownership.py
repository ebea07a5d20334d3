"""Compiles how what is ours is known from what others own on the same gateway."""

from __future__ import annotations

from typing import Any

from litellm_migrate.calls import Merge, Owned


def owned_of(value: Any) -> Owned | None:
    """`owned: {field, mark}`."""
    return Owned(str(value["field"]), str(value["mark"])) if value else None


def merge_of(value: Any) -> Merge | None:
    """`merge: {list, by, keep}`."""
    return Merge(str(value["list"]), tuple(value["by"]), tuple(value.get("keep", ()))) if value else None
