"""How one value of a row comes about: each kind of column gives the value, and says where it came from."""

from litellm_migrate.convert.columns.look import Look
from litellm_migrate.convert.columns.made import Constant, First, Several, Text, When
from litellm_migrate.convert.columns.source import Entry, Place, Spot, Whole, inside

__all__ = ["Constant", "Entry", "First", "Look", "Place", "Several", "Spot", "Text", "When", "Whole", "inside"]
