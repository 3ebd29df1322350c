"""The letter that reminds those that have not sent, as a paper to be signed. It is downloaded; nobody sends it."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from schemas.text import sort_key
from schemas.units import UnitTree
from server.documents.model import Head, Paper, Row, Sheet
from server.documents.templates import filled, template
from server.due.shape import Due

MOST_NAMED = 12  # of units in the address; more stand in a list behind the letter
BLANKS = ("issuer_above", "issuer", "symbol", "place", "authority", "signing", "role", "signer")


@dataclass(frozen=True)
class Writing:
    """Who writes, and when; *names* of the units by key, *title* of the report, *given*: the blanks as typed."""

    unit: str
    unit_name: str
    title: str
    today: date
    names: Mapping[str, str]
    given: Mapping[str, str] = field(default_factory=dict)


def letter(conn: sqlite3.Connection, tree: UnitTree, waited_for: Sequence[Due], how: Writing) -> Paper:
    """Write the letter to the units that have not sent what is due, in the office's own text where it has one.

    The deadline stands in the plan's words; where another plan wants the report sooner, that day does too.
    """
    one, names = waited_for[0], sorted((how.names[each.unit] for each in waited_for), key=sort_key)
    few = len(names) <= MOST_NAMED
    listed = enumerate(names if few else [_IN_THE_LIST], 1)
    rows = [{"stt": str(at), "tên": name, "hạn": how_long(one, how.today)} for at, name in listed]
    said = filled(template(conn, tree, how.unit, "reminder"), _values(one, how, len(names)),
                  rows={"đơn vị chưa gửi": rows})  # fmt: skip
    blanks: dict[str, Any] = {name: how.given.get(name, "") for name in BLANKS}
    usual = {"issuer": _council(how.unit_name).upper(), "place": _bare(how.unit_name)}
    blanks |= {name: blanks[name] or words for name, words in usual.items()}
    return Paper(
        **blanks, title=said.title, kind="", day=str(how.today.year), draft=True,
        addressees=tuple(map(_council, names)) if few else (_ALL,),
        opening=said.opening + _sooner(one, how.today), closing=said.closing,
        annexes=() if few else (_list(names, one, how.today),), recipients=("Như trên", "Lưu: VT"),
    )  # fmt: skip


_IN_THE_LIST = "Các đơn vị trong danh sách kèm theo"
_LEVELS = ("Tỉnh ", "Thành phố ", "Huyện ", "Thị xã ", "Thị trấn ", "Xã ", "Phường ", "Đặc khu ")
_ALL = "Ủy ban nhân dân các đơn vị trong danh sách kèm theo"


def _council(name: str) -> str:
    return f"Ủy ban nhân dân {name[:1].lower()}{name[1:]}"


def _bare(name: str) -> str:
    """Return the name of the place without its level, as it stands before the day."""
    return next((name.removeprefix(level) for level in _LEVELS if name.startswith(level)), name)


def _values(one: Due, how: Writing, count: int) -> dict[str, str]:
    return {
        "tên báo cáo": how.title[:1].lower() + how.title[1:], "kế hoạch": one.plan_name, "số kế hoạch": one.plan_number,
        "hạn": one.before, "yêu cầu của kế hoạch": one.words, "ngày nhắc": _written(how.today),
        "số đơn vị chưa gửi": f"{count:02d}", "nơi nhận": one.receiver or how.unit_name, "đơn vị": how.unit_name,
        "kỳ báo cáo": how.title, "năm": (one.cut_off or one.last_day)[:4],
        "từ ngày": _written(date.fromisoformat(one.first)) if one.first else "",
        "đến ngày": _written(date.fromisoformat(one.cut_off)) if one.cut_off else "",
    }  # fmt: skip


def how_long(one: Due, today: date) -> str:
    """Say how long it is over, or how long is left."""
    left = (date.fromisoformat(one.last_day) - today).days
    if left < 0:
        return f"quá hạn {-left} ngày"
    return f"còn {left} ngày" if left else "hôm nay là ngày cuối"


def _sooner(one: Due, today: date) -> tuple[str, ...]:
    if one.clash is None or today.isoformat() > one.clash.last_day:
        return ()
    day = _written(date.fromisoformat(one.clash.last_day))
    return (f"{one.clash.plan_name} yêu cầu cùng loại báo cáo này {one.clash.before}; "
            f"đề nghị gửi chậm nhất hết ngày {day}.",)  # fmt: skip


def _list(names: Sequence[str], one: Due, today: date) -> Sheet:
    over = how_long(one, today)
    return Sheet(
        title="Danh sách đơn vị chưa gửi báo cáo", head=((Head("STT"), Head("Đơn vị"), Head("Hạn")),),
        widths=(1, 6, 3), rows=tuple(Row((at, name, over)) for at, name in enumerate(names, 1)), name="Chưa gửi",
    )  # fmt: skip


def _written(day: date) -> str:
    return f"{day:%d/%m/%Y}"
