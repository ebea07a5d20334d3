"""Moves an LLM gateway from LiteLLM to Synapse, by rules."""

__version__ = "0.1.0"
