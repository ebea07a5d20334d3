"""Write the JSON Schema of every setting that one version of LiteLLM knows.

Run by hand: `python tests/oracle/make_universe.py INVENTORY.json schemas/source/litellm.json`. The inventory lists the
settings by section, `{"litellm_version": …, "sections": {"model_list[].litellm_params": [{"key": …, "type": …}]}}`, as
collected from the installed package: its declared models, its typed dictionaries and the keys that its code reads.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Schema = dict[str, object] | bool
LISTS = {"list", "List", "tuple", "Sequence"}
MAPS = {"dict", "Dict", "Mapping"}
WRAPPERS = {"ReadOnly", "Required", "Annotated"}
SCALARS = {"string", "number", "boolean"}
# A number does where a text is declared: YAML reads `port: 6379` as one, and LiteLLM makes it a text.
WORDS = {
    "str": {"string", "number"},
    "time": {"string", "number"},
    "int": {"integer"},
    "float": {"number"},
    "bool": {"boolean"},
    "scalar": SCALARS,
}

# Where the nested types of guardrails belong; a type named *OptionalParams belongs to `optional_params`.
GUARD = "guardrails[].litellm_params"
HOMES = {
    "CiscoAIDefenseRule": f"{GUARD}.optional_params.enabled_rules[]",
    "ContentFilterCategoryConfig": f"{GUARD}.categories[]",
    "ContentFilterPattern": f"{GUARD}.patterns[]",
    "BlockedWord": f"{GUARD}.blocked_words[]",
    "LakeraCategoryThresholds": f"{GUARD}.category_thresholds",
    "BedrockChecksConfigModel": f"{GUARD}.checks",
    "DecisionModelCheck": f"{GUARD}.checks[]",
    "DynamoAIGuardrailConfigModel": GUARD,
    "Mode": f"{GUARD}.mode",
    "ToolPermissionRule": f"{GUARD}.rules[]",
}
# Lists whose declaration says less than the code that reads them: items of any shape.
LISTED = [
    f"{section}.{kind}"
    for section in ("router_settings", "litellm_settings")
    for kind in ("fallbacks", "context_window_fallbacks", "content_policy_fallbacks", "default_fallbacks")
]
# What LiteLLM only hands on, and a rule carries: known here, so that the rule may read it.
HANDED_ON = {"model_list[].model_info.description": "str"}
# Shapes that occur a second time under another name.
COPIES = {
    "agent_list": "agents",
    "router_settings.model_group_retry_policy.<group>": "router_settings.retry_policy",
}


class Node:
    """One place of the document: what it holds by key, by any key, and as list items."""

    def __init__(self) -> None:
        self.types: set[str] = set()
        self.free = False  # nothing is known of its inside
        self.open = False  # unknown keys may stand beside the known ones
        self.keys: dict[str, Node] = {}
        self.any: Node | None = None
        self.items: Node | None = None
        self.examples: list[str] = []

    def at(self, path: str) -> Node:
        """The node at a section's path, such as `a.b[].<name>.c`, made if it is not there."""
        node = self
        for part in filter(None, path.split(".")):
            name = part.removesuffix("[]")
            if name.startswith("<"):
                node.any = node = node.any or Node()
            elif name:
                node = node.keys.setdefault(name, Node())
            if part.endswith("[]"):
                node.items = node = node.items or Node()
        return node

    def schema(self) -> Schema:
        """The closed schema of what is known here; `True` where anything may stand."""
        types = set(self.types)
        result: dict[str, object] = {}
        if self.keys or self.any:
            types.add("object")
            result["properties"] = {key: self.keys[key].schema() for key in sorted(self.keys)}
            result["additionalProperties"] = self.any.schema() if self.any else self.open
            if not self.keys:
                del result["properties"]
        elif self.open or (self.free and not self.items):
            return True
        if self.items:
            types.add("array")
            result["items"] = self.items.schema()
        if self.examples:
            result["examples"] = sorted(self.examples)
        # A string may be a reference to the environment, so it is right everywhere.
        return {"type": sorted(types | {"string", "null"}), **result} if types else True


