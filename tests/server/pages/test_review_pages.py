"""The review as people see it: the queue, the page of one visit, the answers, comments, paper."""

import json
import re
from html import unescape

import pytest

from schemas.ids import new_id
from schemas.items import name_of, read
from schemas.minutes_code import short_of
from server.arrivals.ingest import ingest
from server.arrivals.prepare import Sender
from server.changes import apply_one
from tests.markup import faults

COMMUNE, ELSEWHERE = "new:15664", "new:15682"
QUEUE = "/can-duyet/cuoc-kiem-tra"
VIOLATION = {"outcome": "violations", "violations": [{"id": new_id(), "text": "Chưa niêm yết giá dịch vụ"}]}
TWO = [{"name": "Nguyễn Văn An"}, {"name": "Lê Thị Bình"}]


@pytest.fixture
def team(office):
    office.team = office.enter(
        "team", {"name": "Đội 178", "level": "commune", "epoch": "new", "area": "15664"}, ids=[office.team]
    )[0]
    return office.team


@pytest.fixture
def visit(office, team):
    """Return a function that receives a visit and returns its id."""

    def receive(name="Karaoke Đông Đô", unit=COMMUNE, day="2026-11-06", **more):
        line = office.line(office.place(name, unit), day, **more)
        assert take(office, line) == ["accepted"]
        return read(line).id

    return receive


def take(office, *lines):
    return [answer.standing for answer in ingest(office.db, lines, Sender(office.device, None), office.at).answers]


def does(office, **asked):
    answer = apply_one(office.db, asked, author="test", at=office.at)
    assert answer["standing"] == "accepted", answer
    return answer["receipt"]


def signed(office, visit):
    does(office, do="paper", inspection=visit, happening="signed", on="2026-11-06")


def token(client):
    return re.search(r'name="csrf_token" value="([^"]+)"', client.get("/").text)[1]


def post(client, path, **form):
    return client.post(path, data={"csrf_token": token(client), **form})


def hidden(page):
    """Return what the form of the answer says was looked at."""
    form = page.text.partition('id="answer"')[2].partition("</form>")[0]
    return dict(re.findall(r'name="(item|was|da-xem)" value="([^"]*)"', form))


def answer(client, visit, do, comment="", query="", seen=None):
    path = f"/cuoc-kiem-tra/{visit}"
    seen = hidden(client.get(path)) if seen is None else seen
    return post(client, f"{path}/duyet{query}", do=do, comment=comment, **seen)


def text(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def state(office, visit):
    return office.db.conn.execute("SELECT state, counting FROM visits WHERE id = ?", (visit,)).fetchone()


def names(page):
    return re.findall(r'<th scope="row" class="plain"><a href="[^"]*">([^<]*)</a>', page.text)


def test_what_is_riskiest_stands_first_then_what_is_newest(office, visit):
    visit("Cũ", day="2026-10-01")
    visit("Mới", day="2026-11-01")
    visit("Hai người", day="2026-09-01", members=TWO)
    visit("Vi phạm", day="2026-08-01", **VIOLATION)
    visit("Trẻ em", day="2026-07-01", workers={"total": 4, "under_18": 1})

    page = office.client(area=COMMUNE).get(QUEUE)

    assert names(page) == ["Trẻ em", "Vi phạm", "Hai người", "Mới", "Cũ"]
    assert faults(page.text) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?co-vi-pham=1", ["Vi phạm"]),
        ("?thieu-thanh-phan=1", ["Hai người"]),
        ("?thieu-giay-to=1", ["Vi phạm", "Hai người"]),
        ("?cho-so=1", ["Đủ giấy tờ"]),
        ("?trang-thai=yeu-cau-bo-sung", ["Bổ sung"]),
        ("?trang-thai=moi", ["Vi phạm", "Hai người", "Đủ giấy tờ"]),
        (f"?don-vi={COMMUNE}", ["Vi phạm", "Hai người", "Đủ giấy tờ"]),
        ("?doi=018f0000-0000-7000-8000-0000000000ff", []),
        ("?trang=2", []),
    ],
)
def test_the_queue_is_filtered_by_its_address(office, visit, query, found):
    visit("Vi phạm", **VIOLATION)
    visit("Hai người", members=TWO)
    signed(office, visit("Đủ giấy tờ"))
    does(office, do="review", inspection=visit("Bổ sung"), review="issues", comment="Thiếu ảnh")

    assert names(office.client(area=COMMUNE).get(QUEUE + query)) == found


