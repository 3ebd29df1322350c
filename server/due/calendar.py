"""The deadlines of an area as a calendar that other programs read (RFC 5545): days and words, no figures."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from server.due.lines import Line
from server.due.reminding import goes_by, rules
from server.due.shape import Due, Standing

_DAY = timedelta(days=1)
REFRESH = "PT12H"


def calendar(found: Iterable[Line], name: str, at: datetime, ends: date) -> bytes:
    """Return the calendar of what has a day; *ends*: the day on which its address stops working, which it says too."""
    made = Calendar()
    made.add("prodid", "-//Doi178//Han bao cao//VI")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", "Asia/Ho_Chi_Minh")
    made.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", REFRESH)
    for line in found:
        if line.one.last_day:
            made.add_component(_event(line, at))
    made.add_component(_end(ends, at))
    text: bytes = made.to_ical()
    return text


def _event(line: Line, at: datetime) -> Event:
    one = line.one
    event = _all_day(uid(line), date.fromisoformat(goes_by(line)), at)
    done = "" if line.waited_for else "Không làm: " if line.standing is Standing.NOT_DONE else "Đã gửi: "
    event.add("summary", f"{done}{_title(one)} ({one.before})")
    event.add("description", "\n".join(_says(line)))
    event.add("categories", ["Hạn báo cáo"])
    for days in rules().days_before if line.waited_for else ():
        event.add_component(_alarm(days, f"{_title(one)}: {one.before}"))
    return event


def _all_day(name: str, day: date, at: datetime) -> Event:
    event = Event()
    event.add("uid", name)
    event.add("dtstamp", at)
    event.add("dtstart", day)
    event.add("dtend", day + _DAY)
    event.add("transp", "TRANSPARENT")
    return event


def _alarm(days: int, words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", timedelta(hours=rules().alarm_hour) - timedelta(days=days))
    return alarm


def uid(line: Line) -> str:
    """Return the name of an event, the same whenever and by whomever it is read."""
    one = line.one
    return hashlib.sha256("/".join((one.plan, one.deadline, line.period)).encode()).hexdigest()[:32] + "@doi178"


def _title(one: Due) -> str:
    return one.name or REPORTS.get(one.report, "Báo cáo")


REPORTS = {
    "half_year": "Báo cáo 6 tháng", "year": "Báo cáo năm", "quarter": "Báo cáo quý", "ad_hoc": "Báo cáo đột xuất",
    "end_of_period": "Báo cáo tổng kết giai đoạn", "other": "Việc theo kế hoạch",
}  # fmt: skip


def _says(line: Line) -> Iterable[str]:
    one = line.one
    yield f"{one.plan_name}{f', số {one.plan_number}' if one.plan_number else ''}"
    if one.words:
        yield f"Nguyên văn: {one.words}"
    if one.receiver:
        yield f"Nơi nhận: {one.receiver}"
    yield f"Ngày cuối để gửi: {_written(one.last_day)}"
    if one.clash:
        yield f"Trùng hạn: {one.clash.plan_name} yêu cầu {one.clash.before}; lịch đặt theo hạn sớm hơn."


def _end(day: date, at: datetime) -> Event:
    event = _all_day(f"ends-{day.isoformat()}@doi178", day, at)
    event.add("summary", "Địa chỉ lịch hạn báo cáo hết hạn: tạo địa chỉ mới ở trang Hạn báo cáo")
    event.add_component(_alarm(7, "Địa chỉ lịch hạn báo cáo sắp hết hạn"))
    return event


def _written(day: str) -> str:
    return f"{date.fromisoformat(day):%d/%m/%Y}"
