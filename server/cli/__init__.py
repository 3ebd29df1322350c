"""The command doi178-server: each command parses, calls and prints."""

from server.cli.main import main

__all__ = ["main"]
