"""Looking at a PDF as a person would: its words, page by page, and pictures of its pages."""

from typing import Any

import pypdfium2
from PIL.Image import Image


class Looked:
    """A PDF that has been opened."""

    def __init__(self, document: bytes) -> None:
        self.pdf = pypdfium2.PdfDocument(document)

    def __len__(self) -> int:
        return len(self.pdf)

    def words(self, page: int) -> str:
        """Return the words of one page, on one line."""
        return " ".join(self.pdf[page].get_textpage().get_text_bounded().split())

    @property
    def all(self) -> str:
        """The words of all pages."""
        return " ".join(self.words(page) for page in range(len(self)))

    def picture(self, page: int, dots_per_inch: int = 150) -> Image:
        """Return a picture of one page, as an office printer would print it."""
        picture: Image = self.pdf[page].render(scale=dots_per_inch / 72).to_pil()
        return picture

    def where(self, page: int, words: str) -> tuple[float, ...]:
        """Return left, bottom, right and top in millimetres from the page's lower left corner, of the first find."""
        text = self.pdf[page].get_textpage()
        found: Any = text.search(words).get_next()
        assert found, f"“{words}” is not on page {page + 1}: {self.words(page)}"
        boxes = [text.get_charbox(found[0] + at) for at in range(found[1])]
        left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
        return tuple(side * 25.4 / 72 for side in (left, bottom, max(b[2] for b in boxes), max(b[3] for b in boxes)))
