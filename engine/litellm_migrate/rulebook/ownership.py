"""Compiles how bodies meet a live gateway: what others own on it, and which of its levels fits."""

from __future__ import annotations

from typing import Any

from litellm_migrate.convert.calls import Fit, Merge, Owned


def owned_of(value: Any) -> Owned | None:
    """`owned: {field, mark}`."""
    return Owned(str(value["field"]), str(value["mark"])) if value else None


def merge_of(value: Any) -> Merge | None:
    """`merge: {list, by, keep}`."""
    return Merge(str(value["list"]), tuple(value["by"]), tuple(value.get("keep", ()))) if value else None


def fit_of(value: Any) -> Fit | None:
    """`fit: {list, container, name, field, over, limits, table}`."""
    if not value:
        return None
    words = {word: str(value[word]) for word in ("container", "name", "field", "over", "table")}
    limits = {str(name): tuple(places) for name, places in value["limits"].items()}
    return Fit(path=str(value["list"]).split(" ", 1)[-1], limits=limits, **words)
