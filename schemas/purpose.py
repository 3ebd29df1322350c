"""Why somebody looks something up: what a purpose must say, and for how long it holds."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from schemas.text import fold, nfc

LIMIT = 400  # letters
EMPTY = "Nhập lý do tra cứu: số văn bản hoặc vụ việc."
SAYS_NOTHING = "Lý do chưa rõ; ghi số văn bản hoặc vụ việc, ví dụ: Công văn số 12/CV-CAX ngày 20/11/2026."
TOO_LONG = f"Lý do dài quá {LIMIT} ký tự; rút ngắn lại."


@cache
def rules() -> dict[str, Any]:
    """Return the numbers and words of lookups.toml."""
    return tomllib.loads(files("schemas.data").joinpath("lookups.toml").read_text(encoding="utf-8"))


def tidy(text: str) -> str:
    """Return a purpose as it is kept: composed, one space between words."""
    return " ".join(nfc(text).replace("\x00", " ").split())


def problem(text: str) -> str:
    """Say what is wrong with a purpose, empty when nothing is: it must name a document or a case.

    A machine cannot tell whether it is true. It asks again where nothing is said: too few letters, one letter
    again and again, only words that fit everything. The auditor reads the rest.
    """
    said = tidy(text)
    words = re.findall(r"\w+", fold(said))
    letters = "".join(words)
    if not letters:
        return EMPTY
    if len(said) > LIMIT:
        return TOO_LONG
    if len(letters) < rules()["purpose_least"] or len(set(letters)) < 4:
        return SAYS_NOTHING
    return SAYS_NOTHING if set(words) <= set(rules()["says_nothing"]) else ""
