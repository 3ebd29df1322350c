"""The extract: what stands on the paper, and a look-up code that leads to its line in the log."""

import pypdfium2
import pytest

from server import audit
from server.arrivals.world import unit_tree
from server.history import extract
from server.history.code import code_of, line_of
from server.history.place import history_of_place
from server.store import writing
from tests.server.history.conftest import AT

WHY = "Công văn số 12/CV-CAX ngày 20/11/2026"


@pytest.fixture
def printed(central, place, decide):
    """The words on the extract of a place with a decision."""
    decide("1/QĐ", "2026-05-01", "2026-05-10", "2026-05-20", establishment=place)
    found = history_of_place(central.db.conn, unit_tree(central.db.conn), place, AT)
    printing = extract.Printing(
        kind="establishment", name=found.facts.name, unit="Xã Triệu Sơn", code="0000 0012 3456 7890", by="congan",
        at="22:00 20/11/2026", purpose=WHY, facts=(("Mã cơ sở", "TS-0042"), ("Địa chỉ", "")),
    )  # fmt: skip
    document = pypdfium2.PdfDocument(extract.pdf(printing, found, 0))
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


@pytest.mark.parametrize("words", [
    "BẢN TRÍCH LỊCH SỬ CƠ SỞ", "Karaoke Đông Đô", "Mã tra cứu: 0000 0012 3456 7890", "congan", "22:00 20/11/2026", WHY,
    "TS-0042", "Có căn cứ xác định tái phạm", "20/05/2027", "Quyết định số 1/QĐ", "Đã nhận đủ số liệu đến ngày",
    "Để tham khảo; người có thẩm quyền xử phạt quyết định.", "Mã tra cứu không phải số văn bản",
])  # fmt: skip
def test_it_says_what_is_known_who_printed_it_why_and_how_old_it_is(printed, words):
    assert words in printed


def test_what_is_not_known_leaves_no_empty_line(printed):
    assert "Địa chỉ Loại" not in printed
    assert "None" not in printed


@pytest.fixture
def seq(central):
    """The number of a line in the log."""
    with writing(central.db) as conn:
        audit.note(conn, audit.Entry("sign_in", "x"), AT)
        return audit.note(conn, audit.Entry("history.extract", "x", "police", "establishment:y", "", WHY), AT)


def test_a_code_leads_to_its_line_however_it_is_typed(central, seq):
    code = code_of(central.db.conn, seq)

    assert len(code.replace(" ", "")) == 16
    for typed in (code, code.replace(" ", ""), code.replace(" ", "-"), f" {code} "):
        assert line_of(central.db.conn, typed) == seq


def test_a_code_with_a_slip_or_made_up_leads_nowhere(central, seq):
    code = code_of(central.db.conn, seq).replace(" ", "")
    slips = [code[:at] + str((int(code[at]) + 1) % 10) + code[at + 1 :] for at in range(16)]

    assert [line_of(central.db.conn, slip) for slip in (*slips, "", "abc", code[:-1], code + "0")] == [None] * 20
