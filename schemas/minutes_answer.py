"""What a code on minutes proves: one of four answers, by the same rule on both ends."""

from enum import Enum, StrEnum, auto

from schemas.minutes_code import MinutesCode


class Answer(StrEnum):
    """All that is ever said of a code."""

    MATCHES = "matches"
    REPLACED = "replaced"  # or voided
    NOT_RECEIVED = "not_received"  # signed by a laptop that may write
    NO_MATCH = "no_match"


class Known(Enum):
    """What an end knows of the item that a code names."""

    NOTHING = auto()  # it is not here, or not let in
    LATER = auto()  # it is not here, and a later revision of the visit is
    CURRENT = auto()
    REPLACED = auto()  # by a later revision, or voided


class Key(Enum):
    """Whose word the signature of a code is."""

    TRUSTED = auto()  # of a laptop that may write
    CLOSED = auto()  # of one that the office has locked or taken out of use
    NOBODYS = auto()  # of no laptop that is known here, or the signature is wrong


def key_of(code: MinutesCode, public_key: str | None, closed: object) -> Key:
    """Say whose word the signature is, *public_key* being that of the device that *code* names."""
    if not public_key or not code.signed_by(public_key):
        return Key.NOBODYS
    return Key.CLOSED if closed else Key.TRUSTED


def answer(key: Key, known: Known) -> Answer:
    """Say what a code proves.

    When a closed laptop signed cannot be known, since the day in a code is the signer's own word: its signature
    alone proves nothing. What the end holds itself was let in before, or by a person, and goes on to match.
    """
    if key is Key.NOBODYS:
        return Answer.NO_MATCH
    if known in {Known.CURRENT, Known.REPLACED}:
        return Answer.MATCHES if known is Known.CURRENT else Answer.REPLACED
    if key is Key.CLOSED:
        return Answer.NO_MATCH
    return Answer.REPLACED if known is Known.LATER else Answer.NOT_RECEIVED
