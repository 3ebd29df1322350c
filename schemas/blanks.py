"""The parts and blanks that a printed paper may have, by their Vietnamese names, and the room each gets by hand."""

from collections.abc import Mapping
from enum import StrEnum


class Room(StrEnum):
    """How a blank without a value is left for a pen."""

    SHORT = "short"  # a number
    NAME = "name"  # part of a line
    LINE = "line"  # most of a line
    LINES = "lines"  # several ruled lines
    DAY = "day"  # ngày …… tháng …… năm 20……
    CLOCK = "clock"  # …… giờ …… phút
    BOX = "box"  # a box to tick; prints nothing where it is so, and is no value where it is not
    NEVER = "never"  # nothing to write by hand: what needs it is left out of a blank paper


_S, _N, _L, _LL, _D, _C, _B, _X = Room

BLANKS: Mapping[str, Room] = {
    "cơ quan ban hành": _N, "đơn vị": _N, "đội": _N, "quyết định thành lập": _N, "địa danh": _N,
    "số biên bản": _S, "ngày lập": _D,
    "lần": _X, "thay biên bản": _X, "bản chưa ký": _X, "lý do đính chính": _X, "lý do hủy": _X,
    "quyết định kiểm tra": _N, "bắt đầu": _C, "kết thúc": _C, "ngày kết thúc": _D, "ngày kiểm tra": _D,
    "tên cơ sở": _L, "mã cơ sở": _S, "loại hình": _N, "địa chỉ": _L, "điện thoại": _N,
    "chủ cơ sở": _N, "hình thức chủ": _N, "số đăng ký": _N,
    "đại diện cơ sở": _N, "chức vụ đại diện": _N,
    "hình thức kiểm tra": _N, "căn cứ đột xuất": _N, "căn cứ": _L, "tài liệu": _L,
    "đang hoạt động": _B, "không hoạt động": _B,
    "số lao động": _S, "số có hợp đồng": _S, "số có giấy khám sức khỏe": _S, "số đã cam kết": _S,
    "số dưới 18 tuổi": _S, "số người được tuyên truyền": _S,
    "số đạt": _S, "số không đạt": _S, "số không áp dụng": _S, "số chưa kiểm tra": _S,
    "số hành vi": _S, "không có vi phạm": _B, "có vi phạm": _B, "có dấu hiệu tội phạm": _B,
    "không kiểm tra được": _N, "ý kiến của cơ sở": _LL, "nhận xét": _LL, "số bản": _S,
    "mã tiếp nhận": _N, "giờ nhận": _N, "mã kiểm chứng": _N,
    "ghi tay": _N, "ghi tay dài": _L, "ghi tay nhiều dòng": _LL,  # never a value: persons are written by hand
}  # fmt: skip

LISTS: Mapping[str, Mapping[str, Room]] = {
    "thành viên": {"stt": _S, "họ tên": _N, "chức vụ": _N, "cơ quan": _N, "số thẻ": _S},
    "giấy phép": {"stt": _S, "loại giấy": _N, "số giấy": _N, "ngày cấp": _D, "ngày hết hạn": _D},
    "không đạt": {"stt": _S, "nội dung": _L, "căn cứ mục": _N, "ghi chú": _LL},
    "có ghi chú": {"stt": _S, "nội dung": _L, "trả lời": _N, "ghi chú": _LL},
    "vi phạm": {"stt": _S, "hành vi": _L, "điều khoản": _N, "ngày vi phạm": _D, "diễn biến": _LL},
    "tồn tại": {"stt": _S, "nội dung": _L, "ngày trước": _D, "kết quả": _N, "hiện trạng": _LL},
}  # fmt: skip

BLOCKS = ("phụ lục",)
PARTS: Mapping[str, str] = {"trái": "left", "phải": "right", "tên": "title", "nội dung": "body", "ký": "signatures"}
