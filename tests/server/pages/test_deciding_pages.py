"""What is not plainly in the truth: listed, shown side by side, decided by a person, and nothing typed is lost."""

import json
import re
from html import unescape

import pytest

from schemas.ids import new_id
from schemas.items import name_of, read, write
from server.arrivals.acting import sender_of
from server.arrivals.ingest import ingest
from server.arrivals.verify import verify
from server.changes import apply_lines
from server.office import Change, edit, make, state_of

COMMUNE, ELSEWHERE = "new:15664", "new:15682"


def text(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.get_data(as_text=True))).split())


@pytest.fixture
def laptop(office):
    """A laptop of Triệu Sơn that sends items as it is allowed to."""
    return SmallLaptop(office)


class SmallLaptop:
    def __init__(self, office):
        self.office, self.run, self.drawn = office, new_id(), 0
        (self.id,) = office.enter("device", {"name": "Máy Đội 1", "epoch": "new", "area": "15664"})

    def line(self, kind, id, body, base=None):
        self.drawn += 1
        return write(
            kind=kind, id=id, base=base, device=self.id, run=self.run, device_seq=self.drawn, author="Lê Thị Hạnh",
            recorded_at="2026-11-20T03:00:00Z", body=body,
        )  # fmt: skip

    def visit(self, place, id=None, base=None, **more):
        body = {
            "establishment": place, "team": self.office.team, "date": "2026-11-05", "basis": "planned",
            "outcome": "no_violation", "members": [{"name": n} for n in ("An", "Bình", "Cường")], **more,
        }  # fmt: skip
        return self.line("inspection", id or new_id(), body, base)

    def sends(self, *lines):
        db = self.office.db
        answers = ingest(db, lines, sender_of(db.conn, self.id), self.office.at).answers
        return [answer.present or answer.standing for answer in answers]


def act(client, line, do, **form):
    """Open an item's page as a person would, and press a button of it."""
    page = client.get(f"/can-duyet/{name_of(line)}")
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    return client.post(f"/can-duyet/{name_of(line)}", data={**hidden, "do": do, **form}, follow_redirects=True)


def standing(office, line):
    return office.db.conn.execute("SELECT standing FROM items WHERE name = ?", (name_of(line),)).fetchone()[0]


@pytest.fixture
def two_versions(office, laptop):
    """A visit that the office corrected, and a correction of the laptop's that did not know of it."""
    place = office.place("Karaoke Đông Đô")
    first = laptop.visit(place, remark="Phòng 2 thiếu đèn")
    laptop.sends(first)
    body = read(first).body
    change = {**body, "revision": 2, "reason": "Sai ngày", "date": "2026-11-06"}
    make(office.db, [Change("inspection", read(first).id, change, name_of(first))], author="test", at=office.at)
    mine = laptop.visit(place, read(first).id, name_of(first), revision=2, reason="Bổ sung", remark="Đã thay đèn")
    assert laptop.sends(mine) == ["conflict"]
    return mine


def test_the_list_names_what_waits_and_where_to_go(office, two_versions):
    page = office.client().get("/can-duyet")

    assert "Có hai bản khác nhau – chờ đối chiếu 1" in text(page)
    assert "Cuộc kiểm tra 05/11/2026 – Karaoke Đông Đô" in text(page)
    assert "Máy Đội 1" in text(page)
    assert f'href="/can-duyet/{name_of(two_versions)}"' in page.text


def test_an_empty_list_says_so(office):
    assert "Không có hồ sơ nào chờ quyết định" in text(office.client().get("/can-duyet"))


def test_two_versions_stand_side_by_side_where_they_differ(office, two_versions):
    page = office.client().get(f"/can-duyet/{name_of(two_versions)}")

    rows = re.findall(r'<th scope="row">([^<]+)</th><td class="keep">([^<]+)</td><td class="keep">([^<]+)', page.text)
    found = {unescape(label): (mine, theirs) for label, mine, theirs in rows}
    assert found["Ngày kiểm tra"] == ("05/11/2026", "06/11/2026")
    assert ("Đã thay đèn", "Phòng 2 thiếu đèn") in found.values()
    assert "Giữ cả hai" not in text(page)


@pytest.mark.parametrize(("do", "stands"), [("mine", "accepted"), ("theirs", "declined")])
def test_a_person_keeps_one_of_two_versions(office, two_versions, do, stands):
    page = act(office.client(), two_versions, do, reason="Đã hỏi đội")

    assert "Không có hồ sơ nào chờ quyết định" in text(page)
    assert standing(office, two_versions) == stands
    assert verify(office.db).problems == ()


