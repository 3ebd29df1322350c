"""Photos and scans on the pages, without a browser's script: attached, described, taken away, looked at."""

import io
import json

import pytest
from PIL import Image

from field_client import attachments
from field_client.store import draft_files
from schemas.attachments import limits
from tests.field_client.pages.steps import fields, finalise, whole
from tests.markup import faults
from tests.pictures import jpeg, pdf, picture, plain_jpeg, png

HERE = "http://127.0.0.1:8179"


@pytest.fixture
def draft(reader):
    """A draft at a place."""
    return reader.begin()


def send(reader, id, *files, script=False, **form):
    """Attach files as the form does, or as the script does."""
    token = reader.token(f"/cuoc-kiem-tra/{id}")
    body = {"csrf_token": token, "tep": [(io.BytesIO(content), name) for name, content in files], **form}
    headers = {"Accept": "application/json"} if script else {}
    return reader.client.post(f"/cuoc-kiem-tra/{id}/tep", data=body, base_url=HERE, headers=headers)


def of(db, draft):
    return draft_files.of_draft(db.conn, draft)


def test_without_the_script_several_files_are_attached_at_once_and_nothing_typed_is_lost(reader, db, draft):
    answer = send(reader, draft, ("a.jpg", plain_jpeg()), ("b.png", png()), vai_tro="photo", chu_thich="Cửa",
                  remark="Đã nhắc nhở")  # fmt: skip

    assert answer.status_code == 303
    assert [(one.type, one.caption) for one in of(db, draft)] == [("image/jpeg", "Cửa"), ("image/png", "Cửa")]
    assert fields(db, draft)["remark"] == "Đã nhắc nhở"


def test_one_that_cannot_be_attached_says_why_at_the_field_and_the_others_are_kept(reader, db, draft):
    answer = send(reader, draft, ("a.jpg", plain_jpeg()), ("phim.mp4", b"\x00\x00\x00\x18ftypmp42"),
                  ("hong.jpg", b"\xff\xd8\xff rubbish"), ("b.heic", b"\x00\x00\x00\x18ftypheic0000"))  # fmt: skip

    assert answer.status_code == 422
    said = answer.text.partition('id="file-errors"')[2].partition("</div>")[0]
    for name, words in (("phim.mp4", "JPEG, PNG hoặc tệp PDF"), ("hong.jpg", "Ảnh hỏng"), ("b.heic", "HEIC")):
        assert f"<strong>{name}</strong>" in said
        assert words in said
    assert len(of(db, draft)) == 1
    assert faults(answer.text) == []


def test_nothing_chosen_says_so(reader, draft):
    assert "Chọn ảnh hoặc bản quét trước." in send(reader, draft).text


def test_the_script_hears_of_each_file_by_itself(reader, db, draft):
    assert send(reader, draft, ("a.jpg", plain_jpeg()), script=True).json == {"kept": 1}
    answer = send(reader, draft, ("a.txt", b"chu"), script=True)

    assert (answer.status_code, "JPEG, PNG" in answer.json["detail"]) == (422, True)
    assert len(of(db, draft)) == 1


def test_what_is_covered_never_reaches_the_disk(reader, db, settings, draft):
    out = io.BytesIO()
    picture().save(out, "PNG")

    send(reader, draft, ("a.png", out.getvalue()), script=True, che="[[0,0,1,1]]", xoay="1")

    (one,) = of(db, draft)
    with Image.open(settings.files / one.sha256) as kept:
        assert kept.size == (48, 64)
        assert len(kept.getcolors()) == 2
    assert [path.name for path in settings.files.iterdir()] == [one.sha256]


def test_boxes_that_cannot_be_read_keep_nothing(reader, db, draft):
    answer = send(reader, draft, ("a.jpg", plain_jpeg()), script=True, che="[[0,0,1")

    assert answer.status_code == 422
    assert of(db, draft) == []


def test_a_picture_that_the_browser_cannot_open_is_only_looked_at(reader, db, draft):
    assert send(reader, draft, ("a.jpg", plain_jpeg()), script=True, chi_xem="1").status_code == 200
    assert of(db, draft) == []


def test_a_file_that_is_too_large_says_so(reader, draft):
    large = pdf() + bytes(limits().types["application/pdf"].bytes)

    assert "25 MB" in send(reader, draft, ("a.pdf", large), script=True).json["detail"]
    too_much = send(reader, draft, ("a.pdf", bytes(41_000_000)), script=True)
    assert (too_much.status_code, "40 MB" in too_much.json["detail"]) == (413, True)


def test_place_and_time_are_gone_from_what_a_page_attaches(reader, db, settings, draft):
    send(reader, draft, ("a.jpg", jpeg(where=True)))

    (one,) = of(db, draft)
    assert b"Exif" not in (settings.files / one.sha256).read_bytes()


