"""Hypothesis strategies for configurations: realistic ones, and ones as people and accidents write them."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

import yaml
from hypothesis import strategies as st

from conversion import rulebook
from litellm_migrate import shipped
from litellm_migrate.source.model import Path, Source, leaves
from litellm_migrate.source.read import read_source

Config = dict[Any, Any]
Strategy = st.SearchStrategy[Any]

NASTY = (
    *(
        'say "hi"',
        "it's",
        "a|b",
        "a\\|b",
        "`tick`",
        "``",
        "line\nbreak",
        "cr\rx",
        "\u202etxet",
        "${HOME}",
        "$(touch pwned)",
    ),
    *(
        "<b>x</b>",
        "<!-- x -->",
        "<img src=x onerror=y>",
        "\\",
        "~0/x",
        "**b**",
        "[x](y)",
        "&amp;",
        "\x85",
        "\u2028",
        "%s",
        "{group}",
    ),
    *(
        "{{ x }}",
        "| --- |",
        "#",
        "名前",
        "é",
        " ",
        "-",
        "\x00",
        "\x1b[31m",
        "a\tb",
        "../..",
        "os.environ/",
        "null",
        "*",
    ),
)
"""Names that break whatever treats them as markup, as code or as a path."""

COMMON = ("gpt-4o", "gpt-4", "claude-sonnet", "fast", "embed", "llama-3.3-70b", "team/chat", "GPT 4")


@lru_cache
def prefixes() -> tuple[str, ...]:
    """Every provider of the shipped table; logins are not asked for in tests, since nothing is called."""
    documents = yaml.safe_load_all((shipped("rules") / "tables" / "providers.yaml").read_text("utf-8"))
    return tuple(next(one for one in documents if one["id"] == "providers")["rows"])


def nasty() -> Strategy:
    """A text that nobody expects as a name."""
    return st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]), max_size=8))


def words() -> Strategy:
    """A nasty mapping key: one that does not look like a template that somebody forgot to render."""
    return nasty().filter(lambda name: "${" not in name and "{{" not in name and "$(" not in name)


def names() -> Strategy:
    """What clients ask for."""
    return st.one_of(st.sampled_from(COMMON), st.sampled_from(["openai/*", "*", "gpt-*"]), words())


def numbers() -> Strategy:
    """Limits as people write them."""
    return st.one_of(
        st.integers(0, 9000), st.sampled_from(["100", "1e3", 0.5, "os.environ/RPM", -1, "many", None, True])
    )


def keys() -> Strategy:
    """What stands where a key belongs."""
    written = [
        "os.environ/TEAM_API_KEY",
        "os.environ/GROQ_API_KEY_2",
        "os.environ/odd-name",
        "sk-literal-0123",
        "EMPTY",
        "",
        None,
    ]
    return st.one_of(st.sampled_from(written), nasty())


def bases() -> Strategy:
    """Addresses, and what is none."""
    written = ["http://gpu:8000/v1", "https://api.groq.com/openai/v1", "https://api.openai.com/v1", "os.environ/BASE"]
    odd = ["https://u:p@gpu/v1?k=v", "gpu:8000", "http://", "https://[::1", "${BASE}", "https://east.openai.azure.com/"]
    return st.one_of(st.sampled_from(written + odd), nasty())


@st.composite
def models(draw: st.DrawFn) -> str:
    """What an entry calls: mostly a prefix and a name."""
    name = draw(st.one_of(st.sampled_from([*COMMON, "*", "meta/llama-3", "us.amazon.nova-pro-v1:0"]), nasty()))
    return str(draw(st.sampled_from([f"{draw(st.sampled_from(prefixes()))}/{name}", name])))


def optional(**fields: Strategy) -> Strategy:
    """A mapping that has some of the fields."""
    return st.fixed_dictionaries({}, optional=fields)


def entries(names_of: Strategy | None = None) -> Strategy:
    """An entry of model_list."""
    costs = st.sampled_from([0.000001, "1e-06", 0, 2.5e-06, "free", -1])
    chosen = {
        "custom_llm_provider": st.sampled_from(prefixes()),
        "litellm_credential_name": st.sampled_from(["shared", "lost"]),
    }
    shares = {"rpm": numbers(), "tpm": numbers(), "weight": numbers(), "order": numbers()}
    money = {
        "input_cost_per_token": costs,
        "max_budget": numbers(),
        "budget_duration": st.sampled_from(["30d", "1d", "soon"]),
    }
    cloud = {
        name: keys() for name in ("aws_access_key_id", "aws_secret_access_key", "vertex_credentials", "client_secret")
    }
    place = {name: nasty() for name in ("api_version", "aws_region_name", "vertex_project", "organization", "timeout")}
    rest = optional(api_key=keys(), api_base=bases(), **chosen, **shares, **money, **cloud, **place)
    params = st.builds(lambda model, more: {"model": model, **more}, models(), rest)
    flags = {
        name: st.sampled_from([True, False, "yes", None]) for name in ("supports_vision", "supports_function_calling")
    }
    info = optional(
        mode=st.sampled_from(["chat", "rerank", "odd", 3]),
        max_tokens=numbers(),
        base_model=nasty(),
        id=nasty(),
        **flags,
    )
    required = {"model_name": names_of or names(), "litellm_params": params}
    return st.fixed_dictionaries(required, optional={"model_info": info, "rpm": numbers(), "tpm": numbers()})


def sections() -> Strategy:
    """Everything beside model_list."""
    target = st.one_of(names(), st.fixed_dictionaries({"model": names(), "hidden": st.booleans()}))
    fallbacks = st.lists(st.dictionaries(names(), st.lists(names(), max_size=2), min_size=1, max_size=1), max_size=2)
    budget = optional(
        budget_limit=numbers(), time_period=st.sampled_from(["30d", "1mo", "1d", "x"]), max_budget=numbers()
    )
    strategies = st.sampled_from(["simple-shuffle", "latency-based-routing", "least-busy", "round-robin", None, 5])
    router = optional(
        routing_strategy=strategies,
        model_group_alias=st.dictionaries(names(), target, max_size=3),
        provider_budget_config=st.dictionaries(st.sampled_from(prefixes()), budget, max_size=2),
        fallbacks=fallbacks,
        num_retries=numbers(),
    )
    settings = optional(
        drop_params=st.booleans(),
        callbacks=st.lists(nasty(), max_size=2),
        fallbacks=fallbacks,
        model_alias_map=st.dictionaries(names(), names(), max_size=2),
        default_key_generate_params=optional(rpm_limit=numbers(), models=st.lists(names(), max_size=2)),
        cache_params=optional(type=nasty(), ttl=numbers()),
    )
    values = st.dictionaries(st.sampled_from(["api_key", "api_base", "aws_region_name"]), nasty())
    credential = st.fixed_dictionaries(
        {"credential_name": st.sampled_from(["shared", "spare"]), "credential_values": values}
    )
    return optional(
        router_settings=router,
        litellm_settings=settings,
        general_settings=optional(master_key=keys(), database_url=nasty(), store_model_in_db=st.booleans()),
        credential_list=st.lists(credential, max_size=2),
        environment_variables=st.dictionaries(words(), nasty(), max_size=2),
    )


@st.composite
def configurations(draw: st.DrawFn, messy: bool = True) -> Config:
    """A whole configuration; a messy one also has keys that nobody knows, and values of the wrong type."""
    made: Config = {"model_list": draw(st.lists(entries(), max_size=5)), **draw(sections())}
    if messy:
        for _ in range(draw(st.integers(0, 3))):
            spot = draw(st.sampled_from([path for path, _ in leaves(made) if path]))
            made = replaced(made, spot, draw(junk()))
        for _ in range(draw(st.integers(0, 3))):
            made = replaced(made, (*draw(st.sampled_from(list(mappings(made)))), draw(unknown_keys())), draw(junk()))
    return made


def junk() -> Strategy:
    """A value that does not belong where it stands."""
    simple: Strategy = st.one_of(
        nasty(), st.sampled_from([None, True, 0, -1.5, 10**30, float("inf"), float("nan"), [], {}])
    )
    return st.one_of(simple, st.lists(simple, max_size=2), st.dictionaries(words(), simple, max_size=2))


def unknown_keys() -> Strategy:
    """Keys that no rule knows; YAML 1.1 reads some as no text at all."""
    return st.one_of(st.sampled_from(["x_unknown", True, 7, 1.5, None]), words().map(lambda name: f"x_{name}"))


def mappings(value: Any, path: Path = ()) -> Any:
    """The paths of all mappings."""
    if isinstance(value, dict):
        yield path
    for key, below in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from mappings(below, (*path, key))


def replaced(value: Any, path: Path, new: Any) -> Any:
    """The same value with another one at a path; what it shares by anchors is changed at that place only."""
    if not path:
        return new
    made = value.copy()
    made[path[0]] = replaced(made[path[0]] if len(path) > 1 else None, path[1:], new)
    return made


def source_of(config: Config) -> Source:
    """The configuration as it is read from YAML."""
    text = yaml.safe_dump(config, allow_unicode=True, sort_keys=False)
    return read_source("-", rulebook().grammar, io.BytesIO(text.encode("utf-8")))
