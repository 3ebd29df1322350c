"""The first page, tonight's outing, sending and fetching, enrolment."""

import pytest

from field_client import rounds
from field_client.clock import now
from field_client.pages.words import moment
from field_client.reconciling import Difference, What, note_result
from field_client.store import put_meta, writing
from field_client.store.outbox import Outbox
from field_client.store.own import add
from field_client.syncing import Half, Outcome, Trouble
from schemas.ids import new_id
from sync.chain import Receipt, Seal
from sync.enrolment import EnrolmentCode
from sync.errors import Refused, Unreachable
from sync.locks import Taken
from sync.wire import Reply
from tests.field_client.pages.furnish import DONG_DO, OTHER_VISIT, SERVER_TIME, TEAM, furnish


def finished(reader):
    """Record a visit and return its id."""
    draft = reader.begin()
    reader.save_fields(draft, {"outcome": "no_violation"})
    reader.post(f"/cuoc-kiem-tra/{draft}", {"do": "finalise", "asked": "1"})
    return draft


def settle(db, standing="accepted", detail=None, seq=41):
    """Receive a receipt for all that waits."""
    names = [row["name"] for row in db["own"].rows_where("waiting = 1")]
    receipts = tuple(Receipt(name, seq + at, standing, detail) for at, name in enumerate(names))
    seal = Seal("L", seq, seq + len(names) - 1, "0" * 64, "1" * 64, "2" * 64)
    Outbox(db).settle(Reply(seal, "x", receipts, (), "2026-11-24T16:41:00Z", 0))


def test_today_has_one_next_step(reader):
    page = reader.text("/")

    assert "Kiểm tra một cơ sở" in page
    assert f"Liên lạc gần nhất với máy chủ: {moment(SERVER_TIME)}" in page
    assert "Đội kiểm tra liên ngành 178 xã Triệu Sơn" in page


def test_today_shows_what_to_go_on_with_and_what_waits(reader):
    finished(reader)
    draft = reader.begin(DONG_DO)

    page = reader.text("/")

    assert f"/cuoc-kiem-tra/{draft}" in page
    assert "Đã lưu" in page
    assert "Còn 1 hồ sơ chờ gửi" in page


def test_only_a_stored_receipt_is_called_received(reader, db):
    visit = finished(reader)
    assert "Mã tiếp nhận" not in reader.text("/").replace("nào có mã tiếp nhận", "")

    settle(db)

    for page in (reader.text("/"), reader.text(f"/cuoc-kiem-tra/{visit}"), reader.text("/gui-nhan")):
        assert "Máy chủ đã nhận" in page
        assert "Mã tiếp nhận 41" in page
        assert "23:41 24/11/2026" in page
    assert "chờ gửi</a>" not in reader.text("/")


@pytest.mark.parametrize(
    ("standing", "words"),
    [("quarantined", "Đã nhận, cần sửa"), ("held", "Đã nhận, chờ hồ sơ liên quan"),
     ("conflict", "Đã nhận, có hai bản khác nhau – chờ đối chiếu")],
)  # fmt: skip
def test_what_needs_a_person_says_why_in_words(reader, db, standing, words):
    visit = finished(reader)
    settle(db, standing, {"problems": {"date": "Ngày kiểm tra ở sau hôm nay; nhập lại ngày."}})

    page = reader.text("/")

    assert "Cần xem lại" in page
    assert words in page
    assert "Ngày kiểm tra ở sau hôm nay; nhập lại ngày." in page
    if standing == "quarantined":
        assert "Mở để sửa" in reader.text(f"/cuoc-kiem-tra/{visit}")
        reader.post(f"/cuoc-kiem-tra/{visit}/dinh-chinh", {})
        assert '<a href="#date">Ngày kiểm tra ở sau hôm nay' in reader.text(f"/cuoc-kiem-tra/{visit}")


