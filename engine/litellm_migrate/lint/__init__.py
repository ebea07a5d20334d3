"""Holds a rulebook against itself: what `check-rules` finds needs no configuration but the rules' own examples."""
