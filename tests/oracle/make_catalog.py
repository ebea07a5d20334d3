"""Write the catalogue: what LiteLLM's cost map says of every model, reduced to the facts that the rules read.

Run by hand: `python tests/oracle/make_catalog.py rules/catalog/prices.json VERSION DATE [COST_MAP.json]`, with the
release that the cost map is of and its date. Without a cost map, that of the installed litellm is read; nothing is
downloaded.
The rows stay as the cost map has them, so that a user's own cost map can take their place.
"""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PACKAGED = "model_prices_and_context_window_backup.json"
NO_MODELS = {"sample_spec", "fallback_generalizations"}
THRESHOLDS = ("100k", "128k", "200k", "272k", "512k")
ANSWERS = (
    "litellm_provider",
    "mode",
    "input_cost_per_token",
    "output_cost_per_token",
    "max_input_tokens",
    "max_output_tokens",
    "max_tokens",
    "supports_function_calling",
    "supports_vision",
    "supports_response_schema",
    "supports_native_streaming",
    "supports_system_messages",
    "supports_audio_input",
    "supports_audio_output",
    "deprecation_date",
    # Prices that a price for input and one for output cannot express.
    *(f"{side}_cost_per_token_above_{size}_tokens" for size in THRESHOLDS for side in ("input", "output")),
    "cache_read_input_token_cost",
    "cache_creation_input_token_cost",
    "cache_creation_input_token_cost_above_1hr",
    *(f"{side}_cost_per_token_{way}" for way in ("batches", "flex", "priority") for side in ("input", "output")),
    *(f"{side}_cost_per_{kind}_token" for kind in ("audio", "image") for side in ("input", "output")),
    "output_cost_per_reasoning_token",
    *(f"{side}_cost_per_{unit}" for unit in ("image", "second", "character", "pixel") for side in ("input", "output")),
    "input_cost_per_query",
    "ocr_cost_per_page",
    "tiered_pricing",
    "off_peak_pricing",
    "search_context_cost_per_query",
    "google_maps_grounding_cost_per_query",
    "citation_cost_per_token",
)
"""Every answer of the table; the rules ask for all of them."""


def packaged() -> Path:
    """The cost map inside the installed litellm, which need not be imported for it."""
    found = find_spec("litellm")
    if found is None or not found.submodule_search_locations:
        raise SystemExit("expected an installed litellm, found none. Install it, or name a cost map.")
    return Path(found.submodule_search_locations[0]) / PACKAGED


def facts(entry: dict[str, Any]) -> dict[str, Any]:
    """The facts of one model that the rules read, in the order of `ANSWERS`."""
    return {name: entry[name] for name in ANSWERS if entry.get(name) is not None}


def catalog(cost_map: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The facts of all models, by key."""
    models = {key: entry for key, entry in cost_map.items() if isinstance(entry, dict) and key not in NO_MODELS}
    return {key: facts(models[key]) for key in sorted(models)}


def table(head: dict[str, Any], rows: dict[str, Any]) -> str:
    """A table of facts as JSON, one row a line, so that a new release shows as the lines that changed."""
    top = json.dumps({**head, "rows": {}}, ensure_ascii=False).removesuffix("{}}")
    lines = (f"{json.dumps(key, ensure_ascii=False)}:{compact(row)}" for key, row in rows.items())
    return top + "{\n" + ",\n".join(lines) + "\n}}\n"


def compact(value: Any) -> str:
    """JSON without a space."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def main(target: Path, version: str, date: str, source: Path | None = None) -> None:
    """Read the cost map, write the catalogue."""
    rows = catalog(json.loads((source or packaged()).read_text(encoding="utf-8")))
    head = {"kind": "table", "id": "prices", "match": "any_case", "facts": True}
    head |= {"from": f"litellm {version}", "date": date}
    target.write_text(table({**head, "answers": [*ANSWERS]}, rows), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], *map(Path, sys.argv[4:]))
