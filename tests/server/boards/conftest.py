"""The office of the pages."""

from tests.server.pages.conftest import Office, busy, office

__all__ = ["Office", "busy", "office"]
