"""The pictures of the guide: which there are, how one is taken, and how it is known that one is not stale."""

import io
import os
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
LARGEST = 120_000  # bytes
MAKE = os.environ.get("DOI178_PICTURES") == "1"
# One sentence of each picture that must stand on its page; `test_guide_pictures.py` brings the page there.
SAID_IN_PICTURES: dict[str, str] = {}
# What differs from run to run: numbers of every kind, ids, which day of the week it is, how long ago.
CHANGES = re.compile(r"[\w./:#-]*\d[\w./:#-]*|Thứ (?:hai|ba|tư|năm|sáu|bảy)|Chủ nhật|hôm nay|hôm qua", re.IGNORECASE)


def referenced() -> set[str]:
    """Return the file names of the pictures that the guide shows."""
    pages = [ROOT / "docs" / "huong-dan.md", *(ROOT / "docs" / "huong-dan").glob("*.md")]
    texts = [page.read_text(encoding="utf-8") for page in pages]
    return {name for text in texts for name in re.findall(r"pictures/(huong-dan-[\w-]+\.png)\)", text)}
