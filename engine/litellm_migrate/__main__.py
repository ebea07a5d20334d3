"""`python -m litellm_migrate` is the command itself."""

import sys

from litellm_migrate.cli.main import command

if __name__ == "__main__":
    sys.exit(command())