def test_what_is_not_known_in_the_address_is_said_at_its_field(office):
    page = office.client(area=COMMUNE).get(f"{QUEUE}?trang-thai=x&don-vi=y")

    assert page.status_code == 422
    assert "Không có trạng thái này" in text(page)
    assert "Không có đơn vị hành chính này" in text(page)
    assert faults(page.text) == []


def test_the_queue_is_a_file_too(office, visit):
    does(office, do="review", inspection=visit(), review="issues", comment="=Thiếu ảnh")

    table = office.client(area=COMMUNE).get(f"{QUEUE}.csv?trang-thai=tat-ca").get_data().decode("utf-8-sig")

    assert "Karaoke Đông Đô" in table
    assert "'=Thiếu ảnh" in table
    assert office.client(area=COMMUNE).get(f"{QUEUE}.xlsx").data[:2] == b"PK"
    assert office.client(area=COMMUNE).get(f"{QUEUE}.pdf").status_code == 404


def test_an_accepted_visit_leaves_the_queue_and_the_next_one_opens(office, visit):
    first, second = visit("Vi phạm", **VIOLATION), visit("Đủ")
    client = office.client(area=COMMUNE)
    assert f"/cuoc-kiem-tra/{first}?duyet=1" in client.get(QUEUE).text
    page = client.get(f"/cuoc-kiem-tra/{first}?duyet=1")
    assert "cuộc 1 trong 2" in text(page)
    assert faults(page.text) == []

    answered = answer(client, first, "accepted", query="?duyet=1")
    assert answered.location == f"/cuoc-kiem-tra/{second}?duyet=1"
    assert "Đã duyệt: Vi phạm" in text(client.get(answered.location))

    assert answer(client, second, "accepted", query="?duyet=1").location == QUEUE
    assert "Không có cuộc kiểm tra nào như vậy" in text(client.get(QUEUE))


def test_a_rejected_visit_is_out_of_the_figures_at_once_and_the_page_says_so(office, visit):
    id = visit()
    client = office.client(area=COMMUNE)
    assert state(office, id) == ("new", 1)

    lacking = answer(client, id, "rejected")
    assert lacking.status_code == 422
    assert "Ghi lý do không tính vào kết quả" in text(lacking)
    assert faults(lacking.text) == []

    answer(client, id, "rejected", "Không có quyết định kiểm tra")
    assert state(office, id) == ("rejected", 0)
    page = text(client.get(f"/cuoc-kiem-tra/{id}"))
    assert "Không được tính: người duyệt đã đưa ra khỏi kết quả" in page
    assert "Mọi số liệu đã trừ cuộc kiểm tra này" in page


def test_what_is_asked_for_still_counts(office, visit):
    id = visit()
    client = office.client(area=COMMUNE)

    assert answer(client, id, "issues").status_code == 422
    answer(client, id, "issues", "Bổ sung ảnh giấy phép")

    assert state(office, id) == ("issues", 1)


def test_two_members_count_only_with_a_reason(office, visit):
    id = visit(members=TWO)
    client = office.client(area=COMMUNE)
    assert state(office, id) == ("new", 0)

    lacking = answer(client, id, "accepted")
    assert lacking.status_code == 422
    assert "Thiếu thành phần: ghi lý do chấp nhận" in text(lacking)
    assert state(office, id) == ("new", 0)

    answer(client, id, "accepted", "Một người báo ốm, có giấy xác nhận")
    assert state(office, id) == ("accepted", 1)


def test_the_second_of_two_reviewers_sees_what_the_first_did_and_keeps_what_was_typed(office, visit):
    id = visit()
    one, other = office.client(area=COMMUNE), office.client(area=COMMUNE)
    seen = hidden(other.get(f"/cuoc-kiem-tra/{id}"))
    answer(one, id, "issues", "Thiếu ảnh giấy phép")

    late = answer(other, id, "accepted", "Đã xem kỹ", seen=seen)

    assert late.status_code == 422
    assert "Người khác vừa duyệt" in text(late)
    assert "Thiếu ảnh giấy phép" in text(late)
    assert ">Đã xem kỹ</textarea>" in late.text
    assert state(office, id) == ("issues", 1)
    assert answer(other, id, "accepted", "Đã xem kỹ", seen=hidden(late)).status_code == 303
    assert state(office, id) == ("accepted", 1)


