"""What the year's assignment list is ranked by: the weights as data, and the record of a list that was drawn by lot."""

import tomllib
from functools import cache
from importlib.resources import files

from marshmallow import fields, validate

from schemas.fields import Count, Day, Record, Text
from schemas.units import Epoch

POINTS = ("open_finding", "violation", "warned", "fined", "tip", "year_since")
KINDS = ("kind_karaoke", "kind_dance_hall", "kind_massage", "kind_lodging", "kind_other")
PERCENTS = ("age_1", "age_2", "age_3", "random_percent")
NUMBERS = (*POINTS, *KINDS, *PERCENTS, "tip_months", "years_most", "team_most")
MOST = 100
MOST_VISITS = 2000


class WeightsFields(Record):
    """The weights of an area, whose key is the id of the thing; *note* says why they were changed."""

    epoch = Text(validate=validate.OneOf([epoch.value for epoch in Epoch]), label=("Bản đồ hành chính", "Map"))
    area = Text(limit=10, label=("Địa bàn", "Area"))
    open_finding = Count(most=MOST, label=("Mỗi tồn tại chưa khắc phục", "Each open finding"))
    violation = Count(most=MOST, label=("Mỗi vi phạm đã ghi nhận", "Each violation found"))
    warned = Count(most=MOST, label=("Mỗi quyết định cảnh cáo", "Each warning"))
    fined = Count(most=MOST, label=("Mỗi quyết định phạt tiền", "Each fine"))
    age_1 = Count(most=100, label=("Trong năm đầu tính (%)", "Counted in the first year (%)"))
    age_2 = Count(most=100, label=("Trong năm thứ hai tính (%)", "Counted in the second year (%)"))
    age_3 = Count(most=100, label=("Trong năm thứ ba tính (%)", "Counted in the third year (%)"))
    tip = Count(most=MOST, label=("Mỗi tin báo đã xác minh đúng", "Each verified tip"))
    tip_months = Count(most=60, label=("Tin báo có giá trị trong (tháng)", "Tips count for (months)"))
    year_since = Count(most=MOST, label=("Mỗi năm chưa được kiểm tra", "Each year without a visit"))
    years_most = Count(most=20, label=("Số năm tính nhiều nhất", "Years counted at most"))
    kind_karaoke = Count(most=MOST, label=("Karaoke", "Karaoke"))
    kind_dance_hall = Count(most=MOST, label=("Vũ trường", "Dance hall"))
    kind_massage = Count(most=MOST, label=("Xoa bóp (massage)", "Massage"))
    kind_lodging = Count(most=MOST, label=("Lưu trú", "Lodging"))
    kind_other = Count(most=MOST, label=("Khác", "Other"))
    random_percent = Count(most=100, label=("Phần rút thăm ngẫu nhiên (%)", "Drawn by lot (%)"))
    team_most = Count(most=MOST_VISITS, label=("Số cuộc nhiều nhất một đội nhận trong năm", "Visits of a team at most"))
    note = Text(allow_none=True, limit=400, label=("Lý do thay đổi", "Reason for the change"))


class DrawnSchema(Record):
    """That a list was drawn for an area and a year: with which seed, from what, and what came out, as hashes.

    Whoever draws again and again until a list pleases is seen by this.
    """

    epoch = Text(required=True, validate=validate.OneOf([epoch.value for epoch in Epoch]), label=("Bản đồ", "Map"))
    unit = Text(required=True, limit=10, label=("Địa bàn", "Area"))
    year = fields.Integer(required=True, strict=True, validate=validate.Range(2004, 2100, error="Năm không đúng."))
    on = Day(required=True, label=("Tính đến ngày", "As of"))
    seed = Text(required=True, limit=64, label=("Số rút thăm", "Seed"))
    facts = Text(
        required=True, validate=validate.Length(equal=64), label=("Mã kiểm chứng số liệu", "Hash of the facts")
    )
    list = Text(
        required=True, validate=validate.Length(equal=64), label=("Mã kiểm chứng danh sách", "Hash of the list")
    )
    places = Count(required=True, label=("Số cơ sở", "Places"))


@cache
def default_weights() -> dict[str, int]:
    """Return the weights that come with the program."""
    text = files("schemas.data").joinpath("weights.toml").read_text(encoding="utf-8")
    found: dict[str, int] = tomllib.loads(text)["weights"]
    return found
