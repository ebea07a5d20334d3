"""The cut at the transport: every client that LiteLLM has records its request and goes no further."""

from __future__ import annotations

import json
import os
import socket
from functools import lru_cache
from importlib import import_module
from typing import Any, ClassVar


class Sent(BaseException):
    """A request that was recorded and refused. No Exception, so that nothing retries or translates it."""

    requests: ClassVar[list[dict[str, Any]]] = []
    asked: ClassVar[bool] = False
    """Whether a client asks; while the proxy loads, nothing answers."""


def note(url: Any, headers: Any, body: Any) -> None:
    """Record a request."""
    if not Sent.asked:
        raise OSError("no request leaves this machine")
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body or "")
    try:
        fields = json.loads(text)
    except ValueError:
        fields = {}
    model = fields.get("model") or fields.get("modelId") or fields.get("version") if isinstance(fields, dict) else None
    if model is None and 'name="model"' in text:
        model = text.split('name="model"', 1)[1].split("\r\n")[2]
    named = {str(name).lower(): plain(value) for name, value in dict(headers).items()}
    Sent.requests.append({"url": str(url), "headers": named, "model": model})
    raise Sent


def plain(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


MINOR = {
    "/api/show": 404,
    "/api/tags": 404,
    "://huggingface.co/": 404,
    "://github.com/": 404,
    "://raw.githubusercontent.com/": 404,
    "://auth.openai.com/": 404,
    "://iam.cloud.ibm.com/": 200,
    "://oauth2.googleapis.com/": 200,
}
"""Requests beside the one for the model, and with what status they are answered."""


def minor(request: Any) -> tuple[int, dict[str, Any]] | None:
    """The answer to a request beside the one for the model."""
    status = next((status for part, status in MINOR.items() if part in str(request.url)), None)
    return (
        None if status is None else (status, {"access_token": "signed-in", "expires_in": 3600} if status == 200 else {})
    )


@lru_cache
def cut() -> None:
    """Cut every transport of this process."""
    os.environ |= {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "HF_HUB_OFFLINE": "1", "AWS_EC2_METADATA_DISABLED": "true"}
    import_module("logging").disable(100)
    httpx: Any = import_module("httpx")
    litellm: Any = import_module("litellm")
    litellm.suppress_debug_info = True
    import_module("litellm.proxy.proxy_server")
    clients: Any = import_module("litellm.llms.custom_httpx.aiohttp_transport")

    def refuse(_: Any, request: Any) -> Any:
        if answer := minor(request):
            return httpx.Response(answer[0], json=answer[1], request=request)
        request.read()
        return note(request.url, request.headers, request.content)

    async def refuse_later(_: Any, request: Any) -> Any:
        if answer := minor(request):
            return httpx.Response(answer[0], json=answer[1], request=request)
        await request.aread()
        return note(request.url, request.headers, request.content)

    httpx.HTTPTransport.handle_request = refuse
    httpx.AsyncHTTPTransport.handle_async_request = refuse_later
    clients.LiteLLMAiohttpTransport.handle_async_request = refuse_later

    async def aiohttp_later(_: Any, __: str, url: Any, **given: Any) -> Any:
        body = given.get("data") or json.dumps(given.get("json"))
        note(url, given.get("headers") or {}, body)

    import_module("aiohttp").ClientSession._request = aiohttp_later
    import_module("requests").Session.send = lambda _, request, **__: note(request.url, request.headers, request.body)
    import_module("botocore.httpsession").URLLib3Session.send = lambda _, request: note(
        request.url, request.headers, request.body
    )

    def no_network(*_: Any, **__: Any) -> Any:
        raise OSError("no request leaves this machine")

    socket.getaddrinfo = no_network
    sign_ins()


def sign_ins() -> None:
    """Replace the sign-ins to clouds, which are calls of their own: the request then names what would sign it."""
    google: Any = import_module("litellm.llms.vertex_ai.vertex_llm_base").VertexBase
    azure: Any = import_module("litellm.llms.azure.common_utils")
    amazon: Any = import_module("litellm.llms.bedrock.base_aws_llm").BaseAWSLLM
    pair: Any = import_module("botocore.credentials").Credentials
    signature: Any = import_module("botocore.auth").SigV4Auth

    def access(_: Any, credentials: Any, project_id: Any, *__: Any, **___: Any) -> tuple[str, str]:
        text = json.dumps(credentials) if isinstance(credentials, dict) else str(credentials or "default")
        return f"google:{text}", str(project_id or "project-of-the-account")

    async def access_later(this: Any, *given: Any, **named: Any) -> tuple[str, str]:
        return access(this, *given, **named)

    google.get_access_token, google.get_access_token_async = access, access_later
    azure.get_azure_ad_token_from_entra_id = lambda **given: lambda: f"entra:{given.get('client_secret')}"
    azure.get_azure_ad_token_from_username_password = lambda **given: lambda: f"entra:{given.get('azure_username')}"
    azure.get_azure_ad_token_provider = lambda **_: lambda: "entra:default"
    role = lambda _, **given: (pair(f"role:{given.get('aws_role_name')}", "role"), None)  # noqa: E731
    amazon._auth_with_aws_role = amazon._auth_with_web_identity_token = role
    amazon._auth_with_aws_profile = lambda _, name: (pair(f"profile:{name}", "profile"), None)
    sign = signature.add_auth

    def signed(this: Any, request: Any) -> None:
        sign(this, request)
        request.headers["x-signed-by"] = f"{this.credentials.access_key} {this.credentials.secret_key}"

    signature.add_auth = signed