def test_a_correction_that_came_while_one_read_is_looked_at_first(office, visit):
    id = visit()
    client = office.client(area=COMMUNE)
    seen = hidden(client.get(f"/cuoc-kiem-tra/{id}"))
    does(office, do="correct", inspection=id, changes={"ended": "22:40"}, reason="Ghi giờ kết thúc")

    late = answer(client, id, "accepted", seen=seen)

    assert late.status_code == 422
    assert "Biên bản vừa có đính chính mới" in text(late)
    page = text(late)
    assert "Lý do: Ghi giờ kết thúc" in page
    assert "Kết thúc lúc – 22:40" in page
    assert faults(late.text) == []


def test_data_about_a_person_is_pointed_out_once(office, visit):
    id = visit()
    client = office.client(area=COMMUNE)

    first = answer(client, id, "issues", "Gọi lại số 0912345678")
    assert first.status_code == 422
    assert "có vẻ là số điện thoại" in text(first)

    assert answer(client, id, "issues", "Gọi lại số 0912345678", seen=hidden(first)).status_code == 303
    assert state(office, id) == ("issues", 1)


def test_words_go_both_ways(office, visit):
    id = visit()
    laptop = office.laptop()
    client = office.client(area=COMMUNE)
    answer(client, id, "issues", "Thiếu ảnh")
    review = office.db.conn.execute("SELECT review_id FROM reviews").fetchone()[0]
    office.device = laptop
    assert take(office, comment(office, id, "Đã chụp lại", review)) == ["accepted"]

    page = client.get(f"{QUEUE}?trang-thai=da-bo-sung")
    assert "Đội đã trả lời" in text(page)
    written = post(client, f"/cuoc-kiem-tra/{id}/y-kien", word="Đã nhận ảnh")
    assert written.status_code == 303
    said = text(client.get(f"/cuoc-kiem-tra/{id}"))
    assert "Lê Thị Hạnh từ máy của đội" in said
    assert "Đã nhận ảnh" in said
    assert post(client, f"/cuoc-kiem-tra/{id}/y-kien", word=" ").status_code == 422


def comment(office, visit, words, to=None):
    line = json.loads(office.line(office.place()))
    line |= {"kind": "comment", "id": new_id(), "device": office.device, "run": office.device}
    line["body"] = {"inspection": visit, "comment": words, "on": "2026-11-20", "to": to}
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode()


def test_several_plain_visits_are_accepted_at_once_after_a_second_look(office, visit):
    plain = [visit("Yên Bình"), visit("Hòa Bình")]
    for id in plain:
        signed(office, id)
    other, changed = visit("Vi phạm", **VIOLATION), visit("Sửa sau")
    signed(office, changed)
    client = office.client(area=COMMUNE)
    page = client.get(QUEUE)
    assert re.findall(r'name="cuoc" value="([^"]+)"', page.text) == sorted([*plain, changed], reverse=True)

    sure = client.get(f"{QUEUE}/duyet", query_string={"cuoc": [*plain, other, changed]})
    assert "Duyệt 3 cuộc kiểm tra sau?" in text(sure)
    assert "phải mở để duyệt riêng: Vi phạm" in text(sure)
    assert faults(sure.text) == []
    does(office, do="review", inspection=changed, review="issues", comment="Thiếu ảnh")
    form = re.findall(r'name="((?:cuoc|item:[^"]+|was:[^"]+))" value="([^"]*)"', sure.text)
    fields = {key: [value for name, value in form if name == key] for key, _ in form}
    done = post(client, f"{QUEUE}/duyet", **fields)

    said = text(client.get(done.location))
    assert "Đã duyệt 2 cuộc kiểm tra" in said
    assert "Chưa duyệt vì vừa có thay đổi, mở từng cuộc để xem: Sửa sau" in said
    assert [state(office, id)[0] for id in (*plain, other, changed)] == ["accepted", "accepted", "new", "issues"]


