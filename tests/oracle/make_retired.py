"""Write the retired names: what earlier releases of LiteLLM resolved by the name alone, or listed in their cost map,
and today's does not. Names that are only listed no longer have no facts but their announced end.

Run by hand, where today's litellm is installed, over a folder of the wheels of earlier releases (`pip download
--no-deps litellm==1.80.0` and so on): `python tests/oracle/make_retired.py rules/catalog/retired.json WHEELS`. Each
release runs in a process of its own and answers with its own resolver and its own price map; the oldest want packages
of their time (`appdirs`), and TIKTOKEN_CACHE_DIR where there is no network. Only the releases of
`DATES` are known, so a name went at some time between the last that has it and the next one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from importlib import import_module
from pathlib import Path
from typing import Any

DATES = {
    "1.14.4": "2023-12-14",
    "1.53.1": "2024-11-28",
    "1.60.0": "2025-02-01",
    "1.65.0": "2025-03-28",
    "1.70.0": "2025-05-17",
    "1.75.0": "2025-08-05",
    "1.80.0": "2025-11-16",
    "1.85.0": "2026-05-17",
    "1.90.0": "2026-06-27",
    "1.95.0": "2026-08-02",
    "1.100.0": "2026-09-06",
    "1.106.2": "2026-10-21",
}
"""The days on which PyPI published the releases."""
RENAMED = {"anthropic_text": "anthropic", "cohere_chat": "cohere", "ai21_chat": "ai21"}
"""Variants that LiteLLM picks by the model's name; nothing differs that Synapse knows, so the vendor is named."""
CATALOG: Any = import_module("make_catalog")
"""The generator beside this one."""
OWN = ("vendor", "until", "gone", "date")
LISTED = (*OWN, "deprecation_date")
RESELLERS = {"openrouter", "vercel_ai_gateway"}
"""What leaves the list of their models has often not ended: they pass on the models of others."""
LABEL = "litellm_provider"
"""The cost map's word for the vendor, which is resolved here."""


def known(package: Path) -> dict[str, dict[str, Any]]:
    """Every bare name that the release in a folder resolves, with its vendor and what its price map says of it."""
    command = [sys.executable, __file__, "--ask", str(package)]
    environment = {**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


def ask(package: str) -> None:
    """Print what one release knows; its folder comes before everything that is installed."""
    sys.path.insert(0, package)
    litellm = import_module("litellm")
    vars(litellm)["suppress_debug_info"] = True
    prefixes = {str(getattr(provider, "value", provider)) for provider in litellm.provider_list}
    names = {name for name, entry in litellm.model_cost.items() if "litellm_provider" in entry}
    for word, value in vars(litellm).items():
        if word.endswith("models") and isinstance(value, (set, list, frozenset)):
            names |= {name for name in value if isinstance(name, str)}
    bare = sorted(name for name in names if name.split("/")[0] not in prefixes and name not in {"", "*", "sample_spec"})
    found = {}
    for name in bare:
        vendor = resolved(litellm, name)
        if vendor:
            found[name] = {"vendor": vendor, **CATALOG.facts(litellm.model_cost.get(name, {}))}
    print("\n" + json.dumps(found))


def resolved(litellm: Any, name: str) -> str | None:
    """The provider that a release answers for a bare name; None if it refuses it, or takes its start for a provider."""
    model, vendor = answer(litellm, name) or ("", "")
    return RENAMED.get(vendor, vendor) if model == name and vendor else None


def answer(litellm: Any, name: str) -> tuple[str, str] | None:
    """Model and provider that a release answers; None if it refuses the name."""
    try:
        model, vendor, _, _ = litellm.get_llm_provider(name)
    except Exception:  # releases refuse in several ways
        return None
    return model, str(getattr(vendor, "value", vendor) or "")


def releases(folder: Path) -> list[tuple[str, Path]]:
    """Version and wheel of each release that is there, oldest first."""
    found = {wheel.name.split("-")[1]: wheel for wheel in folder.glob("litellm-*.whl")}
    return [(version, found[version]) for version in DATES if version in found]


def retired(folder: Path, now: str) -> dict[str, dict[str, Any]]:
    """The names that are gone, each as the last release that has it says; not those whose provider is gone as well."""
    wheels = releases(folder)
    after = dict(zip([version for version, _ in wheels], [*(version for version, _ in wheels[1:]), now], strict=True))
    rows: dict[str, dict[str, Any]] = {}
    for version, wheel in wheels:
        with tempfile.TemporaryDirectory() as place:
            zipfile.ZipFile(wheel).extractall(place)
            for name, row in known(Path(place)).items():
                gone = after[version]
                rows[name] = {**row, "until": version, "gone": gone, "date": DATES[gone]}
    litellm = import_module("litellm")
    vars(litellm)["suppress_debug_info"] = True
    served = {str(getattr(provider, "value", provider)) for provider in litellm.provider_list}
    names = [name for name in sorted(rows) if answer(litellm, name) is None and rows[name]["vendor"] in served]
    return dict(sorted({**unlisted(wheels, after, served), **{name: rows[name] for name in names}}.items()))


def unlisted(wheels: list[tuple[str, Path]], after: dict[str, str], served: set[str]) -> dict[str, dict[str, Any]]:
    """The models that the cost map of an earlier release lists, and today's no longer."""
    rows: dict[str, dict[str, Any]] = {}
    for version, wheel in wheels:
        cost_map = json.loads(zipfile.ZipFile(wheel).read(f"litellm/{CATALOG.PACKAGED}"))
        for name, entry in cost_map.items():
            vendor = str(entry.get(LABEL, "")).split("-")[0]
            if entry.get("mode") and vendor in served - RESELLERS and not name.endswith("/"):
                days = {"until": version, "gone": after[version], "date": DATES[after[version]]}
                rows[name] = {**CATALOG.facts(entry), "vendor": vendor, **days}
    today = json.loads(CATALOG.packaged().read_text(encoding="utf-8"))
    gone = sorted(rows.keys() - today.keys())
    return {name: {word: rows[name][word] for word in LISTED if word in rows[name]} for name in gone}


def main(target: Path, folder: Path) -> None:
    """Ask all releases, write the table."""
    now = [*DATES][-1]
    head = {
        "kind": "table",
        "id": "retired",
        "facts": True,
        "from": f"litellm {next(iter(DATES))} to {now}",
        "date": DATES[now],
    }
    answers = [*OWN, *(word for word in CATALOG.ANSWERS if word != LABEL)]
    rows = {name: {word: row[word] for word in answers if word in row} for name, row in retired(folder, now).items()}
    target.write_text(CATALOG.table({**head, "answers": answers}, rows), encoding="utf-8")
    print(f"{len(rows)} names, {len(CATALOG.compact(rows))} characters")


if __name__ == "__main__":
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    if sys.argv[1] == "--ask":
        ask(sys.argv[2])
    else:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
