"""The live gateway: what is there, what would change, and the changes themselves."""

TENANTS = 100
"""So many made-up tenants show a share to within some ten points."""
CALLS = "litellm_migrate.calls"
"""The log of calls: method, path, status and time."""
