"""An explanation as lines for people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

Answer = dict[str, Any]


def lines(found: Answer) -> Iterator[str]:
    """The answer for people."""
    if "ends" in found:
        yield f"{found['name']} is the end of {len(found['ends'])} settings. Ask for one of them:"
        yield from (f"  {one}" for one in found["ends"])
        return
    yield str(found.get("setting", found.get("name")))
    for word, head in (("read_by", "read by"), ("written_to", "written to"), ("decides", "decides")):
        for one in found.get(word, ()):
            yield f"  {head:<12}{one.get('field', one['rule'])}  ({where(one)})"
    for one in found.get("otherwise", ()):
        head = "otherwise" if found["written_to"] or found["decides"] else one["outcome"]
        yield f"  {head}: {one['rule']}  ({where(one)})"
        yield f"    {one['outcome'].capitalize()}. {one['because']}{' To do: ' + one['do'] if one['do'] else ''}"
    for one in found.get("settings", ()):
        yield f"  {one['setting']}: {one['outcome']} by {one['rule']}{'. ' + one['because'] if one['because'] else ''}"
        yield from (f"    differs: {text}" for text in one["differs"])
        if one["do"]:
            yield f"    to do: {one['do']}"
    for one in found.get("fields", ()):
        yield f"  {one['file']}{one['pointer']} = {json.dumps(one['value'])}  ({one['rule']}, {where(one['at'])})"


def where(one: Answer) -> str:
    """File and line, from where the reader is if it is below."""
    if "file" not in one:
        return "made by a rule"
    file = File(one["file"])
    return f"{file.relative_to(File.cwd()) if file.is_relative_to(File.cwd()) else file}:{one['line']}"
