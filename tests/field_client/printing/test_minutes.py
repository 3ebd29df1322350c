"""The minutes as they come out of the printer: every word is there and whole, on pages as Decree 30/2020 has them."""

import unicodedata

import pytest
from pyzbar.pyzbar import ZBarSymbol, decode

from field_client import drafts, records, verification
from field_client.places import NotKnown
from field_client.printing import minutes, render
from field_client.store import visits
from schemas.ids import new_id
from schemas.minutes_answer import Answer
from schemas.minutes_code import parse, short_of
from tests.field_client.pages.furnish import DONG_DO, OTHER_VISIT
from tests.field_client.printing.conftest import AT, body, whole_checklist

LONG = "Tại phòng hát số 2, Đoàn thấy ổ khóa hỏng, dây điện hở và lối thoát nạn bị chắn bởi bàn ghế. "


def test_everything_that_was_found_stands_on_the_paper(record, look):
    said = look(record(crime_signs=True)).all

    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "XÃ TRIỆU SƠN",
        "Triệu Sơn, ngày 05 tháng 11 năm 2026", "BIÊN BẢN KIỂM TRA", "Số: ……/BB-ĐKT", "số 178/QĐ-UBND",
        "Vào hồi 22 giờ 40 phút, ngày 05 tháng 11 năm 2026, tại Karaoke Đông Đô",
        "1. Lê Thị Hạnh, Đội trưởng, Sở Y tế, thẻ kiểm tra số TH-012", "Đỗ Văn Được; chức vụ: Chủ hộ",
        "đạt 02 mục; không đạt 01 mục; không áp dụng 01 mục", "Ghi chú: Giấy hết hạn", "Đạt: Có hồ sơ",
        "Tổng số 06 người", "dưới 18 tuổi: 00", "(kiểm tra ngày 12 tháng 3 năm 2026): chưa khắc phục",
        "Đã phát hiện 02 hành vi", "(NĐ 38/2021 Đ.15.5.b); ngày 05 tháng 11 năm 2026", "Còn 02 phòng hát",
        "Không niêm yết nội quy (Điều 5)", "dấu hiệu tội phạm", "Sẽ bổ sung.",
        "kết thúc vào hồi 00 giờ 15 phút, ngày 06 tháng 11 năm 2026", "đã được đọc lại", "02 bản",
        "ĐẠI DIỆN CƠ SỞ", "ghi rõ họ tên", "NGƯỜI CHỨNG KIẾN",
    ):  # fmt: skip
        assert words in said, words
    assert "ND38" not in said, "an act is said in words, and no code of ours"


def test_no_amount_of_a_fine_is_printed(record, look):
    said = look(record()).all

    assert "đồng" not in said.replace("hợp đồng", "")
    assert "000.000" not in said


def test_what_was_typed_is_never_markup(record, look):
    evil = '#read("/etc/passwd") *đậm* _x_ $1$ \\ <b> @trái {tên cơ sở} [y] // z'

    said = look(record(remark=evil)).all

    assert " ".join(evil.split()) in said


def test_every_letter_is_whole_however_it_was_typed(record, look):
    typed = unicodedata.normalize("NFD", "Cơ sở nộp lại sổ quản lý; kiểm tra kỹ lưỡng, ưỡn ẹo, ỷ lại, ợ, ặ, ễ.")

    said = look(record(remark=typed)).all

    assert unicodedata.normalize("NFC", typed) in said


def test_the_code_on_the_paper_proves_which_revision_it_is(db, settings, record, look):
    id = record()
    paper = look(id)

    (found,) = decode(paper.picture(len(paper) - 1), symbols=[ZBarSymbol.QRCODE])

    (revision,) = visits.revisions(db.conn, id)
    proof = verification.prove(db, settings, found.data.decode())
    assert (parse(found.data.decode()).minutes.name, proof.answer) == (revision.name, Answer.MATCHES)
    assert short_of(revision.name).text() in paper.words(0), "at the foot of every page"
    assert found.rect.width / 150 * 25.4 == pytest.approx(25, abs=1.5)


