"""Vietnamese text: the one normal form, and the folded form that search compares."""

import unicodedata
from functools import lru_cache


def nfc(text: str) -> str:
    """Return *text* composed, so that one word has one spelling in bytes."""
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Fold *text* for search: đ to d, marks removed, lower case, one space between words.

    No SQLite tokenizer folds đ, which has no decomposition; so both the stored
    search text and what is typed go through this function.
    Old and new tone placement (hoà, hòa) fold to the same.
    """
    plain = text.replace("đ", "d").replace("Đ", "D")
    marks_apart = unicodedata.normalize("NFD", plain)
    return " ".join("".join(c for c in marks_apart if not unicodedata.combining(c)).casefold().split())


ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: f"{rank:02d}" for rank, letter in enumerate(ALPHABET)}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


def sort_key(text: str) -> str:
    """Return a key that sorts as a Vietnamese dictionary does: a ă â … d đ …, then by tone."""
    letters, tones = [], []
    for letter in nfc(text).casefold():
        base, tone = _without_tone(letter)
        letters.append(_RANK.get(base, base))
        tones.append(tone)
    return "".join(letters) + "\t" + "".join(tones)


@lru_cache(maxsize=512)
def _without_tone(letter: str) -> tuple[str, str]:
    parts = unicodedata.normalize("NFD", letter)
    tone = next((_TONES[mark] for mark in parts if mark in _TONES), "0")
    return unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES)), tone
