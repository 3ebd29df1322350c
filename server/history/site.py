"""All pages of histories: importing this gives the blueprint its views."""

from server.history import pages, pages_search
from server.history.door import bp

PAGES = (pages, pages_search)
__all__ = ["PAGES", "bp"]
