"""Work that is done without a search for garbage leaves the search as it was."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import pytest

from conversion import EXAMPLES
from litellm_migrate.cli.main import main
from litellm_migrate.convert.rows import Row


@pytest.mark.parametrize("before", [True, False])
def test_the_search_is_as_it_was(tmp_path: Path, before: bool) -> None:
    try:
        (gc.enable if before else gc.disable)()
        assert main(["--input", str(EXAMPLES / "quickstart.yaml"), "--output", str(tmp_path / "out")]) == 0
        assert gc.isenabled() == before
        assert main(["--input", str(tmp_path / "absent"), "--output", str(tmp_path / "out")]) == 1
        assert gc.isenabled() == before
    finally:
        gc.enable()


LEFT = {"--version": True, "rules": True, "sandbox": False, "plan": False, "--apply": False}
"""Whether what a command makes is left to the end of its process."""


@pytest.mark.parametrize(("word", "left"), LEFT.items())
def test_what_a_conversion_makes_is_left_to_the_end_of_its_process(word: str, left: bool) -> None:
    lines = f"""
import atexit, gc, sys
atexit.register(lambda: print(gc.get_freeze_count() > 0, gc.isenabled()))
from litellm_migrate.cli.main import command
sys.argv[1:] = [{word!r}, '--help']
command()
"""
    found = subprocess.run([sys.executable, "-c", lines], capture_output=True, check=False, text=True)
    assert found.stdout.splitlines()[-1] == f"{left} {not left}"


def test_conversions_in_one_process_do_not_pile_up(tmp_path: Path) -> None:
    gc.freeze()  # what other tests left is not looked at
    try:
        for number in range(2):
            main(["--input", str(EXAMPLES / "quickstart.yaml"), "--output", str(tmp_path), "--force"])
            gc.collect(0)  # the quick search of what is new
            found = sum(isinstance(one, Row) for one in gc.get_objects())
            assert found == 0, number
    finally:
        gc.unfreeze()
