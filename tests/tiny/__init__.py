"""Tiny rulebooks about a library, which has books, shelves and loans and nothing to do with any gateway."""
