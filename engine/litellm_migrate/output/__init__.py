"""What a conversion becomes on disk: payloads, a script and a report."""
