"""How the review says its states, answers, and the events of a paper."""

from flask_babel import lazy_gettext as _l

from schemas.checklists import Answer
from schemas.office import Happening, Original, Witness
from server.arrivals.fold_review import ANSWERED, MENDED, NEW
from server.review.queue import Row

STATES = {
    "cho-duyet": _l("Cần xem: mới nhận, đã bổ sung"),
    "moi": _l("Mới nhận"),
    "da-bo-sung": _l("Đã bổ sung"),
    "yeu-cau-bo-sung": _l("Yêu cầu bổ sung"),
    "da-duyet": _l("Đã duyệt"),
    "khong-tinh": _l("Không tính vào kết quả"),
    "tat-ca": _l("Tất cả"),
}
REVIEWS = {
    "accepted": _l("Đã duyệt"),
    "issues": _l("Yêu cầu bổ sung"),
    "rejected": _l("Không tính vào kết quả"),
}
COLOURS = {"accepted": "good", "issues": "warn", "rejected": "bad", NEW: "", MENDED: "warn", ANSWERED: "warn"}
SAID = {
    "accepted": _l("Đã duyệt: %(place)s, ngày %(day)s."),
    "issues": _l("Đã yêu cầu bổ sung: %(place)s, ngày %(day)s. Ý kiến xuống máy của đội ở lần kết nối tới."),
    "rejected": _l("Không tính vào kết quả: %(place)s, ngày %(day)s. Mọi số liệu đã trừ cuộc kiểm tra này."),
}
HAPPENINGS = {
    Happening.ORIGINAL: _l("Bản gốc"),
    Happening.READ_BACK: _l("Đã đọc lại"),
    Happening.SIGNED: _l("Đã ký"),
    Happening.SIGNATURE_REFUSED: _l("Từ chối ký"),
    Happening.HANDED_OVER: _l("Đã giao bản cho cơ sở"),
    Happening.NUMBERED: _l("Văn thư cấp số"),
    Happening.SCANNED: _l("Đã quét"),
}
ORIGINALS = {Original.PRINTED: _l("Bản in"), Original.HANDWRITTEN: _l("Bản viết tay")}
WITNESSES = {
    Witness.COMMUNE: _l("Đại diện UBND cấp xã"),
    Witness.WITNESS: _l("Người chứng kiến"),
    Witness.NONE: _l("Không có ai"),
}
ANSWER_COLOURS = {Answer.PASS: "good", Answer.FAIL: "warn", Answer.NA: "", Answer.UNCHECKED: ""}
BLOCKS = {
    "COM": _l("Nội dung chung"),
    "KAR": _l("Karaoke"),
    "VTR": _l("Vũ trường"),
    "MAS": _l("Xoa bóp (massage)"),
    "LUU": _l("Lưu trú"),
    "KHA": _l("Dịch vụ khác"),
}


def state_of(row: Row) -> object:
    """Say where a visit stands in the review."""
    if row.state == MENDED:
        return _l("Đã bổ sung") if row.said == "issues" else _l("Đính chính sau khi duyệt")
    return {NEW: _l("Mới nhận"), ANSWERED: _l("Đội đã trả lời")}.get(row.state) or REVIEWS[row.state]
