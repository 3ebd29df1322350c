"""Tips: what somebody told of a place, never who told it. Until when one is to be handled is data."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from marshmallow import validate

from schemas.fields import Choice, Day, Id, Label, Record, Text
from schemas.units import Epoch


class Channel(StrEnum):
    """How a tip came. A name or a number of who brought it has no place anywhere."""

    HOTLINE = "hotline"
    LETTER = "letter"
    IN_PERSON = "in_person"
    ONLINE = "online"
    AGENCY = "agency"
    PRESS = "press"


class Class(StrEnum):
    """What a tip is about, as it was classified."""

    CRIME = "crime"
    VIOLATION = "violation"
    CONDITIONS = "conditions"
    ELSEWHERE = "elsewhere"


class Verified(StrEnum):
    """What verification found."""

    TRUE = "true"
    FALSE = "false"


class Result(StrEnum):
    """How a tip was handled in the end."""

    INSPECTED = "inspected"
    WARNED = "reminded"
    TRANSFERRED = "transferred"
    NOTHING = "nothing"


CHANNELS: Mapping[Channel, Label] = {
    Channel.HOTLINE: ("Đường dây nóng", "Hotline"),
    Channel.LETTER: ("Đơn, thư", "Letter"),
    Channel.IN_PERSON: ("Trực tiếp", "In person"),
    Channel.ONLINE: ("Trang thông tin, mạng xã hội", "Online"),
    Channel.AGENCY: ("Cơ quan, tổ chức khác chuyển đến", "From another agency"),
    Channel.PRESS: ("Báo chí", "Press"),
}
CLASSES: Mapping[Class, Label] = {
    Class.CRIME: ("Có dấu hiệu tội phạm", "Signs of crime"),
    Class.VIOLATION: ("Có dấu hiệu vi phạm hành chính", "Signs of an administrative violation"),
    Class.CONDITIONS: ("Về điều kiện kinh doanh", "About business conditions"),
    Class.ELSEWHERE: ("Không thuộc thẩm quyền", "Not within competence"),
}
VERIFIED: Mapping[Verified, Label] = {
    Verified.TRUE: ("Đã xác minh: đúng", "Verified: true"),
    Verified.FALSE: ("Đã xác minh: không đúng", "Verified: not true"),
}
RESULTS: Mapping[Result, Label] = {
    Result.INSPECTED: ("Đã kiểm tra cơ sở", "The place was inspected"),
    Result.WARNED: ("Đã nhắc nhở, hướng dẫn cơ sở", "The place was reminded"),
    Result.TRANSFERRED: ("Đã chuyển cơ quan có thẩm quyền", "Passed on to the competent agency"),
    Result.NOTHING: ("Không có căn cứ, kết thúc", "No ground found, closed"),
}


class TipFields(Record):
    """A tip: about a place of the register, or an address in a commune. There is no field for who gave it."""

    number = Text(
        limit=60, validate=validate.Length(min=1, error="Nhập số tin báo."), label=("Số tin báo", "Number of the tip")
    )
    received_on = Day(label=("Ngày tiếp nhận", "Received on"))
    channel = Choice(Channel, label=("Nguồn tin", "How it came"))
    epoch = Choice(Epoch, label=("Bản đồ hành chính", "Map"))
    unit = Text(limit=10, label=("Xã", "Commune"))
    establishment = Id(allow_none=True, label=("Cơ sở", "Establishment"))
    address = Text(allow_none=True, limit=400, label=("Địa chỉ, tên biển hiệu", "Address, sign"))
    content = Text(allow_none=True, limit=4000, label=("Nội dung tin báo", "Content"))
    classification = Choice(Class, allow_none=True, label=("Phân loại", "Classification"))
    verified = Choice(Verified, allow_none=True, label=("Kết quả xác minh", "Verification"))
    verified_on = Day(allow_none=True, label=("Ngày xác minh", "Verified on"))
    due_on = Day(label=("Hạn giải quyết", "Due on"))
    handled_on = Day(allow_none=True, label=("Ngày giải quyết xong", "Handled on"))
    result = Choice(Result, allow_none=True, label=("Kết quả giải quyết", "Outcome"))
    outcome = Text(allow_none=True, limit=1000, label=("Ghi rõ kết quả", "Details of the outcome"))
    inspection = Id(allow_none=True, label=("Cuộc kiểm tra", "Inspection"))


TEXTS = ("number", "address", "content", "outcome")  # where a look-out for personal data is kept


@dataclass(frozen=True)
class Deadline:
    """Until when tips of a class are to be handled, and where that stands; empty *confirmed_by*: nobody has said so."""

    days: int
    source: str
    mark: str
    confirmed_by: str

    def due(self, received: date) -> date:
        """Return the last day that is in time."""
        return received + timedelta(days=self.days)


def deadline(classification: str) -> Deadline:
    """Return the rule for tips of a class; one not classified yet has that of all others."""
    rules = _deadlines()
    return rules.get(classification) or rules[""]


@cache
def _deadlines() -> dict[str, Deadline]:
    text = files("schemas.data").joinpath("tips.toml").read_text(encoding="utf-8")
    return {
        row["class"]: Deadline(row["days"], row["source"], row["mark"], row["confirmed_by"])
        for row in tomllib.loads(text)["deadline"]
    }
