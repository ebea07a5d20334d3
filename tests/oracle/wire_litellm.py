"""LiteLLM's side of the wire: the requests that the real proxy sends for the names of a configuration.

The proxy loads the configuration itself, every name is asked at its own HTTP API, and each request that it makes is
recorded and refused at the transport: nothing leaves the machine. Variables have made-up values that name them.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import os
import re
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from oracle.wire_configuration import entries, inside, names_of, references
from oracle.wire_environment import Answering, made_up
from oracle.wire_transport import Sent

DRAWS = 40
"""How often a strategy is asked that does not throw dice."""

CHAT = {"messages": [{"role": "user", "content": "hello"}]}
REQUESTS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "chat": ("/v1/chat/completions", CHAT),
    "completion": ("/v1/completions", {"prompt": "hello"}),
    "embedding": ("/v1/embeddings", {"input": "hello"}),
    "image_generation": ("/v1/images/generations", {"prompt": "a dot"}),
    "audio_speech": ("/v1/audio/speech", {"input": "hello", "voice": "alloy"}),
    "audio_transcription": ("/v1/audio/transcriptions", {}),
    "moderation": ("/v1/moderations", {"input": "hello"}),
    "rerank": ("/v1/rerank", {"query": "hello", "documents": ["one", "two"]}),
    "responses": ("/v1/responses", {"input": "hello"}),
}
"""What a client sends, by the mode of the model."""

OTHERS = {"image_edit", "video_generation", "realtime", "ocr", "search", "vector_store", "evaluation", "extraction"}
"""Modes whose requests are not tried."""


class Die:
    """What the router throws under simple-shuffle; it is read, so that shares are exact after one draw."""

    def __init__(self) -> None:
        self.faces: list[tuple[Any, float]] = []

    def choices(self, population: Sequence[Any], weights: Sequence[float]) -> list[Any]:
        """As random.choices: always the first that can come up."""
        self.faces = [
            (deployment, weight / sum(weights))
            for deployment, weight in zip(population, weights, strict=True)
            if weight
        ]
        return [self.faces[0][0]]

    def choice(self, population: Sequence[Any]) -> Any:
        """As random.choice."""
        return self.choices(population, [1.0] * len(population))[0]


class Proxy:
    """The proxy after it loaded one configuration."""

    def __init__(self) -> None:
        # LiteLLM has no usable types: everything of it is Any, here and below.
        self.litellm: Any = import_module("litellm")
        self.server: Any = import_module("litellm.proxy.proxy_server")
        self.httpx: Any = import_module("httpx")
        self.config: dict[str, Any] = {}
        self.values: dict[str, str] = {}
        self.names: list[str] = []
        self.environment: list[str] = []
        self.wanted: Any = None
        """The deployment that the next request must take; None lets the router draw."""
        self.picks: dict[str, float] = {}
        self.picked: dict[str, Any] = {}

    async def load(self, file: Path) -> None:
        """Load a configuration as the proxy does."""
        config_class, read = self.server.ProxyConfig, self.server.ProxyConfig._get_config_from_file

        async def raw(this: Any, config_file_path: str | None = None) -> Any:
            config = inside(await read(this, config_file_path))
            self.values = dict(reversed(list(references(config))))
            section = config.get("environment_variables")
            self.environment = [*section] if isinstance(section, dict) else []
            os.environ.update({name: value for name, value in self.values.items() if name and "\0" not in name})
            Answering.install({*self.values, *map(str, self.environment)})
            self.config = config
            self.names = [*names_of(config, self.litellm.model_cost, self.values)]
            return config

        config_class._get_config_from_file = raw
        self.server.run_ollama_serve = lambda: None
        handler: Any = import_module("litellm.llms.custom_llm").CustomLLM
        self.server.get_instance_fn = lambda **_: handler()
        loaded = await self.server.proxy_config.load_config(router=None, config_file_path=str(file))
        self.server.llm_router, self.server.llm_model_list, self.server.general_settings = loaded
        self.lend([*entries(self.config)])
        router = self.server.llm_router
        router.num_retries, router.retry_policy, router.model_group_retry_policy = 0, None, {}
        self.draw, router.async_get_available_deployment = router.async_get_available_deployment, self.choose
        self.draw_now, router.get_available_deployment = router.get_available_deployment, self.choose_now
        shuffle: Any = import_module("litellm.router_strategy.simple_shuffle")
        self.die = shuffle.random = Die()

    def lend(self, deployments: list[dict[str, Any]]) -> None:
        """Credentials that only LiteLLM's database can have: each has one made-up key of its name."""
        item: Any = import_module("litellm.types.utils").CredentialItem
        known = {credential.credential_name for credential in self.litellm.credential_list}
        named = {str((entry.get("litellm_params") or {}).get("litellm_credential_name") or "") for entry in deployments}
        for name in sorted(named - known - {""}):
            key = made_up(f"{re.sub('[^A-Za-z0-9]', '_', name).upper()}_API_KEY", "api_key", "")
            credential = item(credential_name=name, credential_values={"api_key": key}, credential_info={})
            self.litellm.credential_list.append(credential)

    async def choose(self, *given: Any, **asked: Any) -> Any:
        """The deployment that is wanted, or the first that the router draws, with the share of each."""
        if self.wanted is None:
            drawn = [(await self.draw(*given, **copy.copy(asked)), 1.0)]
            group = self.server.llm_router.get_model_list(model_name=asked.get("model")) or []
            if not self.die.faces and len(group) > 1:
                drawn = [(await self.draw(*given, **copy.copy(asked)), 1 / DRAWS) for _ in range(DRAWS)]
            if drawn[0][0] is None:
                return None
            for deployment, share in self.die.faces or [draw for draw in drawn if draw[0]]:
                place = deployment["model_info"]["id"]
                self.picks[place] = self.picks.get(place, 0.0) + share
                self.picked.setdefault(place, deployment)
            self.wanted = next(iter(self.picked.values()))
        return copy.deepcopy(self.wanted)

    def choose_now(self, *given: Any, **asked: Any) -> Any:
        """The same where LiteLLM does not wait; some strategies draw so."""
        return copy.deepcopy(self.wanted) if self.wanted is not None else self.draw_now(*given, **asked)

    def mode(self, name: str) -> str:
        """The mode of a name's first deployment that has one."""
        for deployment in self.server.llm_router.get_model_list(model_name=name) or []:
            info, model = deployment.get("model_info") or {}, deployment["litellm_params"]["model"]
            costs = self.litellm.model_cost
            known = costs.get(name if "*" in model else model) or costs.get(str(model).partition("/")[2]) or {}
            if info.get("mode") or known.get("mode"):
                mode = str(info.get("mode") or known["mode"])
                return mode if mode in REQUESTS or mode in OTHERS else "chat"
        return "chat"

    async def ask(self, name: str) -> dict[str, Any]:
        """Every deployment that a name leads to, how often, and the request that each sends."""
        self.wanted, self.picks, self.picked, self.die.faces, mode = None, {}, {}, [], self.mode(name)
        if mode not in REQUESTS:
            return {"mode": mode, "exact": False, "picks": {}, "calls": {}}
        first = await self.send(name, mode)
        calls = {next(iter(self.picks), ""): first}
        for place, deployment in [*self.picked.items()][1:]:
            self.wanted = deployment
            calls[place] = await self.send(name, mode)
        return {"mode": mode, "exact": bool(self.die.faces), "picks": self.picks, "calls": calls}

    async def send(self, name: str, mode: str) -> dict[str, Any]:
        """The first request that the proxy makes for one of a client, or the text of its refusal."""
        path, body = REQUESTS[mode]
        sent: dict[str, Any] = {"data": {"model": name}, "files": {"file": ("a.wav", b"RIFF", "audio/wav")}}
        sent = {"json": {"model": name, **body}} if body else sent
        Sent.requests.clear()
        client = self.httpx.AsyncClient(transport=self.httpx.ASGITransport(app=self.server.app), base_url="http://p")
        head = {"authorization": f"Bearer {self.server.master_key}"} if self.server.master_key else {}
        answer = None
        with contextlib.suppress(BaseException):  # also what says that a request was cut
            answer = await asyncio.wait_for(client.post(path, headers=head, **sent), 30)
        if Sent.requests:
            return Sent.requests[0]
        return {"error": answer.text[:600] if answer is not None else "no answer"}


async def record(file: Path) -> dict[str, Any]:
    """What LiteLLM does with a configuration."""
    proxy = Proxy()
    try:
        await proxy.load(file)
    except BaseException as error:  # LiteLLM refuses configurations in many ways, some of them by SystemExit
        return {"error": f"{type(error).__name__}: {error}"[:600], "values": proxy.values, "names": {}}
    Sent.asked = True
    names = {name: await proxy.ask(name) for name in proxy.names}
    given = {name: os.environ[name] for name in map(str, proxy.environment) if name in os.environ}
    return {"error": "", "values": {**proxy.values, **given}, "names": names}