def test_an_outing_is_entered_once_changed_and_ended(reader, db):
    reader.post("/dot-kiem-tra", {"decision": "12/QĐ-UBND", "present": ["m2"], "other_name": ["Vũ Thị Khách", ""],
                                  "other_agency": ["Sở Công Thương", ""], "other_role": ["", ""],
                                  "other_card": ["CT-1", ""]})  # fmt: skip

    outing = rounds.current(db)
    assert (outing.team, outing.decision) == (TEAM, "12/QĐ-UBND")
    assert [one.name for one in outing.members] == ["Nguyễn Văn Được", "Vũ Thị Khách"]
    page = reader.text("/")
    assert "Thiếu thành phần: mới có 02 người" in page
    assert 'value="Vũ Thị Khách"' in page
    assert "đợt mới thì nhập lại bên dưới" not in page

    reader.post("/dot-kiem-tra", {"do": "end"})
    assert rounds.current(db) is None


def test_an_outing_of_another_day_says_since_when(reader, db):
    reader.post("/dot-kiem-tra", {"decision": "12/QĐ-UBND", "present": ["m2"]})
    with writing(db) as conn:
        conn.execute("UPDATE rounds SET day = '2026-01-05'")

    assert "Bắt đầu ngày 05/01/2026; đợt mới thì nhập lại bên dưới." in reader.text("/")


def test_an_outing_of_nobody_is_not_begun_and_what_was_typed_stays(reader, db):
    answer = reader.post("/dot-kiem-tra", {"decision": "99/QĐ", "other_name": [""]})

    assert answer.status_code == 422
    assert "Chọn hoặc nhập ít nhất một người có mặt." in answer.text
    assert 'value="99/QĐ"' in answer.text
    assert rounds.current(db) is None


@pytest.mark.parametrize(
    ("half", "outcome", "words"),
    [
        ("send", Outcome(sent=3), "Máy chủ đã nhận 3 hồ sơ."),
        ("send", Outcome(), "Không còn hồ sơ nào chờ gửi."),
        ("get", Outcome(received=1200), "Đã nhận về 1.200 thay đổi từ máy chủ."),
        ("get", Outcome(), "Dữ liệu trên máy đã là mới nhất."),
        ("send", Outcome(waiting=2, trouble=Trouble.OFFLINE, words="Không có mạng."), "Không có mạng."),
        (
            "send",
            Outcome(sent=1, trouble=Trouble.FAULT, words="Máy chủ gặp lỗi."),
            "Máy chủ đã nhận 1 hồ sơ. Máy chủ gặp lỗi.",
        ),
    ],
)
def test_the_buttons_say_what_came_of_it(reader, half, outcome, words):
    asked = []
    reader.app.extensions["doi178-sync"] = lambda db, halves: asked.append(halves) or outcome

    answer = reader.post("/gui-nhan", {"half": half, "back": "today"})

    assert answer.location == "/"
    assert words in reader.text("/")
    assert asked == [frozenset({Half(half)})]


def test_without_a_network_the_pages_say_that_work_goes_on(reader):
    reader.post("/gui-nhan", {"half": "get"})

    page = reader.text("/gui-nhan")

    assert "Không có mạng – vẫn ghi và lưu được" in page
    assert "Chưa xong" in page


def test_what_is_wrong_with_the_line_for_good_is_said_in_words(reader, db):
    with writing(db) as conn:
        conn.execute(
            "INSERT INTO syncs (at, sent, received, waiting, bytes_up, bytes_down, trouble, words)"
            " VALUES ('2026-11-24T10:00:00Z', 0, 0, 1, 0, 0, 'locked', 'Văn phòng đã khóa máy này; hỏi lại văn phòng.')"
        )

    assert "Văn phòng đã khóa máy này" in reader.text("/gui-nhan")


def test_invented_data_is_marked_on_every_page(tmp_path, open_pages):
    demo = open_pages(furnish(tmp_path / "demo", invented=True))

    for path in ("/", "/co-so", f"/co-so/{DONG_DO}", "/gui-nhan", "/khong-co"):
        assert "Dữ liệu giả định để thử" in demo.get(path).text


def test_real_data_is_not(reader):
    assert "giả định" not in reader.text("/")


@pytest.fixture
def new(tmp_path, open_pages):
    """A browser on a laptop that is not enrolled yet."""
    return open_pages(furnish(tmp_path / "máy mới", enrolled=False))


def test_the_page_says_whether_the_laptop_is_enrolled(new, reader):
    assert "Máy chưa đăng ký với máy chủ." in new.text("/dang-ky")
    assert "Máy này đã đăng ký." in reader.text("/dang-ky")


