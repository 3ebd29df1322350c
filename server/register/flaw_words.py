"""What needs a look in the register, in words: the problem, and what puts it right."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Words:
    """A problem in words; *fix* is the button that leads to where it is put right, *at* the part of the form there."""

    title: Any
    fix: Any
    at: str = ""


FLAWS = {
    "no_unit": Words(_l("Chưa rõ xã"), _l("Chọn xã"), "step-place"),
    "no_kind": Words(_l("Chưa có loại hình"), _l("Ghi loại hình"), "step-kinds"),
    "no_operator": Words(_l("Chưa có chủ cơ sở"), _l("Ghi chủ cơ sở"), "step-operator"),
    "no_licence": Words(_l("Chưa có số giấy phép, giấy chứng nhận"), _l("Ghi giấy phép"), "new.type"),
    "expired": Words(_l("Giấy phép, giấy chứng nhận hết hạn"), _l("Sửa giấy phép"), "new.type"),
    "not_open": Words(_l("Kiểm tra khi cơ sở đang ghi là tạm ngừng hoặc đã ngừng"), _l("Sửa tình trạng"), "status"),
    "before_opening": Words(_l("Kiểm tra trước ngày hoạt động"), _l("Sửa ngày hoạt động"), "status"),
    "violation_gone": Words(_l("Quyết định xử phạt không còn vi phạm"), _l("Mở quyết định"), ""),
    "phone": Words(_l("Số điện thoại không đúng"), _l("Sửa điện thoại"), "phone"),
    "point": Words(_l("Vị trí bản đồ ngoài Việt Nam"), _l("Sửa vị trí"), "point"),
    "split": Words(_l("Chưa xác định xã sau 01/7/2025"), _l("Chọn xã"), ""),
    "team": Words(_l("Đội hết thời hạn mà vẫn có cuộc kiểm tra"), _l("Xem đội"), ""),
    "duplicate": Words(_l("Có thể trùng cơ sở"), _l("Xem từng cặp"), ""),
}
