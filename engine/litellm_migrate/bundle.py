"""Where the shipped rules and schemas live: inside the installed package, or two levels above it in a checkout."""

from importlib.resources import files
from pathlib import Path


def shipped(name: str) -> Path:
    """The folder `name` (`rules` or `schemas`) that came with this program."""
    package = Path(str(files("litellm_migrate")))
    installed = package / name
    return installed if installed.is_dir() else package.parents[1] / name
