"""The office of the pages' tests, asked by programs."""

from tests.server.pages.conftest import Office, busy, office

__all__ = ["Office", "busy", "office"]
