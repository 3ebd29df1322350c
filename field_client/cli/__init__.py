"""The command doi178-field: each command parses, calls and prints."""

from field_client.cli.main import main

__all__ = ["main"]