def test_what_moved_since_the_page_was_opened_is_compared_again(office, laptop, two_versions):
    client = office.client()
    page = client.get(f"/can-duyet/{name_of(two_versions)}")
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    line = json.dumps({"do": "void", "inspection": read(two_versions).id, "reason": "Hủy"})
    assert next(iter(apply_lines(office.db, [line], author="test", at=office.at)))["standing"] == "accepted"

    answer = client.post(
        f"/can-duyet/{name_of(two_versions)}", data={**hidden, "do": "mine", "reason": "Đã hỏi đội"}
    )

    assert answer.status_code == 422
    assert "Bản trên máy chủ đã đổi từ lúc xem" in text(answer)
    assert "Đã hỏi đội" in answer.text
    assert standing(office, two_versions) == "conflict"


def test_a_field_in_conflict_shows_both_values_and_a_paper_can_be_kept_twice(office, laptop):
    paper = {"type": "operating_licence", "number": "01"}
    place = office.place("Karaoke Đông Đô", **{"licence/1": paper})
    make(office.db, [edit("establishment", place, {"licence/1": {**paper, "number": "02"}},
                          state_of(office.db.conn, "establishment", place))], author="test", at=office.at)  # fmt: skip
    edited = {"set": {"licence/1": {**paper, "number": "03"}}, "was": {"licence/1": paper}}
    mine = laptop.line("establishment", place, edited)
    assert laptop.sends(mine) == ["conflict"]
    client = office.client()

    page = client.get(f"/can-duyet/{name_of(mine)}")
    assert "số 03" in text(page) and "số 02" in text(page)
    act(client, mine, "both")

    state = state_of(office.db.conn, "establishment", place)
    assert {one["number"] for path, one in state.items() if path.startswith("licence/")} == {"02", "03"}


def test_what_is_wrong_is_put_right_at_its_field_and_what_was_typed_stays(office, laptop):
    place = office.place("Karaoke Đông Đô")
    wrong = laptop.visit(place, outcome="fine", date="2026-13-45")
    assert laptop.sends(wrong) == ["quarantined"]
    client = office.client()

    page = client.get(f"/can-duyet/{name_of(wrong)}")
    assert 'value="2026-13-45"' in page.text
    assert '<option value="no_violation">Không phát hiện vi phạm</option>' in page.text

    answer = act(client, wrong, "mend", **{"at:outcome": "no_violation", "at:date": "hôm qua", "reason": "Ghi nhầm"})
    assert answer.status_code == 422
    for kept in ('value="hôm qua"', '<option value="no_violation" selected>', "Ghi nhầm"):
        assert kept in answer.text
    assert "Ngày không đúng" in text(answer)

    act(client, wrong, "mend", **{"at:outcome": "no_violation", "at:date": "2026-11-05", "reason": "Ghi nhầm"})
    assert standing(office, wrong) == "declined"
    row = office.db.conn.execute("SELECT date, outcome, revision FROM visits").fetchone()
    assert tuple(row) == ("2026-11-05", "no_violation", 2)
    assert verify(office.db).problems == ()


def test_a_number_that_was_written_as_a_word_is_put_right_as_a_number(office, laptop):
    wrong = laptop.visit(office.place("Karaoke Đông Đô"), workers={"total": "nhiều"})
    laptop.sends(wrong)

    act(office.client(), wrong, "mend", **{"at:workers.total": "6", "reason": "Ghi nhầm"})

    line = office.db.conn.execute("SELECT line FROM visits JOIN items ON items.name = visits.item").fetchone()[0]
    assert read(line).body["workers"] == {"total": 6}


def test_a_day_is_shown_and_typed_as_on_paper(office, laptop):
    wrong = laptop.visit(office.place("Karaoke Đông Đô"), date="2062-12-01")
    assert laptop.sends(wrong) == ["quarantined"]
    client = office.client()

    assert 'value="01/12/2062"' in client.get(f"/can-duyet/{name_of(wrong)}").text
    act(client, wrong, "mend", **{"at:date": "05/11/2026", "reason": "Đồng hồ máy sai"})

    assert office.db.conn.execute("SELECT date FROM visits").fetchone() == ("2026-11-05",)


def test_an_edit_of_the_register_is_put_right_too(office, laptop):
    place = office.place("Karaoke Đông Đô")
    wrong = laptop.line("establishment", place, {"set": {"phone": "9" * 99}, "was": {"phone": None}})
    assert laptop.sends(wrong) == ["quarantined"]

    act(office.client(), wrong, "mend", **{"at:phone": "0912 345 678", "reason": ""})

    assert state_of(office.db.conn, "establishment", place)["phone"] == "0912 345 678"


