"""The installed LiteLLM: what its own code says is what the rules are held against."""

from __future__ import annotations

import importlib.metadata
import logging
import os
from importlib import import_module
from typing import Any

import pytest

VERSION = "1.106.2"
"""The version that the rules describe; another one may rightly disagree."""


def require() -> None:
    """Skip the test module where this version is not installed; nothing of it is imported."""
    try:
        found = importlib.metadata.version("litellm")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("LiteLLM is not installed", allow_module_level=True)
    if found != VERSION:
        pytest.skip(f"the rules describe LiteLLM {VERSION}, installed is {found}", allow_module_level=True)


def litellm() -> Any:
    """The package, without network and without its own log; the test module is skipped where it is not installed."""
    require()
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    module: Any = import_module("litellm")
    module.suppress_debug_info = True
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return module
