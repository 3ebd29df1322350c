"""Two revisions of one visit: what differs, in words and in the order of the form."""

import pytest

from schemas.compare import ORDER, differences
from schemas.fields import labels
from schemas.inspections import InspectionSchema

PLACE = "018f6d3c-5a10-7c21-9b44-6f0a1d2e3c41"


def visit(**given):
    body = {
        "establishment": PLACE,
        "team": "018f6d3c-5a10-7c21-9b44-6f0a1d2e3c42",
        "date": "2026-11-05",
        "basis": "planned",
        "outcome": "no_violation",
        "members": [{"name": "An", "role": "Đội trưởng"}, {"name": "Bình"}, {"name": "Cường"}],
        "answers": {"COM-01": "pass"},
    }
    return body | given


def act(**given):
    return {"id": "018f6d3c-5a10-7c21-9b44-6f0a1d2e3c49", "text": "Mở quá giờ", "facts": "02 giờ"} | given


def said(one, other):
    return [(found.path, found.one, found.other) for found in differences(one, other)]


def test_a_visit_does_not_differ_from_itself():
    assert differences(visit(), visit(revision=2, notes={}, void=False, ground="")) == []


@pytest.mark.parametrize(
    "given, path, one, other",
    [
        ({"date": "2026-11-06"}, "date", "05/11/2026", "06/11/2026"),
        ({"basis": "recheck"}, "basis", "Theo kế hoạch", "Kiểm tra lại việc khắc phục"),
        ({"outcome": "not_found"}, "outcome", "Không phát hiện vi phạm", "Không tìm thấy"),
        ({"started": "23:30"}, "started", "", "23:30"),
        ({"found_working": False}, "found_working", "", "Không"),
        ({"answers": {"COM-01": "fail"}}, "answers.COM-01", "Đạt", "Không đạt"),
        ({"notes": {"COM-01": "hết hạn"}}, "answers.COM-01", "Đạt", "Đạt – hết hạn"),
        ({"workers": {"total": 0}}, "workers.total", "", "0"),
        ({"void": True}, "void", "", "Có"),
        ({"checklists": {"COM": 2}}, "checklists", "", "COM 2"),
    ],
)
def test_a_field_that_differs_is_told_in_words(given, path, one, other):
    assert said(visit(), visit(**given)) == [(path, one, other)]


def test_who_was_there_is_compared_by_name_and_not_by_place():
    other = visit(members=[{"name": "Bình"}, {"name": "An", "role": "Đội phó", "card": "12"}, {"name": "Dung"}])

    assert said(visit(), other) == [
        ("members.An", "An, Đội trưởng", "An, Đội phó, thẻ 12"),
        ("members.Cường", "Cường", ""),
        ("members.Dung", "", "Dung"),
    ]


def test_a_violation_is_compared_by_its_id_field_by_field():
    one, other = visit(violations=[act()]), visit(violations=[act(facts="03 giờ", committed_on="2026-11-04")])

    [facts, day] = differences(one, other)

    assert (facts.label, facts.one, facts.other) == ("Vi phạm: Mở quá giờ – Diễn biến", "02 giờ", "03 giờ")
    assert (day.one, day.other) == ("", "04/11/2026")


def test_a_violation_on_one_side_only_is_shown_whole():
    assert said(visit(), visit(violations=[act()])) == [(f"violations.{act()['id']}", "", "Mở quá giờ. 02 giờ")]


def test_things_are_named_as_people_know_them():
    other = visit(establishment="018f6d3c-5a10-7c21-9b44-6f0a1d2e3c40")

    [found] = differences(visit(), other, lambda kind, id: {PLACE: "Karaoke Đông Đô"}.get(id, "chưa có trên máy"))

    assert (found.label, found.one, found.other) == ("Cơ sở", "Karaoke Đông Đô", "chưa có trên máy")


def test_differences_stand_in_the_order_of_the_form():
    other = visit(remark="x", date="2026-11-06", answers={}, ground="y")

    assert [found.path for found in differences(visit(), other)] == ["date", "ground", "answers.COM-01", "remark"]


@pytest.mark.parametrize(
    "broken",
    [
        {"members": "An"}, {"answers": ["x"]}, {"violations": [3, {"code": 7}]}, {"date": 5}, {"basis": ["planned"]},
        {"workers": None}, {"void": "yes"}, {"unknown": {"a": 1}}, {"checklists": [1]}, {"answers": {"COM-01": ["x"]}},
    ],
)  # fmt: skip
def test_a_body_that_breaks_the_rules_is_compared_all_the_same(broken):
    found = said(visit(), visit(**broken, remark="x"))

    assert ("remark", "", "x") in found


def test_what_the_form_does_not_know_is_shown_and_not_hidden():
    assert said(visit(), visit(colour="red")) == [("colour", "", "red")]


def test_every_field_of_an_inspection_has_its_place():
    assert set(labels(InspectionSchema)) - {"notes"} <= set(ORDER)
