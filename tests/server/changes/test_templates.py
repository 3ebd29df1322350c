"""The office's own text of a paper: set by a line or a command, checked before it is kept, told to laptops."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from schemas import papers
from schemas.ids import new_id
from schemas.items import name_of, read
from server.arrivals.verify import verify
from server.changes import apply_lines
from server.cli.main import commands
from server.office import things

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
TEXT = "@nội dung\nCơ sở {tên cơ sở}."


@pytest.fixture
def apply(central):
    """Return a function that applies one change and returns its answer."""

    def run(**asked):
        return next(iter(apply_lines(central.db, [json.dumps(asked)], author="test", at=AT)))

    return run


def states(central):
    return list(things(central.db.conn, "template").values())


def test_a_text_is_set_for_an_area_and_set_again(central, apply):
    assert apply(do="template", purpose="minutes", area="38", text=TEXT)["standing"] == "accepted"
    apply(do="template", purpose="minutes", area="38", text=TEXT + "\nThêm.", name="Mẫu 2026")
    apply(do="template", purpose="minutes", area="15664", text=TEXT)

    kept = {state["area"]: state for state in states(central)}
    assert set(kept) == {"38", "15664"}
    assert kept["38"] == {"name": "Mẫu 2026", "epoch": "new", "area": "38", "purpose": "minutes",
                          "text": TEXT + "\nThêm."}  # fmt: skip
    assert verify(central.db).problems == ()


def test_an_empty_text_gives_the_own_one_up(central, apply):
    apply(do="template", purpose="minutes", area="38", text=TEXT)

    assert apply(do="template", purpose="minutes", area="38", text="")["standing"] == "accepted"
    assert [state["text"] for state in states(central)] == [""]


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ({"purpose": "minutes", "area": "38", "text": "@nội dung\n{tên chủ quán}"}, "text", "Dòng 2"),
        ({"purpose": "invoice", "area": "38", "text": TEXT}, "purpose", "Không có loại giấy tờ"),
        ({"purpose": "minutes", "area": "38"}, "text", "Ghi nội dung mẫu"),
        ({"purpose": "minutes", "text": TEXT}, "area", "Ghi mã đơn vị"),
        ({"purpose": "minutes", "text": TEXT, "area": "99999"}, "area", "Không có đơn vị"),
        ({"purpose": "minutes", "text": TEXT, "area": "38", "font": "x"}, "font", "Không có mục này"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_made(central, apply, asked, field, said):
    answer = apply(do="template", **asked)

    assert answer["standing"] is None
    assert said in answer["problems"][field]
    assert states(central) == []


def test_the_command_prints_the_text_and_sets_it(central, tmp_path):
    def run(*words):
        return CliRunner().invoke(commands, ["template", *words, "--data", str(central.settings.data)])

    printed = run("minutes")
    assert printed.output == papers.builtin_text("minutes")

    file = tmp_path / "mẫu.txt"
    file.write_text(printed.output.replace("BIÊN BẢN KIỂM TRA", "BIÊN BẢN CỦA TỈNH"), encoding="utf-8")
    assert run("minutes", "--set", str(file), "--area", "38").exit_code == 0
    assert "BIÊN BẢN CỦA TỈNH" in run("minutes").output

    file.write_text("@nội dung\n{x}", encoding="utf-8")
    wrong = run("minutes", "--set", str(file), "--area", "38")
    assert wrong.exit_code == 1
    assert "không có chỗ trống {x}" in wrong.output

    assert run("minutes", "--builtin", "--area", "38").exit_code == 0
    assert run("minutes").output == papers.builtin_text("minutes")


@pytest.fixture
def visit(central):
    """A visit whose original was written by hand: its laptop, its line."""
    laptop = central.laptop()
    line = laptop.visit(central.place())
    assert laptop.sends(line) == ["accepted"]
    body = {"inspection": read(line).id, "item": name_of(line), "happening": "original", "on": "2026-11-06",
            "original": "handwritten"}  # fmt: skip
    assert laptop.sends(laptop.line("paper", new_id(), body)) == ["accepted"]
    return laptop, line


def test_a_handwritten_original_is_not_accepted_before_its_scan(apply, visit):
    laptop, line = visit
    id = read(line).id

    refused = apply(do="review", inspection=id, review="accepted")
    assert "còn thiếu bản quét" in refused["problems"]["inspection"]
    assert apply(do="review", inspection=id, review="issues", comment="Gửi bản quét")["standing"] == "accepted"

    scan = {"inspection": id, "item": name_of(line), "sha256": "a" * 64, "size": 9, "type": "application/pdf",
            "role": "scan"}  # fmt: skip
    assert laptop.sends(laptop.line("attachment", new_id(), scan)) == ["accepted"]

    assert apply(do="review", inspection=id, review="accepted")["standing"] == "accepted"


def test_a_printed_original_needs_no_scan(central, apply):
    laptop = central.laptop()
    line = laptop.visit(central.place())
    laptop.sends(line)

    assert apply(do="review", inspection=read(line).id, review="accepted")["standing"] == "accepted"
