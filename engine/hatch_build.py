"""The part of a wheel that is no file of the repository: the rulebooks of the shipped rules, compiled."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledRulesHook(BuildHookInterface[BuilderConfig]):
    """Adds a compiled rulebook for each dialect."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compiles the rules; an editable installation is a checkout, which compiles for itself."""
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root) / "engine"))
        from litellm_migrate.rulebook.build import COMPILED, compile_shipped  # noqa: PLC0415 - needs the path

        self.folder = TemporaryDirectory()
        for file in compile_shipped(Path(self.folder.name)):
            build_data["force_include"][str(file)] = f"litellm_migrate/rules/{COMPILED}/{file.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Removes what was compiled, which the wheel now holds."""
        if version != "editable":
            self.folder.cleanup()
