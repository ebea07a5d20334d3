"""A gateway in memory, made from the rules alone: for rehearsals, and for tests."""
