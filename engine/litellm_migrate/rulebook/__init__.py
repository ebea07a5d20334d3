"""Reads a folder of rule files into one rulebook, or says what is wrong with which line of which file."""
