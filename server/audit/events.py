"""What is noted in the log, each with its words, in the order of the filter."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

SIGN_IN, LOOK_UP, HANDED_OUT, ACCOUNTS, KEEPING = "sign_in", "look_up", "handed_out", "accounts", "keeping"
GROUPS = {
    SIGN_IN: _l("Đăng nhập"),
    LOOK_UP: _l("Tra cứu lịch sử"),
    HANDED_OUT: _l("Xuất danh sách, tệp"),
    ACCOUNTS: _l("Tài khoản và quyền"),
    KEEPING: _l("Xóa, khôi phục, giữ lại"),
}


@dataclass(frozen=True)
class Event:
    """One kind of line: its group and its words."""

    group: str
    words: LazyString


EVENTS: dict[str, Event] = {
    "sign_in": Event(SIGN_IN, _l("Đăng nhập")),
    "sign_in_failed": Event(SIGN_IN, _l("Đăng nhập không được")),
    "locked_out": Event(SIGN_IN, _l("Tạm khóa đăng nhập vì nhập sai nhiều lần")),
    "sign_out": Event(SIGN_IN, _l("Đăng xuất")),
    "sessions_ended": Event(SIGN_IN, _l("Kết thúc các lần đăng nhập")),
    "acting_begun": Event(SIGN_IN, _l("Bắt đầu làm thay")),
    "acting_ended": Event(SIGN_IN, _l("Thôi làm thay")),
    "history.open": Event(LOOK_UP, _l("Mở lịch sử")),
    "history.file": Event(LOOK_UP, _l("Lấy tệp lịch sử")),
    "history.extract": Event(LOOK_UP, _l("In bản trích lịch sử")),
    "repeat": Event(LOOK_UP, _l("Tra cứu tái phạm")),
    "repeat_list.open": Event(LOOK_UP, _l("Mở danh sách tái phạm")),
    "repeat_list.file": Event(LOOK_UP, _l("Lấy tệp danh sách tái phạm")),
    "tip.open": Event(LOOK_UP, _l("Mở tin báo")),
    "return_sent": Event(HANDED_OUT, _l("Gửi báo cáo, chốt số liệu")),
    "list_exported": Event(HANDED_OUT, _l("Xuất danh sách ra tệp")),
    "api_read": Event(HANDED_OUT, _l("Chương trình đọc bằng mã truy cập")),
    "rights_changed": Event(ACCOUNTS, _l("Sửa tài khoản, vai trò hoặc địa bàn")),
    "deputy_changed": Event(ACCOUNTS, _l("Sửa việc làm thay")),
    "invited": Event(ACCOUNTS, _l("Mời vào tài khoản")),
    "unlocked": Event(ACCOUNTS, _l("Mở khóa đăng nhập")),
    "password_set": Event(ACCOUNTS, _l("Đặt mật khẩu")),
    "second_set_up": Event(ACCOUNTS, _l("Bật mã 6 số")),
    "second_removed": Event(ACCOUNTS, _l("Gỡ mã 6 số")),
    "recovery_codes_made": Event(ACCOUNTS, _l("Tạo mã dự phòng")),
    "token_made": Event(ACCOUNTS, _l("Tạo mã truy cập")),
    "token_revoked": Event(ACCOUNTS, _l("Hủy mã truy cập")),
    "calendar_made": Event(ACCOUNTS, _l("Tạo địa chỉ lịch hạn báo cáo")),
    "calendar_ended": Event(ACCOUNTS, _l("Hủy địa chỉ lịch hạn báo cáo")),
    "erased": Event(KEEPING, _l("Xóa nội dung hồ sơ")),
    "restored": Event(KEEPING, _l("Khôi phục máy chủ từ bản lưu")),
    "hold_set": Event(KEEPING, _l("Yêu cầu giữ lại, không xóa theo hạn")),
    "hold_ended": Event(KEEPING, _l("Thôi giữ lại")),
    "job_run": Event(KEEPING, _l("Cho chạy ngay một việc định kỳ")),
}
LOOK_UPS = tuple(what for what, event in EVENTS.items() if event.group == LOOK_UP)
