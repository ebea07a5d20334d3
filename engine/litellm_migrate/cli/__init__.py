"""The command line: arguments into calls, outcomes into exit codes."""
