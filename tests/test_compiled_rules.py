"""Compiled rules: a wheel brings them along, a checkout keeps its own, and none is used that is stale or damaged."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import pytest

from command import run, run_inside, tree
from conversion import DIALECTS, EXAMPLES
from litellm_migrate import PACKAGE, shipped
from litellm_migrate.rulebook.build import compile_shipped
from sampling import spread

ROOT = PACKAGE.parents[1]
COMPILED = Path("rules", ".compiled", "default.rules")
CODE = """
import sys
from litellm_migrate.cli.main import main
code = main(sys.argv[1:])
print("compiled" if "litellm_migrate.rulebook.load" in sys.modules else "read")
sys.exit(code)
"""


def convert(engine: Path, out: Path, *options: str) -> str:
    """Converts in a process of its own; answers whether it `compiled` rules or `read` compiled ones."""
    words = ["--input", str(EXAMPLES / "messy.yaml"), "--output", str(out), "--force", *options]
    environment = {**os.environ, "PYTHONPATH": str(engine), "HOME": str(out.parent / "home"), "PYTHONSAFEPATH": "1"}
    done = subprocess.run(
        [sys.executable, "-c", CODE, *words], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not list((out.parent / "home").glob("**/*")), "nothing belongs into a user's home"
    return done.stdout.strip()


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the engine, the rules and the schemas, as in the repository, with the rules compiled."""
    made = tmp_path_factory.mktemp("compiled")
    ignored = shutil.ignore_patterns(".compiled")
    for name in ("engine", "rules", "schemas"):
        shutil.copytree(ROOT / name, made / name, ignore=ignored)
    assert convert(made / "engine", made / "out") == "compiled"
    return made


@pytest.fixture
def checkout(compiled: Path, tmp_path: Path) -> Path:
    """A copy of it, with what came of it in `out`."""
    return Path(shutil.copytree(compiled, tmp_path / "checkout"))


def installed(folder: Path) -> Path:
    """The package as an installed wheel holds it, with compiled rules."""
    ignored = shutil.ignore_patterns(".compiled")
    for source, target in ((PACKAGE, "."), (shipped("rules"), "rules"), (shipped("schemas"), "schemas")):
        shutil.copytree(source, folder / "litellm_migrate" / target, ignore=ignored, dirs_exist_ok=True)
    compiled = folder / "litellm_migrate" / COMPILED.parent
    compiled.mkdir()
    assert {file.name for file in compile_shipped(compiled)} == {f"{name}.rules" for name in ("default", *DIALECTS)}
    return folder


def test_a_checkout_compiles_once_and_again_when_a_rule_changes(checkout: Path, tmp_path: Path) -> None:
    assert convert(checkout / "engine", tmp_path / "second") == "read"
    assert tree(checkout / "out") == tree(tmp_path / "second")
    file = checkout / "rules" / "source.yaml"
    text = file.read_text(encoding="utf-8")
    assert "program: LiteLLM" in text
    file.write_text(text.replace("program: LiteLLM", "program: LiteLML"), encoding="utf-8")
    assert convert(checkout / "engine", tmp_path / "third") == "compiled"
    assert "LiteLML" in (tmp_path / "third" / "migration_report.md").read_text(encoding="utf-8")
    assert convert(checkout / "engine", tmp_path / "fourth") == "read"
    assert tree(tmp_path / "third") == tree(tmp_path / "fourth")


@pytest.mark.full
def test_a_rule_in_a_hidden_folder_counts_too(checkout: Path, tmp_path: Path) -> None:
    hidden = checkout / "rules" / ".mine" / "settings.yaml"
    hidden.parent.mkdir()
    hidden.write_text("kind: settings\nid: mine\nunder: ''\nschema: {properties: {badges: true}}\n", encoding="utf-8")
    assert convert(checkout / "engine", tmp_path / "out") == "compiled"


