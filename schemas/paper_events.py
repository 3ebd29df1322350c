"""What has happened to a visit's paper: its events, what each must say, and how the paper of one revision stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.office import Happening, Original, Witness


@dataclass(frozen=True)
class Happened:
    """One event of a paper; *item* is the revision that it is about."""

    id: str
    item: str
    happening: Happening
    on: str
    author: str
    standing: str
    number: str = ""
    original: Original | None = None
    witness: Witness | None = None
    copies: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Paper:
    """How the paper of one revision stands: the last word of each kind."""

    original: Original | None = None
    read_back: bool = False
    signed: Happened | None = None  # signed, or refused
    handed_over: Happened | None = None
    number: str = ""
    scanned: bool = False

    @property
    def closed(self) -> bool:
        """Whether somebody has signed, refused or got it: from then on a change is a correction with its reason."""
        return bool(self.signed or self.handed_over)

    @property
    def lacks_scan(self) -> bool:
        """Whether the original was written by hand and nobody else can see it yet."""
        return self.original is Original.HANDWRITTEN and not self.scanned

    @property
    def there(self) -> bool:
        """Whether the office need not wait for it: signed or refused before somebody, and seen where it is by hand."""
        return self.signed is not None and not self.lacks_scan


def read_event(id: str, author: str, standing: str, body: Mapping[str, Any]) -> Happened | None:
    """Read one event; what a newer program says in words that are not known here is passed over."""
    if body.get("happening") not in set(Happening):
        return None
    original, witness = body.get("original"), body.get("witness")
    return Happened(
        id, str(body.get("item") or ""), Happening(body["happening"]), str(body.get("on") or ""), author,
        standing, str(body.get("number") or ""), Original(original) if original in set(Original) else None,
        Witness(witness) if witness in set(Witness) else None,
        copies if type(copies := body.get("copies")) is int else None, str(body.get("note") or ""),
    )  # fmt: skip


def paper(events: Sequence[Happened], item: str, scans: int = 0) -> Paper:
    """Return how the paper of the revision *item* stands; *scans* are the scans that are attached to it."""
    about = {one.happening: one for one in events if one.item == item}
    signed = [one for one in events
              if one.item == item and one.happening in (Happening.SIGNED, Happening.SIGNATURE_REFUSED)]  # fmt: skip
    original = about.get(Happening.ORIGINAL)
    return Paper(
        original=original.original if original else None,
        read_back=Happening.READ_BACK in about,
        signed=signed[-1] if signed else None,
        handed_over=about.get(Happening.HANDED_OVER),
        number=number_of(events, item),
        scanned=bool(scans) or Happening.SCANNED in about,
    )


def number_of(events: Sequence[Happened], item: str) -> str:
    """Return the number that the clerk gave to the revision *item*, empty where none is known."""
    given = [one.number for one in events if one.item == item and one.happening is Happening.NUMBERED]
    return given[-1] if given else ""


def lacking(said: Mapping[str, Any]) -> dict[str, str]:
    """Return what an event, as PaperSchema has read it, must say for its kind and does not."""
    note, witness = said["note"].strip(), said["witness"]
    match said["happening"]:
        case Happening.SIGNATURE_REFUSED if witness is None:
            return {"witness": "Chọn ai ký thay: đại diện UBND cấp xã, người chứng kiến, hoặc không có ai."}
        case Happening.SIGNATURE_REFUSED if witness is Witness.NONE and not note:
            return {"note": "Không có ai ký thay: ghi lý do (không ghi tên người)."}
        case Happening.NUMBERED if not said["number"].strip():
            return {"number": "Nhập số biên bản mà văn thư cấp."}
        case Happening.HANDED_OVER if not said["copies"]:
            return {"copies": "Nhập số bản đã giao cho cơ sở, từ 01 bản."}
        case Happening.ORIGINAL if said["original"] is None:
            return {"original": "Chọn bản gốc là bản in hay bản viết tay."}
    return {}
