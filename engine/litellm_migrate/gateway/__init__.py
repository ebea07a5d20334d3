"""The live gateway: what is there, what would change, and the changes themselves."""

TENANTS = 100
"""So many made-up tenants show a share to within some ten points."""
