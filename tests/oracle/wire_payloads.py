"""The payloads' side of the wire: what a gateway that has them calls for a name, by an explicit table of calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import quote

from conversion import Result, rulebook
from litellm_migrate.gateway.payloads import literals
from litellm_migrate.source.model import value_at
from oracle.wire_calls import Call, call_of
from oracle.wire_environment import value_of

VARIABLE = re.compile(r"\$\{(\w+)\}\Z")
ENTRY = re.compile(r"/model_list/\d+")
CONDITIONS = ("headerMatch", "contentMatch", "metadataMatch", "timeWindow", "complexity", "domain")

OPERATIONS = {
    "chat": "/chat/completions",
    "completion": "/completions",
    "embedding": "/embeddings",
    "image_generation": "/images/generations",
    "audio_speech": "/audio/speech",
    "audio_transcription": "/audio/transcriptions",
    "moderation": "/moderations",
    "rerank": "/rerank",
    "responses": "/responses",
}


class Where(NamedTuple):
    """What a call is made of."""

    base: str
    model: str
    mode: str
    config: Mapping[str, Any]


def operation(to: Where) -> str:
    return OPERATIONS.get(to.mode, f"/{to.mode}")


def openai(to: Where) -> str:
    return to.base + operation(to)


def azure(to: Where) -> str:
    version = f"?api-version={to.config['apiVersion']}" if "apiVersion" in to.config else ""
    if to.mode == "responses":
        return f"{to.base}/openai/responses{version}"
    return f"{to.base}/openai/deployments/{quote(to.model, '')}{operation(to)}{version}"


def anthropic(to: Where) -> str:
    return f"{to.base}/v1/messages"


def cohere(to: Where) -> str:
    return f"{to.base}/v2/{ {'embedding': 'embed', 'rerank': 'rerank'}.get(to.mode, 'chat') }"


def bedrock(to: Where) -> str:
    region = to.config.get("region", "")
    host = to.base or f"https://bedrock-runtime.{region}.amazonaws.com"
    return f"{host}/model/{quote(to.model, '')}/converse"


def vertex(to: Where) -> str:
    place = str(to.config.get("location", "-"))
    host = to.base or f"https://{f'{place}-' if place != 'global' else ''}aiplatform.googleapis.com"
    return f"{host}/v1/projects/{to.config.get('project', '-')}/locations/{place}/publishers/-/models/{to.model}:call"


def gemini(to: Where) -> str:
    return f"{to.base}/v1beta/models/{to.model}:call"


def replicate(to: Where) -> str:
    return f"{to.base}/models/{to.model}/predictions"


CALLS: Mapping[str, tuple[str, Callable[[Where], str]]] = {
    "OPEN_AI": ("https://api.openai.com/v1", openai),
    "AZURE_OPEN_AI": ("", azure),
    "AZURE": ("", azure),
    "ANTHROPIC": ("https://api.anthropic.com", anthropic),
    "AWS_BEDROCK": ("", bedrock),
    "VERTEX_AI": ("", vertex),
    "GEMINI": ("https://generativelanguage.googleapis.com", gemini),
    "GOOGLE": ("https://generativelanguage.googleapis.com", gemini),
    "COHERE": ("https://api.cohere.com", cohere),
    "GROQ": ("https://api.groq.com/openai/v1", openai),
    "TOGETHER": ("https://api.together.ai/v1", openai),
    "REPLICATE": ("https://api.replicate.com/v1", replicate),
    "MISTRAL": ("https://api.mistral.ai/v1", openai),
    "FIREWORKS": ("https://api.fireworks.ai/inference/v1", openai),
    "PERPLEXITY": ("https://api.perplexity.ai", openai),
    "DEEP_INFRA": ("https://api.deepinfra.com/v1/openai", openai),
    "XAI": ("https://api.x.ai/v1", openai),
    "VLLM": ("", openai),
    "CUSTOM": ("", openai),
}
"""How a gateway calls each type of provider: its address where the integration has none, and the rest of the URL.

