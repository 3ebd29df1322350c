"""Where an arriving visit stands: one pure function, and the names of the standings."""

from enum import StrEnum

from schemas.items import Item


class Standing(StrEnum):
    """What has become of an item. Only arrivals change it, and each change is an arrival."""

    ACCEPTED = "accepted"  # in the truth
    HELD = "held"  # needs a thing that has not arrived
    CONFLICT = "conflict"  # kept whole beside the truth, until a person settles it
    QUARANTINED = "quarantined"  # breaks a rule, or its author may not write here
    DECLINED = "declined"  # out of the truth, by a named person
    ERASED = "erased"  # its bytes were removed, by a named person with a ground


class Reason(StrEnum):
    """Why an item is quarantined; each has its own way out."""

    CONTENT = "content"
    RIGHT = "right"
    SCHEMA = "schema"
    SERVER_FAULT = "server-fault"


def judge(visit: Item, truth: str | None, base: Standing | None) -> Standing:
    """Decide where an arriving *visit* stands.

    *truth* is the name of the item that is now the truth under the same id, None when
    there is none, and *base* the standing of the item that the visit was made from,
    None when it was made from nothing or from an item that has not arrived.
    """
    if visit.base is not None and base in {None, Standing.HELD}:
        return Standing.HELD
    if visit.base == truth:
        return Standing.ACCEPTED
    if truth is None and base is Standing.QUARANTINED:
        return Standing.ACCEPTED
    return Standing.CONFLICT
