"""Where a visit stands in the review: by what was said of it and what came since, the same after a rebuild."""

import json

import pytest

from schemas.ids import new_id
from schemas.items import name_of, read
from server.arrivals.filling import fill_reviews
from server.arrivals.verify import verify
from server.changes import apply_lines
from server.changes.desk import Desk
from server.changes.erasing import erase
from server.deciding.waiting import waiting
from server.office import Change, make
from tests.conftest import AT


@pytest.fixture
def laptop(central):
    return central.laptop()


@pytest.fixture
def visit(central, laptop):
    """A visit that was just received; its line."""
    line = laptop.visit(central.place())
    assert laptop.sends(line) == ["accepted"]
    return line


def says(central, do, line, **more):
    asked = {"do": do, "inspection": read(line).id, **more}
    return next(iter(apply_lines(central.db, [json.dumps(asked)], author="test", at=AT)))


def state(central, line):
    return central.one("SELECT state FROM visits WHERE id = ?", read(line).id)


def commented(laptop, line, text="Đã chụp lại"):
    return laptop.line("comment", new_id(), {"inspection": read(line).id, "comment": text, "on": "2026-11-20"})


def signed(laptop, line, **more):
    body = {"inspection": read(line).id, "item": name_of(line), "happening": "signed", "on": "2026-11-05", **more}
    return laptop.line("paper", new_id(), body)


def sane(central):
    return verify(central.db).problems == ()


def test_a_visit_is_new_then_what_the_reviewer_says(central, visit):
    assert state(central, visit) == "new"

    for said in ("issues", "accepted", "rejected"):
        assert says(central, "review", visit, review=said, comment="Lý do")["standing"] == "accepted"
        assert state(central, visit) == said
    assert sane(central)


def test_a_correction_brings_it_back_and_so_does_one_after_it_was_accepted(central, laptop, visit):
    says(central, "review", visit, review="issues", comment="Thiếu giờ kết thúc")
    second = laptop.visit(read(visit).body["establishment"], base=visit, revision=2, ended="22:40", reason="Bổ sung")

    assert laptop.sends(second) == ["accepted"]
    assert state(central, visit) == "mended"

    says(central, "review", visit, review="accepted")
    assert state(central, visit) == "accepted"
    third = laptop.visit(read(visit).body["establishment"], base=second, revision=3, ended="22:45", reason="Ghi nhầm")
    assert laptop.sends(third) == ["accepted"]
    assert state(central, visit) == "mended"
    assert sane(central)


def test_the_team_s_word_answers_and_the_office_s_own_does_not(central, laptop, visit):
    says(central, "review", visit, review="issues", comment="Thiếu ảnh")

    says(central, "comment", visit, comment="Nhắc lại: thiếu ảnh")
    assert state(central, visit) == "issues"

    assert laptop.sends(commented(laptop, visit)) == ["accepted"]
    assert state(central, visit) == "answered"
    assert sane(central)


def test_a_word_about_a_visit_that_is_done_with_changes_nothing(central, laptop, visit):
    says(central, "review", visit, review="accepted")

    laptop.sends(commented(laptop, visit))

    assert state(central, visit) == "accepted"


def test_the_paper_is_there_once_it_is_signed_and_the_handwritten_original_scanned(central, laptop, visit):
    def paper():
        return central.one("SELECT paper FROM visits WHERE id = ?", read(visit).id)

    assert paper() == 0
    laptop.sends(signed(laptop, visit))
    assert paper() == 1

    laptop.sends(signed(laptop, visit, happening="original", original="handwritten"))
    assert paper() == 0
    laptop.sends(signed(laptop, visit, happening="scanned"))
    assert paper() == 1

    second = laptop.visit(read(visit).body["establishment"], base=visit, revision=2, reason="Ghi nhầm")
    laptop.sends(second)
    assert paper() == 0  # what was signed is another text
    assert sane(central)


