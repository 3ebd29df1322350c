"""Vietnamese text: the one normal form, and the folded form that search compares."""

import unicodedata
from collections.abc import Callable
from functools import lru_cache


class _Letters(dict[int, str]):
    """What `str.translate` makes of each letter: found out when it is first met, and kept for the usual few hundred."""

    def __init__(self, rule: Callable[[str], str]) -> None:
        self._rule = rule

    def __missing__(self, code: int) -> str:
        said = self._rule(chr(code))
        if len(self) < 4096:
            self[code] = said
        return said


def nfc(text: str) -> str:
    """Return *text* composed, so that one word has one spelling in bytes."""
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Fold *text* for search: đ to d, marks removed, lower case, one space between words.

    No SQLite tokenizer folds đ, which has no decomposition; so both the stored
    search text and what is typed go through this function.
    Old and new tone placement (hoà, hòa) fold to the same, and so does the foreign letter ð
    that older fonts and keyboards put for đ.
    """
    return " ".join(unicodedata.normalize("NFD", text).translate(_UNMARKED).casefold().split())


_BARRED = {"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"}
_UNMARKED = _Letters(lambda letter: "" if unicodedata.combining(letter) else _BARRED.get(letter, letter))

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: f"{rank:02d}" for rank, letter in enumerate(ALPHABET)}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


def sort_key(text: str) -> str:
    """Return a key that sorts as a Vietnamese dictionary does: a ă â … d đ …, then by the tone of each word.

    A word has one tone, wherever it is written: hoà and hòa stand at the same place.
    """
    folded = " ".join(nfc(text).casefold().replace("ð", "đ").split())
    tones = (word.translate(_TONE).strip("0")[:1] or "0" for word in folded.split())
    return f"{folded.translate(_RANKS)}\t{''.join(tones)}"


def _without_tone(letter: str) -> tuple[str, str]:
    parts = unicodedata.normalize("NFD", letter)
    tone = next((_TONES[mark] for mark in parts if mark in _TONES), "0")
    return unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES)), tone


def _rank(letter: str) -> str:
    base, _ = _without_tone(letter)
    return _RANK.get(base, base)


_RANKS = _Letters(_rank)
_TONE = _Letters(lambda letter: _without_tone(letter)[1])
