"""The paper on the laptop's pages: seen before it is printed, led step by step, and taken along blank."""

import pytest

from field_client import assignments, visits
from field_client.clock import now
from field_client.printing.events import of_visit
from schemas.ids import new_id
from tests.field_client.pages.furnish import DONG_DO, HOA_SEN, OTHER_VISIT, TEAM
from tests.field_client.pages.steps import finalise
from tests.field_client.printing.look import Looked


@pytest.fixture
def visit(reader):
    """A visit that has just been finished on the page."""
    draft = reader.begin()
    assert finalise(reader, draft, outcome="no_violation").status_code == 303
    return draft


def tell(reader, db, id, do, **more):
    item = visits.find(db, id).visit.item
    return reader.post(f"/cuoc-kiem-tra/{id}/giay-to", {"item": item, "do": do, **more})


def happened(db, id):
    return [one.happening.value for one in of_visit(db.conn, id)]


def test_the_pages_are_shown_as_pictures_of_what_the_pdf_holds(reader, visit):
    page = reader.text(f"/cuoc-kiem-tra/{visit}/bien-ban")
    picture = reader.get(f"/cuoc-kiem-tra/{visit}/bien-ban/trang-1.svg")
    pdf = reader.get(f"/cuoc-kiem-tra/{visit}/bien-ban.pdf")

    assert page.count('class="printed-page"') == len(Looked(pdf.data))
    assert "Biên bản lần 1" in page
    assert picture.mimetype == "image/svg+xml"
    assert picture.data.startswith(b"<svg")
    assert "BIÊN BẢN KIỂM TRA" in Looked(pdf.data).all
    assert "bien-ban-ktv001-" in pdf.headers["Content-Disposition"]
    assert reader.get(f"/cuoc-kiem-tra/{visit}/bien-ban/trang-9.svg").status_code == 404
    assert reader.get(f"/cuoc-kiem-tra/{visit}/bien-ban.pdf?lan=4").status_code == 404


def test_a_draft_is_shown_to_be_read_back_and_says_what_it_is(reader):
    draft = reader.begin()

    assert "Bản nháp để đọc lại" in reader.text(f"/cuoc-kiem-tra/{draft}/bien-ban")
    assert "CHƯA CHỐT" in Looked(reader.get(f"/cuoc-kiem-tra/{draft}/bien-ban.pdf").data).all
    assert reader.get(f"/cuoc-kiem-tra/{new_id()}/bien-ban").status_code == 404


def test_the_page_leads_from_print_to_handing_over(reader, db, visit):
    page = f"/cuoc-kiem-tra/{visit}"
    assert "autofocus>In biên bản" in reader.text(page)

    tell(reader, db, visit, "original:printed")
    assert "autofocus>Đã đọc lại, đúng" in reader.text(page)
    tell(reader, db, visit, "read_back")
    assert "autofocus>Đã ký" in reader.text(page)
    tell(reader, db, visit, "signed")
    assert "autofocus>Đã giao bản" in reader.text(page)
    tell(reader, db, visit, "handed_over", copies="1")
    tell(reader, db, visit, "numbered", number="12/BB-ĐKT")

    said = reader.text(page)
    assert happened(db, visit) == ["original", "read_back", "signed", "handed_over", "numbered"]
    assert "Đã giao 01 bản" in said
    assert "Số 12/BB-ĐKT" in said
    assert "autofocus" not in said.partition('id="giay-to"')[2]


def test_a_refusal_asks_who_signed_instead_and_says_what_is_missing(reader, db, visit):
    answer = tell(reader, db, visit, "signature_refused")
    assert "Chọn ai ký thay" in reader.text(answer.location)

    tell(reader, db, visit, "signature_refused", witness="none", note="Chủ cơ sở bỏ đi, không có người chứng kiến")

    said = reader.text(f"/cuoc-kiem-tra/{visit}")
    assert "Từ chối ký" in said
    assert "ký thay: Không có ai" in said


