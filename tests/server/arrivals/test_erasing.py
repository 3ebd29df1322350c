"""Erasure: bytes go, what they were counted for stays, and `verify` can tell it from a loss."""

import contextlib
import json
import sqlite3

import pytest

from schemas.ids import new_id
from schemas.items import name_of
from server.arrivals import feed
from server.arrivals.verify import verify
from server.changes import apply_lines
from server.changes.desk import Desk, Unclear
from server.changes.erasing import erase as erase_item
from server.clock import local_day
from server.export import scope, whole
from tests.conftest import AT, visit_body

SECRET = "Nguyễn Thị Bí Mật"


@pytest.fixture
def erase(central):
    """Return a function that erases an item by its name."""

    def act(name, **asked):
        desk = Desk(central.db.conn, "Phạm Văn Lâm", local_day(AT))
        return erase_item(central.db, desk, {"item": name, "ground": "Công văn số 12", **asked}, AT)

    return act


def everywhere(central):
    """Read the whole of the server's files."""
    folder = central.settings.data
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


def redacted(central):
    """A visit with a name in its remark, and the correction that says the same without it."""
    laptop, place = central.laptop(), central.place()
    acts = [{"id": new_id(), "text": SECRET}]
    first = laptop.visit(place, remark=f"Gặp {SECRET}", violations=acts, outcome="violations")
    again = laptop.visit(place, base=first, revision=2, reason="Che thông tin", remark="Gặp một nhân viên")
    assert laptop.sends(first, again) == ["accepted", "accepted"]
    return laptop, first, again


def test_an_erased_revision_is_gone_from_the_disk_and_everything_is_counted_as_before(central, erase):
    laptop, first, again = redacted(central)
    assert SECRET.encode() in everywhere(central)

    erase(name_of(first))

    assert SECRET.encode() not in everywhere(central)
    assert laptop.sends(first, again) == ["erased", "accepted"]
    told = verify(central.db)
    assert (told.problems, told.erased) == ((), 1)
    assert central.one("SELECT item FROM visits") == name_of(again)


def test_a_name_in_json_or_in_folded_text_is_gone_too(central, erase):
    laptop, place = central.laptop(), central.place()
    wrong = laptop.line("establishment", place, {"set": {"name": SECRET}, "was": {"name": "Karaoke Đông Đô"}})
    assert laptop.sends(wrong) == ["accepted"]
    central.edit("establishment", place, {"name": "Karaoke Đông Đô"}, {"name": SECRET})

    erase(name_of(wrong))

    disk = everywhere(central)
    assert SECRET.encode() not in central.one("SELECT group_concat(state) FROM things").encode()
    assert b"nguyen thi bi mat" not in disk
    assert verify(central.db).problems == ()


def test_the_present_word_on_a_visit_must_be_corrected_first(central, erase):
    _, _first, again = redacted(central)

    with pytest.raises(Unclear) as refused:
        erase(name_of(again))

    assert "đính chính" in refused.value.problems["item"]
    assert central.one("SELECT length(line) > 0 FROM items WHERE name = ?", name_of(again)) == 1


def test_what_a_register_edit_says_and_still_stands_is_said_again_once_a_person_has_looked(central, erase):
    place, laptop = central.place(), central.laptop()
    made = laptop.line(
        "establishment", place,
        {"set": {"phone": "0912", "code": SECRET}, "was": {"phone": None, "code": None}},
    )  # fmt: skip
    assert laptop.sends(made) == ["accepted"]
    central.edit("establishment", place, {"code": "TS-01"}, {"code": SECRET})

    with pytest.raises(Unclear) as refused:
        erase(name_of(made))
    assert "phone" in refused.value.problems["item"]

    erase(name_of(made), keep_rest=True)

    state = json.loads(central.one("SELECT state FROM things WHERE id = ?", place))
    assert (state["phone"], state["code"]) == ("0912", "TS-01")
    assert SECRET.encode() not in everywhere(central)
    assert verify(central.db).problems == ()


def test_the_edit_that_made_a_place_can_be_erased_and_the_place_stays(central, erase):
    place = new_id()
    laptop = central.laptop()
    state = {
        "name": SECRET,
        "place/1": {"from": "2019-01-01", "epoch": "new", "unit": "15664", "address": "Phố Giắt"},
        "kind/1": {"from": "2019-01-01", "kind": "karaoke"},
        "status/1": {"from": "2019-01-01", "status": "open"},
    }
    made = laptop.line("establishment", place, {"set": state, "was": dict.fromkeys(state)})
    visit = laptop.visit(place)
    assert laptop.sends(made, visit) == ["accepted", "accepted"]
    central.edit("establishment", place, {"name": "Karaoke Đông Đô"}, {"name": SECRET})

    erase(name_of(made), keep_rest=True)

    assert SECRET.encode() not in everywhere(central)
    assert central.one("SELECT name FROM establishments") == "Karaoke Đông Đô"
    assert verify(central.db).problems == ()


