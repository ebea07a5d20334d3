"""A running LiteLLM as tests see it: a double of its API, and what is read of it."""