def test_read_back_and_changed_opens_the_form_and_asks_no_reason(reader, db, visit):
    answer = tell(reader, db, visit, "read_back:change")
    form = reader.text(answer.location)
    assert "Chưa ai ký: không phải ghi lý do." in form

    again = finalise(reader, visit, outcome="no_violation", remark="Thêm.")

    assert again.status_code == 303
    assert visits.find(db, visit).visit.revision == 2
    page = reader.text(f"/cuoc-kiem-tra/{visit}")
    assert "Lần 2" in page
    assert "Xem bản in của lần này" in page
    assert "autofocus>In biên bản" in page, "the changed text is printed again"


def test_a_correction_of_what_was_signed_still_asks_its_reason(reader, db, visit):
    tell(reader, db, visit, "signed")
    reader.post(f"/cuoc-kiem-tra/{visit}/dinh-chinh", {})

    answer = reader.post(f"/cuoc-kiem-tra/{visit}", {"do": "finalise", "remark": "Thêm."})

    assert answer.status_code == 422
    assert "Ghi lý do đính chính." in answer.text


def test_a_handwritten_original_without_its_scan_is_on_the_visit_and_on_today(reader, db, visit):
    tell(reader, db, visit, "original:handwritten")

    assert "Còn thiếu bản quét" in reader.text(f"/cuoc-kiem-tra/{visit}")
    assert "Quét bản gốc viết tay" in reader.text("/")


def test_an_event_of_another_day_is_typed_in(reader, db, visit):
    tell(reader, db, visit, "numbered", number="7/BB-ĐKT", on="1/11/2026", note="Số của văn thư xã")

    (event,) = of_visit(db.conn, visit)
    assert (event.on, event.number, event.note) == ("2026-11-01", "7/BB-ĐKT", "Số của văn thư xã")


def test_the_paper_of_another_team_is_shown_and_not_written_on(reader, db):
    db.conn.execute("UPDATE meta SET value = ? WHERE key = 'team'", (new_id(),))
    db.conn.commit()

    said = reader.text(f"/cuoc-kiem-tra/{OTHER_VISIT}")

    assert "In biên bản" in said
    assert "giay-to\"><input" not in said
    assert "Ghi việc khác với biên bản giấy" not in said


def test_blank_papers_of_one_place_and_of_several(reader):
    one = Looked(reader.get(f"/co-so/{DONG_DO}/mau-trong.pdf").data)
    two = Looked(reader.get(f"/mau-trong.pdf?co-so={DONG_DO}&co-so={HOA_SEN}&mau=working_minutes").data)

    assert "PHIẾU NỘI DUNG KIỂM TRA" in one.all
    assert "Karaoke Đông Đô" in two.all
    assert "Xoa bóp Hoa Sen" in two.all
    assert "BIÊN BẢN KIỂM TRA" not in two.all
    assert "Chọn ít nhất một cơ sở" in reader.text("/mau-trong.pdf")
    assert reader.get("/co-so/KTV-404/mau-trong.pdf").status_code == 404


def test_tonight_s_places_are_offered(reader, db):
    assert "Chưa có cơ sở nào" in reader.text("/mau-trong")

    assignments.reserve(db, HOA_SEN, TEAM, "planned", at=now())

    assert "Xoa bóp Hoa Sen" in reader.text("/mau-trong")
    assert "In mẫu trống mang theo" in reader.text("/")
    assert "Karaoke Đông Đô" not in reader.text("/mau-trong")

    reader.begin(DONG_DO)

    assert "Karaoke Đông Đô" in reader.text("/mau-trong")
    assert f"/mau-trong?co-so={DONG_DO}" in reader.text(f"/co-so/{DONG_DO}")


def test_there_is_no_slip_before_the_server_has_it(reader, visit):
    answer = reader.get(f"/cuoc-kiem-tra/{visit}/phieu-tiep-nhan.pdf")

    assert answer.status_code == 404
    assert "Máy chủ chưa nhận" in answer.text
