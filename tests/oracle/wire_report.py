"""The report's side of the wire: whether it says a difference at the setting that the difference is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from conversion import Result
from oracle.wire_configuration import entries

MODEL = r"model|model_name|custom_llm_provider|use_litellm_proxy|completion_model|base_model|mode"
ADDRESS = rf"{MODEL}|\w*(api_base|(?<!data)base_url|endpoint|host)\w*|default_litellm_params(/.*)?"
KEY = r"\w*(key|secret|credential|role|profile|session|tenant)\w*|azure_ad_token|client_id|azure_username"
PLACE = r"\w*(region|location|project|api_version|model_id)\w*"
SHARE = r"weight|rpm|tpm|order|tags|team_id|blocked|routing_strategy|supported_environments|enable_tag_filtering"

ABOUT = {
    "lost": (rf"{ADDRESS}|{KEY}|{SHARE}", r"\bnames?\b|\bno\b|\bnot\b|fails?\b|refuse"),
    "host": (ADDRESS, r"address|host|server|endpoint|resource|calls?\b|router"),
    "path": (ADDRESS, r"address|path|endpoint|calls?\b|protocol"),
    "operation": (ADDRESS, r"endpoint|calls?\b|operation|protocol"),
    "model": (f"{MODEL}|{PLACE}", r"\bid\b|deployment|calls?\b|\bnames?\b"),
    "credential": (rf"{MODEL}|{KEY}", r"key|credential|sign|\btoken\b|account|secret|role|profile"),
    "place": (rf"{MODEL}|{PLACE}", r"region|location|project|version"),
    "header": (r"\w*headers?(/.*)?|organization|model", r"header|organization"),
    "share": (rf"{MODEL}|{SHARE}", r"share|weight|traffic|split|order|requests|no traffic"),
    "fails": (r".*", r"."),
}
"""For each difference, the last word of the settings at which the report has to say it, and what it speaks of there."""

ELSEWHERE = re.compile(
    r"^(Spend is counted|Prices?\b|Requests for this model may fail|Requests may carry a wrong model id)"
    r"|slug before it|A single tenant sees one part"
    r"|Anyone who read this file(?!.* (sends in its place|Synapse puts))"
    r"|Synapse may not reach |The payload has the key not-needed"
)
"""Sentences about prices, ends of life, ids, secrets in the file: about no difference on the wire."""


class Report:
    """What the report says, by setting."""

    def __init__(self, result: Result) -> None:
        self.settings: list[dict[str, Any]] = result.data["settings"]
        self.notices: list[dict[str, Any]] = result.data["notices"]
        self.configuration: Any = result.done.source.value

    def entries_named(self, name: str) -> list[str]:
        """The entries that have a name: one of them may only choose among others, which LiteLLM then calls."""
        listed = enumerate(entries(self.configuration))
        return [f"/model_list/{place}" for place, entry in listed if entry.get("model_name") == name]

    def line(self, places: Iterable[str]) -> int:
        """The line of the first of these entries."""
        lines = [
            setting["line"]
            for setting in self.settings
            if setting["path"].startswith(tuple(f"{place}/" for place in places))
        ]
        return min(lines, default=1)

    def says(self, difference: str, places: Iterable[str], name: str) -> bool:
        """Whether a finding at an entry, an alias or a setting for all of them is about a difference."""
        settings, words = ABOUT[difference]
        of_entries, alias = tuple(f"{place}/" for place in places), f"/{name.replace('~', '~0').replace('/', '~1')}"
        for setting in self.settings:
            path = setting["path"]
            general = "alias" not in path and difference not in ("lost", "fails")
            here = path.startswith(of_entries) if path.startswith("/model_list/") else general
            if ("alias" in path and alias in path) or (here and re.search(rf"/({settings})\Z", path, re.I)):
                texts = [
                    *setting["differs"],
                    *([f"{setting['because']} {setting['do']}"] if setting["outcome"] == "manual" else []),
                    *([setting["because"]] if (difference, setting["outcome"]) == ("header", "skipped") else []),
                ]
                if any(re.search(words, text, re.I) and not ELSEWHERE.search(text) for text in texts):
                    return True
        spans = {
            (setting["file"], setting["line"]) for setting in self.settings if setting["path"].startswith(of_entries)
        }
        notices = [notice["because"] for notice in self.notices if (notice.get("file"), notice.get("line")) in spans]
        return any(re.search(words, text, re.I) for text in notices) and difference in ("lost", "share", "fails")