@pytest.mark.parametrize("name", spread(["engine/litellm_migrate/convert/run.py", "schemas/synapse/models.json"], 2))
def test_what_rules_are_compiled_with_and_held_against_counts(checkout: Path, tmp_path: Path, name: str) -> None:
    with (checkout / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert convert(checkout / "engine", tmp_path / "out") == "compiled"


def flipped(content: bytes) -> bytes:
    """The content with another bit in its middle."""
    changed = bytearray(content)
    changed[len(content) // 2] ^= 1
    return bytes(changed)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "a bit": flipped,
    "empty": lambda _: b"",
    "half": lambda content: content[: len(content) // 2],
    "other content, whose checksum is right": lambda _: crc32(b"s\xff").to_bytes(4, "big") + b"s\xff",
}
"""What may be left of a compiled file."""


@pytest.mark.parametrize("damage", spread(DAMAGES, len(DAMAGES)))
def test_a_damaged_file_is_made_anew(checkout: Path, tmp_path: Path, damage: str) -> None:
    content = (checkout / COMPILED).read_bytes()
    (checkout / COMPILED).write_bytes(DAMAGES[damage](content))
    assert convert(checkout / "engine", tmp_path / "out") == "compiled"
    assert tree(tmp_path / "out") == tree(checkout / "out")
    assert convert(checkout / "engine", tmp_path / "out") == "read"


@pytest.mark.full
def test_a_checkout_that_cannot_be_written_works(checkout: Path, tmp_path: Path) -> None:
    shutil.rmtree(checkout / COMPILED.parent)
    (checkout / COMPILED.parent).write_text("no folder", encoding="utf-8")
    assert convert(checkout / "engine", tmp_path / "out") == "compiled"
    assert (checkout / COMPILED.parent).read_text(encoding="utf-8") == "no folder"


@pytest.mark.full
def test_several_at_once_leave_one_whole_file(checkout: Path, tmp_path: Path) -> None:
    (checkout / COMPILED).unlink()
    code = f"import sys; sys.argv[1:] = ['--input', {str(EXAMPLES / 'messy.yaml')!r}, '--output', sys.argv[1]]\n{CODE}"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / str(number))],
            env={**os.environ, "PYTHONPATH": str(checkout / "engine")},
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        for number in range(3)
    ]
    assert [one.wait() for one in running] == [0, 0, 0]
    assert [file.name for file in (checkout / COMPILED.parent).iterdir()] == [COMPILED.name]
    assert convert(checkout / "engine", tmp_path / "out") == "read"


def test_rules_of_ones_own_are_compiled_in_memory(tmp_path: Path) -> None:
    rules = Path(shutil.copytree(shipped("rules"), tmp_path / "rules", ignore=shutil.ignore_patterns(".compiled")))
    before = tree(rules)
    assert convert(PACKAGE.parent, tmp_path / "out", "--rules", str(rules)) == "compiled"
    assert tree(rules) == before


@pytest.mark.full
def test_rules_are_named_from_where_the_user_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = tmp_path / "rules"
    monkeypatch.chdir(tmp_path)
    shutil.copytree(shipped("rules"), rules, ignore=shutil.ignore_patterns(".compiled"))
    for name, folder in (("relative", "rules"), ("absolute", str(rules))):
        result = run_inside("--input", EXAMPLES / "messy.yaml", "--output", name, "--rules", folder)
        assert result.code == 0, result.err
    assert tree(tmp_path / "relative") == tree(tmp_path / "absolute")


def test_a_dialect_is_a_name_and_no_path(tmp_path: Path) -> None:
    words = ("--input", EXAMPLES / "messy.yaml", "--output", tmp_path / "out", "--force", "--dialect")
    assert run(*words, "synapse").code == 0
    for dialect in ("./synapse", "../.compiled/synapse", "synapse.rules"):
        result = run_inside(*words, dialect)
        assert result.code == 2
        assert f"expected one of guides, openapi-0.2, synapse, found `{dialect}`" in result.err


@pytest.mark.full
def test_an_installed_package_never_compiles_unless_it_was_changed(tmp_path: Path) -> None:
    package = installed(tmp_path / "site")
    for dialect in ("synapse", "openapi-0.2"):
        assert convert(package, tmp_path / dialect, "--dialect", dialect) == "read"
        convert(PACKAGE.parent, tmp_path / "ours", "--dialect", dialect)
        assert tree(tmp_path / dialect) == tree(tmp_path / "ours")
    file = package / "litellm_migrate" / "rules" / "source.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("program: LiteLLM", "program: LiteLML"), encoding="utf-8")
    later = file.stat().st_mtime + 3600
    os.utime(file, (later, later))
    assert convert(package, tmp_path / "changed") == "compiled"
    assert "LiteLML" in (tmp_path / "changed" / "migration_report.md").read_text(encoding="utf-8")


@pytest.mark.full
def test_a_wheel_holds_compiled_rules(tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="hatchling is not installed")
    source = tmp_path / "source"
    for name in ("engine", "rules", "schemas"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", ".compiled"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, source / name)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run(build, cwd=source, check=True, capture_output=True, env=environment)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    assert convert(tmp_path / "site", tmp_path / "out") == "read"
    content = (tmp_path / "site" / "litellm_migrate" / COMPILED).read_bytes()
    assert str(source).encode() not in content
    assert not (source / COMPILED.parent).exists()
