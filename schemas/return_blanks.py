"""The blanks, lists and tables that the text of a return or a letter may use, by their Vietnamese names."""

from collections.abc import Mapping

BLANKS = (
    "đơn vị", "cơ quan ban hành", "kỳ báo cáo", "năm", "từ ngày", "đến ngày", "kế hoạch", "số kế hoạch",
    "yêu cầu của kế hoạch", "hạn", "nơi nhận",
    "số cơ sở", "số cơ sở hoạt động", "số cơ sở được kiểm tra", "tỷ lệ kiểm tra", "số lượt kiểm tra",
    "số cơ sở vi phạm", "số hành vi", "số quyết định", "số cảnh cáo", "số phạt tiền", "số tiền phạt",
    "số hồ sơ chuyển", "số tin báo", "số tin báo giải quyết", "số người được tuyên truyền",
    "tên báo cáo", "ngày nhắc", "số đơn vị chưa gửi",
)  # fmt: skip
NARRATIVE = "lời văn"  # in a part: its sentences from the figures, or what was written in their place
LISTS: Mapping[str, tuple[str, ...]] = {"đơn vị chưa gửi": ("stt", "tên", "hạn")}
TABLES = ("chỉ tiêu", "so sánh", "đơn vị", "tổng hợp", "điều chỉnh", "việc trong năm", "số liệu", "danh sách")
PARTS: Mapping[str, str] = {"trích yếu": "title", "mở đầu": "opening", "kết thúc": "closing", "phụ lục": "annexes"}
PART, GROUP, TABLE = "phần", "mục", "bảng"
WRITTEN = (*PARTS, "mục: <tên>", "phần <mã>: <tên>")  # what may stand behind @