def test_what_stands_aside_can_be_erased(central, erase):
    laptop, place = central.laptop(), central.place()
    wrong, waits = laptop.visit(place, outcome=SECRET), laptop.visit(new_id(), remark=SECRET)
    assert laptop.sends(wrong, waits, SECRET.encode()) == ["quarantined", "held", "unreadable"]

    for name in (name_of(wrong), name_of(waits), name_of(SECRET.encode())):
        erase(name)

    assert central.one("SELECT count(*) FROM aside") + central.one("SELECT count(*) FROM needs") == 0
    assert laptop.sends(wrong, waits) == ["erased", "erased"]
    assert verify(central.db).problems == ()


def test_events_lose_their_words_and_keep_their_days(central, erase):
    laptop, place = central.laptop(), central.place()
    check = laptop.line("outside_check", new_id(), {"establishment": place, "agency": SECRET, "date": "2026-11-01"})
    visit = laptop.visit(place)
    laptop.sends(check, visit)
    line = json.dumps({"do": "confirm_list", "unit": "15664", "on": "2026-11-01", "by": SECRET})
    (said,) = apply_lines(central.db, [line], author="x", at=AT)

    erase(name_of(check))
    erase(said["receipt"])

    assert central.one("SELECT date FROM outside_checks WHERE agency = '–'") == "2026-11-01"
    assert SECRET.encode() not in everywhere(central)
    assert verify(central.db).problems == ()


def test_a_review_is_erased_once_another_stands_in_its_place(central, erase):
    laptop, place = central.laptop(), central.place()
    visit = laptop.visit(place)
    laptop.sends(visit)
    about = json.loads(visit)["id"]

    def review(comment):
        line = json.dumps({"do": "review", "inspection": about, "review": "issues", "comment": comment})
        return next(iter(apply_lines(central.db, [line], author="x", at=AT)))["receipt"]

    first = review(SECRET)
    with pytest.raises(Unclear):
        erase(first)
    review("Bổ sung thẻ kiểm tra")
    erase(first)

    assert SECRET.encode() not in everywhere(central)
    assert verify(central.db).problems == ()


def test_laptops_hear_of_it_and_get_the_visit_without_the_erased_revision(central, erase):
    laptop, first, again = redacted(central)
    other = central.laptop()

    erase(name_of(first))

    keys = feed.scope_keys(central.db.conn, other.id, "new:15664")
    page = feed.page(central.db.conn, keys, other.id, "", at="")
    (visit,) = [change for change in page.changes if change.kind == "inspection"]
    assert [line for _, line in visit.revisions] == [again]
    own = feed.page(central.db.conn, feed.scope_keys(central.db.conn, laptop.id, "new:15664"), laptop.id, "", at="")
    assert [c.state["standing"] for c in own.changes if c.kind == "standing"] == ["erased"]
    for lines in (whole(central.db.conn), scope(central.db.conn, laptop.id)):
        assert SECRET not in "".join(lines)


def test_bytes_that_are_missing_without_an_erasure_are_a_problem(central):
    laptop, first, _ = redacted(central)

    central.db.conn.execute("UPDATE items SET line = x'' WHERE name = ?", (name_of(first),))

    assert verify(central.db).problems
    assert laptop.id


def test_an_erasure_without_a_ground_or_of_nothing_is_refused(central, erase):
    _, first, _ = redacted(central)

    with pytest.raises(Unclear):
        erase(name_of(first), ground=" ")
    with pytest.raises(Unclear):
        erase("0" * 64)
    with pytest.raises(Unclear):
        erase("không phải mã")


def test_what_orders_the_world_is_not_erased(central, erase):
    receipt = central.edit("user", new_id(), {"name": "a", "role": "admin", "epoch": "new", "area": "38"})

    with pytest.raises(Unclear):
        erase(receipt.item)


def test_a_full_disk_leaves_everything_as_it_was(central, erase):
    _, first, _ = redacted(central)
    pages = central.one("PRAGMA page_count")
    central.db.conn.execute(f"PRAGMA max_page_count={pages}")

    for size in (200, 20, 1):  # until not even the smallest thing goes in
        with contextlib.suppress(sqlite3.OperationalError):
            for n in range(400):
                central.place(code=f"{n}", name="x" * size)
    with pytest.raises(sqlite3.OperationalError):
        erase(name_of(first))

    assert central.one("SELECT length(line) > 0 FROM items WHERE name = ?", name_of(first)) == 1


def test_the_body_that_figures_need_is_the_one_kept(central, erase):
    laptop, first, _again = redacted(central)
    before = central.one("SELECT date FROM visits")

    erase(name_of(first))

    left = json.loads(central.one("SELECT line FROM items WHERE kind = 'erasure'"))["body"]["left"]
    assert left["members"] == [{}, {}, {}]
    assert left["date"] == before == visit_body(laptop.id)["date"]
    assert SECRET not in json.dumps(left, ensure_ascii=False)
