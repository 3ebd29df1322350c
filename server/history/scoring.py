"""How well a thing fits what was typed, word by word: the same word, its beginning, or a slip of the hand away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas.purpose import rules
from server.history.texts import NAME, NUMBERS

BEGINS, ONE_TEXT, BY_NAME = 95, 6, 4  # points of a hundred for a beginning; added for one text, for a name
_NUMBER_LETTERS = 5  # a shorter number must be right to the letter


@dataclass(frozen=True)
class Text:
    """A row of the index as it is compared."""

    what: str
    text: str  # without the spaces round it
    shown: str

    @property
    def words(self) -> frozenset[str]:
        """The words of it."""
        return frozenset(self.text.split())


@dataclass(frozen=True)
class Score:
    """How well it fits, and by which text it was found: what that is, and its words."""

    points: float
    by: str
    shown: str


def score(words: Sequence[str], number: str, texts: Iterable[Text], beside: frozenset[str]) -> Score | None:
    """Score the *texts* of one thing; *beside* are words that say where it is. None where it does not fit."""
    texts = list(texts)
    exact = _by_number(number, texts)
    if exact:
        return exact
    joined = _joined(number, texts)
    each = [max((_near(word, other) for text in texts for other in text.words), default=0.0) for word in words]
    placed = [max(points, 100.0 if word in beside else 0.0) for word, points in zip(words, each, strict=True)]
    if min(placed, default=0.0) < rules()["near_word"] or not any(each):
        return joined
    best = max(texts, key=lambda text: _how_much(words, text))
    points = sum(placed) / len(placed) + (BY_NAME if best.what == NAME else 0)
    points += ONE_TEXT * _how_much(words, best) / (100 * len(words))
    found = Score(points, best.what, best.shown)
    return joined if joined and joined.points > points else found


def _how_much(words: Sequence[str], text: Text) -> float:
    if text.what in NUMBERS:
        return 0.0
    return sum(max((_near(word, other) for other in text.words), default=0.0) for word in words)


def _by_number(number: str, texts: list[Text]) -> Score | None:
    """Find a number that was typed whole, or its beginning; one slip is forgiven in a long one."""
    best: Score | None = None
    for text in texts:
        if text.what in NUMBERS and (points := _like_number(number, text.text)) and (not best or points > best.points):
            best = Score(points, text.what, text.shown)
    return best


def _like_number(number: str, other: str) -> float:
    if number == other:
        return 120.0
    if len(number) < _NUMBER_LETTERS or not any(sign.isdigit() for sign in number):
        return 0.0
    if other.startswith(number):
        return 110.0
    from rapidfuzz.distance import DamerauLevenshtein

    return 90.0 if DamerauLevenshtein.distance(number, other, score_cutoff=1) <= 1 else 0.0


def _joined(number: str, texts: list[Text]) -> Score | None:
    """Find what was typed without its spaces, or with one too many: dongdo, karao ke."""
    from rapidfuzz import fuzz

    if len(number) < _NUMBER_LETTERS:
        return None
    best: Score | None = None
    for text in texts:
        if text.what not in NUMBERS:
            points = fuzz.partial_ratio(number, text.text.replace(" ", ""), score_cutoff=92) - 10
            if points > 0 and len(text.text) >= len(number) and (not best or points > best.points):
                best = Score(points, text.what, text.shown)
    return best


def _near(word: str, other: str) -> float:
    """Say of a hundred how much two words are one."""
    if word == other:
        return 100.0
    if len(word) > 1 and other.startswith(word):
        return float(BEGINS)
    if len(word) < 3 or word.isdigit() or abs(len(word) - len(other)) > 2:
        return 0.0
    from rapidfuzz import fuzz

    return fuzz.ratio(word, other, score_cutoff=rules()["near_word"])
