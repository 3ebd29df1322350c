"""All pages of histories: importing this gives the blueprint its views."""

from server.history import pages, pages_lookups, pages_repeated, pages_requests, pages_search, reads
from server.history.door import bp

PAGES = (pages, pages_lookups, pages_repeated, pages_requests, pages_search, reads)
__all__ = ["PAGES", "bp"]
