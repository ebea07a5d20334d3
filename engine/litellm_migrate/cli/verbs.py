"""Every verb of the command, each stated once: what it does, takes and answers. Parsers and helps are made of this."""

from __future__ import annotations

from litellm_migrate.cli.options import CHANGES, GATEWAY, VALIDATION
from litellm_migrate.cli.verb import Verb, ends

PROGRAM = "litellm-migrate"


STRICTLY = "with --strict: done, but something is Manual and not accepted"
UNCONVERTED = "the configuration cannot be converted, and nothing was written; or the rehearsal failed"
AGAIN = "interrupted by Ctrl-C; run it again to go on"
CONFIG = {"CONFIG": "the same as --input CONFIG"}
FOLDER = {"--output": "the folder that a conversion wrote", "--dialect": "that of the payloads [default: as DIR says]"}
REACH = tuple(option for option in GATEWAY if option != "--port")
READING = ("--input", "--cost-map", "--allow-outside", "--only", "--skip", "--dialect", "--rules")
FROM, TLS = ("--from-url", "--from-key-file"), ("--ca-bundle", "--insecure-http")
CONVERSION = (
    *READING,
    "-o, --output",
    "--force",
    "--no-html",
    "--annotate",
    "--rehearse",
    "--strict",
    "--ignore",
    "--ignore-file",
    "--format",
    "--json",
)

MISSION = Verb(
    "Converts a LiteLLM configuration, applies it and validates, as far as the options say. There are verbs, too: "
    f"`{PROGRAM} -h` lists them",
    "migrate:migrate",
    ("--input", "--output"),
    (
        *(*CONVERSION, *FROM, *REACH),
        *(option for option in CHANGES if option not in {"--dry-run", "--yes"}),
        "-y, --yes",
        *(*VALIDATION, "-V, --version"),
    ),
    ends(failed=f"{UNCONVERTED}; or the gateway is not as planned", strict=STRICTLY, interrupted=AGAIN),
    instead=("--apply", "--validate", "--from-url"),
)
"""The form without a verb."""

RULE_OPTIONS = {"--rules": "a folder of rules or an overlay [default: the shipped ones]"}
RULES_END = ends(
    failed="something is wrong with the rules; nothing was written", usage="wrong usage, or an unknown name"
)


def rules_verb(does: str, run: str, required: str, options: str, **arguments: str) -> Verb:
    """A verb that looks at rules; names of arguments are their metavars."""
    names = (*options.split(), "--rules")
    return Verb(does, f"rules:{run}", tuple(required.split()), names, RULES_END, arguments, words=RULE_OPTIONS)


