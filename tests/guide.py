"""The pictures of the guide: which there are, how one is made, and how it is known that one is not stale."""

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
GUIDES = {"huong-dan": 9, "huong-dan-van-phong": 11}  # of the team and of the office, with their pages
SIGNS = "h1, h2, h3, h4, th, dt, label, legend, summary, button, a.button, nav a"
STEADY = "h2, th[scope=col], label, dt"  # where the rows are other ones every day
SEEN = """(signs) => [...document.querySelectorAll(signs)]
  .filter((one) => one.checkVisibility()).map((one) => one.innerText)"""
CHANGES = re.compile(r"(?:Thứ (?:hai|ba|tư|năm|sáu|bảy) |Chủ nhật )?\S*\d\S*")  # days, hours, counts, codes


def pages() -> list[Path]:
    """List the pages of both guides, each index before its pages."""
    return [page for name in GUIDES for page in (index_of(name), *pages_of(name))]


def index_of(name: str) -> Path:
    """Return the page that leads to the others of a guide."""
    return ROOT / "docs" / f"{name}.md"


def pages_of(name: str) -> list[Path]:
    """List the pages of a guide in their order."""
    return sorted((ROOT / "docs" / name).glob("*.md"))


def referenced() -> set[str]:
    """Return the file names of the pictures that the guide shows."""
    texts = [page.read_text(encoding="utf-8") for page in pages()]
    return {name for text in texts for name in re.findall(r"pictures/(huong-dan-[\w-]+\.png)\)", text)}


def signs(page: Page, which: str = SIGNS) -> list[str]:
    """Return the headings, labels and buttons of a page, without what differs from day to day."""
    said = (" ".join(CHANGES.sub("…", text).split()) for text in page.evaluate(SEEN, which))
    return sorted({text for text in said if text.strip("… ")})


def make(page: Page, name: str, which: str = SIGNS) -> None:
    """Take the picture of a page, small, and write beside it what is to be read there."""
    with Image.open(io.BytesIO(page.screenshot())) as taken:
        few = taken.convert("RGB").quantize(96, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(PICTURES / f"huong-dan-{name}.png", optimize=True)
    (PICTURES / f"huong-dan-{name}.txt").write_text("\n".join(signs(page, which)) + "\n", encoding="utf-8")


def kept(name: str) -> list[str]:
    """Return what is to be read on a picture as it was made."""
    return (PICTURES / f"huong-dan-{name}.txt").read_text(encoding="utf-8").splitlines()