def test_a_file_of_a_draft_is_described_anew_and_taken_away(reader, db, settings, draft):
    send(reader, draft, ("a.jpg", plain_jpeg()))
    (one,) = of(db, draft)
    path = f"/cuoc-kiem-tra/{draft}/tep/{one.id}"

    reader.post(path, {f"chu_thich.{one.id}": " Lối thoát nạn ", f"vai_tro.{one.id}": "scan"})
    (told,) = of(db, draft)
    assert (told.caption, told.role) == ("Lối thoát nạn", "scan")
    assert reader.post(path, {f"chu_thich.{one.id}": "x" * 201, f"vai_tro.{one.id}": "scan"}).status_code == 422
    assert reader.post(f"{path}/bo", {}).status_code == 303

    assert of(db, draft) == []
    assert list(settings.files.iterdir()) == []


def test_a_caption_that_looks_as_if_it_named_a_person_is_pointed_out(reader, db, draft):
    send(reader, draft, ("a.jpg", plain_jpeg()), chu_thich="CCCD 038085001234 của khách")

    assert 'class="pointed small warn"' in reader.text(f"/cuoc-kiem-tra/{draft}/tep").replace(" hidden", "")


def test_closing_the_text_sends_the_files_with_it_and_more_are_attached_at_once(reader, db, draft):
    whole(reader, draft)
    send(reader, draft, ("a.jpg", plain_jpeg()))
    assert finalise(reader, draft).status_code == 303

    answer = send(reader, draft, ("b.pdf", pdf()), vai_tro="scan", chu_thich="Tờ 1")

    assert answer.status_code == 303
    assert [(one.role, one.caption) for one in attachments.of_visit(db, draft)] == [("photo", ""), ("scan", "Tờ 1")]
    page = reader.text(f"/cuoc-kiem-tra/{draft}")
    assert "Đính bản quét biên bản đã ký" in page
    assert faults(page) == []


def test_a_scan_is_attached_to_the_revision_that_was_chosen(reader, db, draft):
    whole(reader, draft)
    finalise(reader, draft)
    first = db.conn.execute("SELECT item FROM visits WHERE id = ?", (draft,)).fetchone()[0]
    reader.post(f"/cuoc-kiem-tra/{draft}/dinh-chinh", {})
    whole(reader, draft, remark="Sửa", reason="Ghi sai")
    finalise(reader, draft)

    assert "Lần 2" in reader.text(f"/cuoc-kiem-tra/{draft}").partition('id="scan-of"')[2]
    send(reader, draft, ("b.pdf", pdf()), vai_tro="scan", bien_ban=first)

    line = db.conn.execute("SELECT line FROM own WHERE kind = 'attachment'").fetchone()[0]
    assert json.loads(line)["body"]["item"] == first


def test_a_photo_is_seen_small_and_whole_and_the_browser_keeps_neither(reader, db, draft):
    send(reader, draft, ("a.jpg", jpeg(orientation=6, at_least=200_000)), ("b.pdf", pdf(text="hai")))
    photo, scan = of(db, draft)

    small, whole = reader.get(f"/tep/{photo.sha256}/nho"), reader.get(f"/tep/{photo.sha256}")

    with Image.open(io.BytesIO(small.data)) as seen:
        assert max(seen.size) <= 320
        assert dict(seen.getexif()) == {}
    assert len(whole.data) == photo.size
    assert {one.headers["Cache-Control"] for one in (small, whole)} == {"private, no-store"}
    assert reader.get(f"/tep/{scan.sha256}").mimetype == "application/pdf"
    assert reader.get(f"/tep/{scan.sha256}/nho").status_code == 404


@pytest.mark.parametrize("name", ["0" * 64, "khong-co", "..%2ffield.db"])
def test_only_what_was_attached_here_is_shown(reader, name):
    assert reader.get(f"/tep/{name}").status_code == 404
    assert reader.get(f"/tep/{name}/nho").status_code == 404


def test_a_draft_shows_also_what_the_visit_had(reader, db, draft):
    whole(reader, draft)
    send(reader, draft, ("a.jpg", plain_jpeg()), chu_thich="Lần đầu")
    finalise(reader, draft)
    reader.post(f"/cuoc-kiem-tra/{draft}/dinh-chinh", {})
    send(reader, draft, ("b.jpg", plain_jpeg(7)), chu_thich="Lần sau")

    page = reader.text(f"/cuoc-kiem-tra/{draft}")

    assert "Lần đầu" in page
    assert "Lần sau" in page
    assert page.count("data-remove") == 1
    assert faults(page) == []
