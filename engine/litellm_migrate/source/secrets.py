"""The former place of `value_at`, until every room imports it from `source.model`."""

from litellm_migrate.source.model import value_at as at

__all__ = ["at"]
