"""Work that is done without a search for garbage leaves the search as it was."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from litellm_migrate.garbage import uncollected


@pytest.mark.parametrize("before", [True, False])
def test_the_search_is_as_it_was(before: bool) -> None:
    try:
        (gc.enable if before else gc.disable)()
        with uncollected():
            assert not gc.isenabled()
        assert gc.isenabled() == before
    finally:
        gc.enable()


def test_what_was_made_counts_as_old() -> None:
    with uncollected():
        made: list[object] = []
        made.append(made)
    assert not any(one is made for one in gc.get_objects(generation=0))


def test_at_the_end_of_the_command_nothing_is_searched() -> None:
    last = "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count() > len(gc.get_objects())))"
    lines = f"{last}\nfrom litellm_migrate.cli import main\nmain(['check-rules', 'nowhere'])"
    found = subprocess.run([sys.executable, "-c", lines], capture_output=True, check=True, text=True)
    assert found.stdout == "True\n"
