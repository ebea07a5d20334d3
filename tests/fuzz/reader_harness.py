"""Coverage-guided fuzzing of the reader: `python tests/fuzz/reader_harness.py -max_total_time=300` (needs atheris).

Whatever the bytes are, they are refused with Problems, or read as `yaml.safe_load` reads them, each value with a place.
"""

from __future__ import annotations

import io
import sys

try:
    import atheris  # type: ignore[import-untyped]
except ImportError:
    sys.exit("atheris is not installed: pip install atheris")

with atheris.instrument_imports(include=["litellm_migrate", "yaml"]):
    import yaml

    from litellm_migrate.source.model import Grammar, Problems, leaves
    from litellm_migrate.source.read import read_source

GRAMMAR = Grammar(sections=("models", "settings"), include=None, program="Gateway", wrappers=(("data", "*"),), search=4)
HEAD = b"models: [a]\n"
LONGEST = 100_000


def one_input(data: bytes) -> None:
    """Reads one input, alone and below a section; anything but a value or Problems is a finding."""
    for text in (data, HEAD + data):
        try:
            source = read_source("-", GRAMMAR, io.BytesIO(text))
        except Problems as found:
            check_refusal(found)
            continue
        for path, _ in leaves(source.value):
            assert source.at(path).line > 0
        if text.startswith(HEAD) and not any(one.code == "unwrapped" for one in source.notices):
            decoded = text.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
            if repr(source.value) != repr(yaml.safe_load(decoded)):
                raise AssertionError("read otherwise than by yaml.safe_load")


def check_refusal(found: Problems) -> None:
    """Fails unless a refusal is one of the input, in plain words."""
    assert found.exit_code == 1
    assert all("expected" in one.message for one in found.problems)


def main() -> None:
    """Runs until the arguments say so."""
    atheris.Setup([sys.argv[0], f"-max_len={LONGEST}", *sys.argv[1:]], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
