"""What people read, in the words of the house: none that was ruled out, and one label a concept on both ends."""

import ast
import re
from pathlib import Path

import pytest

from schemas import labels
from tests.catalogue.catalogue import read
from tests.guide import pages

ROOT = Path(__file__).parents[1]
ENDS = ("server", "field_client")
READ = (*ENDS, "schemas", "sync")  # messages of the shared packages are read beside the fields too

# Vietnamese words that stigmatise, that belong to programmers, or that mean something else in law.
NEVER = (
    "đồng bộ", "đồng bộ hóa", "bản ghi", "xung đột", "cách ly", "hàng đợi", "ngoại tuyến", "trực tuyến", "ghi danh",
    "đối tượng", "tụ điểm", "nghi vấn", "nhạy cảm", "phức tạp", "tiếp viên", "gái", "bạn", "quý vị", "túc số",
    "độ phủ", "độ bao phủ", "mẫu số", "chồng lấn", "đóng băng", "giữ chỗ", "chủ thể", "biên lai", "biên nhận",
    "đã gửi", "xử lý", "hoàn tất", "tái kiểm tra", "nghi trùng", "trích lục", "dễ phát sinh tệ nạn",
)  # fmt: skip
# English ones: looked for where a sentence is Vietnamese, since programs have them in their code.
NEVER_IN_A_SENTENCE = ("ID", "id", "log", "hash", "server", "batch", "lease", "snapshot", "offline", "online", "sync",
                       "submit", "pending", "deadline", "KPI", "N/A", "null", "token", "cookie", "session")  # fmt: skip
ALLOWED = (
    r"biên bản ghi",  # a paper that notes something
    r"doi178-(?:server|field)(?: \w+)*",  # commands are typed as they are called
    r"xử lý vi phạm",
)
# Of a record “đã gửi” proves nothing; a return on paper is sent, or is not, and that is what plans call it.
SENT = re.compile(
    r"server/(?:returns|due|arrivals/sending|changes/returns|cli/(?:returns|deadlines)|indicators/|work/|templates/(?:return|due|home|indicators))"
    r"|docs/huong-dan-van-phong/(?:01|11)-"
)
# One placement of the tone: hủy, hòa, khóa, not huỷ, hoà, khoá.
OTHER_PLACEMENT = re.compile(r"(?:o[àáảãạèéẻẽẹ]|(?<!q)u[ỳýỷỹỵ])(?!\w)", re.IGNORECASE)
VIETNAMESE = re.compile("[à-ỹÀ-ỸđĐ]")
SAID_IN_TEMPLATE = re.compile(r"_\(\s*(?:\"([^\"]*)\"|'([^']*)')")
# Not said to anybody: patterns that point words out, and how names are spelt in other ways.
PATTERNS = {"schemas/privacy.py", "schemas/text.py", "server/sample/names.py"}

LABELS = {
    "field_client": (
        "Bản nháp", "Chờ gửi", "Còn %(n)s hồ sơ chờ gửi", "Gửi ngay", "Nhận về", "Đăng ký máy", "Mã đăng ký",
        "Chốt nội dung để ký", "Sau khi chốt, muốn sửa phải đính chính", "Đính chính", "Lý do đính chính",
        "Hủy biên bản", "Không kiểm tra được", "Mở để sửa", "Mã tiếp nhận %(seq)s", "Căn cứ đột xuất",
        "Đủ thành phần (tối thiểu 03 người)", "Thiếu thành phần: mới có %(n)s người",
        "Số người lao động (chỉ ghi số lượng)", "Đã được kiểm tra trong năm – trùng lặp", "Có thể trùng cơ sở",
        "Không có mạng – vẫn ghi và lưu được", "Loại hình", "Chủ cơ sở", "Mới nhận",
    ),
    "server": (
        "Tỷ lệ cơ sở được kiểm tra", "Tỷ lệ KT", "Số cơ sở có hoạt động trong kỳ", "Chỉ tiêu", "Còn phải kiểm tra",
        "Số cơ sở phải kiểm tra", "Đạt chỉ tiêu", "Chưa đạt chỉ tiêu", "Tiến độ", "Tính đến ngày", "Lượt kiểm tra",
        "Đã nhận đủ số liệu đến ngày", "Đã rà soát, chốt danh sách", "Không có cơ sở", "Chưa có chỉ tiêu",
        "Loại hình", "Chưa xác định xã",
    ),
}  # fmt: skip
STANDINGS = {
    "waiting": "Chờ gửi",
    "accepted": "Máy chủ đã nhận",
    "held": "Đã nhận, chờ hồ sơ liên quan",
    "conflict": "Đã nhận, có hai bản khác nhau – chờ đối chiếu",
    "quarantined": "Đã nhận, cần sửa",
    "declined": "Không tính vào kết quả",
}


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def sentences_of_code(path):
    """Yield line and text of every Vietnamese text in a module; docstrings count, since commands print theirs."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and VIETNAMESE.search(node.value):
            yield node.lineno, node.value


def sentences_of_template(path):
    """Yield line and text of what a template says: what goes through _(), and any Vietnamese beside it."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        said = [one or other for one, other in SAID_IN_TEMPLATE.findall(line)]
        yield from ((number, text) for text in said)
        rest = SAID_IN_TEMPLATE.sub("", line)
        yield from ((number, text) for text in re.findall(r"[^<>\"'{}`]+", rest) if VIETNAMESE.search(text))