VERBS: dict[str, Verb] = {
    "convert": Verb(
        "write payloads, scripts and report; nothing is sent",
        "convert:convert_command",
        ("--output",),
        CONVERSION,
        ends(failed=UNCONVERTED, strict=STRICTLY),
        CONFIG,
        ("CONFIG", "--input"),
    ),
    "snapshot": Verb(
        "read what a running LiteLLM has in its database, as one file that converts; nothing is changed there",
        "snapshot:snapshot_command",
        ("--output",),
        (
            *FROM,
            "--input",
            "-o, --output",
            "--only",
            "--rules",
            *TLS,
            "--timeout",
            "--concurrency",
            "--strict",
            "--json",
        ),
        ends(
            failed="what is needed does not answer; nothing was written", strict="with --strict: a section was not read"
        ),
        either=("--from-url", "--input"),
        words={
            "--output": "the file that is written, readable by you alone",
            "--only": "sections to take only, by comma",
            "--input": "a folder of exported answers in the place of a running LiteLLM",
            "--strict": "exit 3 when a section was not read",
        },
        defaults={"skip": ()},
    ),
    "rehearse": Verb(
        "try everything on a gateway in memory; nothing is written",
        "rehearse:rehearse_command",
        (),
        (*READING, "--output", "--json"),
        ends(done="every stage went well", failed="a stage failed, or the configuration cannot be converted"),
        CONFIG,
        ("CONFIG", "--input", "--output"),
        words={"--output": "try the payloads of this folder, without CONFIG"},
    ),
    "plan": Verb(
        "show what would change on the gateway; nothing is sent",
        "gateway:plan_command",
        ("--output",),
        (
            *("--output", "-o, --out", "--only", "--skip", "--dialect", "--rules", *REACH),
            *("--adopt", "--update-all", "--no-preflight", "--json", "--detailed-exitcode"),
        ),
        ends(
            failed="the gateway cannot be read, or would refuse what is to be sent",
            pending="with --detailed-exitcode: there is something to change",
        ),
        words={
            **FOLDER,
            "--verbose": "each field of a new entity on a line of its own; and which files are read, which calls made",
        },
    ),
    "apply": Verb(
        "change the gateway: as the folder says, or as a reviewed plan does",
        "gateway:apply_command",
        (),
        (
            *("--output", "--only", "--skip", "--dialect", "--rules", *REACH),
            *("--adopt", "--update-all", "--no-preflight", "-y, --yes", "--json"),
        ),
        ends(
            done="the gateway is as planned",
            failed="it is not; each line says why. Or the answer was not yes",
            interrupted=AGAIN,
        ),
        {"PLAN": "a plan that `plan -o PLAN` wrote; refused if gateway, folder or what is there has moved since"},
        ("--output", "PLAN"),
        words=FOLDER,
        defaults={"input": None},
    ),
    "validate": Verb(
        "compare the gateway with the payloads, and write a report",
        "gateway:validate_command",
        ("--output",),
        ("--output", "--only", "--skip", "--dialect", "--rules", *REACH, "--smoke", "--tenants", "--json"),
        ends(done="the gateway is as planned", failed="it is not, or it cannot be read"),
        words=FOLDER,
    ),
    "rollback": Verb(
        "take back what apply did: delete what it created, restore what it changed",
        "gateway:rollback_command",
        ("--output",),
        ("--output", "--dialect", "--rules", *REACH, "--dry-run", "-y, --yes", "--json"),
        ends(
            done="nothing of it is left; with --dry-run: nothing stands against that",
            failed="something is left; each line says why",
            interrupted=AGAIN,
        ),
        words={**FOLDER, "--output": "the folder that was applied"},
        defaults={"only": (), "skip": ()},
    ),
    "handout": Verb(
        "write the new secrets, one private file for each who gets some; nothing is sent",
        "handout:handout_command",
        ("--output",),
        ("--output", "--split-by", "--dialect", "--rules", "--json"),
        ends(done="every entity has its secret in a file", failed="secrets are missing"),
        words=FOLDER,
        defaults={"only": (), "skip": ()},
    ),
    "sandbox": Verb(
        "serve a gateway in memory until Ctrl-C, to practise on",
        "sandbox:sandbox_command",
        (),
        ("--port", "--dialect", "--rules"),
        ends(done="ended by Ctrl-C", failed="something is wrong with the rules", interrupted=""),
    ),
    "check-rules": Verb(
        "check a folder of rules: names, settings, fields, tables, reasons, examples",
        "rules:check_rules_command",
        (),
        ("--rules", "--json", "--no-rehearsal"),
        ends(
            done="nothing is wrong",
            failed="something is wrong; each line says where, what, and which check found it",
            usage="wrong usage, or no such folder",
        ),
        {"DIR": "the same as --rules DIR"},
        words=RULE_OPTIONS,
    ),
    "rules explain": rules_verb(
        "what a name means: which rule, where, and what reads it",
        "explain",
        "NAME",
        "--dialect --json",
        NAME="a setting (* for an index) or its end, a model, a table, relation, endpoint or part of one, a code, "
        "a function",
    ),
    "rules trace": rules_verb(
        "one setting of a configuration on its way to the payloads",
        "trace",
        "CONFIG PATH",
        "--allow-outside --dialect --json",
        CONFIG="the configuration; - reads standard input",
        PATH="the setting, as the report names it: section.list[0].name",
    ),
    "rules rows": rules_verb(
        "the rows of a relation for a configuration, and where they are from",
        "rows",
        "RELATION --input",
        "--input --allow-outside --dialect --json",
        RELATION="the name of the relation",
    ),
    "rules list": rules_verb(
        "every rule document: kind, id, file", "list_rules", "", "--json", KIND="only documents of this kind"
    ),
    "rules reference": rules_verb(
        "every word of the rule language, or one, with an example",
        "show_reference",
        "",
        "--json",
        WORD="a word, step, form, function, match or code",
    ),
    "rules matrix": rules_verb("every setting with its outcome, as Markdown", "show_matrix", "", "--dialect"),
    "rules add": rules_verb(
        "add a row to a table, with an example, if nothing is wrong with it",
        "add_row",
        "TABLE KEY",
        "--example --json",
        TABLE="the name of the table; `rules list table` lists them",
        KEY="the key of the new row",
        **{
            "CELL=VALUE...": "a cell and its value, as the table's columns say (`rules explain TABLE`); DIALECT.CELL "
            "is of one dialect only"
        },
    ),
    "rules regenerate": rules_verb(
        "write what is made from the rules: matrix, reference, README tables", "regenerate", "", ""
    ),
    "completion": Verb(
        "print a script that completes words for bash, zsh or fish",
        "completion:completion_command",
        ("NAME",),
        (),
        ends(interrupted=""),
        {"NAME": 'bash, zsh or fish: eval "$(litellm-migrate completion bash)" in your ~/.bashrc'},
    ),
}
"""All verbs by their words, in the order of the overview."""

RULES = {name.partition(" ")[2]: verb for name, verb in VERBS.items() if name.startswith("rules ")}
"""The verbs after `rules`."""
GROUPS = {
    "migrate": ("snapshot", "convert", "rehearse"),
    "gateway": ("plan", "apply", "validate", "rollback", "handout", "sandbox"),
    "rules": ("check-rules", "rules"),
    "shell": ("completion",),
}
"""The first words, by what they are about, in the order of the overview."""
FIRST = tuple(name for group in GROUPS.values() for name in group)
"""The words that can come first."""
LASTING = ("plan", "apply", "validate", "rollback", "sandbox")
"""Verbs that may run for hours."""


def does(name: str) -> str:
    """What a first word does."""
    return VERBS[name].does if name in VERBS else f"look at rules, and add to them: {', '.join(RULES)}"
