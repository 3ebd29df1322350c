"""The forms of one indicator, deadline or task: their fields as data, what was typed, and what stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from server.pages.typed_days import month_day, show_month_day
from server.plans import words

REPORTS = {
    "half_year": _l("Báo cáo 6 tháng"), "year": _l("Báo cáo năm"), "quarter": _l("Báo cáo quý"),
    "ad_hoc": _l("Báo cáo đột xuất"), "end_of_period": _l("Báo cáo tổng kết giai đoạn"), "other": _l("Việc khác"),
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One field of a form; *kind*: line, long, lines (a list, one a line), number, choice, yes, day (of any year)."""

    name: str
    key: str
    kind: str
    label: Any
    choices: Mapping[str, Any] | None = None
    limit: int = 300
    hint: Any = ""


_HEADING = Field("muc", "heading", "line", _l("Mục trong kế hoạch"), limit=40)
_SETTLED = Field("ghi-chu", "settled", "long", _l("Điều kế hoạch không nói, cách tính đã chọn (chưa xác nhận)"),
                 limit=1000)  # fmt: skip
_WORDS = _l("Nguyên văn trong kế hoạch")

FORMS: dict[str, tuple[Field, ...]] = {
    "indicator": (
        Field("ten", "name", "line", _l("Chỉ tiêu"), limit=400),
        Field("cach-do", "measure", "choice", _l("Cách đo"), words.MEASURES),
        Field("it-nhat", "at_least", "number", _l("Ít nhất, phần trăm")),
        Field("nhieu-nhat", "at_most", "number", _l("Nhiều nhất, phần trăm (nếu có)")),
        Field("phan-dau", "strives", "yes", _l("Kế hoạch ghi “phấn đấu”")),
        Field("ky", "period", "choice", _l("Tính cho"), words.SPANS),
        Field("so-dat", "numerator", "line", _l("Số đạt"), limit=400),
        Field("tong-so", "denominator", "line", _l("Trên tổng số"), limit=400),
        Field("don-vi-tinh", "counts", "choice", _l("Đơn vị tính"), {"": _l("không có")} | words.COUNTS),
        Field("ly-do-don-vi-tinh", "counts_note", "line", _l("Lý do thay đơn vị tính"), limit=1000,
              hint=_l("Chỉ ghi khi đổi đơn vị tính; đơn vị tính trước đó được giữ lại.")),
        Field("nguon", "source", "choice", _l("Nguồn số liệu"), words.SOURCES),
        Field("co-san", "known", "choice", _l("Số liệu có sẵn trong hồ sơ"), {"": _l("không có")} | words.KNOWN),
        Field("noi-bao-cao", "reports", "lines", _l("Nơi báo cáo, mỗi dòng một nơi"), limit=3000),
        Field("noi-nhan", "to", "line", _l("Nơi nhận")),
        Field("an-duoi", "small_cells", "number", _l("Ngoài đơn vị báo cáo, ẩn số nhỏ hơn"),
              hint=_l("0 là không ẩn. Số người dưới 5 nên ẩn.")),
        _HEADING,
        Field("loi", "sentence", "long", _WORDS),
        _SETTLED,
        Field("ten-tieng-anh", "english", "line", _l("Tên tiếng Anh"), limit=400),
    ),
    "deadline": (
        Field("ten", "name", "line", _l("Tên")),
        Field("loai", "report", "choice", _l("Loại báo cáo"), REPORTS),
        Field("lap-lai", "every", "choice", _l("Lặp lại"), words.EVERY),
        Field("han", "due", "day", _l("Hạn, ví dụ 20/6"), hint=_l("Trống: không ghi ngày.")),
        Field("cach", "strict", "choice", _l("Cách tính"), {"1": _l("trước ngày"), "0": _l("đến hết ngày")}),
        Field("nam", "year", "number", _l("Chỉ năm")),
        Field("gui", "sender", "line", _l("Nơi gửi")),
        Field("nhan", "receiver", "line", _l("Nơi nhận")),
        Field("tong-hop", "compiles", "line", _l("Tổng hợp từ hạn có ký hiệu"), limit=20),
        _HEADING,
        Field("loi", "words", "long", _WORDS, limit=1000),
        _SETTLED,
    ),
    "task": (
        Field("ten", "name", "line", _l("Nhiệm vụ"), limit=1000),
        Field("chu-tri", "lead", "lines", _l("Chủ trì, mỗi dòng một nơi"), limit=3000),
        Field("phoi-hop", "help", "lines", _l("Phối hợp, mỗi dòng một nơi"), limit=3000),
        Field("thoi-gian", "time", "line", _l("Thời gian"), limit=200),
        Field("xong", "due", "day", _l("Làm xong hết ngày (nếu có), ví dụ 31/3")),
        Field("han", "deadline", "line", _l("Ký hiệu của hạn (nếu có)"), limit=40),
        _HEADING,
        Field("loi", "sentence", "long", _WORDS),
        _SETTLED,
    ),
}  # fmt: skip


def written(part: str, value: Mapping[str, Any]) -> dict[str, str]:
    """Return the form of a part as it stands; an empty form where there is none yet."""
    return {field.name: _shown(field, value.get(field.key)) for field in FORMS[part]}


def _shown(field: Field, value: Any) -> str:
    match field.kind:
        case "lines":
            return "\n".join(value or ())
        case "day":
            return show_month_day(value)
        case "yes":
            return "1" if value else ""
    if field.key == "strict":
        return "0" if value is False else "1"
    return "" if value is None else str(value)


def typed(part: str, form: MultiDict[str, str]) -> dict[str, str]:
    """Return what was typed, as it was typed."""
    return {field.name: form.get(field.name, "").strip() for field in FORMS[part]}


def asked(part: str, given: Mapping[str, str]) -> dict[str, Any]:
    """Return what a line of `apply` says of what was typed; what cannot be read stays for the schema."""
    return {field.key: _read(field, given[field.name]) for field in FORMS[part]}


def _read(field: Field, text: str) -> Any:
    match field.kind:
        case "lines":
            return [line.strip() for line in text.splitlines() if line.strip()]
        case "number":
            plain = text.removesuffix("%").strip()
            return int(plain) if plain.isdecimal() and len(plain) < 5 else plain or None
        case "day":
            return month_day(text) or None
        case "yes":
            return text == "1"
    return text != "0" if field.key == "strict" else text


def choices(field: Field, given: Mapping[str, str]) -> list[tuple[str, Any]]:
    """Return what a choice offers, and what stands in it where a newer program put that there."""
    offered = dict(field.choices or {})
    chosen = given.get(field.name, "")
    return [*offered.items(), *([(chosen, chosen)] if chosen and chosen not in offered else [])]


def errors(part: str, problems: Mapping[str, str]) -> dict[str, str]:
    """Return each problem under the name of its field."""
    names = {field.key: field.name for field in FORMS[part]}
    return {names.get(key, key): sentence for key, sentence in problems.items()}
