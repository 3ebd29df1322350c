"""The office's own text of a paper: used where it can be, never in the way of printing, and nothing in it is run."""

import json

import pytest

from field_client.printing import minutes, render, templates
from field_client.store import writing
from schemas import papers
from schemas.ids import new_id
from tests.field_client.printing.look import Looked

HEAD = "@tên\n**BIÊN BẢN CỦA TỈNH**\n@nội dung\n"
SIGN = "\n@ký\n**ĐẠI DIỆN CƠ SỞ** | ký"


@pytest.fixture
def told(db):
    """Return a function that puts a template on the laptop, as a page of the server does."""

    def put(text, purpose="minutes", name="Mẫu của tỉnh", pos=100):
        state = {"name": name, "purpose": purpose, "text": text, "epoch": "new", "area": "38"}
        with writing(db) as conn:
            conn.execute(
                "INSERT INTO things (kind, id, pos, gone, state) VALUES ('template', ?, ?, 0, ?)",
                (new_id(), pos, json.dumps(state)),
            )

    return put


def test_the_newest_text_of_the_office_is_used(told, record, look):
    told(HEAD + "Bản cũ.", pos=100)
    told(HEAD + "Cơ sở {TÊN CƠ SỞ}; biên bản của tỉnh." + SIGN, pos=101)
    told(HEAD + "Làm việc.", purpose="working_minutes", pos=102)

    said = look(record()).all

    assert "BIÊN BẢN CỦA TỈNH" in said
    assert "Cơ sở KARAOKE ĐÔNG ĐÔ; biên bản của tỉnh." in said


def test_a_text_that_cannot_be_read_stops_no_printing_and_says_so(db, settings, told, record, look):
    told(HEAD + "{tên chủ quán}")
    id = record()

    assert "BIÊN BẢN KIỂM TRA" in look(id).all
    said = minutes.of(db, settings, id, minutes.Asked()).trouble
    assert "Không dùng được mẫu “Mẫu của tỉnh”" in said
    assert "Dòng 4" in said


def test_an_empty_text_brings_the_program_s_own_back(db, told):
    told(HEAD + "Của tỉnh.")
    told("", pos=101)

    assert templates.chosen(db, "minutes") == templates.Template(papers.builtin("minutes"))


def test_what_a_text_says_is_printed_and_not_run(told, record, look):
    told(HEAD + 'Chữ #set page(fill: red) $x$ \\ @import <y> `z` {tên cơ sở}' + SIGN)

    assert 'Chữ #set page(fill: red) $x$ \\ @import <y> `z` Karaoke Đông Đô' in look(record()).all


@pytest.mark.parametrize("words", range(250, 600, 25))
def test_a_signature_is_never_alone_behind_one_long_answer(told, record, look, words):
    told(HEAD + "{nhận xét}" + SIGN)

    paper = look(record(remark="câu chữ " * words))

    assert len(paper.words(len(paper) - 1).replace("Trang", "").split("ĐẠI DIỆN")[0].split()) > 20


def test_headings_without_anything_below_are_left_out_and_the_others_counted(told, record, look):
    told(HEAD + "= Một\n[{số đăng ký}]\n= Hai\nCó chữ.\n= Ba\n*giấy phép: - {số giấy}" + SIGN)

    said = look(record()).all

    assert "Một" not in said
    assert "1. Hai Có chữ. 2. Ba" in said


def test_every_paper_of_the_program_fits_on_pages(db):
    from field_client.printing.fill import Facts, fill

    for purpose in papers.PURPOSES:
        filled = fill(papers.builtin(purpose), Facts({}, by_hand=True))
        paper = Looked(render.pdf([render.finished(filled, name=purpose, foot="")], 0))
        assert 1 <= len(paper) <= 3, purpose