def test_pages_are_numbered_from_the_second_on_in_the_middle_above(record, look):
    paper = look(record(remark=LONG * 40))

    assert len(paper) == 3
    for number in range(1, len(paper)):
        first = paper.words(number).split()[0]
        left, bottom, right, _ = paper.where(number, first)
        assert first == str(number + 1)
        assert bottom > 277, "above the text, whose upper margin is 20 mm"
        assert abs((left + right) / 2 - (30 + 192) / 2) < 2
    assert paper.words(0).startswith("ỦY BAN NHÂN DÂN")
    assert "Trang 3/3" in paper.words(2)


@pytest.mark.parametrize("lines", range(0, 60, 3))
def test_a_signature_never_stands_alone_on_a_page(record, look, lines):
    paper = look(record(remark="\n".join(["Một dòng nhận xét."] * lines) or "x"))

    (where,) = [page for page in range(len(paper)) if "ĐẠI DIỆN CƠ SỞ" in paper.words(page)]

    assert "lập thành 02 bản" in paper.words(where)
    assert "kết thúc vào hồi" in paper.words(where)
    assert where == len(paper) - 1


def test_a_very_long_answer_flows_on_and_nothing_of_it_is_lost(record, look):
    paper = look(record(statement=" ".join(f"câu{n}" for n in range(1200))))

    said = paper.all
    assert all(f"câu{n}" in said for n in range(1200))
    assert "ĐẠI DIỆN CƠ SỞ" in paper.words(len(paper) - 1)


def test_a_correction_says_which_minutes_it_replaces_and_why(db, record, look):
    id = record()
    first = visits.revisions(db.conn, id)[0].name
    record(id, ended="00:20", reason="Ghi sai giờ kết thúc")

    said = look(id).all

    assert "(Đính chính lần 2 – thay biên bản lần 1 ngày 05 tháng 11 năm 2026)" in said
    assert "Lý do đính chính: Ghi sai giờ kết thúc" in said
    assert "ĐÃ THAY BẰNG LẦN 2" in look(id, "1").all
    assert look(id, first).words(0) == look(id, "1").words(0)


def test_what_was_taken_back_says_so_across_the_page(record, look):
    id = record()
    record(id, void=True, reason="Ghi nhầm cơ sở")

    said = look(id).all

    assert "ĐÃ HỦY" in said
    assert "Lý do hủy: Ghi nhầm cơ sở" in said


def test_a_draft_is_read_back_under_a_mark_and_without_a_code(db, look):
    id = drafts.start(db, DONG_DO, at=AT, given=body())
    drafts.save(db, id, {"date": "31/2/2026", "workers.total": "nhiều", "outcome": "attempt"}, at=AT)

    paper = look(id)

    assert "BẢN NHÁP – CHƯA CHỐT" in paper.all
    assert decode(paper.picture(len(paper) - 1)) == []


def test_an_attempt_has_a_paper_of_its_own(record, look):
    said = look(record(outcome="refused", violations=[], followed=[], remark="Chủ cơ sở không mở cửa.")).all

    assert "Về việc không kiểm tra được cơ sở" in said
    assert "Không kiểm tra được: không cho vào." in said


def test_the_annex_follows_where_it_is_asked_for(record, look):
    id = record(answers=whole_checklist())

    assert "PHIẾU NỘI DUNG KIỂM TRA" not in look(id).all
    annexed = look(id, annex="1").all
    assert all(code in annexed for code in whole_checklist())


def test_minutes_of_another_team_can_be_printed_too(look):
    assert "Karaoke Đông Đô" in look(OTHER_VISIT).all


def test_the_same_minutes_are_the_same_bytes(db, settings, record):
    paper = minutes.of(db, settings, record(), minutes.Asked())
    once = render.pdf(paper.sheets, paper.made_at)
    render._set.cache_clear()

    assert render.pdf(paper.sheets, paper.made_at) == once
    assert paper.file == "bien-ban-ktv001-2026-11-05-lan-1.pdf"


def test_what_is_not_there_is_not_printed(db, settings, record):
    with pytest.raises(NotKnown, match="không có lần “7”"):
        minutes.of(db, settings, record(), minutes.Asked("7"))
    with pytest.raises(NotKnown, match="Không có cuộc kiểm tra"):
        minutes.of(db, settings, new_id(), minutes.Asked())


def test_a_visit_of_a_place_that_is_not_here_leaves_room_for_a_pen(db, record, look):
    id = record(establishment=new_id(), violations=[{"id": new_id(), "text": "Hành vi khác"}])

    assert "tại ....." in look(id).all.replace("· ", "")
    assert records.problems_of(db, id, body(), AT) == {}
