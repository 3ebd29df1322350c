"""The office of the pages' tests, looked after by jobs."""

from tests.server.pages.conftest import Office, busy, office

__all__ = ["Office", "busy", "office"]
