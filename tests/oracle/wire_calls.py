"""What one request to a provider says, whoever sends it: read from its URL, its model and what signs it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit


class Call(NamedTuple):
    """A request to a provider, without what its API leaves to the caller (streams, the version of a path)."""

    host: str
    path: str
    operation: str
    model: str
    credential: str
    place: str
    """Region, project, location, version: whatever chooses among copies of the same API."""
    header: str
    """Headers that are neither the API's nor the client library's."""

    def __str__(self) -> str:
        parts = [f"{self.host}{self.path}{self.operation}", f"model {self.model or 'in no field'}"]
        parts += [f"{name} {value}" for name, value in zip(self._fields[4:], self[4:], strict=True) if value]
        return ", ".join(parts)


OPERATION = re.compile(
    r"/(chat/completions|completions|embeddings|images/generations|audio/speech|audio/transcriptions|moderations"
    r"|rerank|responses|messages|complete|chat|embed|predictions)\Z"
)
BEDROCK = re.compile(r"\A(bedrock-[a-z-]*runtime)\.([^.]*)\.(amazonaws\.com(?:\.cn)?)\Z")
BEDROCK_PATH = re.compile(r"(?P<base>.*)/model/(?P<model>[^/]+)/[a-z-]+\Z")
VERTEX = re.compile(r"\A(?:([^.]*)-)?aiplatform\.googleapis\.com\Z")
VERTEX_PATH = re.compile(
    r"(?P<base>.*)/v1(?:beta1)?/projects/(?P<project>[^/]*)/locations/(?P<location>[^/]*)/"
    r"(?:publishers/[^/]+/models|(?P<endpoint>endpoints))/(?P<model>[^:]+?)(?::\w+)?\Z"
)
GEMINI_PATH = re.compile(r"(?P<base>.*)/v1(?:beta|alpha)?/models/(?P<model>[^:]+):\w+\Z")
AZURE_PATH = re.compile(r"(?P<base>.*/openai)/deployments/(?P<model>[^/]+)(?P<rest>/.*)\Z")
CLOUDFLARE_PATH = re.compile(r"(?P<base>.*/azure-openai/[^/]+)/(?P<model>(?!openai/)[^/]+)(?P<rest>/.*)\Z")
"""Azure behind Cloudflare's gateway, where the deployment stands right behind the resource."""
REPLICATE_PATH = re.compile(r"(?P<base>.*)/models/(?P<model>.+)/predictions\Z")
OLLAMA_PATH = re.compile(r"(?P<base>.*)/api/(?P<call>chat|generate|embed|embeddings)\Z")
OLLAMA = {"embed": "embeddings", "embeddings": "embeddings"}


def call_of(url: str, model: str, credential: str, headers: Mapping[str, str]) -> Call:
    """The call that a URL stands for; `model` is that of the body, if it has one."""
    parts = urlsplit(url)
    host, path = f"{parts.scheme}://{parts.netloc}".lower(), re.sub("//+", "/", parts.path).rstrip("/")
    version = ",".join(parse_qs(parts.query).get("api-version", []))
    extra = "; ".join(f"{name}: {value}" for name, value in sorted(headers.items()))
    cloud, vertex = BEDROCK.match(parts.netloc), VERTEX.match(parts.netloc)
    operation, place = "", version
    if match := BEDROCK_PATH.match(path):
        path, model = f"{match['base']}/model", unquote(match["model"])
    elif match := VERTEX_PATH.match(path):
        path, place = match["base"], f"{match['project']} {match['location']}"
        model = match["model"] if match["endpoint"] is None or not match["model"].startswith("openapi") else model
        model = f"endpoints/{model}" if match["endpoint"] and not match["model"].startswith("openapi") else model
    elif match := AZURE_PATH.match(path):
        path, operation, model = f"{match['base']}/deployments", match["rest"], unquote(match["model"])
    elif match := CLOUDFLARE_PATH.match(path):
        path, operation, model = match["base"], match["rest"], unquote(match["model"])
    elif (match := GEMINI_PATH.match(path)) or (match := REPLICATE_PATH.match(path)):
        path, model = match["base"], match["model"]
    elif match := OLLAMA_PATH.match(path):
        path, operation = f"{match['base']}/v1", f"/{OLLAMA.get(match['call'], 'chat/completions')}"
    elif match := OPERATION.search(path):
        path, operation = path[: match.start()], match[0]
    if cloud:
        host, place = f"{parts.scheme}://{cloud[1]}.{cloud[3]}", cloud[2]
    if vertex:
        host = f"{parts.scheme}://aiplatform.googleapis.com"
    return Call(host, path, operation, model, credential, place, extra)


PLAIN = re.compile(
    r"x-stainless-.*|x-amz-.*|amz-sdk-.*|anthropic-.*|accept.*|content-.*|user-agent|connection|host|authorization|api-key"
    r"|x-api-key|x-goog-api-key|x-signed-by|http-referer|x-title|x-pplx-integration|request-source|prefer|x-goog-user-project"
    r"|editor-version|copilot-integration-id|x-openrouter-.*|x-initiator|x-github-api-version|transfer-encoding|x-source"
)
"""Headers of HTTP, of signatures, of client libraries: no configuration asks for them."""

EMPTY = {"", "None", "fake-api-key", "dummy", "sk-1234-placeholder"}
"""What LiteLLM sends where there is no key."""


def sent(request: Mapping[str, Any]) -> Call:
    """The call of a request that LiteLLM sent."""
    headers: Mapping[str, str] = request["headers"]
    bearer = re.sub(r"\A(Bearer|Token|Key|Basic) ?", "", headers.get("authorization", ""))
    query = parse_qs(urlsplit(request["url"]).query).get("key", [""])[0]
    keys = [headers.get(name, "") for name in ("x-signed-by", "x-goog-api-key", "x-api-key", "api-key")]
    credential = next((key for key in [*keys, query, bearer] if key), "")
    extra = {name: value for name, value in headers.items() if not PLAIN.fullmatch(name)}
    model = str(request["model"] or "")
    return call_of(request["url"], model, "" if credential in EMPTY else credential, extra)
