"""What the values of our enumerations are called, in Vietnamese and English: one label a concept, on both ends."""

from collections.abc import Mapping

from schemas.fields import Label
from schemas.inspections import Basis, Outcome, Trigger
from schemas.office import Review
from schemas.register import Form, Kind, LicenceType, Status

KINDS: Mapping[Kind, Label] = {
    Kind.KARAOKE: ("Karaoke", "Karaoke"),
    Kind.DANCE_HALL: ("Vũ trường", "Dance hall"),
    Kind.MASSAGE: ("Xoa bóp (massage)", "Massage"),
    Kind.LODGING: ("Lưu trú", "Lodging"),
    Kind.OTHER: ("Khác", "Other"),
}
STATUS: Mapping[Status, Label] = {
    Status.OPEN: ("Đang hoạt động", "Open"),
    Status.PAUSED: ("Tạm ngừng", "Paused"),
    Status.CLOSED: ("Đã ngừng hoạt động", "Closed for good"),
}
FORMS: Mapping[Form, Label] = {
    Form.ENTERPRISE: ("Doanh nghiệp", "Enterprise"),
    Form.HOUSEHOLD: ("Hộ kinh doanh", "Household business"),
    Form.INDIVIDUAL: ("Cá nhân kinh doanh", "Individual in business"),
}
LICENCES: Mapping[LicenceType, Label] = {
    LicenceType.OPERATING: ("Giấy phép đủ điều kiện kinh doanh", "Operating licence"),
    LicenceType.ANTT: ("Giấy chứng nhận đủ điều kiện về an ninh, trật tự", "Security and order certificate"),
}
BASIS: Mapping[Basis, Label] = {
    Basis.PLANNED: ("Theo kế hoạch", "Planned"),
    Basis.UNSCHEDULED: ("Đột xuất", "Unscheduled"),
    Basis.RECHECK: ("Kiểm tra lại việc khắc phục", "Re-check of findings"),
}
TRIGGERS: Mapping[Trigger, Label] = {
    Trigger.COMPLAINT: ("Có đơn khiếu nại, tố cáo liên quan đến cơ sở", "Complaint or denunciation"),
    Trigger.REQUEST: ("Theo yêu cầu của cơ quan có liên quan hoặc Chủ tịch UBND", "Request of an agency or the Chair"),
    Trigger.SIGNS: ("Có dấu hiệu vi phạm, thành viên đội đề nghị", "Signs of violation, a member proposes"),
}
INSPECTED: Mapping[Outcome, Label] = {
    Outcome.NO_VIOLATION: ("Không phát hiện vi phạm", "No violation found"),
    Outcome.VIOLATIONS: ("Có vi phạm", "Violations"),
}
ATTEMPTS: Mapping[Outcome, Label] = {
    Outcome.CLOSED_TONIGHT: ("Đóng cửa", "Closed tonight"),
    Outcome.STOPPED: ("Đã ngừng hoạt động", "Closed for good"),
    Outcome.NOT_FOUND: ("Không tìm thấy", "Not found"),
    Outcome.REFUSED: ("Không cho vào", "Refused"),
}
REVIEWS: Mapping[Review, Label] = {
    Review.ISSUES: ("Yêu cầu bổ sung", "Has issues"),
    Review.ACCEPTED: ("Đã duyệt", "Accepted"),
    Review.REJECTED: ("Không tính vào kết quả", "Not counted"),
}
STANDINGS: Mapping[str, Label] = {
    "waiting": ("Chờ gửi", "Waiting to be sent"),
    "accepted": ("Máy chủ đã nhận", "Received by the server"),
    "held": ("Đã nhận, chờ hồ sơ liên quan", "Received, waits for another record"),
    "conflict": ("Đã nhận, có hai bản khác nhau – chờ đối chiếu", "Received, stands beside another version"),
    "quarantined": ("Đã nhận, cần sửa", "Received, must be put right"),
    "declined": ("Không tính vào kết quả", "Not counted"),
    "erased": ("Đã che thông tin cá nhân", "Personal data removed"),
    "unreadable": ("Máy chủ không đọc được – báo văn phòng", "Not readable by the server"),
}
# Of what is quarantined for another reason than its content there is nothing for the team to put right.
WAITS_FOR: Mapping[str, Label] = {
    "right": ("Đã nhận, chờ văn phòng quyết định", "Received, waits for the office's decision"),
    "schema": ("Đã nhận, chờ nâng cấp máy chủ", "Received, waits for the server's upgrade"),
    "server-fault": ("Đã nhận, máy chủ gặp lỗi", "Received, the server had a fault"),
}
