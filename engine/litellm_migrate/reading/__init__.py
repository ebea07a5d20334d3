"""Room `reading`: what a running program answers to its list calls, as one document that converts like a file."""