@pytest.mark.parametrize(
    ("changes", "risk"),
    [
        ({}, 0),
        ({"members": [{"name": "An"}, {"name": "Bình"}]}, 1),
        ({"members": [], "outcome": "not_found", "remark": "Nhà để ở"}, 0),  # an attempt needs no quorum
        ({"outcome": "violations", "violations": [{"id": new_id(), "text": "Không niêm yết giá"}]}, 2),
        ({"crime_signs": True}, 4),
        ({"workers": {"total": 3, "under_18": 1}}, 4),
    ],
)
def test_what_is_to_be_looked_at_first(central, laptop, changes, risk):
    line = laptop.visit(central.place(), **changes)
    assert laptop.sends(line) == ["accepted"]

    assert central.one("SELECT risk FROM visits WHERE id = ?", read(line).id) == risk
    assert sane(central)


def test_a_review_that_did_not_see_the_last_one_writes_over_nothing(central, visit):
    says(central, "review", visit, review="issues", comment="Thiếu ảnh", was="")

    late = says(central, "review", visit, review="accepted", was="")

    assert late["receipt"] is None
    assert list(late["problems"]) == ["was"]
    assert state(central, visit) == "issues"
    last = central.one("SELECT item FROM reviews")
    assert says(central, "review", visit, review="accepted", was=last)["standing"] == "accepted"


def test_a_review_of_a_text_that_was_corrected_meanwhile_is_not_taken(central, laptop, visit):
    laptop.sends(laptop.visit(read(visit).body["establishment"], base=visit, revision=2, reason="Ghi nhầm"))

    late = says(central, "review", visit, review="accepted", item=name_of(visit), was="")

    assert list(late["problems"]) == ["was"]
    assert state(central, visit) == "new"


def test_two_reviews_at_once_are_kept_apart_under_the_lock_too(central, visit):
    """Both were made before either arrived: the second is kept aside, and waits for nobody."""
    body = {"inspection": read(visit).id, "review": "accepted", "item": name_of(visit), "was": ""}
    made = [Change("review", new_id(), {**body, "review": said, "comment": "x"}) for said in ("issues", "accepted")]

    standings = [receipt.standing for receipt in make(central.db, made, author="test", at=AT)]

    assert standings == ["accepted", "quarantined"]
    assert state(central, visit) == "issues"
    assert waiting(central.db.conn, frozenset({"new:15664"}), frozenset({"new:15664"})) == []
    assert sane(central)


def test_what_was_reviewed_before_there_were_states_is_filled_in_as_it_would_have_been_folded(central, laptop, visit):
    place = read(visit).body["establishment"]
    says(central, "review", visit, review="issues", comment="Thiếu ảnh")
    laptop.sends(laptop.visit(place, base=visit, revision=2, reason="Bổ sung", crime_signs=True))
    laptop.sends(signed(laptop, visit))
    other = laptop.visit(place, answers={"COM-13": "fail"})
    laptop.sends(other)
    says(central, "review", other, review="accepted")
    conn = central.db.conn
    conn.execute("UPDATE visits SET risk = 0, findings = '', duties = '', state = 'new', paper = 0")
    conn.execute("UPDATE reviews SET about = '', review_id = ''")
    conn.execute("DELETE FROM said_of_visits WHERE kind = 'review'")

    fill_reviews(conn)

    assert sane(central)
    assert (state(central, visit), state(central, other)) == ("mended", "accepted")


@pytest.mark.parametrize("kind", ["inspection", "review", "comment", "paper"])
def test_what_was_erased_is_the_same_after_a_rebuild(central, laptop, visit, kind):
    signed_line = signed(laptop, visit, happening="signed", note="Ghi chú")
    laptop.sends(signed_line)
    says(central, "review", visit, review="issues", comment="Thiếu ảnh")
    laptop.sends(commented(laptop, visit))
    name = central.one("SELECT name FROM items WHERE kind = ? ORDER BY seq LIMIT 1", kind)
    if kind == "review":  # nor is the one that stands
        says(central, "review", visit, review="accepted")
    if kind == "inspection":  # the truth itself is not erased: its first revision is, after a correction
        laptop.sends(laptop.visit(read(visit).body["establishment"], base=visit, revision=2, reason="Che thông tin"))

    erase(central.db, Desk(central.db.conn, "test", AT.date()), {"item": name, "ground": "Có thông tin cá nhân"}, AT)

    assert sane(central)
