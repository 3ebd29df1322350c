"""The photos and scans of a visit on the pages: what waits, what the server has, what it does not take."""

from datetime import UTC, datetime

import pytest

from field_client.attachments import attach
from field_client.records import record
from field_client.taking import Given
from schemas.attachments import Role
from schemas.ids import new_id
from tests.field_client.pages.furnish import DONG_DO, OTHER_VISIT, TEAM
from tests.pictures import pdf, plain_jpeg

AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.fixture
def visit(db, settings, tmp_path):
    """A finished visit with two photos and a scan."""
    body = {"establishment": DONG_DO, "team": TEAM, "date": "2026-11-20", "basis": "planned", "outcome": "no_violation",
            "members": [{"name": name} for name in ("An", "Bình", "Cường")]}  # fmt: skip
    id = record(db, new_id(), body, at=AT).id
    for content, role, caption in (
        (plain_jpeg(), Role.PHOTO, "Cửa chính"), (plain_jpeg(7), Role.PHOTO, ""), (pdf(), Role.SCAN, "Biên bản"),
    ):  # fmt: skip
        (tmp_path / "file").write_bytes(content)
        attach(db, id, tmp_path / "file", Given(role, caption), at=AT)
    return id


def becomes(db, nth, state, **more):
    rows = db.conn.execute("SELECT attachment FROM files ORDER BY made_at, attachment").fetchall()
    values = {"state": state, **more}
    db.conn.execute(
        f"UPDATE files SET {', '.join(f'{key} = ?' for key in values)} WHERE attachment = ?",
        (*values.values(), rows[nth][0]),
    )


def part(page, beginning):
    return page.partition(beginning)[2].partition("</section>")[0]


def test_the_visit_lists_its_files_with_how_each_stands(reader, db, visit):
    becomes(db, 0, "sent", here=0)
    becomes(db, 1, "refused", words="Tệp còn ghi vị trí nơi chụp.")
    becomes(db, 2, "waiting", sent_bytes=200_000, size=1_400_000)

    files = part(reader.text(f"/cuoc-kiem-tra/{visit}"), "Ảnh và bản quét đính kèm")

    for said in ("Ảnh 1", "Cửa chính", "Máy chủ đã nhận", "Tệp đã rời máy này", "Máy chủ không nhận",
                 "Tệp còn ghi vị trí nơi chụp.", "Bản quét 3", "Chờ gửi", "0,2 MB trên 1,4 MB"):  # fmt: skip
        assert said in files


def test_a_visit_of_the_team_without_files_says_so_and_one_of_others_nothing(reader, db):
    assert "Chưa có ảnh, bản quét nào." in reader.text(f"/cuoc-kiem-tra/{OTHER_VISIT}")
    db.conn.execute("UPDATE visits SET team = 'khác'")

    assert "đính kèm" not in reader.text(f"/cuoc-kiem-tra/{OTHER_VISIT}")


def test_the_sending_page_says_in_words_what_waits(reader, visit):
    page = reader.text("/gui-nhan")

    assert "Còn 2 ảnh chờ gửi" in page
    assert "Còn 1 bản quét chờ gửi" in page
    assert (page.count("thông tin ảnh"), page.count("thông tin bản quét")) == (2, 1)
    assert f"/cuoc-kiem-tra/{visit}" in page


def test_the_sending_page_names_a_file_that_the_server_does_not_take(reader, db, visit):
    assert "Tệp máy chủ không nhận" not in reader.text("/gui-nhan")
    becomes(db, 0, "refused", words="Tệp còn ghi vị trí nơi chụp.")

    refused = part(reader.text("/gui-nhan"), "Tệp máy chủ không nhận")

    assert "Tệp còn ghi vị trí nơi chụp." in refused
    assert f"/cuoc-kiem-tra/{visit}" in refused


@pytest.mark.parametrize(
    ("standing", "detail", "said"),
    [("held", '{"needs": [["inspection", "%s"]]}', "còn chờ cuộc kiểm tra của tệp được nhận"),
     ("quarantined", '{"reason": "content", "problems": {"size": "Tệp lớn quá 15 MB."}}', "Tệp lớn quá 15 MB."),
     ("quarantined", '{"reason": "right"}', "ngoài địa bàn")],
)  # fmt: skip
def test_a_record_of_a_file_that_is_not_in_the_truth_says_what_comes_next(reader, db, visit, standing, detail, said):
    db.conn.execute("UPDATE own SET waiting = 0, seq = local, standing = 'accepted' WHERE kind = 'inspection'")
    db.conn.execute(
        "UPDATE own SET waiting = 0, seq = local, standing = ?, detail = ?, standing_at = '2026-11-23T15:00:00Z'"
        " WHERE kind = 'attachment'",
        (standing, detail.replace("%s", visit)),
    )

    page = reader.text("/can-xem-lai")

    assert page.count(said) == 3
    assert page.count("ảnh, bản quét của cuộc kiểm tra ngày 20/11/2026") == 3
    assert f"/cuoc-kiem-tra/{visit}" in page
