"""Makes the picture of the page for the README, with the extra `browser`: `python tests/page_picture.py`."""

from __future__ import annotations

import shutil
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import conversion  # noqa: F401 - fixes the day of the run
from litellm_migrate.cli.main import main

TESTS = Path(__file__).parent
PICTURE = TESTS / "page.png"
WIDTH, HEIGHT = 1280, 860


def chromium(playwright: Any) -> Any:
    """A browser: playwright's own Chromium, or the one of the system."""
    installed = Path(playwright.chromium.executable_path).exists()
    program = None if installed else shutil.which("chromium") or shutil.which("google-chrome")
    return playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])


def make(picture: Path) -> None:
    """Converts the shipped example and photographs the first screen of its page."""
    api = import_module("playwright.sync_api")  # of the extra `browser`, without which this file is checked, too
    with TemporaryDirectory() as folder, api.sync_playwright() as playwright:
        main(["--input", str(TESTS / "examples" / "quickstart.yaml"), "--output", folder, "--quiet"])
        browser = chromium(playwright)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto((Path(folder) / "migration_report.html").as_uri())
        page.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE)