def test_the_clerk_enters_numbers_and_scans_and_does_not_review(office, visit):
    id = visit()
    signed(office, id)
    clerk = office.client("clerk", COMMUNE)
    page = clerk.get(f"/cuoc-kiem-tra/{id}")
    assert 'id="answer"' not in page.text
    assert names(clerk.get(f"{QUEUE}?cho-so=1")) == ["Karaoke Đông Đô"]

    assert post(clerk, f"/cuoc-kiem-tra/{id}/giay-to", do="numbered").status_code == 422
    assert post(clerk, f"/cuoc-kiem-tra/{id}/giay-to", do="numbered", number="12/BB", on="31/2/2026").status_code == 422
    assert post(clerk, f"/cuoc-kiem-tra/{id}/giay-to", do="numbered", number="12/BB", on="7/11/2026").status_code == 303
    assert post(clerk, f"/cuoc-kiem-tra/{id}/giay-to", do="scanned").status_code == 303

    said = text(clerk.get(f"/cuoc-kiem-tra/{id}"))
    assert "Số biên bản 12/BB" in said
    assert "07/11/2026 Văn thư cấp số 12/BB" in said
    assert names(clerk.get(f"{QUEUE}?cho-so=1")) == []
    assert post(clerk, f"/cuoc-kiem-tra/{id}/duyet", do="accepted").status_code == 403


def test_a_handwritten_original_without_its_scan_is_not_accepted(office, visit):
    id = visit()
    does(office, do="paper", inspection=id, happening="original", original="handwritten", on="2026-11-06")

    answered = answer(office.client(area=COMMUNE), id, "accepted")

    assert answered.status_code == 422
    assert "Bản gốc viết tay còn thiếu bản quét" in text(answered)


@pytest.mark.parametrize("role", ["coordinator", "police", "team", "legal", "clerk", "admin"])
def test_a_visit_elsewhere_is_nobody_s(office, visit, role):
    mine, others = visit(), visit("Ở nơi khác", ELSEWHERE)
    client = office.client(role, COMMUNE)

    assert client.get(f"/cuoc-kiem-tra/{mine}").status_code == 200
    assert client.get(f"/cuoc-kiem-tra/{others}").status_code == 403
    assert client.get(f"/cuoc-kiem-tra/{new_id()}").status_code == 404
    for do in ("duyet", "y-kien", "giay-to"):
        assert post(client, f"/cuoc-kiem-tra/{others}/{do}", do="accepted", word="x").status_code == 403
    if role in ("coordinator", "admin"):
        assert client.get(f"{QUEUE}/duyet?cuoc={others}").status_code == 403
        assert post(client, f"{QUEUE}/duyet", cuoc=others).status_code == 403
    if role in ("coordinator", "admin", "clerk"):
        assert post(client, "/viec-phai-lam", inspection=others, duty="report-results", note="x").status_code == 403
        assert names(client.get(QUEUE)) == ["Karaoke Đông Đô"]
    assert state(office, others) == ("new", 1)


def test_the_page_holds_all_that_the_minutes_hold(office, visit):
    id = visit(
        **VIOLATION, started="20:00", ended="21:30", decision="17/QĐ-ĐKT", representative="Hồ Mỹ Mận",
        answers={"COM-13": "fail", "COM-01": "pass"}, notes={"COM-13": "Chưa ký"}, checklists={"COM": 1},
        workers={"total": 4, "under_18": 0}, informed=7, statement="Nhất trí", remark="Yêu cầu khắc phục",
        found_working=True,
    )  # fmt: skip

    page = text(office.client("police", COMMUNE).get(f"/cuoc-kiem-tra/{id}"))

    for words in ("06/11/2026, 20:00 – 21:30", "17/QĐ-ĐKT", "Trần Văn Cường", "Hồ Mỹ Mận", "Chưa niêm yết giá dịch vụ",
                  "Ghi chú: Chưa ký", "Không đạt: 1", "Tổng số 4", "Nhất trí", "Yêu cầu khắc phục", "Số 12, phố Giắt",
                  "Theo kế hoạch", "Máy chủ đã nhận", "Lập biên bản vi phạm hành chính", "Xã Triệu Sơn",
                  "chưa ghi là đã ký hoặc từ chối ký"):  # fmt: skip
        assert words in page, words


def test_the_number_of_the_receipt_and_the_code_of_the_minutes_stand_there(office, visit):
    id = visit()
    item, seq = office.db.conn.execute(
        "SELECT visits.item, seq FROM visits JOIN items ON items.name = visits.item"
    ).fetchone()
    page = text(office.client(area=COMMUNE).get(f"/cuoc-kiem-tra/{id}"))

    assert f"Mã tiếp nhận {seq}" in page
    assert short_of(item).text() in page


