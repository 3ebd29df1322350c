"""Values of the register in words."""

import pytest

from schemas.register import GROUPS
from schemas.said import label, words

NAMES = {"new:15664": "Xã Triệu Sơn", "op": "Nguyễn Văn An", "other": "Karaoke Đông Đô"}


@pytest.mark.parametrize(
    "kind, path, value, said",
    [
        ("establishment", "phone", None, ""),
        ("establishment", "phone", "0912 345 678", "0912 345 678"),
        ("establishment", "merged_into", "other", "Karaoke Đông Đô"),
        ("establishment", "status/1", {"from": "2026-11-05", "status": "closed"}, "Đã ngừng hoạt động, từ 05/11/2026"),
        (
            "establishment", "kind/1", {"from": "2020-01-01", "to": "2026-10-31", "kind": "massage"},
            "Xoa bóp (massage), từ 01/01/2020 đến 31/10/2026",
        ),
        ("establishment", "operator/1", {"from": "2020-01-01", "operator": "op"}, "Nguyễn Văn An, từ 01/01/2020"),
        (
            "establishment", "place/1", {"from": "2020-01-01", "epoch": "new", "unit": "15664", "address": "Phố Giắt"},
            "Phố Giắt, Xã Triệu Sơn, từ 01/01/2020",
        ),
        (
            "establishment", "licence/1", {"type": "antt_certificate", "number": "12/GCN", "to": "2027-01-01"},
            "Giấy chứng nhận đủ điều kiện về an ninh, trật tự số 12/GCN, hạn đến 01/01/2027",
        ),
        ("operator", "form", "household", "Hộ kinh doanh"),
        ("operator", "form", "cooperative", "cooperative"),
        ("establishment", "kind/1", {"kind": "sauna"}, "sauna"),
        ("establishment", "kind/1", "karaoke", "karaoke"),
    ],
)  # fmt: skip
def test_a_value_is_said_in_words(kind, path, value, said):
    assert words(kind, path, value, lambda kind, id: NAMES.get(id, id)) == said


def test_fields_and_groups_have_names():
    assert label("establishment", "phone") == "Điện thoại"
    assert label("operator", "registration") == "Số đăng ký"
    assert {label("establishment", f"{group}/1") for group in GROUPS["establishment"]} == {
        "Địa chỉ", "Loại hình", "Tình trạng hoạt động", "Chủ cơ sở", "Giấy phép, giấy chứng nhận",
    }  # fmt: skip


def test_an_assignment_is_said_with_the_names_of_place_and_team():
    def named(kind, id):
        return f"{kind} {id}"

    said = {path: words("assignment", path, value, named) for path, value in {
        "establishment": "1", "team": "2", "basis": "recheck", "expires_on": "2026-11-05", "reserved": True,
        "withdrawn": False, "note": "Đợt 3"}.items()}  # fmt: skip

    assert said == {
        "establishment": "establishment 1", "team": "team 2", "basis": "Kiểm tra lại việc khắc phục",
        "expires_on": "05/11/2026", "reserved": "có", "withdrawn": "không", "note": "Đợt 3",
    }  # fmt: skip
    assert label("assignment", "expires_on") == "Hạn thực hiện"
