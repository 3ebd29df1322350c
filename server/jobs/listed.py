"""The jobs: what each is for, when it is due, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apscheduler.triggers.cron import CronTrigger
from flask_babel import lazy_gettext as _l

from server.clock import VIETNAM
from server.jobs import work
from server.jobs.reminders import expire_assignments, remind
from server.jobs.retention import let_go
from server.jobs.work import Work


@dataclass(frozen=True)
class Job:
    """A job: its name for people, what it does, how often, and *when* by the clock of Vietnam."""

    name: str
    words: Any
    does: Any
    often: Any
    when: CronTrigger
    function: Callable[[Work], str]
    at_once: bool = False  # where it has never run: it is light, and pages want what it finds

    def next_after(self, moment: datetime) -> datetime:
        """Return when it is due for the first time after *moment*."""
        found: datetime = self.when.get_next_fire_time(moment, moment)
        return found


def _at(hour: int | str, minute: int) -> CronTrigger:
    return CronTrigger(hour=hour, minute=minute, timezone=VIETNAM)


_HOURLY, _NIGHTLY = _l("mỗi giờ"), _l("hằng đêm")
JOBS = {
    job.name: job
    for job in (
        Job("count_year", _l("Chuẩn bị số liệu của năm"),
            _l("Năm mới có sẵn bảng cộng dồn để mở trang nhanh."),
            _HOURLY, _at("*", 5), work.count_year, at_once=True),
        Job("tidy_files", _l("Dọn tệp gửi dở"),
            _l("Bỏ phần ảnh, bản quét gửi dở đã quá hạn và tệp không hồ sơ nào nhắc đến."),
            _HOURLY, _at("*", 25), work.tidy_files),
        Job("expire", _l("Hết hạn phân công"),
            _l("Ghi lại phân công và nhận kiểm tra đã hết hạn mà chưa kiểm tra."),
            _NIGHTLY, _at(0, 10), expire_assignments, at_once=True),
        Job("mark_log", _l("Ghi mốc nhật ký"),
            _l("Ghi dòng cuối của nhật ký vào các lượt tiếp nhận, để lộ ra nếu có ai cắt bớt."),
            _NIGHTLY, _at(1, 20), work.mark_log),
        Job("backup", _l("Lưu dự phòng"),
            _l("Lưu cả máy chủ vào một tệp mã hóa, đọc lại để chắc là mở được."),
            _NIGHTLY, _at(1, 30), work.backup),
        Job("try_backup", _l("Khôi phục thử"),
            _l("Mở bản lưu mới nhất như khi khôi phục thật, kiểm chứng toàn bộ, rồi bỏ đi."),
            _NIGHTLY, _at(2, 30), work.try_backup),
        Job("verify", _l("Kiểm chứng"),
            _l("Chuỗi tiếp nhận, nhật ký, nội dung, tệp và số liệu đúng như khi nhận."),
            _NIGHTLY, _at(3, 15), work.verify),
        Job("retention", _l("Xóa dữ liệu hết hạn lưu giữ"),
            _l("Chỉ xóa loại dữ liệu có thời hạn và căn cứ, không ai yêu cầu giữ lại."),
            _NIGHTLY, _at(4, 10), let_go),
        Job("remind", _l("Nhắc việc"),
            _l("Xem hạn báo cáo, thẻ và quyết định thành lập đội sắp hết hạn, máy lâu chưa gửi."),
            _NIGHTLY, _at(5, 30), remind, at_once=True),
    )
}  # fmt: skip
