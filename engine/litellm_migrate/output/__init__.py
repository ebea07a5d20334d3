"""What a conversion becomes on disk: payloads, a script and a report."""

REPORT, DATA, PAGE = "migration_report.md", "migration_report.json", "migration_report.html"
ANNOTATED, INCLUDED = "annotated.yaml", "annotated"
"""The configuration with comments, and the folder of what it includes."""
PAYLOADS = "payloads"
"""The folder of the payload files."""
COMMITTED = ".litellm-migrate.new"
"""The folder that is there while, and only while, the files of a conversion take the place of earlier ones."""
JOURNAL, BACKUPS = "journal.jsonl", "backup"
"""What was done to a gateway, and the folder of what was there before."""

KEY, URL, TENANT = "SYNAPSE_API_KEY", "GATEWAY_URL", "SYNAPSE_TENANT"
"""The environment variables that say how the gateway is reached, for scripts and where no option of a command does."""

SOURCE_KEY = "LITELLM_API_KEY"
"""The environment variable with the key of the program that a snapshot is taken of."""
SNAPSHOT = "snapshot.json"
"""What was read of it, in the folder of a conversion."""