def test_a_file_is_shown_once_it_is_here(office, visit):
    id = visit()
    row = {"inspection": id, "revision": "", "size": 10, "received": 1, "item": "x"}
    office.db["attachments"].insert_all([
        {**row, "id": new_id(), "sha256": "a" * 64, "type": "image/jpeg", "role": "photo", "caption": "Mặt tiền"},
        {**row, "id": new_id(), "sha256": "b" * 64, "type": "image/png", "role": "photo", "caption": "", "received": 0},
    ])  # fmt: skip

    page = office.client(area=COMMUNE).get(f"/cuoc-kiem-tra/{id}")

    assert f'src="/tep/{"a" * 64}"' in page.text
    assert f"/tep/{'b' * 64}" not in page.text
    assert "máy của đội còn chờ gửi tệp" in text(page)
    assert faults(page.text) == []


def test_two_versions_are_said_and_lead_to_where_they_are_compared(office, visit):
    line = office.line(office.place())
    assert take(office, line) == ["accepted"]
    fields = {"id": read(line).id, "base": name_of(line)}
    twice = [json.loads(office.line(read(line).body["establishment"], revision=2, reason=why)) | fields
             for why in ("Một", "Hai")]  # fmt: skip
    lines = [json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode() for one in twice]
    assert take(office, *lines) == ["accepted", "conflict"]

    page = office.client(area=COMMUNE).get(f"/cuoc-kiem-tra/{read(line).id}")

    assert f"/can-duyet/{name_of(lines[1])}" in page.text


def test_a_resolved_finding_ends_its_duty_and_an_open_one_does_not(office, visit):
    id = visit(day="2026-11-06", answers={"COM-13": "fail"}, checklists={"COM": 1})
    client = office.client(area=COMMUNE)
    assert "Xem cơ sở đã khắc phục tồn tại chưa" in text(client.get(f"/cuoc-kiem-tra/{id}"))

    does(office, do="resolve", inspection=id, finding="COM-13", on="2026-11-10", seen="Bản cam kết")

    page = text(client.get(f"/cuoc-kiem-tra/{id}"))
    assert "Xem cơ sở đã khắc phục tồn tại chưa" not in page
    assert "Đã khắc phục" in page


def test_police_who_open_a_visit_stand_in_the_log_and_who_works_on_it_does_not(office, visit):
    id = visit()
    place = office.db.conn.execute("SELECT establishment FROM visits").fetchone()[0]

    for role in ("coordinator", "clerk", "team"):
        office.client(role, COMMUNE).get(f"/cuoc-kiem-tra/{id}")
    assert office.db.conn.execute("SELECT count(*) FROM audit WHERE what = 'history.open'").fetchone() == (0,)

    office.client("police", COMMUNE).get(f"/cuoc-kiem-tra/{id}")
    office.client("police", COMMUNE).get(f"/api/v1/visits/{id}")
    lines = office.db.conn.execute("SELECT subject, unit, detail FROM audit WHERE what = 'history.open'").fetchall()
    assert [(subject, unit, json.loads(detail)) for subject, unit, detail in lines] == [
        (f"establishment:{place}", COMMUNE, {"visit": id})
    ] * 2


def test_programs_read_what_the_pages_show(office, visit):
    id = visit(**VIOLATION)
    signed(office, id)
    client = office.client(area=COMMUNE)
    answer(client, id, "issues", "Thiếu ảnh")

    assert client.get("/api/v1/visits").get_json()["total"] == 0
    [row] = client.get("/api/v1/visits?state=issues&violations=true").get_json()["rows"]
    assert (row["id"], row["risk"], row["paper"], row["comment"]) == (id, 2, True, "Thiếu ảnh")
    one = client.get(f"/api/v1/visits/{id}").get_json()
    assert one["visit"] == row
    assert [event["happening"] for event in one["paper"]] == ["signed"]
    assert [word["comment"] for word in one["words"]] == ["Thiếu ảnh"]
    assert client.get("/api/v1/visits?state=x").status_code == 422
    assert client.get(f"/api/v1/visits/{new_id()}").status_code == 404
    assert office.client(area=ELSEWHERE).get(f"/api/v1/visits/{id}").status_code == 403
    assert {one["duty"] for one in client.get("/api/v1/duties").get_json()["rows"]} <= {
        "violation-record", "report-results", "remedy-follow-up",
    }  # fmt: skip
