"""How the gateway is reached: its address, the key, and which certificates vouch for it."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from litellm_migrate.output import KEY
from litellm_migrate.source.files import json_value
from litellm_migrate.source.model import USAGE, Json, Problem, Problems

if TYPE_CHECKING:
    import ssl

PROXIES, AUTHORITIES = re.compile(r"(?i)[a-z]+_proxy"), re.compile(r"SSL_CERT_(FILE|DIR)")
"""The environment variables that name proxies and certificates."""


@dataclass(frozen=True, slots=True)
class Access:
    """Where the gateway is and how to talk to it; the key is in no text that is made of this."""

    url: str
    key: str = field(repr=False)
    tenant: str | None = None
    ca_bundle: str | None = None
    insecure_http: bool = False
    timeout: float = 30.0
    concurrency: int = 8
    options: tuple[str, str, str] = ("--gateway-url", "--api-key", KEY)
    """What messages call address and key: two options, and the variable of the key."""


def checked(access: Access) -> Access:
    """The access, if nothing is wrong with it; else Problems (exit 2) that show neither address nor key."""
    wrong: dict[str, str] = {}
    address, key, variable = access.options
    parts = split(access.url)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        wrong[address] = "expected an address such as https://gateway.example, found another text."
    elif parts.username or parts.password or parts.query or parts.fragment:
        wrong[address] = "expected an address alone, found a login or a query in it. Take it out."
    elif parts.scheme == "http" and not is_loopback(access.url) and not access.insecure_http:
        message = "expected https, found http, over which keys travel unencrypted. Use https, or add --insecure-http."
        wrong[address] = message
    if not sendable(access.key):
        wrong[key] = f"expected printable characters without blanks in the key. Set {variable} to it."
    if wrong:
        raise Problems([Problem(option, 0, 0, message) for option, message in wrong.items()], USAGE)
    return access


def split(url: str) -> SplitResult | None:
    """The parts of an address; None if it is none, or its port is no number of a port."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if sendable(url) else None


def sendable(text: str) -> bool:
    """Whether a text can stand in an address or in a header as it is."""
    return bool(text) and all("!" <= sign <= "~" for sign in text)


def is_loopback(url: str) -> bool:
    """Whether an address is of this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def certificates(access: Access) -> ssl.SSLContext | bool:
    """What vouches for the gateway: True for the usual authorities, or those of a file. Raises Problems (exit 2)."""
    plain = access.url.startswith("http://") and is_loopback(access.url)
    if not access.ca_bundle and not plain:
        return True
    import ssl  # noqa: PLC0415 - only where it is needed

    if not access.ca_bundle:
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # nobody: to read the authorities takes longer than the requests
    try:
        return ssl.create_default_context(cafile=access.ca_bundle)
    except (OSError, ssl.SSLError) as error:
        message = f"expected certificates in PEM, found none that can be read in {access.ca_bundle}. Name another file."
        raise Problems([Problem("--ca-bundle", 0, 0, message)], USAGE) from error


def unusable_environment(error: Exception) -> Problem:
    """What is wrong with the environment's certificates or proxies; shows no address, which may hold a password."""
    names, message = AUTHORITIES, "expected certificates (PEM) that can be read, found none. Correct or unset it."
    if not isinstance(error, OSError):
        names, message = PROXIES, "expected a proxy such as http://proxy.example:3128, found another text. Correct or "
        message += "unset it; socks5:// takes `pip install 'httpx[socks]'`."
    found = sorted(name for name in os.environ if names.fullmatch(name) and os.environ[name])
    return Problem(", ".join(found), 0, 0, message)


def claims(token: str) -> Mapping[str, Json]:
    """The claims of a JWT, unverified (the gateway verifies it); none if the token is no JWT."""
    parts = token.split(".")
    try:
        content = json_value(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))) if len(parts) == 3 else {}
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
