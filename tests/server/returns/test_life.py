"""The life of a return: opened once, written, sent, numbered, replaced; and what may not happen to it."""

import hashlib
import json
from datetime import timedelta

import pytest

from server.arrivals.verify import verify
from server.files.keeping import drop_orphans
from server.office import edit, make
from server.recovery.nightly import prove
from server.returns.freezing import check_frozen, freeze, path_of_document
from server.returns.sent import find
from server.store import reading
from tests.server.pages.conftest import AT, COMMUNE, DISTRICT
from tests.server.returns.conftest import ELSEWHERE


def test_a_return_takes_its_days_its_deadline_and_its_receivers_from_the_plan(returns):
    state = returns.state(returns.open())

    assert (state["from"], state["to"]) == ("2026-01-01", "2026-06-18")
    assert (state["due"], state["strict"]) == ("2026-06-20", True)
    assert state["receivers"] == ["Phòng Y tế", "UBND huyện"]
    assert state["title"] == "Kết quả công tác phòng, chống mại dâm 6 tháng đầu năm 2026"
    assert state["deadline"] == "HD2"
    compiled = returns.state(returns.open(DISTRICT))
    assert (compiled["deadline"], compiled["due"]) == ("HD3", "2026-06-25")


def test_opened_twice_it_is_the_same_draft_with_what_was_written_in_it(returns):
    id = returns.open()
    returns.apply(do="return_part", part="kho-khan", text="Thiếu người.", **{"return": id})

    assert returns.open() == id
    assert returns.state(id)["part/kho-khan"] == {"text": "Thiếu người."}
    assert len({id, returns.open(ELSEWHERE), returns.open(report="year"), returns.open(year=2026, report="quarter",
                plan="", quarter=2)}) == 4  # fmt: skip


def test_a_draft_that_was_dropped_is_found_again(returns):
    id = returns.open()
    returns.apply(do="return_part", part="kho-khan", text="Thiếu người.", **{"return": id})
    returns.apply(do="return", drop=True, **{"return": id})
    assert find(returns.office.db.conn, id).standing == "dropped"

    assert returns.open() == id
    assert find(returns.office.db.conn, id).standing == "draft"
    assert returns.state(id)["part/kho-khan"] == {"text": "Thiếu người."}


@pytest.mark.parametrize(("asked", "field"), [
    ({"report": "half_year", "plan": ""}, "plan"),
    ({"report": "quarter", "plan": ""}, "quarter"),
    ({"report": "ad_hoc", "plan": ""}, "from"),
    ({"report": "ad_hoc", "plan": "", "from": "2026-05-02", "to": "2026-05-01"}, "to"),
    ({"report": "half_year", "year": 2027}, "year"),
    ({"report": "half_year", "unit": "new:01849"}, "plan"),
    ({"report": "half_year", "deadline": "HD9"}, "deadline"),
])  # fmt: skip
def test_what_cannot_be_opened_is_refused_at_its_field(returns, asked, field):
    answer = returns.apply(**{"do": "return", "unit": COMMUNE, "plan": returns.plan, "year": 2026, **asked})

    assert list(answer["problems"]) == [field]


def test_what_was_sent_is_one_canonical_file_named_by_its_hash(returns):
    id = returns.sent()

    raw, row = returns.raw(id), find(returns.office.db.conn, id)
    said = json.loads(raw)
    assert hashlib.sha256(raw).hexdigest() == row.document
    assert json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() == raw
    assert (said["id"], said["seq"], said["sent"]["by"]) == (id, row.seq, "test")
    assert said["figures"]["total"]["cells"]["visits"][0] == 1
    assert said["annex"]["lines"][0]["name"] == "Karaoke Đông Đô"
    assert returns.office.db.conn.execute("SELECT sha256 FROM files").fetchall() == [(row.document,)]
    assert returns.office.db.conn.execute("SELECT what, subject FROM audit").fetchall()[-1] == (
        "return_sent", f"return:{id}",
    )  # fmt: skip


