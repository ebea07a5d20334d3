"""Moves an LLM gateway from LiteLLM to Synapse, by rules."""
