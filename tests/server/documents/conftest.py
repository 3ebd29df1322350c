"""A return as a paper, with defaults: a test shows only what differs."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from server.documents.model import Head, Look, Paper, Part, Percent, Row, Sheet
from server.tables import Share

NASTY = "<b>Hoàng & Gia</b> #let x = 1 $a^2$ =1+1 {{ 7*7 }} {% for %} {_{ %_} [tên] _x_ *y* @ref \\n \u202e"
SENTENCE = "Trong kỳ đã kiểm tra 275 cơ sở trên tổng số 1.100 cơ sở kinh doanh dịch vụ dễ phát sinh tệ nạn, đạt 25,0 %."


def table(**other: Any) -> Sheet:
    """Return a small table with merged heads, a group, a total, and every kind of cell."""
    head = (
        (Head("Đơn vị", rows=2), Head("Ngày", rows=2), Head("Kiểm tra", columns=3)),
        (Head("Cơ sở"), Head("Tỷ lệ"), Head("Tăng, giảm")),
    )
    rows = (
        Row(("Miền núi",), Look.GROUP),
        Row(("Xã Thọ Bình", date(2026, 6, 9), 1234, Share(1, 3), Percent(-85))),
        Row((NASTY, None, 0, Share(0, 0), None)),
        Row(("Tổng số", None, 1234, Share(25, 100), Percent(5)), Look.TOTAL),
    )
    return Sheet(**{"title": "Kết quả kiểm tra", "head": head, "rows": rows, **other})


def long_table(communes: int, figures: int) -> Sheet:
    """Return a wide table: three kinds in each commune, in groups of four columns."""
    groups = (*(Head(f"Nhóm {n // 4 + 1}", columns=min(4, figures - n)) for n in range(0, figures, 4)),)
    head = (
        (Head("Đơn vị", rows=2), Head("Loại hình", rows=2), *groups),
        tuple(Head(f"Số {n}") for n in range(figures)),
    )
    rows = tuple(
        Row((f"Xã {commune:03d}", kind, *(commune * 100 + figure for figure in range(figures))))
        for commune in range(communes) for kind in ("Karaoke", "Khách sạn, nhà nghỉ", "Xoa bóp")
    )  # fmt: skip
    return Sheet("Số liệu theo xã và loại hình", head, rows, wide=True)


@pytest.fixture(scope="session")
def paper() -> Callable[..., Paper]:
    """Make a paper; what is not said is a half-year return of a department that was sent."""

    def made(**other: Any) -> Paper:
        parts = (
            Part("Tình hình chung", (SENTENCE,)),
            Part("Kết quả", parts=(Part("Kiểm tra", (f"{SENTENCE}\n{NASTY}",), (table(),)),
                                   Part("Xử phạt", ("Không có.",)))),
        )  # fmt: skip
        usual = {
            "issuer_above": "ỦY BAN NHÂN DÂN TỈNH THANH HÓA", "issuer": "SỞ Y TẾ", "number": "12", "symbol": "BC-SYT",
            "place": "Thanh Hóa", "day": "2026-02-09", "parts": parts, "signing": "KT. GIÁM ĐỐC",
            "title": "Kết quả công tác phòng, chống mại dâm 6 tháng đầu năm 2026", "opening": (SENTENCE,),
            "closing": ("Trên đây là báo cáo 6 tháng đầu năm 2026./.",), "role": "PHÓ GIÁM ĐỐC",
            "recipients": ("UBND tỉnh (để b/c)",), "signer": "Nguyễn Thị Hường", "code": "7F3A-91BC-22DE",
        }  # fmt: skip
        return Paper(**{**usual, **other})

    return made
