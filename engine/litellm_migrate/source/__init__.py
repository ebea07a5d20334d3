"""A configuration as its program reads it: values, the position of each, and which of them are secret."""