def read(node: Node, kind: ast.expr) -> None:
    """Add to a node what a type annotation says."""
    if isinstance(kind, ast.BinOp):
        read(node, kind.left)
        read(node, kind.right)
    elif isinstance(kind, ast.Constant):
        node.free |= kind.value is not None
    elif isinstance(kind, ast.Subscript):
        read_subscript(node, ast.unparse(kind.value), kind.slice)
    elif (name := ast.unparse(kind)) in WORDS:
        node.types |= WORDS[name]
    elif name != "NoneType":
        node.free = True


def read_subscript(node: Node, name: str, inner: ast.expr) -> None:
    """Add to a node what a parametrised type says: a union, a wrapper, a list or a mapping."""
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if name == "Literal":
        node.types |= {"string", *("boolean" for part in parts if isinstance(getattr(part, "value", None), bool))}
    elif name in {"Union", "Optional"}:
        for part in parts:
            read(node, part)
    elif name in WRAPPERS:
        read(node, parts[0])
    elif name in LISTS:
        node.items = node.items or Node()
        read(node.items, parts[0])
    elif name in MAPS:
        node.any = node.any or Node()
        read(node.any, parts[-1])
    else:
        node.free = True


def declare(node: Node, kind: str) -> None:
    """Add to a node what the inventory's type text says; a text that is no Python expression says nothing."""
    if kind == "blocked":
        node.types |= SCALARS
        return
    try:
        read(node, ast.parse(kind.replace("'", '"'), mode="eval").body)
    except SyntaxError:
        node.free = True


def home(section: str) -> str:
    """The path of a section, without the remarks that the inventory adds to it."""
    if nested := re.search(r"nested <(\w+)>", section):
        return HOMES.get(nested[1], f"{GUARD}.optional_params")
    return "" if section == "<top-level>" else re.sub(r" \((?!values\)).*?\)$", "", section)


def places(sections: dict[str, list[dict[str, str]]]) -> Iterator[tuple[str, str, str]]:
    """Section path, key and type of every entry of the inventory."""
    for section, entries in sections.items():
        for entry in entries:
            yield home(section), entry["key"], entry["type"]


def build(sections: dict[str, list[dict[str, str]]]) -> Node:
    """The tree of all settings."""
    root = Node()
    for path, key, kind in places(sections):
        if path.endswith(" (values)"):
            values = root.at(path.removesuffix(" (values)"))
            (values.items or values).examples.append(key)
        elif not re.fullmatch(r"[\w.-]+", key):
            # A remark in place of a key, such as <any>: whatever else stands here is taken as well.
            root.at(path).open = True
        elif path.endswith(".<callback>") and "." in key:
            # The name of one callback before the dot; like any callback it takes more than what is listed.
            declare(root.at(f"{path.removesuffix('.<callback>')}.{key}"), kind)
            root.at(f"{path.removesuffix('.<callback>')}.{key.split('.')[0]}").open = True
        else:
            declare(root.at(f"{path}.{key}"), kind)
    for path in LISTED:
        item = root.at(path).items = Node()
        item.free = True
    for path, kind in HANDED_ON.items():
        declare(root.at(path), kind)
    for copy, original in COPIES.items():
        target, source = root.at(copy), root.at(original)
        target.keys, target.any, target.items = source.keys, source.any, source.items
    return root


def lines(value: object, indent: str = "") -> str:
    """JSON with one line for each thing that fits on one."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict) or len(flat) + len(indent) < 118:
        return flat
    inner = indent + " "
    return "{\n" + ",\n".join(f"{inner}{json.dumps(k)}: {lines(v, inner)}" for k, v in value.items()) + f"\n{indent}}}"


def main(inventory: Path, target: Path) -> None:
    """Read the inventory, write the schema."""
    known = json.loads(inventory.read_text(encoding="utf-8"))
    schema = build(known["sections"]).schema()
    assert isinstance(schema, dict)
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": f"Every setting that litellm[proxy] {known['litellm_version']} declares or reads, collected from"
        " its installed sources; true where anything may stand. Written by tests/oracle/make_universe.py.",
    }
    target.write_text(lines({**head, **schema}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
