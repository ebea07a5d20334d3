"""Payload files as text: exactly the request bodies, in a stable order."""

from __future__ import annotations

import json
from typing import Any


def render_json(value: Any) -> str:
    """A plain value as JSON with two spaces of indent and a newline at the end."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
