"""The office of the pages, here too."""

from tests.server.pages.conftest import office

__all__ = ["office"]