def test_sent_it_changes_no_more_and_is_sent_once(returns):
    id = returns.sent()
    before = returns.raw(id)

    part = returns.apply(do="return_part", part="kho-khan", text="Muộn.", **{"return": id})
    title = returns.apply(do="return", title="Khác", **{"return": id})
    again = returns.apply(do="freeze", **{"return": id})

    assert part["standing"] == title["standing"] == "quarantined"
    assert "đã gửi" in again["problems"]["return"]
    assert returns.raw(id) == before
    assert returns.open() == id  # the same unit and days: what was sent is shown


def test_only_what_was_sent_gets_a_number(returns):
    id = returns.open()
    asked = {"do": "return_number", "return": id, "number": "125", "on": "2026-06-18"}
    assert "chưa gửi" in returns.apply(**asked)["problems"]["number"]

    returns.send(id)
    assert returns.apply(**asked)["standing"] == "accepted"
    row = find(returns.office.db.conn, id)
    assert (row.number, row.signed_on) == ("125", "2026-06-18")


def test_a_draft_that_was_dropped_gets_no_number(returns):
    id = returns.open()
    returns.apply(do="return", drop=True, **{"return": id})

    answer = returns.apply(do="return_number", number="125", on="2026-06-18", **{"return": id})
    raw = edit("return", id, {"number": "125", "signed_on": "2026-06-18"}, returns.state(id))

    assert "chưa gửi" in answer["problems"]["number"]
    receipt = make(returns.office.db, [raw], author="test", at=AT)[0]
    assert (receipt.standing, set(receipt.detail["problems"])) == ("quarantined", {"number", "signed_on"})


@pytest.mark.parametrize("meanwhile", [
    {"do": "return", "drop": True},
    {"do": "return", "title": "Trích yếu khác"},
    {"do": "return_part", "part": "kho-khan", "text": "Viết trong lúc gửi."},
])  # fmt: skip
def test_what_changes_while_it_is_sent_is_not_sent_and_the_version_before_stays(returns, meanwhile):
    first = returns.sent()
    second = returns.open(replaces=first, reason="Bổ sung", **dict.fromkeys(("unit", "report", "plan", "year")))
    looked_at = returns.state(second)
    changes = freeze(returns.where(), second, looked_at, "test")

    assert returns.apply(**meanwhile, **{"return": second})["standing"] == "accepted"
    receipts = make(returns.office.db, changes, author="test", at=AT)

    assert [receipt.standing for receipt in receipts] == ["quarantined"] * 3
    assert "báo cáo" in receipts[0].detail["problems"]["return"]
    assert find(returns.office.db.conn, first).standing == "sent"
    assert not find(returns.office.db.conn, second).document
    # What was saved before the draft was put together is in the file, whatever the person had before their eyes.
    returns.open(replaces=first, reason="Bổ sung", **dict.fromkeys(("unit", "report", "plan", "year")))
    again = make(returns.office.db, freeze(returns.where(), second, looked_at, "test"), author="test", at=AT)
    assert [receipt.standing for receipt in again] == ["accepted"] * 3
    said = json.loads(returns.raw(second))
    written = {part["key"]: part["text"] for part in said["parts"]}
    assert said["head"]["title"] == meanwhile.get("title", looked_at["title"])
    assert meanwhile.get("text", written["kho-khan"]) == written["kho-khan"]
    assert find(returns.office.db.conn, first).standing == "replaced"


def test_two_who_write_one_part_are_both_heard(returns):
    id = returns.open()
    returns.apply(do="return_part", part="kho-khan", text="Của Hạnh.", seen="", **{"return": id})

    answer = returns.apply(do="return_part", part="kho-khan", text="Của Bình.", seen="", **{"return": id})

    assert "Người khác vừa sửa" in answer["problems"]["text"]
    assert returns.state(id)["part/kho-khan"] == {"text": "Của Hạnh."}
    assert returns.apply(do="return_part", part="kho-khan", text="", seen="Của Hạnh.", **{"return": id})["standing"]
    assert not returns.state(id).get("part/kho-khan")


