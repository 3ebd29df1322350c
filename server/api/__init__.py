"""What programs read under /api/v1: one decorator makes a read of a function that knows no Flask.

How to add one stands in docs/api.md.
"""

from server.api.caller import Caller
from server.api.questions import Flag, InArea, Many, NoQuestion, Page, Paged, Question, Whole, page_of
from server.api.reads import read

__all__ = ["Caller", "Flag", "InArea", "Many", "NoQuestion", "Page", "Paged", "Question", "Whole", "page_of", "read"]
