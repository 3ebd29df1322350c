"""Every text that an office may replace by its own: of the laptops' papers, of returns and of letters."""

from collections.abc import Mapping

from schemas import papers, return_texts
from schemas.fields import Label

PURPOSES: Mapping[str, Label] = {**papers.PURPOSES, **return_texts.PURPOSES}


def problem(purpose: str, text: str) -> str:
    """Return why *text* cannot be that of *purpose*, one sentence; empty when it can."""
    if purpose not in PURPOSES:
        return f"Không có loại giấy tờ “{purpose}”; ghi một trong: {', '.join(PURPOSES)}."
    of_returns = purpose in return_texts.PURPOSES
    return return_texts.problem(purpose, text) if of_returns else papers.problem(purpose, text)


def builtin_text(purpose: str) -> str:
    """Return the text that comes with the program."""
    of_returns = purpose in return_texts.PURPOSES
    return return_texts.builtin_text(purpose) if of_returns else papers.builtin_text(purpose)