@pytest.fixture
def code():
    """A code that reads well, of a server that nobody has."""
    return EnrolmentCode("s3cret", "http://127.0.0.1:9", "f").text()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"code": "", "name": "Máy 1"}, "Dán mã đăng ký"),
        ({"code": "D178-abc", "name": "Máy 1"}, "Mã đăng ký không đúng"),
        ({"code": "x" * 5000, "name": "Máy 1"}, "Mã đăng ký không đúng"),
        ({"code": "D178-abc", "name": ""}, "Nhập tên máy"),
        ({"code": "D178-abc", "name": "x" * 121}, "Tên máy dài quá"),
    ],
)
def test_a_wrong_code_or_name_is_said_at_the_field_and_stays(new, given, sentence):
    answer = new.post("/dang-ky", given, seen="/dang-ky")

    assert answer.status_code == 422
    assert sentence in answer.text
    assert given["code"][:100] in answer.text


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Unreachable("refused"), "Chưa có mạng tới máy chủ"),
        (Refused("Mã đăng ký đã hết hạn.", slug="x"), "Mã đăng ký đã hết hạn."),
    ],
)
def test_a_line_that_fails_costs_nothing_but_a_second_try(new, code, error, sentence):
    def fails(*args, **kwargs):
        raise error

    new.app.extensions["doi178-enrol"] = fails

    answer = new.post("/dang-ky", {"code": code, "name": "Máy 1"}, seen="/dang-ky")

    assert answer.status_code == 422
    assert sentence in answer.text
    assert code in answer.text


def test_an_enrolled_laptop_goes_to_today(new, code):
    def enrols(db, key, given, *, at, name):
        assert (given, name) == (code, "Máy 1")
        assert at <= now()
        with writing(db) as conn:
            for key, value in {"device": "d", "run": "r", "name": name, "area": "new:38", "credential": "x"}.items():
                put_meta(conn, key, value)

    new.app.extensions["doi178-enrol"] = enrols
    new.app.extensions["doi178-sync"] = lambda db: Outcome(received=5)

    answer = new.post("/dang-ky", {"code": f"  {code} ", "name": "Máy 1"}, seen="/dang-ky")

    assert answer.location == "/"
    assert "Đã đăng ký máy" in new.text("/")


def test_the_page_says_that_both_ends_hold_the_same_or_how_they_differ(reader, db):
    apart = Difference("a" * 64, What.SERVER_LACKS, "Cuộc kiểm tra Karaoke: máy chủ không có.", mended=True)
    lost = Difference("b" * 64, What.SERVER_LACKS, "Hồ sơ khác: nội dung không còn.", mended=False)
    assert "So từng hồ sơ" in reader.text("/gui-nhan")

    for found, said, not_said in (
        ([], "Khớp hoàn toàn", "Báo văn phòng"),
        ([apart], "Karaoke: máy chủ không có", "Báo văn phòng"),
        ([apart, lost], "Báo văn phòng", "Khớp hoàn toàn"),
    ):
        reader.app.extensions["doi178-reconcile"] = lambda db, found=found: note_result(db, found, now())
        answer = reader.post("/doi-soat", {})
        assert answer.status_code == 303
        page = reader.text("/gui-nhan")
        assert said in page
        assert not_said not in page


@pytest.mark.parametrize(("error", "said"), [(Unreachable("x"), "Không có mạng"), (Taken(), "chờ xong")])
def test_where_both_ends_cannot_be_compared_now_the_page_says_so(reader, error, said):
    def fails(db):
        raise error

    reader.app.extensions["doi178-reconcile"] = fails
    reader.post("/doi-soat", {})

    assert said in reader.text("/gui-nhan")


@pytest.mark.parametrize(
    ("kind", "words"),
    [("paper", "việc với biên bản giấy"), ("resolution", "việc sau kiểm tra"), ("duty", "việc sau kiểm tra")],
)
def test_what_is_said_of_a_visit_waits_on_the_page_too(reader, db, kind, words):
    with writing(db) as conn:
        add(conn, kind, new_id(), {"inspection": OTHER_VISIT}, author="Lê Thị Hạnh", at=now())

    page = reader.text("/gui-nhan")
    assert f'href="/cuoc-kiem-tra/{OTHER_VISIT}"' in page
    assert words in page