def test_a_second_version_takes_the_place_of_the_first_and_says_so(returns):
    first = returns.open()
    returns.apply(do="return_part", part="kho-khan", text="Thiếu người.", **{"return": first})
    returns.send(first)
    frozen = returns.raw(first)

    asked = {"do": "return", "replaces": first, "reason": "Bổ sung cuộc kiểm tra về muộn"}
    second = returns.apply(**asked)
    id = returns.office.db.conn.execute("SELECT id FROM items WHERE name = ?", (second["receipt"],)).fetchone()[0]
    assert find(returns.office.db.conn, first).standing == "sent"
    returns.office.visit(returns.office.place("Karaoke Sao Đêm"), "2026-05-07")
    returns.send(id)

    assert (find(returns.office.db.conn, first).standing, find(returns.office.db.conn, id).version) == ("replaced", 2)
    assert returns.shown(id).content.parts[6].text == "Thiếu người."
    assert returns.shown(id).content.restated_of == first
    assert {line.code for line in returns.shown(id).content.restated} >= {"visits", "inspected"}
    assert returns.raw(first) == frozen
    assert "đã có lần mới" in returns.apply(**asked)["problems"]["replaces"]


def test_verify_proves_the_document_and_the_projections(returns, tmp_path):
    id = returns.sent()
    office = returns.office
    assert verify(office.db).problems == ()
    assert drop_orphans(office.db, office.settings.files, office.at + timedelta(days=9)) == 0

    path = path_of_document(office.settings.files, find(office.db.conn, id).document)
    kept = path.read_bytes()
    path.write_bytes(kept.replace(b'"seq":', b'"seq" :'))
    assert any(id in problem for problem in prove(office.db, office.settings).problems)
    path.unlink()
    with reading(office.db) as conn:
        assert len(check_frozen(conn, office.settings.files)) == 1
    path.write_bytes(kept)
    assert prove(office.db, office.settings).problems == ()

    office.db.execute("UPDATE frozen_returns SET seq = seq - 1")
    assert any("frozen_returns" in problem for problem in verify(office.db).problems)


def test_there_is_no_event_where_the_file_could_not_be_written(returns):
    id = returns.open()
    files = returns.office.settings.files
    files.mkdir(exist_ok=True)
    (files / "parts").write_text("a file where a folder should be")

    with pytest.raises(OSError, match="parts"):
        returns.send(id)

    assert find(returns.office.db.conn, id).is_draft
    assert returns.office.db.conn.execute("SELECT count(*) FROM frozen_returns").fetchone() == (0,)


def test_all_parts_that_were_touched_are_saved_together_and_a_slip_keeps_what_was_typed(returns):
    id, client = returns.open(), returns.office.client(area=COMMUNE)
    shown = {part.key: part.prefilled for part in returns.shown(id).content.parts}
    typed = {"part": list(shown), **{f"text-{key}": text for key, text in shown.items()},
             **{f"prefilled-{key}": text for key, text in shown.items()}}  # fmt: skip
    token = client.get(f"/bao-cao/{id}").text.partition('name="csrf_token" value="')[2].partition('"')[0]

    wrote = {"text-kho-khan": "Thiếu người.", "text-phuong-huong": "Làm tiếp.", "do": "send", "csrf_token": token}
    assert client.post(f"/bao-cao/{id}/noi-dung", data=typed | wrote).location.endswith(f"/bao-cao/{id}/gui")
    assert {path for path in returns.state(id) if path.startswith("part/")} == {"part/kho-khan", "part/phuong-huong"}

    late = client.post(f"/bao-cao/{id}/noi-dung", data=typed | wrote | {"text-kho-khan": "Của người khác."})
    assert (late.status_code, "Của người khác." in late.text, "Thiếu người." in late.text) == (422, True, True)
    assert returns.state(id)["part/kho-khan"] == {"text": "Thiếu người."}
