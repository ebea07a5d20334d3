"""The live gateway: what is there, what would change, and the changes themselves."""

KEY, URL, TENANT = "SYNAPSE_API_KEY", "GATEWAY_URL", "SYNAPSE_TENANT"
"""The environment variables that say how the gateway is reached, where no option does."""

TENANTS = 100
"""So many made-up tenants show a share to within some ten points."""
