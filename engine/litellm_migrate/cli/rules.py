"""The command `rules`: lists rules, says which applies, prints the matrix, and carries out recipes."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path as File
from typing import Any

from litellm_migrate import shipped
from litellm_migrate.cli.main import tell
from litellm_migrate.rulebook.load import documents_of
from litellm_migrate.rulebook.nodes import RuleNode
from litellm_migrate.source.model import Problem, Problems

EXIT_CODES = """exit codes:
  0  done
  1  something is wrong with the rules or with what was to be added; nothing was written
  2  wrong usage, an unknown name, or a folder that cannot be added to"""


def rules(arguments: Sequence[str]) -> int:
    """Runs the command and answers its exit code; raises Problems."""
    first, _ = common().parse_known_args(arguments)
    recipes = recipes_of(File(first.rules) if first.rules else shipped("rules"))
    given = parser(recipes).parse_args(arguments)
    folder = File(given.rules) if given.rules else shipped("rules")
    if given.verb in recipes:
        return add(recipes[given.verb], given, folder)
    if given.verb == "list":
        return show_list(folder, given)
    from litellm_migrate.rulebook.usage import usage_of  # noqa: PLC0415 - only where it is needed

    usage = usage_of(folder, shipped("schemas"), given.dialect)
    if given.verb == "matrix":
        from litellm_migrate.authoring.matrix import matrix  # noqa: PLC0415
        from litellm_migrate.output import markdown  # noqa: PLC0415

        tell(matrix(usage, markdown).rstrip("\n"), sys.stdout)
        return 0
    from litellm_migrate.authoring.explain import explained, lines  # noqa: PLC0415

    explanation = explained(usage, given.name)
    tell(json.dumps(explanation, indent=2) if given.json else "\n".join(lines(explanation)), sys.stdout)
    return 0


def common() -> argparse.ArgumentParser:
    """The argument that says which rules are meant."""
    made = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    made.add_argument("--rules", metavar="DIR", help="a folder of rules or an overlay; without it, the shipped ones")
    return made


def parser(recipes: dict[str, RuleNode]) -> argparse.ArgumentParser:
    """The arguments of the command; each recipe of the rules is a word of its own."""
    made = argparse.ArgumentParser(
        prog="litellm-migrate rules",
        description="Look at the rules, and add to them.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    verbs = made.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    options: dict[str, Any] = {"parents": [common()], "allow_abbrev": False}
    explain = verbs.add_parser("explain", help="which rule applies to a setting or a model's name", **options)
    explain.add_argument(
        "name", metavar="SETTING|MODEL", help="a dotted path (* for an index), its end, or a model's name"
    )
    listing = verbs.add_parser("list", help="every rule document: kind, id, file", **options)
    listing.add_argument("kind", nargs="?", help="only documents of this kind")
    matrix = verbs.add_parser("matrix", help="every setting with its outcome, as Markdown", **options)
    for one in (explain, matrix):
        one.add_argument("--dialect", default="synapse", metavar="NAME", help="synapse (default), or another one")
    for name, spec in recipes.items():
        recipe = verbs.add_parser(name, help=spec.value["what"], description=spec.value["what"], **options)
        for argument, told in spec.value["arguments"].items():
            text = told["what"].replace("%", "%%")
            if argument == spec.value["first"]:
                recipe.add_argument(argument, metavar=argument.upper(), help=text)
            else:
                required = bool(told.get("required"))
                recipe.add_argument(f"--{argument.replace('_', '-')}", required=required, metavar="VALUE", help=text)
    for verb, one in verbs.choices.items():
        if verb != "matrix":
            one.add_argument("--json", action="store_true", help="the answer as JSON on standard output")
    return made


def recipes_of(folder: File) -> dict[str, RuleNode]:
    """The recipes of a folder of rules; a folder that has none, or is not there yet, has the shipped ones."""
    for root in (folder, shipped("rules")):
        specs = documents_of(root, shipped("schemas")) if root.is_dir() and any(root.rglob("*.yaml")) else []
        found = {str(spec.value["id"]): spec for spec in specs if spec.value["kind"] == "recipe"}
        if found:
            return found
    return {}


def add(recipe: RuleNode, given: argparse.Namespace, folder: File) -> int:
    """Carries out a recipe, and says which files it wrote."""
    from litellm_migrate.authoring.add import added  # noqa: PLC0415 - only where it is needed
    from litellm_migrate.lint.check import audit  # noqa: PLC0415
    from litellm_migrate.output.write import write  # noqa: PLC0415

    values = {name: getattr(given, name) for name in recipe.value["arguments"] if getattr(given, name) is not None}
    texts = added(recipe, values, folder, audit)
    write(folder, texts, frozenset(texts))
    files = [str(folder / name) for name in texts]
    if given.json:
        tell(json.dumps({"written": files}, indent=2), sys.stdout)
    else:
        tell(f"wrote {', '.join(files)}; nothing is wrong with these rules by it", sys.stderr)
    return 0


def show_list(folder: File, given: argparse.Namespace) -> int:
    """Prints kind, id and file of every document."""
    specs = documents_of(folder, shipped("schemas"))
    found = [
        {"kind": spec.value["kind"], "id": spec.value.get("id", spec.value.get("under") or "."), "file": spec.file,
         "line": spec.position().line}
        for spec in specs
    ]  # fmt: skip
    kinds = sorted({one["kind"] for one in found})
    if given.kind and given.kind not in kinds:
        raise Problems([Problem("rules list", 0, 0, f"expected one of {', '.join(kinds)}, found `{given.kind}`.")], 2)
    found = sorted(
        (one for one in found if given.kind in (None, one["kind"])), key=lambda one: (one["kind"], one["id"])
    )
    if given.json:
        tell(json.dumps(found, indent=2), sys.stdout)
    for one in () if given.json else found:
        tell(f"{one['kind']:<13} {one['id']:<26} {one['file']}:{one['line']}", sys.stdout)
    return 0
