"""The live gateway: what is there, what would change, and the changes themselves."""