def test_what_had_no_right_is_taken_in_with_a_reason(office, laptop):
    visit = laptop.visit(office.place("Massage Thủy Tiên", ELSEWHERE))
    assert laptop.sends(visit) == ["quarantined"]
    client = office.client()

    answer = act(client, visit, "release", reason=" ")
    assert answer.status_code == 422 and "Chưa ghi mục này" in text(answer)

    act(client, visit, "release", reason="Đội được điều sang")
    assert standing(office, visit) == "accepted"


def test_what_waits_for_a_lost_place_is_pointed_at_the_one_that_is_meant(office, laptop):
    office.place("Karaoke Đông Đô", code="TS-0001")
    visit = laptop.visit(new_id())
    assert laptop.sends(visit) == ["held"]
    client = office.client()

    answer = act(client, visit, "point", to="TS-9999")
    assert answer.status_code == 422 and "Không có cơ sở “TS-9999”" in text(answer)

    act(client, visit, "point", to="TS-0001")
    assert standing(office, visit) == "accepted"


def test_what_was_decided_meanwhile_is_not_found_and_says_where_to_go(office, laptop):
    visit = laptop.visit(office.place("Massage Thủy Tiên", ELSEWHERE))
    laptop.sends(visit)
    client = office.client()
    act(client, visit, "decline", reason="Ngoài địa bàn")

    answer = client.get(f"/can-duyet/{name_of(visit)}")

    assert answer.status_code == 404
    assert "mở lại danh sách" in text(answer)


def test_nobody_sees_or_decides_what_lies_outside_the_area(office, laptop):
    visit = laptop.visit(office.place("Massage Thủy Tiên", ELSEWHERE), members=[])
    laptop.sends(visit)
    client = office.client(area=COMMUNE)

    assert "Không có hồ sơ nào chờ quyết định" in text(client.get("/can-duyet"))
    assert client.get(f"/can-duyet/{name_of(visit)}").status_code == 403


def test_what_waits_for_an_upgrade_says_that_nothing_is_to_be_done(office, laptop):
    newer = laptop.visit(office.place("Karaoke Đông Đô")).replace(b'"schema":3', b'"schema":9')
    laptop.sends(newer)
    client = office.client()

    page = client.get(f"/can-duyet/{name_of(newer)}")

    assert "tự được nhận sau khi máy chủ nâng cấp" in text(page)


def test_two_edits_at_the_office_of_what_is_no_place_are_decided_where_the_thing_lies(office):
    (team,) = office.enter("team", {"name": "Đội 9", "level": "commune", "epoch": "new", "area": "15664"})
    changes = [edit("team", team, {"name": name}, {"name": "Đội 9"}) for name in ("Đội A", "Đội B")]
    assert [one.standing for one in make(office.db, changes, author="test", at=office.at)] == ["accepted", "conflict"]

    assert "Đội: Đội A" in text(office.client().get("/can-duyet"))
    assert "Đội: Đội A" not in text(office.client(area="new:16000").get("/can-duyet"))


def test_what_bears_no_known_laptop_and_no_place_can_still_be_decided(office, laptop):
    stranger = SmallLaptop(office)
    stranger.id = new_id()
    line = stranger.line("operator", new_id(), {"set": {"name": "Ông Tư", "form": "household"},
                                                "was": {"name": None, "form": None}})  # fmt: skip
    assert laptop.sends(line) == ["quarantined"]

    assert "Ông Tư" in text(office.client().get("/can-duyet"))


def test_a_wrong_correction_of_a_visit_in_the_truth_is_put_right_and_counts(office, laptop):
    place = office.place("Karaoke Đông Đô")
    first = laptop.visit(place)
    wrong = laptop.visit(place, read(first).id, name_of(first), revision=2, reason="Bổ sung", outcome="sai")
    assert laptop.sends(first, wrong) == ["accepted", "quarantined"]

    page = act(office.client(), wrong, "mend", reason="Đã hỏi đội", **{"at:outcome": "no_violation"})

    assert "Không có hồ sơ nào chờ quyết định" in text(page)
    assert standing(office, wrong) == "declined"
    stands = office.db.conn.execute("SELECT revision, base FROM visits JOIN items ON name = item").fetchone()
    assert stands == (3, name_of(first))
    assert verify(office.db).problems == ()


def test_a_line_that_nobody_can_read_is_listed_under_its_hash(office, laptop):
    ingest(office.db, [b"khong phai ho so"], sender_of(office.db.conn, laptop.id), office.at)

    page = text(office.client().get("/can-duyet"))

    assert "Máy chủ không đọc được 1" in page and name_of(b"khong phai ho so") in page