def sentences_of_guide():
    """Yield place and text of the guide; what is typed and where links lead are no sentences."""
    for path in pages():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            said = re.sub(r"`[^`]*`|\]\([^)]*\)|\[[\w-]+\.md\]", " ", line)
            if VIETNAMESE.search(said):
                yield f"{name_of(path)}:{number}", said


def everything_said():
    for package in READ:
        for path in sorted((ROOT / package).rglob("*.py")):
            if name_of(path) not in PATTERNS:
                yield from ((f"{name_of(path)}:{line}", text) for line, text in sentences_of_code(path))
    yield from sentences_of_guide()
    for end in ENDS:
        for pattern in ("templates/*.html", "static/*.js"):
            for path in sorted((ROOT / end).glob(pattern)):
                yield from ((f"{name_of(path)}:{line}", text) for line, text in sentences_of_template(path))


SAID = list(everything_said())


def found(words, *, flags=re.IGNORECASE):
    """List where one of *words* is said as a whole word."""
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, words))})(?![\w-])", flags)
    allowed = re.compile("|".join(ALLOWED), re.IGNORECASE)
    return [f"{where}: {text.strip()[:80]}" for where, text in SAID if pattern.search(allowed.sub(" ", text))]


def test_there_is_something_to_read():
    assert len(SAID) > 500
    assert any(".html:" in where for where, _ in SAID)
    assert {where.partition(":")[0] for where, _ in SAID if where.startswith("docs/")} == {*map(name_of, pages())}


@pytest.mark.parametrize("word", NEVER)
def test_a_word_that_was_ruled_out_is_not_said(word):
    assert [one for one in found([word]) if word != "đã gửi" or not SENT.match(one)] == []


def test_no_word_of_programmers_stands_in_a_sentence():
    assert found(NEVER_IN_A_SENTENCE, flags=0) == []


def test_the_tone_stands_where_the_plans_put_it():
    assert [f"{where}: {text[:80]}" for where, text in SAID if OTHER_PLACEMENT.search(text)] == []


@pytest.mark.parametrize(("end", "label"), [(end, label) for end, said in LABELS.items() for label in said])
def test_a_label_is_the_one_that_was_agreed(end, label):
    assert any(label == text for where, text in SAID if where.startswith((end, "schemas")))


def test_how_a_record_stands_is_said_as_agreed():
    assert {name: labels.STANDINGS[name][0] for name in STANDINGS} == STANDINGS


def agreed():
    """Yield each label of docs/words.md with its English; `…` stands for what is filled in."""
    page = (ROOT / "docs/words.md").read_text(encoding="utf-8")
    for label, english in re.findall(r"^\| ([^|]+) \| ([^|]+) \| [^|]*\|$", page, re.MULTILINE):
        if label not in ("Label", "---"):
            yield label, english


def filled(text):
    """Return a message with `…` in its blanks."""
    return re.sub(r"%\(\w+\)s|\{\w*\}", "…", text)


MESSAGES = {filled(str(message.id)): filled(str(message.string)) for message in read() if message.id}


@pytest.mark.parametrize(("label", "english"), [*agreed()])
def test_an_agreed_label_is_said_and_its_english_is_the_agreed_one(label, english):
    assert MESSAGES.get(label) == english