No Synapse server is public: this is what the vendors' APIs and the published text leave open, made explicit.
"""


class Route(NamedTuple):
    """One way that a name takes."""

    call: Call
    share: float
    entries: frozenset[str]
    """The entries of the configuration that it was made of, by the report."""
    by_report: bool
    """Whether only the report says which integration is meant."""


class Gateway:
    """The payloads of a conversion, as a gateway would read them."""

    def __init__(self, result: Result, values: dict[str, str]) -> None:
        self.payloads = {name.removesuffix(".json"): body for name, body in result.done.payloads.items()}
        self.settings = result.data["settings"]
        whole = {
            variable.name: variable.paths[0]
            for variable in result.done.variables
            if variable.origin == "literal" and variable.paths
        }
        texts = {name: str(value_at(result.done.source.value, path)) for name, path in whole.items()}
        self.values = {**texts, **literals(result.done, rulebook(result.data["dialect"])), **values}

    @cached_property
    def made_of(self) -> Mapping[tuple[str, int], frozenset[str]]:
        """The entries that the report names for each body, and for each routing rule."""
        entries_by_body: dict[tuple[str, int], set[str]] = {}
        for setting in self.settings:
            entry = ENTRY.match(setting["path"]) if setting["code"] != "decides" else None
            for target in setting["targets"] if entry else ():
                file = target["file"].removesuffix(".json")
                number = re.match(r"(?:/rules)?/(\d+)", target["pointer"])
                if entry and number:
                    entries_by_body.setdefault((file, int(number[1])), set()).add(entry[0])
        return {place: frozenset(entries) for place, entries in entries_by_body.items()}

    def entries_of(self, file: str, number: int) -> frozenset[str]:
        """The entries that a body was made of."""
        return self.made_of.get((file, number), frozenset())

    def resolved(self, value: Any) -> Any:
        """A value with its variable filled in."""
        match = VARIABLE.match(value) if isinstance(value, str) else None
        return value_of(match[1], self.values) if match else value

    def rules(self, name: str) -> list[tuple[int, Mapping[str, Any]]]:
        """The rules that decide on a name: the first that matches, with those of its experiment."""
        rules = self.payloads.get("routing_config", {}).get("rules", [])
        fit = [
            (number, rule)
            for number, rule in enumerate(rules)
            if fnmatchcase(name, rule.get("modelPattern", "*")) and not any(word in rule for word in CONDITIONS)
        ]
        fit.sort(key=lambda numbered: -numbered[1].get("priority", 0))
        same = [
            numbered
            for numbered in fit
            if "experimentId" in fit[0][1]
            and numbered[1].get("experimentId") == fit[0][1]["experimentId"]
            and numbered[1].get("priority", 0) == fit[0][1].get("priority", 0)
        ]
        return same or fit[:1]

    def routes(self, name: str, mode: str) -> Iterator[Route]:
        """What is called for a name; nothing if the name is lost."""
        rules = self.rules(name)
        ways = [(rule["routeTo"], float(rule.get("weight", 100)), number) for number, rule in rules] or [
            (name, 1.0, -1)
        ]
        total = sum(weight for _, weight, _ in ways)
        for model, weight, number in ways:
            route = self.route(model, mode, self.entries_of("routing_config", number), weight / (total or 1))
            if route and weight:
                yield route

    def route(self, model_id: str, mode: str, entries: frozenset[str], share: float) -> Route | None:
        """The call for a model id."""
        models = [(n, body) for n, body in enumerate(self.payloads.get("models", [])) if body["modelId"] == model_id]
        if not models:
            return None
        number, model = max(models, key=lambda numbered: len(self.entries_of("models", numbered[0]) & entries))
        kind, of = model["providerType"], self.entries_of("models", number)
        slugs = {
            provider["slug"]: provider
            for provider in self.payloads.get("providers", [])
            if provider["providerType"] == kind
        }
        slug, _, rest = model_id.partition("/")
        given = [
            n for n, integration in enumerate(self.payloads["integrations"]) if integration["providerType"] == kind
        ]
        upstream, by_report = model_id, len(given) > 1
        if slug in slugs and model["displayName"] != model_id:
            upstream, by_report = rest, False
            wanted = str(slugs[slug]["integrationId"]).removeprefix("${ref:integrations/").removesuffix("}")
            given = [n for n, integration in enumerate(self.payloads["integrations"]) if integration["name"] == wanted]
        if not given:
            return None
        chosen = max(given, key=lambda number: len(self.entries_of("integrations", number) & of))
        call = self.call(self.payloads["integrations"][chosen], upstream, mode)
        return Route(call, share, of & entries or of, by_report)

    def call(self, integration: Mapping[str, Any], model: str, mode: str) -> Call:
        """The call that an integration makes."""
        default, form = CALLS[kind_of(integration)]
        config = {key: self.resolved(value) for key, value in integration.get("config", {}).items()}
        base = str(self.resolved(integration.get("endpointUrl", default))).rstrip("/")
        url = form(Where(base, model, mode, config))
        return call_of(url, model, self.signs(integration, config), headers_of(config))

    def signs(self, integration: Mapping[str, Any], config: Mapping[str, Any]) -> str:
        """What signs the calls of an integration."""
        key = str(self.resolved(integration["apiKey"]))
        if integration["providerType"] == "AWS_BEDROCK" and "accessKeyId" in config:
            pair = f"{config['accessKeyId']} {config.get('secretAccessKey', key)}"
            return pair if pair.endswith(f" {key}") else f"{pair} and {key}"
        if kind_of(integration) == "VERTEX_AI":
            account = config.get("credentials", key)
            account = "default" if account == value_of("GOOGLE_APPLICATION_CREDENTIALS", self.values) else account
            return f"google:{account}" if config.get("credentials", key) == key else f"google:{account} and {key}"
        entra = config.get("clientSecret") or config.get("adToken")
        if integration["providerType"] in ("AZURE_OPEN_AI", "AZURE") and entra:
            signed = f"entra:{entra}" if "clientSecret" in config else str(entra)
            return signed if entra == key else f"{signed} and {key}"
        return "" if key == "not-needed" else key


def kind_of(integration: Mapping[str, Any]) -> str:
    """The type of an integration; one name stands for both of Google's APIs in the published text."""
    vertex = integration["providerType"] == "GOOGLE" and {"project", "location"} & {*integration.get("config", {})}
    return "VERTEX_AI" if vertex else str(integration["providerType"])


def headers_of(config: Mapping[str, Any]) -> dict[str, str]:
    """The headers that an integration's settings stand for."""
    given = {"openai-organization": config.get("organization"), **(config.get("headers") or {})}
    return {name.lower(): str(value) for name, value in given.items() if value is not None}
