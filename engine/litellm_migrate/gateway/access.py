"""How the gateway is reached: its address, the key, and what may be trusted on the way."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from litellm_migrate.source.model import Problem, Problems

if TYPE_CHECKING:
    import ssl

USAGE = 2


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


def checked(access: Access) -> Access:
    """The access, if nothing is wrong with it; else Problems (exit 2)."""
    problems = list(problems_of(access))
    if problems:
        raise Problems(problems, USAGE)
    return access


def problems_of(access: Access) -> Iterator[Problem]:
    """What is wrong with an address or a key, without showing either."""
    parts = urlsplit(access.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not plain(access.url):
        yield Problem("--gateway-url", 0, 0, "expected an address such as https://gateway.example, found another text.")
    elif parts.username or parts.password or parts.query or parts.fragment:
        yield Problem("--gateway-url", 0, 0, "expected an address alone, found a login or a query in it. Take it out.")
    elif parts.scheme == "http" and not loopback(parts.hostname) and not access.insecure_http:
        message = "expected https, found http, over which keys travel unencrypted. Use https, or add --insecure-http."
        yield Problem("--gateway-url", 0, 0, message)
    if not plain(access.key):
        message = "expected printable characters without blanks in the gateway's key. Set SYNAPSE_API_KEY to it."
        yield Problem("--api-key", 0, 0, message)


def plain(text: str) -> bool:
    """Whether a text can stand in an address or in a header as it is."""
    return bool(text) and all("!" <= sign <= "~" for sign in text)


def loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def trust(access: Access) -> ssl.SSLContext | bool:
    """What vouches for the gateway: the usual authorities, or those of a file."""
    if not access.ca_bundle:
        return True
    import ssl  # noqa: PLC0415 - only where somebody is trusted

    try:
        return ssl.create_default_context(cafile=access.ca_bundle)
    except (OSError, ssl.SSLError) as error:
        message = f"expected certificates in PEM, found none that can be read in {access.ca_bundle}. Name another file."
        raise Problems([Problem("--ca-bundle", 0, 0, message)], USAGE) from error


def claims(token: str) -> dict[str, Any]:
    """What a JWT says, unverified (the gateway verifies it); nothing if it is none."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        said = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
