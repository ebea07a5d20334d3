"""The part of a wheel that is no file of the repository: the rulebooks of the shipped rules, compiled."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledRulesHook(BuildHookInterface[BuilderConfig]):
    """Adds a compiled rulebook for each dialect."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compiles the rules; an editable installation is a checkout, which compiles for itself."""
        self.folder = Path(tempfile.mkdtemp())
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root) / "engine"))
        from litellm_migrate.rulebook.build import compile_shipped, compiled_file  # noqa: PLC0415 - needs the path

        package = Path(compiled_file("").parent.name)
        for file in compile_shipped(self.folder):
            build_data["force_include"][str(file)] = f"litellm_migrate/rules/{package}/{file.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Removes what was compiled, which the wheel now holds."""
        shutil.rmtree(self.folder, ignore_errors=True)
