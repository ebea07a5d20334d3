"""Makes the picture of the page for the README, with the extra `browser`: `python tests/page_picture.py`."""

from __future__ import annotations

import shutil
import sys
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
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - of the extra `browser`

    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        main(["--input", str(TESTS / "examples" / "quickstart.yaml"), "--output", folder, "--quiet"])
        browser = chromium(playwright)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto((Path(folder) / "migration_report.html").as_uri())
        page.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE)
