"""What a paper of the office says, as plain values: the three makers (DOCX, PDF, XLSX) lay out exactly this.

Nothing in it is markup: a letter of a value is a letter on the page.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from server.tables import Share


@dataclass(frozen=True)
class Percent:
    """A percent that is known as tenths only, a growth for instance: 85 is 8,5 %."""

    tenths: int


@dataclass(frozen=True)
class Points:
    """By how much a share is another, in tenths of a percent point: 85 is 8,5 điểm %."""

    tenths: int


Cell = str | int | Share | Percent | Points | date | None  # none: nothing to say, a dash


class Look(StrEnum):
    """How a row of a table stands out."""

    PLAIN = "plain"
    GROUP = "group"  # its first cell names, over the whole width, what the rows below are about
    TOTAL = "total"  # in bold


@dataclass(frozen=True)
class Row:
    """One row; it has a cell for each column, a group only the first."""

    cells: tuple[Cell, ...]
    look: Look = Look.PLAIN


@dataclass(frozen=True)
class Head:
    """A cell of a table's head, over so many columns and rows."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class Sheet:
    """A table. *head* is its rows of heads, as HTML has them: a cell that a head above covers is not said again.

    *widths* are relative, one a column; none: as the cells need. A wide one stands on a landscape page of its own.
    *name* is the tab of its worksheet, at most 31 letters.
    """

    title: str
    head: tuple[tuple[Head, ...], ...]
    rows: tuple[Row, ...]
    widths: tuple[int, ...] = ()
    wide: bool = False
    notes: tuple[str, ...] = ()
    name: str = ""

    @property
    def columns(self) -> int:
        """How many columns the table has."""
        return sum(head.columns for head in self.head[0])


@dataclass(frozen=True)
class Part:
    """A part of the text; the makers number the headings: I., II., and within a part 1., 2.

    An empty heading has no number. Tables that are not wide stand in the text, wide ones among the annexes.
    """

    heading: str
    paragraphs: tuple[str, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True)
class Paper:
    """A paper. What is not known yet is left as room to write: number, day.

    *kind* is BÁO CÁO, KẾ HOẠCH…; an empty one is a letter (công văn), whose *title* stands under its number as V/v.
    *day* is an ISO day, the year alone, or empty. *draft*: DỰ THẢO. *code* and *marks* stand small at the foot.
    """

    issuer: str
    symbol: str
    place: str
    title: str
    issuer_above: str = ""
    number: str = ""
    day: str = ""
    kind: str = "BÁO CÁO"
    addressees: tuple[str, ...] = ()  # Kính gửi
    opening: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    closing: tuple[str, ...] = ()
    annexes: tuple[Sheet, ...] = ()
    recipients: tuple[str, ...] = ()  # Nơi nhận
    authority: str = ""  # TM. ỦY BAN NHÂN DÂN
    signing: str = ""  # KT. CHỦ TỊCH
    role: str = ""  # PHÓ CHỦ TỊCH
    signer: str = ""
    draft: bool = False
    code: str = ""
    marks: tuple[str, ...] = ()
