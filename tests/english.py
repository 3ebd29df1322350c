"""What an English page still says in Vietnamese, apart from names and what people typed."""

import re
from html.parser import HTMLParser

from schemas.language import english_parts
from schemas.units import packaged_units

SAID_ASIDE = {"aria-label", "placeholder", "title", "alt", "data-search", "data-none", "data-busy", "data-saving"}
VIETNAMESE = re.compile("(?![×÷])[à-ỹÀ-ỸđĐ]")
ALWAYS = ("Đội 178", "Tiếng Việt", "đồng")


class _Words(HTMLParser):
    """Gathers what a page says, the parts of its text and what stands in attributes."""

    def __init__(self, text):
        super().__init__()
        self.said = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.said += [value for name, value in attrs if name in SAID_ASIDE and value]

    def handle_data(self, data):
        self.said.append(data)


def left_in_vietnamese(page, names):
    """List what an English *page* says in Vietnamese; *names* are what people wrote, in this test's data."""
    known = sorted({*ALWAYS, *names, *(unit.name for unit in packaged_units())}, key=len, reverse=True)
    ours = re.compile("|".join(map(re.escape, known)))
    said = [" ".join(text.split()) for text in _Words(page).said]
    return sorted({text for text in said if _is_left(text, set(names), ours)})


def _is_left(text, names, ours):
    if text in names:
        return False
    return english_parts(text) != text or bool(VIETNAMESE.search(ours.sub("", text)))
