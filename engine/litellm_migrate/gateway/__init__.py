"""The live gateway: what is there, what would change, and the changes themselves."""

import time

TENANTS = 100
"""So many made-up tenants show a share to within some ten points."""
CALLS = "litellm_migrate.calls"
"""The log of calls: method, path, status and time."""


def now() -> str:
    """The moment, in UTC, to the second: `2026-12-31T23:59:59Z`."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
