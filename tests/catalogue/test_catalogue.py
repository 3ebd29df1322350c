"""The English catalogue is whole: nothing that a page may say is missing, doubtful, out of date or half translated."""

import re

import pytest

from schemas.language import BLANK
from tests.catalogue.catalogue import MO, as_mo, as_po, missing, read, updated
from tests.catalogue.extract import ROOT, VIETNAMESE, everything_said, of_module, of_template

KNOWN = read()
SAID = everything_said()
PLACES = re.compile(r"%\(\w+\)[sd]|%s|%%")
# Stands in English as it is: the program's name, places of an example, the currency, words of commands.
STAYS = re.compile(  # names, what a template is written with, and what a paper is signed with
    r"Đội 178|Xã Triệu Sơn|đồng|Tiếng Việt|TỆP|CƠ_SỞ|MÃ|Cốc Cốc|Công văn số|TM\. ỦY BAN NHÂN DÂN|ỦY BAN NHÂN DÂN"
    r"|CHỦ TỊCH|[@%](phần|phụ lục|mở đầu|mục|bảng số liệu)|: (Kiểm tra|Xử phạt)\."
)
AGAIN = "run `make catalogue`, and write the English of what it names"


def test_there_is_something_to_say():
    assert len(SAID) > 1000
    assert {"Chốt nội dung để ký", "Chưa nhập mục này.", "Dài quá {limit} ký tự; rút ngắn lại."} <= SAID.keys()


def test_everything_that_is_said_has_its_english_and_nothing_else_does():
    assert {str(message.id) for message in KNOWN if message.id} == set(SAID), AGAIN
    assert missing(KNOWN) == [], AGAIN


def test_nothing_is_doubtful():
    assert [message.id for message in KNOWN if message.id and message.fuzzy] == []


PAIRS = [(str(message.id), str(message.string)) for message in KNOWN if message.id]


@pytest.mark.parametrize("blank", [PLACES, BLANK])
def test_the_english_has_the_same_blanks(blank):
    assert [text for text, english in PAIRS if sorted(blank.findall(english)) != sorted(blank.findall(text))] == []


def test_the_english_begins_and_ends_as_the_vietnamese_does_where_pieces_follow_each_other():
    def ends(text):
        return text[:1].isspace(), text[-1:].isspace()

    assert [text for text, english in PAIRS if ends(text) != ends(english)] == []


def test_the_english_is_english():
    assert [text for text, english in PAIRS if VIETNAMESE.search(STAYS.sub("", english))] == []


def test_the_compiled_file_is_that_of_the_text_and_both_are_written_as_the_tool_writes_them():
    assert MO.read_bytes() == as_mo(KNOWN), AGAIN
    assert MO.with_suffix(".po").read_bytes() == as_po(updated(KNOWN)), AGAIN


def test_what_a_module_says_is_found():
    source = '''
"""Không nói với ai."""
_("Xin chào", name="Tên")
print("Đã lưu", f"Thiếu {len(files)} tệp trong {path.name}", re.compile(r"đ\\\\d"))
Text(label=("Mã", "Code"))
'''

    assert list(of_module(source)) == [
        ("Xin chào", "", True), ("Tên", "", False), ("Đã lưu", "", False),
        ("Thiếu {files} tệp trong {name}", "", False), ("Mã", "Code", False),
    ]  # fmt: skip


def test_what_a_template_says_is_found():
    assert list(of_template("<p title=\"{{ _('Mở') }}\">{{ _('Còn %(n)s', n=2) }}</p>".encode())) == ["Mở", "Còn %(n)s"]


@pytest.mark.parametrize("end", ["field_client", "server"])
def test_scripts_say_nothing_of_their_own(end):
    letters = re.compile(r"//.*|[đĐðÐ]")  # comments, and the letter that has no marks to fold

    said = {path.name: letters.sub("", path.read_text(encoding="utf-8")) for path in (ROOT / end).glob("static/*.js")}

    assert [name for name, text in said.items() if VIETNAMESE.search(text)] == []
