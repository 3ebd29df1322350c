"""The checklist: what an inspection looks at, about papers, rooms and counts, never about a person."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from schemas.data import files


class Answer(StrEnum):
    """What was found for one item."""

    PASS = "pass"
    FAIL = "fail"
    NA = "na"
    UNCHECKED = "unchecked"

    @property
    def label(self) -> str:
        """The words on screen and on paper."""
        return _LABELS[self]


_LABELS = {
    Answer.PASS: "Đạt",
    Answer.FAIL: "Không đạt",
    Answer.NA: "Không áp dụng",
    Answer.UNCHECKED: "Chưa kiểm tra",
}


class AnswerType(StrEnum):
    """What may be written beside the answer, and nothing more."""

    MARK = "mark"
    MARK_DATE = "mark_date"  # done or not done, and the date
    MARK_COUNT = "mark_count"  # how many, never who


@dataclass(frozen=True)
class ChecklistItem:
    """One item as it is worded from its first to its last day.

    An advisory item is uncertain in law: it is asked, and leads to no violation. No
    first day means that the item is for all visits, the oldest ones too.
    """

    code: str
    block: str
    kinds: tuple[str, ...]
    text_vi: str
    text_en: str
    citation: str
    source_mark: str
    advisory: bool
    answer_type: AnswerType
    evidence_required: bool
    violations: tuple[str, ...]
    valid_from: date | None
    valid_from_certain: bool
    valid_to: date | None
    version: int
    confirmed_by: str

    def valid_on(self, day: date) -> bool:
        """Say whether the item is asked on *day*; its first and last day are in it."""
        return files.covers(self.valid_from, self.valid_to, day)

    def applies_to(self, kinds: Collection[str]) -> bool:
        """Say whether the item is for a place of *kinds*; the common block is for every place."""
        return files.ALL_KINDS in self.kinds or not set(self.kinds).isdisjoint(kinds)


@cache
def checklist() -> tuple[ChecklistItem, ...]:
    """Read every item that comes with the program: the common block, then each kind's."""
    return tuple(_item(cells) for cells in files.rows("checklists.csv"))


def items_for(kinds: Collection[str], day: date) -> tuple[ChecklistItem, ...]:
    """List what is asked of a place of *kinds* on *day*, the common block first."""
    return tuple(item for item in checklist() if item.valid_on(day) and item.applies_to(kinds))


def versions(kinds: Collection[str], day: date) -> dict[str, int]:
    """Say which version of each block is asked of a place of *kinds* on *day*."""
    return block_versions(items_for(kinds, day))


def block_versions(items: Iterable[ChecklistItem]) -> dict[str, int]:
    """Give each block of *items* the version of its newest item."""
    newest: dict[str, int] = {}
    for item in items:
        newest[item.block] = max(item.version, newest.get(item.block, 0))
    return newest


def _item(cells: dict[str, str]) -> ChecklistItem:
    return ChecklistItem(
        code=cells["code"],
        block=cells["block"],
        kinds=files.words(cells["kinds"]),
        text_vi=cells["text_vi"],
        text_en=cells["text_en"],
        citation=cells["citation"],
        source_mark=cells["source_mark"],
        advisory=files.flag(cells["advisory"]),
        answer_type=AnswerType(cells["answer_type"]),
        evidence_required=files.flag(cells["evidence_required"]),
        violations=files.words(cells["violations"]),
        valid_from=files.day(cells["valid_from"]),
        valid_from_certain=files.flag(cells["valid_from_certain"]),
        valid_to=files.day(cells["valid_to"]),
        version=int(cells["version"]),
        confirmed_by=cells["confirmed_by"],
    )
