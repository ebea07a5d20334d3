"""`litellm-migrate completion`: scripts that complete verbs and options; where a value is wanted, the shell's files."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from litellm_migrate.cli.options import COLORS
from litellm_migrate.cli.outcomes import SUCCESS, VerbResult
from litellm_migrate.cli.parser import GENERAL, OPTIONS, near
from litellm_migrate.cli.verb import Verb
from litellm_migrate.cli.verbs import FIRST, MISSION, PROGRAM, RULES, VERBS, does
from litellm_migrate.source.model import USAGE, Problem, Problems

BASH = """_litellm_migrate() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} verb=${{COMP_WORDS[1]}} words=''
  [[ $verb == rules ]] && (( COMP_CWORD > 2 )) && verb="rules ${{COMP_WORDS[2]}}"
  case $before in
    --color) words='{colors}' ;;
    {valued}) ;;
    completion) words='bash zsh fish' ;;
    *)
      if [[ $word == -* ]]; then
        case $verb in
{options}
        esac
      elif (( COMP_CWORD == 1 )); then
        words='{first}'
      elif [[ $COMP_CWORD == 2 && $verb == rules ]]; then
        words='{rules}'
      fi
      ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}}
complete -o default -F _litellm_migrate {program}"""
ZSH = "autoload -U +X compinit bashcompinit && compinit && bashcompinit\n"


def completion_command(options: argparse.Namespace) -> VerbResult:
    """The script for a shell."""
    scripts = {"bash": bash(), "zsh": ZSH + bash(), "fish": "\n".join(fish())}
    if options.name not in scripts:
        message = f"expected bash, zsh or fish, found `{options.name}`{near(options.name, scripts)}"
        raise Problems([Problem("NAME", 0, 0, message)], USAGE)
    return VerbResult(SUCCESS, None, scripts[options.name])


def flags_of(verb: Verb) -> list[str]:
    """Every flag of a verb, short and long."""
    return [flag for option in (*verb.options, *GENERAL) for flag in option.split(", ")]


def bash() -> str:
    """The script for bash."""
    options = [f"          '{name}') words='{' '.join(flags_of(verb))}' ;;" for name, verb in VERBS.items()]
    return BASH.format(
        colors=" ".join(COLORS),
        valued="|".join(["-o", *(option for option, words in OPTIONS.items() if "metavar" in words)]),
        options="\n".join([*options, f"          *) words='{' '.join(flags_of(MISSION))}' ;;"]),
        first=" ".join(FIRST),
        rules=" ".join(RULES),
        program=PROGRAM,
    )


def fish() -> Iterator[str]:
    """The lines of the script for fish."""
    command = f"complete -c {PROGRAM}"
    for name in FIRST:
        yield f"{command} -n __fish_use_subcommand -f -a {name} -d {quoted(does(name))}"
    for name, verb in RULES.items():
        condition = f"__fish_seen_subcommand_from rules; and not __fish_seen_subcommand_from {' '.join(RULES)}"
        yield f"{command} -n {quoted(condition)} -f -a {name} -d {quoted(verb.does)}"
    yield f"{command} -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'"
    for name, verb in {"": MISSION, **VERBS}.items():
        seen = "; and ".join(f"__fish_seen_subcommand_from {word}" for word in name.split())
        for option in (*verb.options, *GENERAL):
            *short, long = option.split(", ")
            words = "".join(f" -s {flag[1:]}" for flag in short) + f" -l {long[2:]}"
            words += (
                f" -x -a '{' '.join(COLORS)}'" if long == "--color" else " -r" if "metavar" in OPTIONS[long] else ""
            )
            condition = quoted(seen or "__fish_use_subcommand")
            yield f"{command} -n {condition}{words} -d {quoted(OPTIONS[long]['help'])}"


def quoted(text: str) -> str:
    """A text as one word of fish."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
