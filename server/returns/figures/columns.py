"""The columns of the table, in their order; docs/returns-figures.md says the rule of each in one line."""

from collections.abc import Iterable

from server.returns.table import Column

# Act codes begin with the decree; these are the fields of law that decrees belong to, whichever is in force.
FIELDS = {
    "culture": ("Văn hóa, karaoke, vũ trường", ("ND38",)),
    "order": ("An ninh, trật tự, tệ nạn xã hội", ("ND144", "ND282")),
    "fire": ("Phòng cháy, chữa cháy", ("ND106",)),
    "labour": ("Lao động", ("ND283",)),
    "noise": ("Tiếng ồn", ("ND45",)),
}
OTHER, UNCODED = "other", "uncoded"
_FIELD_OF = {decree: field for field, (_, decrees) in FIELDS.items() for decree in decrees}

_PLACES, _INSPECTED, _VISITS = "Cơ sở", "Cơ sở được kiểm tra", "Lượt kiểm tra"
_FOUND, _ACTS, _DECIDED = "Vi phạm", "Số hành vi vi phạm theo lĩnh vực", "Xử phạt vi phạm hành chính"
_CRIME, _REPEAT, _TIPS = "Dấu hiệu tội phạm", "Tái phạm (tính đến ngày cuối kỳ)", "Tin báo, tố giác"
_TOLD, _BESIDE = "Tuyên truyền", "Không tính vào kết quả"


def _columns(group: str, *rows: tuple[str, str, str, str]) -> tuple[Column, ...]:
    return tuple(Column(code, heading, group, things, unit) for code, heading, things, unit in rows)


COLUMNS: tuple[Column, ...] = (
    *_columns(
        _PLACES,
        ("places", "Số cơ sở tại ngày cuối kỳ", "place", "cơ sở"),
        ("paused", "Trong đó tạm ngừng", "place", "cơ sở"),
        ("open", "Có hoạt động trong kỳ", "place", "cơ sở"),
    ),
    *_columns(
        _INSPECTED,
        ("inspected_planned", "Theo kế hoạch", "place", "cơ sở"),
        ("inspected_unscheduled", "Đột xuất", "place", "cơ sở"),
        ("inspected_recheck", "Kiểm tra lại việc khắc phục", "place", "cơ sở"),
        ("inspected", "Tổng số", "place", "cơ sở"),
        ("share", "Tỷ lệ KT", "", "%"),
    ),
    *_columns(
        _VISITS,
        ("visits_planned", "Theo kế hoạch", "visit", "lượt"),
        ("visits_unscheduled", "Đột xuất", "visit", "lượt"),
        ("visits_recheck", "Kiểm tra lại việc khắc phục", "visit", "lượt"),
        ("visits", "Tổng số", "visit", "lượt"),
    ),
    *_columns(
        _FOUND,
        ("violating", "Cơ sở có vi phạm", "place", "cơ sở"),
        ("visits_with_violations", "Lượt kiểm tra có vi phạm", "visit", "lượt"),
        ("violations", "Số hành vi vi phạm", "violation", "hành vi"),
    ),
    *_columns(
        _ACTS,
        *((f"violations_{field}", heading, "violation", "hành vi") for field, (heading, _) in FIELDS.items()),
        (f"violations_{OTHER}", "Lĩnh vực khác", "violation", "hành vi"),
        (f"violations_{UNCODED}", "Hành vi khác (chưa có mã)", "violation", "hành vi"),
    ),
    *_columns(
        _DECIDED,
        ("decisions", "Số quyết định", "decision", "quyết định"),
        ("warnings", "Cảnh cáo", "decision", "quyết định"),
        ("fines", "Phạt tiền", "decision", "quyết định"),
        ("fine_amount", "Số tiền phạt", "decision", "đồng"),
        ("fines_without_amount", "Phạt tiền chưa ghi số tiền", "decision", "quyết định"),
        ("suspensions", "Tước quyền sử dụng giấy phép, đình chỉ", "suspension", "lượt"),
        ("suspension_months", "Số tháng tước quyền sử dụng, đình chỉ", "suspension", "tháng"),
        ("remedies_pending", "Chưa có ngày khắc phục hậu quả xong", "decision", "quyết định"),
    ),
    *_columns(
        _CRIME,
        ("crime_signs", "Lượt kiểm tra có dấu hiệu tội phạm", "visit", "lượt"),
        ("transferred", "Hồ sơ đã chuyển công an", "visit", "hồ sơ"),
    ),
    *_columns(
        _REPEAT,
        ("repeat_places", "Cơ sở", "place", "cơ sở"),
        ("repeat_operators", "Chủ cơ sở", "operator", "chủ cơ sở"),
        ("repeat_unsure", "Cơ sở chưa đủ thông tin để xác định", "place", "cơ sở"),
    ),
    *_columns(
        _TIPS,
        ("tips_received", "Đã tiếp nhận", "tip", "tin"),
        ("tips_handled", "Đã giải quyết", "tip", "tin"),
        ("tips_in_time", "Trong đó đúng hạn", "tip", "tin"),
    ),
    *_columns(_TOLD, ("informed", "Số người được tuyên truyền khi kiểm tra", "visit", "người")),
    *_columns(
        _BESIDE,
        ("not_counted", "Đã nhận, không tính", "item", "lượt"),
        ("not_open", "Được kiểm tra, không hoạt động trong kỳ", "place", "cơ sở"),
    ),
)  # fmt: skip
SUMS = frozenset({"fine_amount", "suspension_months", "informed"})  # what is added up is not how many things there are
SHARE = "share"


def field_of(code: str) -> str:
    """Return the field of law of an act code: of the decree that it begins with; UNCODED without a code."""
    if not code:
        return UNCODED
    return _FIELD_OF.get(code.partition("-")[0], OTHER)


def codes() -> Iterable[str]:
    """List the codes of all columns in their order."""
    return (column.code for column in COLUMNS)
